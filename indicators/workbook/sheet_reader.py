"""What reading the rows of a table shares, whatever they state: cells, notes under the table, problems. Pure: no
Django."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.core.worded_values import states_no_value
from indicators.workbook.cells import Cell, show_raw
from indicators.workbook.columns import Column
from indicators.workbook.headers import Header
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.table import Position, RawCell, SheetTable, column_letters, reference

#: How the first text of a row begins that stands under a table: notes, signatures.
FOOT = re.compile(
    r"\s*[（(【\[※*]?\s*(?:注\s*[：:0-9０-９一二]?|附注|填表人|填报人|制表|审核人|复核|单位负责人|联系人|联系电话|填报日期|填表日期|以上数据"
    r"|(?:说明|备注|审核|负责人|填报单位|填报部门|数据来源|资料来源|来源)\s*[：:])"
)
_FIGURE = re.compile(r"\s*[+-]?[0-9０-９][0-9０-９.．,，]*\s*[%％]?\s*")
#: Statistical tables count their columns under the header: 甲 乙 1 2 3.
COUNTED = frozenset("甲乙丙丁")


@dataclass
class SheetReader:
    """Reads the rows under a header of a sheet; `owners` is `sheet.merged_into()`. What is wrong goes to `problems`.

    `end` is the row of the sheet where the next table begins, counted from 0; None where there is none.
    """

    sheet: SheetTable
    header: Header
    owners: Mapping[Position, Position]
    problems: list[Problem] = field(default_factory=list, kw_only=True)
    end: int | None = field(default=None, kw_only=True)
    _hidden_rows: set[int] = field(default_factory=set, init=False)
    _hidden_columns: set[int] = field(default_factory=set, init=False)

    @property
    def _rows(self) -> range:
        """The rows of the table, its notes included."""
        return range(self.header.first_row, len(self.sheet.rows) if self.end is None else self.end)

    # Cells

    def _raw(self, row: int, column: Column) -> RawCell:
        """What a cell holds, or the merged cell around it where the column takes that for every row."""
        raw = self.sheet.rows[row][column.index]
        if raw == "" and column.fills_down:
            owner = self.owners.get((row, column.index))
            if owner is not None:
                return self.sheet.rows[owner[0]][owner[1]]
        return raw

    def _text(self, row: int, column: Column | None) -> str:
        if column is None:
            return ""
        raw = self._raw(row, column)
        return raw.strip() if isinstance(raw, str) else show_raw(raw)

    def _cell(self, row: int, index: int) -> Cell:
        at, sheet = (row, index), self.sheet
        return Cell(
            sheet.rows[row][index],
            is_percent=at in sheet.percent,
            failure=sheet.failures.get(at, ""),
            is_uncalculated=at in sheet.uncalculated,
        )

    def _is_foot(self, row: int) -> bool:
        first = next((raw for raw in self.sheet.rows[row] if raw != ""), "")
        return isinstance(first, str) and FOOT.match(first) is not None

    def _states_nothing(self, cell: Cell) -> bool:
        is_text = isinstance(cell.raw, str) and not cell.failure and not cell.is_uncalculated
        return is_text and states_no_value(cell.text)

    # What is reported

    def _report(
        self, code: ProblemCode, row: int, column: int, stands: str, message: str, *, is_notice: bool = False
    ) -> None:
        problem = Problem(code, self.sheet.name, reference(row, column), stands, message, is_notice)
        self.problems.append(problem)

    def _note_hidden(self, row: int, column: int) -> None:
        """Remember that something was read from this cell, should its row or column be hidden."""
        if row in self.sheet.hidden_rows:
            self._hidden_rows.add(row)
        if column in self.sheet.hidden_columns:
            self._hidden_columns.add(column)

    def _report_rest(self, foot: int, columns: Sequence[Column]) -> None:
        """Figures below the notes are not read; saying nothing of them would look like having read them."""
        for row in range(foot + 1, self._rows.stop):
            if any(_is_figure(self.sheet.rows[row][column.index]) for column in columns):
                first = next(show_raw(raw) for raw in self.sheet.rows[foot] if raw != "")
                message = (
                    f"第 {foot + 1} 行（“{first[:20]}”）被看作表后的注释，它下面的数值没有读取。"
                    "需要读取的，请把注释移到表格最后。"
                )
                self.problems.append(
                    Problem(ProblemCode.NOT_READ, self.sheet.name, str(row + 1), "", message, is_notice=True)
                )
                return

    def _report_hidden(self) -> None:
        rows = [str(row + 1) for row in sorted(self._hidden_rows)]
        columns = [column_letters(column) for column in sorted(self._hidden_columns)]
        for kind, places in (("行", rows), ("列", columns)):
            if places:
                listed = "、".join(places[:20]) + (f" 等 {len(places)} {kind}" if len(places) > 20 else "")
                message = f"隐藏的{kind}（{listed}）中也有数值，已一并读取。不需要的请删除后重新导入。"
                self.problems.append(
                    Problem(ProblemCode.HIDDEN, self.sheet.name, places[0], "", message, is_notice=True)
                )


def _is_figure(raw: RawCell) -> bool:
    """Whether a cell holds a figure, also as text: text tables know nothing else."""
    return isinstance(raw, float) or (isinstance(raw, str) and _FIGURE.fullmatch(raw) is not None)

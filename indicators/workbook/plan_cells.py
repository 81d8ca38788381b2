"""The cells of a plan's own indicator table: merged ones for each of their rows, and what is wrong with one said once.

Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from indicators.workbook.cells import Cell
from indicators.workbook.columns import Column
from indicators.workbook.plan_row import joined
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.table import Position, SheetTable, reference


@dataclass
class PlanCells:
    """Reads cells of a sheet and collects `problems`; `owners` is `sheet.merged_into()`. Of the cells in `told` there
    is a problem already."""

    sheet: SheetTable
    owners: Mapping[Position, Position]
    problems: list[Problem] = field(default_factory=list)
    told: set[Position] = field(default_factory=set)

    def owner(self, row: int, column: int) -> Position:
        """Where the content of a cell stands: in the first of the cells that it is merged with."""
        return self.owners.get((row, column), (row, column))

    def cell(self, at: Position) -> Cell:
        """The cell at that place."""
        sheet = self.sheet
        return Cell(
            sheet.rows[at[0]][at[1]],
            is_percent=at in sheet.percent,
            failure=sheet.failures.get(at, ""),
            is_uncalculated=at in sheet.uncalculated,
        )

    def text(self, row: int, column: Column | None) -> str:
        """What the column says in the row, merged cells for each of their rows; lines are joined."""
        if column is None:
            return ""
        at = self.owner(row, column.index)
        cell = self.cell(at)
        self.check(cell, at)
        return "" if cell.failure else joined(cell.text)

    def multiline(self, row: int, column: Column | None) -> str:
        """What the column says in the row, line by line."""
        return "" if column is None else self.cell(self.owner(row, column.index)).text

    def own(self, row: int) -> list[tuple[int, str]]:
        """Column and text of the cells that begin in the row."""
        cells = ((column, self.cell((row, column))) for column in range(len(self.sheet.rows[row])))
        return [(column, cell.text) for column, cell in cells if not cell.is_empty and (row, column) not in self.owners]

    def check(self, cell: Cell, at: Position) -> None:
        """Report a cell that shows something else than what somebody typed, once."""
        if at in self.told:
            return
        if cell.failure:
            message = f"公式出错（{cell.failure}）。请更正公式，或直接填写内容。"
            self.report(ProblemCode.FORMULA_FAILED, at, cell.text, message)
        elif cell.is_uncalculated:
            message = "这个公式还没有算出结果。请用 Excel 或 WPS 打开文件，保存一次后再上传，或直接填写内容。"
            self.report(ProblemCode.FORMULA_UNCALCULATED, at, cell.text, message)
        elif isinstance(cell.raw, date | time | timedelta):
            message = f"这里是日期或时间（{cell.text}），可能是 Excel 自动改成的。请把单元格格式改为“文本”，重新填写。"
            self.report(ProblemCode.DATE, at, cell.text, message)
        else:
            return
        self.told.add(at)

    def report(self, code: ProblemCode, at: Position, stands: str, message: str, *, is_notice: bool = False) -> None:
        """Add a problem of the cell at that place."""
        self.problems.append(Problem(code, self.sheet.name, reference(*at), stands, message, is_notice))

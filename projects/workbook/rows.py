"""The rows of one table of progress: what each cell states of which project, and every problem. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from indicators.core.codes import ValueType
from indicators.core.figures import show_figure
from indicators.core.units import same_unit
from indicators.core.worded_values import states_no_value
from indicators.core.wording import normalise
from indicators.workbook.cells import Cell, Statement, read_statement
from indicators.workbook.columns import CodeColumn, Column, NameColumn, ParentColumn, UnitColumn, YearColumn
from indicators.workbook.matching import Matcher, Naming, bracketed_unit, evened_name, without_unit
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.rows import year_in
from indicators.workbook.sheet_reader import COUNTED, SheetReader
from indicators.workbook.table import column_letters, reference
from projects.workbook.columns import (
    DeliverableColumn,
    InvestmentColumn,
    PeriodColumn,
    ProjectColumn,
    QuantityColumn,
    StatusColumn,
)
from projects.workbook.records import PERIODS, DeliverableRecord, ProjectRecord, StatusRecord, period_in_words

#: What the money of a report is counted in.
MONEY_UNIT = "万元"
#: A cell with nothing but dashes says nothing.
_DASHES = re.compile(r"[-—－–_/]+")
#: How people write quarters: 2, 二季度, 第2季度, Q2.
_QUARTERS = {"全年": 0, "年度": 0, "年": 0} | {
    text: number
    for number, numeral in enumerate("一二三四", 1)
    for each in (numeral, str(number))
    for text in (f"第{each}季度", f"{each}季度", f"{each}季", str(number), f"q{number}")
}


@dataclass(frozen=True, slots=True)
class StatedCell:
    """One cell that states something of a project: `content` of the report's `field`, or with a `deliverable` (its key)
    the completed quantity. `text` is the cell as the person sees it."""

    sheet: str
    reference: str
    project: str
    field: str
    content: str | Decimal
    text: str
    deliverable: int | None = None


@dataclass
class ReportRowReader(SheetReader):
    """Reads the rows under a header into `cells`. Rows that name another period than `year` and `quarter` are
    problems."""

    projects: Mapping[str, ProjectRecord]
    matcher: Matcher
    statuses: Sequence[StatusRecord]
    year: int
    quarter: int
    cells: list[StatedCell] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look up the columns once: rows are many."""
        header = self.header
        self._code, self._name = header.one(CodeColumn), header.one(NameColumn)
        self._group, self._deliverable = header.one(ParentColumn), header.one(DeliverableColumn)
        self._unit, self._year, self._period = header.one(UnitColumn), header.one(YearColumn), header.one(PeriodColumn)
        self._quantity = header.one(QuantityColumn, self.year)
        self._stated = [
            column
            for column in header.columns
            if isinstance(column, ProjectColumn) and column.year in (None, self.year)
        ]
        self._owned_by: dict[int, str] = {}

    def read(self) -> None:
        """Read all rows up to the notes under the table."""
        self._report_other_years()
        figures = [self._quantity] if self._quantity else []
        for row in range(self.header.first_row, len(self.sheet.rows)):
            if self._is_foot(row):
                self._report_rest(row, figures)
                break
            self._read_row(row)
        self._report_hidden()

    def _read_row(self, row: int) -> None:
        cells = [(column, self._cell(row, column.index)) for column in self._stated]
        stated = [(column, cell) for column, cell in cells if self._says_something(cell)]
        shared = [column for column in self._stated if self._owner_above(row, column) is not None]
        has_quantity = self._quantity is not None and self._has_figure(row, self._quantity)
        name = self._text(row, self._name)
        if name in COUNTED or (self._name and name and name == self.header.titles.get(self._name.index)):
            return
        if not (stated or shared or has_quantity):
            return
        project = self._project(row, name)
        if project is None or not self._is_of_the_period(row):
            return
        self._owned_by[row] = project.code
        for column in shared:
            self._check_shared(row, column, project)
        for column, cell in stated:
            self._read_stated(row, column, cell, project)
        if self._quantity and has_quantity:
            self._read_quantity(row, self._quantity, project)

    def _has_figure(self, row: int, column: QuantityColumn) -> bool:
        """Whether the row states a quantity, or shows one that is merged into another row."""
        cell = self._cell(row, column.index)
        return not (cell.is_empty or self._states_nothing(cell)) or self._owner_above(row, column) is not None

    # Which project and which deliverable

    def _project(self, row: int, name: str) -> ProjectRecord | None:
        """The project of the row; without one, or with a doubt, a problem at the cell that names it."""
        naming = Naming(code=self._text(row, self._code), name=name, parent=self._text(row, self._group))
        match = self.matcher.match(naming)
        if match.code is not None:
            column = cast(Column, (self._code if naming.code else self._name) or self._name or self._code)
            stands = naming.code or naming.name
            self._report(match.code, row, column.index, stands, match.message, is_notice=match.indicator is not None)
        return self.projects[match.indicator.code] if match.indicator else None

    def _deliverable_of(self, row: int, project: ProjectRecord, at: int) -> DeliverableRecord | None:
        """The deliverable whose quantity the row states; a problem where that is not certain."""
        known = project.deliverables
        name = self._text(row, self._deliverable)
        if not known:
            message = f"项目“{project.name}”在规划中没有量化的建设内容。请清空这一格，完成情况写在“说明”栏。"
            self._report(ProblemCode.UNKNOWN_DELIVERABLE, row, at, self._cell(row, at).text, message)
            return None
        if not name and len(known) == 1:
            return known[0]
        unit = self._text(row, self._unit)
        found = deliverables_called(name, unit, known)
        if len(found) == 1:
            return found[0]
        listed = "、".join(f"“{each.name}”（{each.unit}）" if each.unit else f"“{each.name}”" for each in known)
        if not name:
            message = f"这一行没有建设内容，项目“{project.name}”有 {len(known)} 项：{listed}。请填写是哪一项。"
        elif found:
            message = f"“{name}”对应 {len(found)} 项建设内容：{listed}。请写全名称和单位。"
        else:
            message = f"项目“{project.name}”没有名为“{name}”的建设内容。该项目的建设内容：{listed}。"
        place = self._deliverable.index if self._deliverable else at
        self._report(ProblemCode.UNKNOWN_DELIVERABLE, row, place, name, message)
        return None

    def _is_of_the_period(self, row: int) -> bool:
        """Whether the row, where it names year or quarter, is about the file's period; otherwise a problem."""
        named = [
            (column, text, found)
            for column, text, found in (
                (self._year, self._text(row, self._year), year_in(self._raw(row, self._year)) if self._year else None),
                (self._period, self._text(row, self._period), quarter_in(self._text(row, self._period))),
            )
            if column is not None and text
        ]
        for column, text, found in named:
            if found != (self.year if column is self._year else self.quarter):
                wanted = period_in_words(self.year, self.quarter)
                message = f"这次导入的是{wanted}的进展，这一行写的是另一期。请更正，或删去这一行，在它的那一期导入。"
                self._report(ProblemCode.OTHER_YEAR, row, column.index, text, message)
                return False
        return True

    # What the cells state

    def _read_quantity(self, row: int, column: QuantityColumn, project: ProjectRecord) -> None:
        if self._owner_above(row, column) is not None:
            self._report_merged(row, column)
            return
        cell = self._cell(row, column.index)
        deliverable = self._deliverable_of(row, project, column.index)
        if deliverable is None or not self._has_right_unit(row, column, deliverable):
            return
        statement = read_statement(cell, value_type=ValueType.NUMBER, unit=deliverable.unit)
        if self._is_sound(row, column, cell, statement) and statement.value is not None:
            self._add(row, column, cell, project, f"quantity_{deliverable.key}", statement.value, deliverable.key)

    def _has_right_unit(self, row: int, column: Column, deliverable: DeliverableRecord) -> bool:
        """Whether the unit that the row or the title says, if one, is the deliverable's; otherwise a problem."""
        place: Column = self._unit or column
        unit = self._text(row, self._unit)
        if not unit or states_no_value(unit):
            unit = bracketed_unit(self._text(row, self._deliverable)) or column.unit
        if not unit or not deliverable.unit or same_unit(unit, deliverable.unit):
            return True
        message = (
            f"表中的单位是“{unit}”，建设内容“{deliverable.name}”的单位是“{deliverable.unit}”。"
            f"请把数量换算成{deliverable.unit}，并更正单位。"
        )
        self._report(ProblemCode.OTHER_UNIT, row, place.index, unit, message)
        return False

    def _read_stated(self, row: int, column: ProjectColumn, cell: Cell, project: ProjectRecord) -> None:
        if cell.is_uncalculated or cell.failure:
            self._is_sound(row, column, cell, read_statement(cell, value_type=ValueType.NUMBER, unit=""))
            return
        if isinstance(column, StatusColumn):
            status = status_in(cell.text, self.statuses)
            if status is None:
                labels = "、".join(each.label for each in self.statuses)
                message = f"“{cell.text}”看不出是哪种项目状态。请填：{labels}。"
                self._report(ProblemCode.NOT_A_STATUS, row, column.index, cell.text, message)
            else:
                self._add(row, column, cell, project, column.field, status.code)
        elif isinstance(column, InvestmentColumn):
            self._read_money(row, column, cell, project)
        else:
            self._add(row, column, cell, project, column.field, cell.text)

    def _read_money(self, row: int, column: InvestmentColumn, cell: Cell, project: ProjectRecord) -> None:
        if column.unit and not same_unit(column.unit, MONEY_UNIT):
            message = f"标题写的单位是“{column.unit}”。请换算成{MONEY_UNIT}，并更正标题。"
            self._report(ProblemCode.OTHER_UNIT, row, column.index, cell.text, message)
            return
        statement = read_statement(cell, value_type=ValueType.NUMBER, unit=MONEY_UNIT)
        if self._is_sound(row, column, cell, statement) and statement.value is not None:
            self._add(row, column, cell, project, column.field, statement.value)

    def _is_sound(self, row: int, column: Column, cell: Cell, statement: Statement) -> bool:
        """Report what is wrong or worth knowing of a figure; False where it is wrong."""
        for told, is_notice in ((statement.error, False), (statement.notice, True)):
            if told:
                self._report(told[0], row, column.index, cell.text, told[1], is_notice=is_notice)
        return statement.error is None

    def _add(
        self,
        row: int,
        column: Column,
        cell: Cell,
        project: ProjectRecord,
        name: str,
        content: str | Decimal,
        deliverable: int | None = None,
    ) -> None:
        self._note_hidden(row, column.index)
        at = reference(row, column.index)
        self.cells.append(StatedCell(self.sheet.name, at, project.code, name, content, cell.text, deliverable))

    def _says_something(self, cell: Cell) -> bool:
        return not cell.is_empty and _DASHES.fullmatch(cell.text) is None

    def _report_other_years(self) -> None:
        """Columns whose title names another year are passed over, and that is said."""
        for column in self.header.columns:
            if isinstance(column, ProjectColumn | QuantityColumn) and column.year not in (None, self.year):
                title = self.header.titles[column.index]
                message = f"“{title}”列不是 {self.year} 年的，没有读取。"
                letters = column_letters(column.index)
                self.problems.append(
                    Problem(ProblemCode.OTHER_YEAR, self.sheet.name, letters, title, message, is_notice=True)
                )

    # Merged cells

    def _owner_above(self, row: int, column: Column) -> int | None:
        """The row of the filled cell that this one is merged into; None where it stands alone."""
        if not self.owners:
            return None
        owner = self.owners.get((row, column.index))
        if owner is None or owner[1] != column.index or owner[0] < self.header.first_row:
            return None
        return owner[0] if self._says_something(self._cell(*owner)) else None

    def _check_shared(self, row: int, column: ProjectColumn, project: ProjectRecord) -> None:
        """A statement merged over several rows is the project's, as long as the rows are."""
        owner = self._owner_above(row, column)
        if owner is not None and self._owned_by.get(owner) != project.code:
            self._report_merged(row, column)

    def _report_merged(self, row: int, column: Column) -> None:
        owner = self.owners[row, column.index]
        message = f"这一格与 {reference(*owner)} 合并，看不出写的是哪个项目、哪项建设内容。请取消合并，分别填写。"
        self._report(ProblemCode.MERGED_VALUE, row, column.index, self._cell(*owner).text, message)


def deliverables_called(name: str, unit: str, known: Sequence[DeliverableRecord]) -> list[DeliverableRecord]:
    """Those of that name, narrowed by the unit where several are called so."""
    named = [each for each in known if evened_name(each.name) == evened_name(name)]
    if not named:
        bare = evened_name(without_unit(name, unit))
        named = [each for each in known if evened_name(each.name) == bare]
    if len(named) > 1 and unit:
        return [each for each in named if same_unit(each.unit, unit)] or named
    return named


def status_in(text: str, statuses: Sequence[StatusRecord]) -> StatusRecord | None:
    """The status that a cell says, also as 已完工 or 在建中; None for anything else."""
    plain = normalise(text).replace(" ", "")
    plain = plain.removeprefix("已").removesuffix("中") or plain
    return next((each for each in statuses if each.label == plain), None)


def quarter_in(text: str) -> int | None:
    """The quarter that a cell says, 0 for the whole year; None for anything else."""
    plain = normalise(text).lower().replace(" ", "").removesuffix(".0")
    for label, number in {text: number for number, text in PERIODS.items()}.items():
        if plain == label:
            return number
    return _QUARTERS.get(plain)


def shown_content(cell: StatedCell) -> str:
    """What a cell states, for a message: a figure as people write it, else the text."""
    return show_figure(cell.content) if isinstance(cell.content, Decimal) else cell.text

"""The rows of one indicator table: values and problems under a header that was understood. Pure: no Django."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from indicators.core.codes import ValueType
from indicators.core.units import same_unit
from indicators.core.worded_values import states_no_value
from indicators.core.wording import normalise
from indicators.workbook.cells import Cell, read_statement, show_raw
from indicators.workbook.columns import (
    CodeColumn,
    Column,
    FindingColumn,
    NameColumn,
    NoteColumn,
    NumberColumn,
    ParentColumn,
    RegionColumn,
    SourceColumn,
    UnitColumn,
    ValueColumn,
    YearColumn,
)
from indicators.workbook.matching import IndicatorRecord, Matcher, Naming, bracketed_unit
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.sheet_reader import COUNTED, SheetReader
from indicators.workbook.table import RawCell, column_letters, reference

_YEARS = range(1900, 2100)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?年?(?:度|末|底)?|(?P<short>[0-9]{2})年(?:度|末|底)?")


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One value that the file states, in the indicator's unit: a figure or grade in `value`, or a `finding` code.

    `indicator` is a code; `reference` the cell of the value (D17); `region`, `source`, `note` and `unit` are texts as
    they stand, "" where nothing does. `text` is the cell as the person sees it.
    """

    sheet: str
    reference: str
    indicator: str
    year: int
    text: str
    value: Decimal | None = None
    finding: str = ""
    region: str = ""
    source: str = ""
    note: str = ""
    unit: str = ""


@dataclass
class TableReader(SheetReader):
    """Reads the rows under a header. `year` holds where neither column nor row names one; None when nothing does.

    `years` are the years that the file is for, None for all: a template shows values of other years only to compare.
    """

    matcher: Matcher
    year: int | None = None
    years: frozenset[int] | None = None
    values: list[StatedValue] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look up the columns once: rows are many."""
        header = self.header
        self._code, self._number = header.one(CodeColumn), header.one(NumberColumn)
        self._name, self._parent = header.one(NameColumn), header.one(ParentColumn)
        self._unit, self._region = header.one(UnitColumn), header.one(RegionColumn)
        self._year = header.one(YearColumn)
        wanted = self.years
        self._values = [c for c in header.values if wanted is None or c.year is None or c.year in wanted]
        self._sources = {column.index: header.one(SourceColumn, column.year) for column in self._values}
        self._notes = {
            column.index: [note for note in header.all(NoteColumn) if note.year in (None, column.year)]
            for column in self._values
        }
        self._value_indexes = {column.index for column in self._values}
        self._outside: Counter[int] = Counter()
        self._lacks_year = False

    def read(self) -> None:
        """Read all rows up to the notes under the table."""
        for row in self._rows:
            if self._is_foot(row):
                self._report_rest(row, self._values)
                break
            self._read_row(row)
        self._report_outside()
        self._report_hidden()

    # Rows

    def _read_row(self, row: int) -> None:
        cells = [(column, cell) for column in self._values if not (cell := self._cell(row, column.index)).is_empty]
        if self.owners:
            self._check_merged(row)
        stated = [(column, cell) for column, cell in cells if not self._states_nothing(cell)]
        if not stated:
            return
        name = self._text(row, self._name)
        if name in COUNTED or (self._name and name and name == self.header.titles.get(self._name.index)):
            return
        indicator = self._indicator(row, name)
        if indicator is None or not self._has_right_unit(row, name, indicator, stated):
            return
        for column, cell in stated:
            self._read_value(row, column, cell, indicator)

    def _indicator(self, row: int, name: str) -> IndicatorRecord | None:
        """The indicator of the row; without one, or with a doubt, a problem at the cell that names it."""
        naming = Naming(
            code=self._text(row, self._code),
            number=self._text(row, self._number),
            name=name,
            unit=self._text(row, self._unit),
            parent=self._text(row, self._parent),
        )
        match = self.matcher.match(naming)
        if match.code is not None:
            column = self._code if naming.code else self._name
            stands = naming.code or naming.name
            at = column.index if column else self._values[0].index
            self._report(match.code, row, at, stands, match.message, is_notice=match.indicator is not None)
        return match.indicator

    def _has_right_unit(
        self, row: int, name: str, indicator: IndicatorRecord, stated: list[tuple[ValueColumn | FindingColumn, Cell]]
    ) -> bool:
        """Whether the unit of the row, if it says one, is the indicator's; otherwise a problem."""
        if indicator.value_type != ValueType.NUMBER or not indicator.unit:
            return True
        column: Column | None = self._unit
        unit = self._text(row, column)
        if not unit or states_no_value(unit):
            unit, column = bracketed_unit(name), self._name
        if not unit:
            column = next((each for each, _ in stated if each.unit), None)
            unit = column.unit if column else ""
        if not unit or same_unit(unit, indicator.unit):
            return True
        self._report(
            ProblemCode.OTHER_UNIT,
            row,
            column.index if column else 0,
            unit,
            f"表中的单位是“{unit}”，指标“{indicator.name}”的单位是“{indicator.unit}”。请把数值换算成{indicator.unit}，"
            "并更正单位。",
        )
        return False

    def _read_value(
        self, row: int, column: ValueColumn | FindingColumn, cell: Cell, indicator: IndicatorRecord
    ) -> None:
        at = column.index
        if isinstance(column, FindingColumn) and indicator.value_type != ValueType.FINDING:
            message = f"指标“{indicator.name}”填数值，不填评定结论。请把数值填在数值列，清空这一格。"
            self._report(ProblemCode.NOT_A_FINDING, row, at, cell.text, message)
            return
        year = self._year_of(row, column)
        if year is None or not self._is_judged(row, column, year, indicator):
            return
        statement = read_statement(cell, value_type=indicator.value_type, unit=indicator.unit)
        if statement.error:
            self._report(statement.error[0], row, at, cell.text, statement.error[1])
            return
        if statement.is_nothing:
            return
        if statement.notice:
            self._report(statement.notice[0], row, at, cell.text, statement.notice[1], is_notice=True)
        self._note_hidden(row, at)
        notes = filter(None, (self._text(row, note) for note in self._notes[at]))
        self.values.append(
            StatedValue(
                sheet=self.sheet.name,
                reference=reference(row, at),
                indicator=indicator.code,
                year=year,
                text=cell.text,
                value=statement.value,
                finding=statement.finding,
                region=self._text(row, self._region),
                source=self._text(row, self._sources[at]),
                note="；".join(notes),
                unit=self._text(row, self._unit) or column.unit,
            )
        )

    # Years

    def _year_of(self, row: int, column: ValueColumn | FindingColumn) -> int | None:
        """The year of a value: of its column, its row, or the whole table; None with a problem."""
        if column.year is not None:
            return column.year
        if self._year is None:
            if self.year is None and not self._lacks_year:
                self._lacks_year = True
                message = "看不出是哪一年的数值。请把列标题写明年度，例如“2023年完成值”，或增加“年度”列，每行填写年度。"
                title = self.header.titles[column.index]
                self._report(ProblemCode.NO_YEAR, self.header.first_row - 1, column.index, title, message)
            return self.year
        raw = self._raw(row, self._year)
        year = year_in(raw)
        if year is None:
            text = show_raw(raw)
            message = f"“{text}”看不出是哪一年。请填四位年份，例如 2023。" if text else "这一行没有年度。请填四位年份。"
            self._report(ProblemCode.NO_YEAR, row, self._year.index, text, message)
        return year

    def _is_judged(self, row: int, column: ValueColumn | FindingColumn, year: int, indicator: IndicatorRecord) -> bool:
        """Whether the year is one of the indicator's. A column of another year is passed over with one notice; a row or
        a table that names it is a problem."""
        if year in indicator.years and (self.years is None or year in self.years):
            return True
        if column.year is not None:
            self._outside[column.index] += 1
            return False
        years = indicator.years
        span = f"{years.start} 至 {years.stop - 1} 年" if years else "评价年份"
        message = f"指标“{indicator.name}”的评价年份是 {span}，{year} 年的数值不能导入。请更正年度，或删去这一行。"
        if self.years is not None and year in years:
            listed = "、".join(map(str, sorted(self.years)))
            message = f"这份模板用于填报 {listed} 年，{year} 年的数值不能用它导入。请更正年度，或下载那一年的模板。"
        at = self._year.index if self._year else column.index
        self._report(ProblemCode.OTHER_YEAR, row, at, str(year), message)
        return False

    # What is reported

    def _check_merged(self, row: int) -> None:
        """A merged figure belongs to one of its rows or years; which one nobody can tell."""
        for column in self._values:
            owner = self.owners.get((row, column.index))
            if owner is None or owner[1] not in self._value_indexes or owner[0] < self.header.first_row:
                continue
            cell = self._cell(*owner)
            if not cell.is_empty and not self._states_nothing(cell):
                message = f"这一格与 {reference(*owner)} 合并，看不出数值属于哪一行、哪一年。请取消合并，分别填写。"
                self._report(ProblemCode.MERGED_VALUE, row, column.index, cell.text, message)

    def _report_outside(self) -> None:
        for index, count in self._outside.items():
            title = self.header.titles[index]
            message = f"“{title}”列的 {count} 个数值不在评价年份内，没有读取。"
            letters = column_letters(index)
            self.problems.append(
                Problem(ProblemCode.OTHER_YEAR, self.sheet.name, letters, title, message, is_notice=True)
            )


def year_in(raw: RawCell) -> int | None:
    """The year that a cell says: 2023, 2023年, 23年, a day of 2023; None for anything else."""
    if isinstance(raw, date):
        return raw.year
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() and int(raw) in _YEARS else None
    found = _YEAR.fullmatch(normalise(show_raw(raw)))
    if found is None:
        return None
    return int(found[1] or f"20{found['short']}")

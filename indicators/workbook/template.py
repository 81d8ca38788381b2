"""Writing a template: the indicators of a plan with cells to fill, as a workbook that is recognised when it comes back.

Pure: no Django. The reader (`reading`) finds the columns by their titles, so rows may be sorted, hidden and deleted,
and columns moved; `mark` says for which plan, years and department the file was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from io import BytesIO

from xlsxwriter import Workbook

from indicators.core.codes import Finding, Grade, ValueType
from indicators.core.subject import Value
from indicators.workbook.layout import row_height, writable
from indicators.workbook.mark import TemplateMark
from indicators.workbook.template_guide import GUIDE_SHEET, guide_of
from indicators.workbook.template_parts import (
    ALLOWED,
    LONGEST_HINT,
    LONGEST_HINT_TITLE,
    CellFormats,
    set_up_print,
    write_guide,
    write_mark,
)

ENTRY_SHEET = "填报表"
#: What a locked row says where the caller gives no other state.
APPROVED = "已审定"
TITLE_ROW, ABOUT_ROW, HEADER_ROW = 0, 1, 2
FIRST_ROW = HEADER_ROW + 1

GRADES = [grade.label for grade in Grade]
FINDINGS = [finding.label for finding in Finding]


@dataclass(frozen=True)
class TemplateEntry:
    """What is known of a row's year: the value in any state, where it comes from, and whether it may be changed.

    `state` is told in the column 状态 (已退回：…); a row that is not open and has none says 已审定.
    """

    year: int
    value: Value | None = None
    source: str = ""
    note: str = ""
    state: str = ""
    is_open: bool = True

    @property
    def shown_state(self) -> str:
        """What the column 状态 says of the year."""
        return self.state or ("" if self.is_open else APPROVED)


@dataclass(frozen=True)
class TemplateRow:
    """One indicator in one place; texts as people read them, figures in `unit`.

    `parent` is the name of the indicator that this one is a component of, `county` is empty for the plan's own region,
    `hint` says what kind of figure is wanted (当年数, 累计数), `earlier` holds the values of years before the
    template's. A year without an entry is open and empty.
    """

    code: str
    name: str
    number: str = ""
    parent: str = ""
    county: str = ""
    unit: str = ""
    constraint: str = ""
    baseline: str = ""
    target: str = ""
    value_type: str = ValueType.NUMBER
    hint: str = ""
    earlier: Mapping[int, Value] = field(default_factory=dict)
    entries: Sequence[TemplateEntry] = ()

    def entry(self, year: int) -> TemplateEntry:
        """What is known of the year."""
        return next((entry for entry in self.entries if entry.year == year), TemplateEntry(year))


@dataclass(frozen=True)
class TemplateGroup:
    """The rows of one category, in the order of the plan."""

    category: str
    rows: Sequence[TemplateRow]


@dataclass(frozen=True)
class TemplateContent:
    """What a template is made of. `department_key` goes into the mark; both department fields are "" for all."""

    plan: str
    title: str
    region: str
    years: tuple[int, ...]
    baseline_year: int
    target_year: int
    groups: Sequence[TemplateGroup]
    department: str = ""
    department_key: str = ""

    @cached_property
    def rows(self) -> list[tuple[str, TemplateRow]]:
        """All rows, each with its category."""
        return [(group.category, row) for group in self.groups for row in group.rows]

    @property
    def earlier_years(self) -> list[int]:
        """The years before the template's of which values are known."""
        return sorted({year for _, row in self.rows for year in row.earlier})

    @property
    def years_text(self) -> str:
        """The years as people write them: 2023年, 2022年、2023年."""
        return "、".join(f"{year}年" for year in self.years)


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: its title, its width in half-width characters, and what it says of a category and row.

    With a `year` it is one to fill; `is_value` is the one of the figures.
    """

    title: str
    width: int
    cell: Callable[[str, TemplateRow], str | Decimal]
    year: int | None = None
    is_value: bool = False


def write_template(content: TemplateContent) -> bytes:
    """The template as an .xlsx file; raises ValueError for a template of no year.

    Cells to fill are coloured and unlocked, all others locked without a password. `reading.read_values` of the file
    gives exactly the values that are in `content`.
    """
    if not content.years:
        raise ValueError("a template is for at least one year")
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": f"{content.title}{content.years_text}填报表"})
        _EntrySheet(book, content).write()
        write_guide(book, guide_of(content.title, content.region, content.department, content.years_text))
        write_mark(book, TemplateMark(content.plan, content.years, content.department_key))
    return file.getvalue()


def shown_value(value: Value | None, value_type: str) -> str | Decimal:
    """What a cell holds for a value: a figure as it is, a grade or finding by its label, "" for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return Finding.checked(value).label
    return Grade(int(value)).label if value_type == ValueType.GRADE else Decimal(value)


def _columns(content: TemplateContent) -> Iterator[_Column]:
    """All columns from left to right; those that would stay empty are left out."""
    yield _Column("代码", 15, lambda _, row: row.code)
    yield _Column("序号", 6, lambda _, row: row.number)
    yield _Column("指标名称", 34, lambda _, row: row.name)
    if any(row.parent for _, row in content.rows):
        yield _Column("所属指标", 18, lambda _, row: row.parent)
    if any(row.county for _, row in content.rows):
        yield _Column("地区", 10, lambda _, row: row.county or content.region)
    yield _Column("类别", 16, lambda category, _: category)
    yield _Column("单位", 11, lambda _, row: row.unit)
    yield _Column("属性", 9, lambda _, row: row.constraint)
    yield _Column(f"基期值\n（{content.baseline_year}年）", 11, lambda _, row: row.baseline)
    yield _Column(f"目标\n（{content.target_year}年）", 20, lambda _, row: row.target)
    for year in content.earlier_years:
        yield _earlier_column(year, "上年值" if year == min(content.years) - 1 else "往年值")
    for year in content.years:
        yield from _entry_columns(year, is_only=len(content.years) == 1)
    yield _Column("状态", 14, lambda _, row: _states(row, content.years))


def _earlier_column(year: int, title: str) -> _Column:
    return _Column(f"{title}\n（{year}年）", 11, lambda _, row: shown_value(row.earlier.get(year), row.value_type))


def _entry_columns(year: int, *, is_only: bool) -> Iterator[_Column]:
    """The columns to fill for a year: value, source, note. In a template of several years all of them name theirs."""
    named = "" if is_only else f"{year}年"
    yield _Column(
        f"{year}年完成值", 14, lambda _, row: shown_value(row.entry(year).value, row.value_type), year, is_value=True
    )
    yield _Column(f"{named}数据来源", 22, lambda _, row: row.entry(year).source, year)
    yield _Column(f"{named}说明", 22, lambda _, row: row.entry(year).note, year)


def _states(row: TemplateRow, years: tuple[int, ...]) -> str:
    states = [(year, state) for year in years if (state := row.entry(year).shown_state)]
    if len(years) == 1:
        return "".join(state for _, state in states)
    return "；".join(f"{year}年{state}" for year, state in states)


class _EntrySheet:
    """Writes the sheet to fill."""

    def __init__(self, book: Workbook, content: TemplateContent) -> None:
        self._book, self._content = book, content
        self._sheet = book.add_worksheet(ENTRY_SHEET)
        self._columns = list(_columns(content))
        self._widths = [column.width for column in self._columns]
        self._formats = CellFormats(book)

    def write(self) -> None:
        """Titles, header, rows, and the sheet made ready for screen and paper."""
        self._write_head()
        above = None
        for line, (category, row) in enumerate(self._content.rows, FIRST_ROW):
            self._write_row(line, category, row, begins_group=category != above)
            above = category
        self._set_up()

    def _write_head(self) -> None:
        content, sheet = self._content, self._sheet
        sheet.write_string(TITLE_ROW, 0, writable(self._title), self._book.add_format({"bold": True, "font_size": 14}))
        sheet.set_row(TITLE_ROW, 24)
        sheet.write_string(ABOUT_ROW, 0, f"填写黄色单元格，其余不必改动；填法见“{GUIDE_SHEET}”。")
        for place, column in enumerate(self._columns):
            sheet.write_string(HEADER_ROW, place, column.title, self._formats.header(is_entry=column.year is not None))
            sheet.set_column(place, place, column.width + 1)
        sheet.set_row(HEADER_ROW, row_height([column.title for column in self._columns], self._widths))
        sheet.repeat_rows(HEADER_ROW)
        last = max(HEADER_ROW, HEADER_ROW + len(content.rows))
        sheet.autofilter(HEADER_ROW, 0, last, len(self._columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})

    @property
    def _title(self) -> str:
        content = self._content
        department = f"　{content.department}" if content.department else ""
        return f"{content.title}　{content.years_text}指标填报表{department}"

    def _write_row(self, line: int, category: str, row: TemplateRow, *, begins_group: bool) -> None:
        texts = []
        for place, column in enumerate(self._columns):
            cell = column.cell(category, row)
            is_entry = column.year is not None
            is_open = column.year is not None and row.entry(column.year).is_open
            is_text = isinstance(cell, str) and not (column.is_value and row.value_type == ValueType.NUMBER)
            style = self._formats.cell(is_entry=is_entry, is_open=is_open, is_text=is_text, begins_group=begins_group)
            if isinstance(cell, Decimal):
                self._sheet.write_number(line, place, float(cell), style)
            elif cell:
                self._sheet.write_string(line, place, writable(cell), style)
            else:
                self._sheet.write_blank(line, place, None, style)
            if column.is_value and is_open:
                self._offer(line, place, row)
            texts.append(str(cell))
        self._sheet.set_row(line, row_height(texts, self._widths))

    def _offer(self, line: int, place: int, row: TemplateRow) -> None:
        """The list of a cell for grades and findings, and what a person should know while typing."""
        lists = {ValueType.GRADE.value: GRADES, ValueType.FINDING.value: FINDINGS}
        options: dict[str, object] = {"validate": "any"}
        if row.value_type in lists:
            options = {
                "validate": "list",
                "source": lists[row.value_type],
                "error_title": "请从列表中选择",
                "error_message": f"请填：{'、'.join(lists[row.value_type])}；没有数据的留空。",
            }
        hints = [f"单位：{row.unit}。" if row.unit else "", "百分数填 96.7，不填 0.967。" if row.unit == "%" else ""]
        hints.append(f"{row.hint}。" if row.hint else "")
        if any(hints) and row.value_type == ValueType.NUMBER:
            options["input_title"] = row.name[:LONGEST_HINT_TITLE]
            options["input_message"] = "".join(hints)[:LONGEST_HINT]
        if len(options) > 1:
            self._sheet.data_validation(line, place, line, place, options)

    def _set_up(self) -> None:
        sheet = self._sheet
        name = next(place for place, column in enumerate(self._columns) if column.title == "指标名称")
        sheet.freeze_panes(FIRST_ROW, name + 1)
        first = next(place for place, column in enumerate(self._columns) if column.is_value)
        sheet.set_selection(FIRST_ROW, first, FIRST_ROW, first)
        sheet.set_landscape()
        sheet.protect("", ALLOWED)
        set_up_print(sheet, self._title)

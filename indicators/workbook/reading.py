"""From the bytes of a file to the values it states, with every problem at once. Pure: no Django."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indicators.core.wording import normalise
from indicators.workbook import mark
from indicators.workbook.columns import Title, YearColumn
from indicators.workbook.headers import NO_NAMES, Header, find_header, found_header, headers_below
from indicators.workbook.mark import MarkError, TemplateContents, TemplateMark, read_mark
from indicators.workbook.matching import IndicatorRecord, Matcher
from indicators.workbook.opening import open_workbook
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.refusals import Limits, WorkbookRefused
from indicators.workbook.rows import StatedValue, TableReader
from indicators.workbook.table import Kind, SheetTable, Workbook, place_of

HIDDEN_SHEET = "隐藏的工作表，没有读取。需要导入的请取消隐藏。"
EMPTY_SHEET = "空的工作表。"
#: What to do with a file in which no table was found.
ONE_ROW_EACH = (
    "请把指标所在列的标题写成“指标名称”；一列一个指标的表，请先转置成一行一个指标（复制后“选择性粘贴”→“转置”）。"
)


@dataclass(frozen=True)
class SheetOutcome:
    """What became of a sheet: how it was understood, or why it was skipped (a Chinese sentence, else "")."""

    name: str
    layout: str = ""
    skipped: str = ""
    value_count: int = 0


@dataclass(frozen=True)
class Reading:
    """What a file states. `problems` hold errors and notices by sheet and cell; values with an error are not among
    `values`, and of a value that is stated twice neither is. `mark` is that of one of our templates, else None."""

    kind: Kind
    mark: TemplateMark | None = None
    values: list[StatedValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[SheetOutcome] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """Problems that must be corrected before anything is imported."""
        return [problem for problem in self.problems if not problem.is_notice]

    @property
    def notices(self) -> list[Problem]:
        """What the person should know and need not correct."""
        return [problem for problem in self.problems if problem.is_notice]


def read_values(
    data: bytes, indicators: Sequence[IndicatorRecord], *, year: int | None = None, limits: Limits | None = None
) -> Reading:
    """The values that the file states for these indicators; see `values_of`. Raises WorkbookRefused for a file that
    cannot be read at all."""
    return values_of(open_workbook(data, limits=limits), indicators, year=year)


def values_of(workbook: Workbook, indicators: Sequence[IndicatorRecord], *, year: int | None = None) -> Reading:
    """The values that an opened file states for these indicators.

    `year` holds for a table that names no year itself; a template of one year brings it along. Of a template only its
    own years are read. Raises WorkbookRefused for a template of another content.
    """
    problems: list[Problem] = []
    reading = Reading(workbook.kind, mark_of(workbook, problems), problems=problems)
    if reading.mark is not None and reading.mark.contents is not TemplateContents.VALUES:
        raise WorkbookRefused("这是项目进展的模板，不是指标填报表。请到“我的填报”中项目进展的“从表格导入”上传。")
    matcher = Matcher(indicators)
    judged = {each for indicator in indicators for each in indicator.years}
    for sheet in workbook.sheets:
        if sheet.name != mark.SHEET_NAME and not mark.is_problem_list(sheet):
            _read_sheet(sheet, reading, matcher, year=year, judged=judged)
    _take_out_repeated(reading)
    counts = Counter(value.sheet for value in reading.values)
    reading.sheets[:] = [replace(outcome, value_count=counts[outcome.name]) for outcome in reading.sheets]
    if not any(outcome.layout for outcome in reading.sheets):
        reasons = "".join(f"“{outcome.name}”：{outcome.skipped}" for outcome in reading.sheets)
        has_names = any(outcome.skipped not in (NO_NAMES, HIDDEN_SHEET, EMPTY_SHEET) for outcome in reading.sheets)
        message = f"文件中没有可以读取的指标表。{reasons}{'' if has_names else ONE_ROW_EACH}"
        problems.append(
            Problem(ProblemCode.NO_HEADER, reading.sheets[0].name if reading.sheets else "", "", "", message)
        )
    put_in_order(problems, workbook)
    return reading


def put_in_order(problems: list[Problem], workbook: Workbook) -> None:
    """Sort the problems by sheet, row and column."""
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    problems.sort(key=lambda problem: (order.get(problem.sheet, 0), *place_of(problem.reference)))


def mark_of(workbook: Workbook, problems: list[Problem]) -> TemplateMark | None:
    """The mark of the file; one that is damaged is a problem."""
    try:
        return read_mark(workbook)
    except MarkError as error:
        problems.append(Problem(ProblemCode.DAMAGED_MARK, mark.SHEET_NAME, "", "", str(error)))
        return None


def _read_sheet(sheet: SheetTable, reading: Reading, matcher: Matcher, *, year: int | None, judged: set[int]) -> None:
    """Add what the sheet states to the reading, or why it is skipped."""
    if sheet.is_hidden or not sheet.rows:
        reading.sheets.append(SheetOutcome(sheet.name, skipped=HIDDEN_SHEET if sheet.is_hidden else EMPTY_SHEET))
        return
    owners = sheet.merged_into()
    search = find_header(sheet, owners)
    if search.header is None:
        reading.sheets.append(SheetOutcome(sheet.name, skipped=search.missing))
        return
    headers = [search.header, *headers_below(sheet, owners, search.header)]
    ends = [*(header.top for header in headers[1:]), None]
    layouts: dict[str, None] = {}
    #: The year of each kind of table: a header that is printed again on every page says nothing new.
    year_of: dict[tuple[tuple[int, str], ...], int | None] = {}
    for header, end in zip(headers, ends, strict=True):
        kind = tuple(header.titles.items())
        found = found_header(sheet, header)
        if kind not in year_of:
            reading.problems.extend(found.problems)
        if header.values:
            layouts[header.layout] = None
            year_of[kind] = _year_of_table(sheet, header, reading, year, judged) or year_of.get(kind)
        if header.values and not any(not problem.is_notice for problem in found.problems):
            years = frozenset(reading.mark.years) if reading.mark and reading.mark.years else None
            table = TableReader(sheet, header, owners, matcher, year=year_of[kind], years=years, end=end)
            table.read()
            reading.problems.extend(table.problems)
            reading.values.extend(table.values)
    reading.sheets.append(SheetOutcome(sheet.name, layout="；".join(layouts)))


def _year_of_table(
    sheet: SheetTable, header: Header, reading: Reading, year: int | None, judged: set[int]
) -> int | None:
    """The year of a table that names none: the one given, that of the template, or that of its title."""
    if year is not None:
        return year
    years = reading.mark.years if reading.mark else ()
    return years[0] if len(years) == 1 else _year_above(sheet, header, judged, reading.problems)


def _year_above(sheet: SheetTable, header: Header, judged: set[int], problems: list[Problem]) -> int | None:
    """The one year that the title over the table or the name of the sheet says, with a notice; None without one."""
    if header.one(YearColumn) or all(column.year is not None for column in header.values):
        return None
    stated = {text: Title.of(text).year for text in (*header.above, sheet.name)}
    years = {found for found in stated.values() if found in judged}
    if len(years) != 1:
        return None
    (year,) = years
    text = next(text for text, found in stated.items() if found == year)
    message = f"表中没有年度列，按“{text}”读作 {year} 年的数值。不对的，请在列标题中写明年度后重新导入。"
    problems.append(Problem(ProblemCode.YEAR_ASSUMED, sheet.name, "", text, message, is_notice=True))
    return year


def _take_out_repeated(reading: Reading) -> None:
    """Values stated twice for one indicator, region and year: a problem at each place, and none of them is kept."""
    places: dict[tuple[str, str, int], list[StatedValue]] = defaultdict(list)
    for value in reading.values:
        places[value.indicator, normalise(value.region), value.year].append(value)
    repeated = {key: values for key, values in places.items() if len(values) > 1}
    for values in repeated.values():
        for value in values:
            others = "、".join(_called(other, value) for other in values if other is not value)
            message = f"同一指标 {value.year} 年的数值在 {others} 也写了。请只保留一处。"
            reading.problems.append(
                Problem(ProblemCode.STATED_TWICE, value.sheet, value.reference, value.text, message)
            )
    if repeated:
        reading.values[:] = [values[0] for values in places.values() if len(values) == 1]


def _called(value: StatedValue, seen_from: StatedValue) -> str:
    return value.reference if value.sheet == seen_from.sheet else f"“{value.sheet}”{value.reference}"

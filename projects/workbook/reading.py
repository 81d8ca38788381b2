"""From the bytes of a file to the progress reports it states, with every problem at once. Pure: no Django."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from indicators.workbook import mark
from indicators.workbook.columns import CodeColumn, NameColumn
from indicators.workbook.headers import Header, HeaderSearch, possible_headers, repeated_columns, unread_columns
from indicators.workbook.mark import TemplateContents, TemplateMark
from indicators.workbook.matching import IndicatorRecord, Matcher
from indicators.workbook.opening import open_workbook
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.reading import EMPTY_SHEET, HIDDEN_SHEET, SheetOutcome, mark_of, put_in_order
from indicators.workbook.refusals import Limits, WorkbookRefused
from indicators.workbook.table import Kind, Position, SheetTable, Workbook
from projects.workbook.columns import MEANINGS, ProjectColumn, QuantityColumn
from projects.workbook.records import PERIODS, ProjectRecord, StatusRecord, period_in_words
from projects.workbook.rows import ReportRowReader, StatedCell, shown_content

LAYOUT = "每行一个项目或建设内容的进展"
TITLES = (
    "其中有项目进展的，请把标题改成“本期累计完成数量”“项目状态”“累计完成投资（万元）”"
    "“存在问题”“下一步安排”或“说明”；数量是从规划期开始的累计数。"
)


@dataclass(frozen=True)
class StatedReport:
    """What the file states of one project; `cells` are at least one, each field once."""

    project: str
    cells: tuple[StatedCell, ...]

    @property
    def sheet(self) -> str:
        """The sheet of the first cell."""
        return self.cells[0].sheet

    @property
    def reference(self) -> str:
        """The first cell."""
        return self.cells[0].reference

    @property
    def quantities(self) -> dict[int, Decimal]:
        """Quantities to date by deliverable (key)."""
        return {
            each.deliverable: each.content
            for each in self.cells
            if each.deliverable is not None and isinstance(each.content, Decimal)
        }

    @property
    def statements(self) -> dict[str, str | Decimal]:
        """What is stated of the project as a whole, by field."""
        return {each.field: each.content for each in self.cells if each.deliverable is None}

    @cached_property
    def places(self) -> dict[str, StatedCell]:
        """The cells by the field that they state."""
        return {each.field: each for each in self.cells}


@dataclass(frozen=True)
class ReportReading:
    """What a file states of the projects at the end of a period. `problems` hold errors and notices by sheet and cell;
    cells with an error are not among those of the `reports`."""

    kind: Kind
    quarter: int
    mark: TemplateMark | None = None
    reports: list[StatedReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[SheetOutcome] = field(default_factory=list)


def read_reports(
    data: bytes,
    projects: Sequence[ProjectRecord],
    *,
    statuses: Sequence[StatusRecord],
    year: int,
    quarter: int | None,
    limits: Limits | None = None,
) -> ReportReading:
    """The reports on these projects that the file states for a year; `quarter` (0 is the whole year) holds for a table
    that is no template, None when nobody said.

    Raises WorkbookRefused for a file that cannot be read at all, and for a template of another content or period.
    """
    workbook = open_workbook(data, limits=limits)
    problems: list[Problem] = []
    stamp = mark_of(workbook, problems)
    reading = ReportReading(workbook.kind, quarter_of(stamp, year, quarter), stamp, problems=problems)
    matcher = Matcher([IndicatorRecord(each.code, each.name, parent=each.group) for each in projects], noun="项目")
    known = {each.code: each for each in projects}
    cells: list[StatedCell] = []
    for sheet in workbook.sheets:
        if sheet.name == mark.SHEET_NAME or mark.is_problem_list(sheet):
            continue
        outcome, header, owners = understood(sheet, problems)
        reading.sheets.append(outcome)
        if header is not None:
            rows = ReportRowReader(
                sheet, header, owners, known, matcher, statuses, year, reading.quarter, problems=problems
            )
            rows.read()
            cells += rows.cells
    reading.reports.extend(gathered(cells, problems))
    counts = Counter(cell.sheet for report in reading.reports for cell in report.cells)
    reading.sheets[:] = [replace(each, value_count=counts[each.name]) for each in reading.sheets]
    report_nothing_read(reading, workbook)
    put_in_order(problems, workbook)
    return reading


def quarter_of(stamp: TemplateMark | None, year: int, quarter: int | None) -> int:
    """The quarter that the file is about. Raises WorkbookRefused where template and person disagree or neither says."""
    if stamp is None:
        if quarter is None:
            raise WorkbookRefused("表中看不出是哪一期的进展。请重新上传，并选择期间（全年或某个季度）。")
        return quarter
    if stamp.contents is not TemplateContents.REPORTS:
        raise WorkbookRefused("这是指标填报表的模板，不是项目进展的。请到“我的填报”中指标的“从表格导入”上传。")
    if year not in stamp.years:
        listed = "、".join(f"{each} 年" for each in stamp.years)
        raise WorkbookRefused(f"这是 {listed}的模板，不能导入 {year} 年。请到那一年的项目进展导入。")
    if stamp.quarter not in PERIODS:
        raise WorkbookRefused(mark.DAMAGED)
    if quarter not in (None, stamp.quarter):
        raise WorkbookRefused(
            f"这是{period_in_words(year, stamp.quarter)}的模板，上传时选的却是{PERIODS[quarter or 0]}。"
            "请重新上传，期间选“模板中已写明”。"
        )
    return stamp.quarter


def understood(
    sheet: SheetTable, problems: list[Problem]
) -> tuple[SheetOutcome, Header | None, dict[Position, Position]]:
    """What the sheet is: the header of its table, or why it is skipped."""
    if sheet.is_hidden or not sheet.rows:
        return SheetOutcome(sheet.name, skipped=HIDDEN_SHEET if sheet.is_hidden else EMPTY_SHEET), None, {}
    owners = sheet.merged_into()
    search = find_header(sheet, owners)
    if search.header is None:
        return SheetOutcome(sheet.name, skipped=search.missing), None, owners
    problems.extend(search.problems)
    is_clear = all(problem.is_notice for problem in search.problems)
    return SheetOutcome(sheet.name, layout=LAYOUT), search.header if is_clear else None, owners


def find_header(sheet: SheetTable, owners: dict[Position, Position]) -> HeaderSearch:
    """The first rows that name a column of projects and one that states progress."""
    has_names = False
    for header in possible_headers(sheet, owners, MEANINGS):
        has_names = True
        states = any(isinstance(column, ProjectColumn | QuantityColumn) for column in header.columns)
        if states and (header.one(CodeColumn) or header.one(NameColumn)):
            return HeaderSearch(
                header, problems=[*repeated_columns(sheet, header), *unread_columns(sheet, header, TITLES)]
            )
    if has_names:
        return HeaderSearch(missing="找到了项目列，但没有找到写进展的列。" + TITLES)
    return HeaderSearch(missing="前 30 行中没有找到“项目名称”或“项目代码”列的标题，没有读取。")


def gathered(cells: Iterable[StatedCell], problems: list[Problem]) -> list[StatedReport]:
    """The reports that cells state: those of a project stand in whichever of its rows. What is stated twice in
    different ways is a problem at each place, a quantity also when it is the same; neither is kept."""
    projects: dict[str, dict[str, list[StatedCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        projects[cell.project][cell.field].append(cell)
    reports = []
    for project, fields in projects.items():
        kept: list[StatedCell] = []
        for same in fields.values():
            if len(same) == 1 or (same[0].deliverable is None and len({each.content for each in same}) == 1):
                kept.append(same[0])
            else:
                problems.extend(contradictions(same))
        if kept:
            reports.append(StatedReport(project, tuple(kept)))
    return reports


def contradictions(same: Sequence[StatedCell]) -> Iterable[Problem]:
    """A problem at each of the cells that state the same thing."""
    for cell in same:
        others = "、".join(
            f"{each.reference if each.sheet == cell.sheet else f'“{each.sheet}”{each.reference}'}"
            f"（{shown_content(each)[:20]}）"
            for each in same
            if each is not cell
        )
        if cell.deliverable is None:
            message = f"同一项目的这一项在 {others} 写得不同。一个项目只写一次，请只保留一处。"
            code = ProblemCode.CONTRADICTION
        else:
            message = f"同一建设内容的数量在 {others} 也写了。请只保留一处。"
            code = ProblemCode.STATED_TWICE
        yield Problem(code, cell.sheet, cell.reference, cell.text, message)


def report_nothing_read(reading: ReportReading, workbook: Workbook) -> None:
    """Say why, when no sheet holds a table of projects."""
    if any(outcome.layout for outcome in reading.sheets):
        return
    reasons = "".join(f"“{outcome.name}”：{outcome.skipped}" for outcome in reading.sheets)
    name = reading.sheets[0].name if reading.sheets else ""
    message = f"文件中没有可以读取的项目进展表。{reasons}"
    reading.problems.append(Problem(ProblemCode.NO_HEADER, name, "", "", message))

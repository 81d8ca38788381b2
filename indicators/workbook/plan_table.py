"""A plan's own indicator table, as it stands in the published document: from its bytes to rows, years and problems.

Pure: no Django. Nothing is filled by inference: what the table does not print stays empty, and what had to be guessed
says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indicators.workbook import mark
from indicators.workbook.columns import Column
from indicators.workbook.headers import Header, possible_headers, untitled_columns
from indicators.workbook.matching import evened_name
from indicators.workbook.opening import open_workbook
from indicators.workbook.plan_columns import (
    PLAN_MEANINGS,
    BaselineColumn,
    PassedColumn,
    PeriodColumns,
    PlanNameColumn,
    TargetColumn,
    YearColumn,
    period_columns,
)
from indicators.workbook.plan_row import PlanRow
from indicators.workbook.plan_rows import PlanRowReader
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.reading import EMPTY_SHEET, HIDDEN_SHEET
from indicators.workbook.refusals import Limits
from indicators.workbook.table import SheetTable, Workbook, column_letters, place_of, reference

NO_TABLE = (
    "没有找到指标表。请上传含有“指标名称”列和目标列（例如“2025年目标值”）的工作簿；表格在 Word 中的，"
    "请复制到 Excel 或 WPS 表格中。"
)
NO_NAMES = "前 30 行中没有找到“指标名称”列的标题。"
NO_TARGETS = "找到了指标列，但没有找到目标列。请把目标列的标题写成“2025年目标值”这样的形式。"
NO_YEARS = "表头没有写明{label}是哪一年。请在页面上填写年份。"


@dataclass(frozen=True)
class PlanSheet:
    """What became of a sheet: the columns that were understood (label and title, as 目标 → D列“2025年目标”), or why it
    was skipped (a Chinese sentence, else "")."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    skipped: str = ""
    row_count: int = 0


@dataclass(frozen=True)
class PlanTable:
    """The indicators of a plan as its table states them.

    `title` is the text above the table, "" without one. The years are those of the caller or of the headers, None where
    neither says one. `problems` hold errors and notices by sheet and cell; rows with an error are among `rows` too, for
    correction on the page.
    """

    title: str = ""
    baseline_year: int | None = None
    target_year: int | None = None
    rows: list[PlanRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[PlanSheet] = field(default_factory=list)

    @property
    def categories(self) -> list[tuple[str, str]]:
        """Name and printed label of each category, in the order of the table."""
        return list(dict.fromkeys((row.category, row.category_label) for row in self.rows))

    @property
    def errors(self) -> list[Problem]:
        """Problems that must be corrected before a plan is created."""
        return [problem for problem in self.problems if not problem.is_notice]


def read_plan_table(
    data: bytes, *, baseline_year: int | None = None, target_year: int | None = None, limits: Limits | None = None
) -> PlanTable:
    """The indicator table of a file; see `plan_table_of`. Raises WorkbookRefused for a file that cannot be read."""
    return plan_table_of(open_workbook(data, limits=limits), baseline_year=baseline_year, target_year=target_year)


def plan_table_of(workbook: Workbook, *, baseline_year: int | None = None, target_year: int | None = None) -> PlanTable:
    """The indicator tables of all visible sheets, read as one.

    The years choose among several columns, and hold where the headers name none.
    """
    problems: list[Problem] = []
    rows: list[PlanRow] = []
    sheets: list[PlanSheet] = []
    title = ""
    for sheet in workbook.sheets:
        if sheet.name == mark.SHEET_NAME or mark.is_problem_list(sheet):
            continue
        if sheet.is_hidden or not sheet.rows:
            sheets.append(PlanSheet(sheet.name, skipped=HIDDEN_SHEET if sheet.is_hidden else EMPTY_SHEET))
            continue
        owners = sheet.merged_into()
        headers = list(possible_headers(sheet, owners, PLAN_MEANINGS))
        found = next(_with_target(headers, baseline_year, target_year), None)
        if found is None:
            sheets.append(PlanSheet(sheet.name, skipped=NO_TARGETS if headers else NO_NAMES))
            continue
        header, period = found
        problems += _about_header(sheet, header, period)
        reader = PlanRowReader(sheet, header, owners, period)
        reader.read()
        rows += reader.rows
        problems += reader.problems
        title = title or next((text for text in header.above if len(text) > 4 and not text.startswith("单位")), "")
        baseline_year, target_year = period.baseline_year, period.target_year
        sheets.append(PlanSheet(sheet.name, _understood(header, period), row_count=len(reader.rows)))
    if not any(sheet.columns for sheet in sheets):
        reasons = "".join(f"“{sheet.name}”：{sheet.skipped}" for sheet in sheets)
        problems.append(Problem(ProblemCode.NO_HEADER, sheets[0].name if sheets else "", "", "", NO_TABLE + reasons))
    problems += _repeated_names(rows)
    order = {sheet.name: place for place, sheet in enumerate(workbook.sheets)}
    problems.sort(key=lambda problem: (order.get(problem.sheet, 0), *place_of(problem.reference)))
    return PlanTable(title, baseline_year, target_year, rows, problems, sheets)


def _with_target(
    headers: list[Header], baseline_year: int | None, target_year: int | None
) -> Iterator[tuple[Header, PeriodColumns]]:
    """The headers that name indicators and targets."""
    for header in headers:
        period = period_columns(header, baseline_year, target_year)
        if period.target is not None and header.one(PlanNameColumn):
            yield header, period


def _repeated_names(rows: list[PlanRow]) -> list[Problem]:
    """Two rows of one name under one parent would be one indicator stated twice."""
    seen: dict[tuple[str, str], PlanRow] = {}
    problems = []
    for row in rows:
        first = seen.setdefault((evened_name(row.parent), evened_name(row.name)), row)
        if first is not row:
            place = first.reference if first.sheet == row.sheet else f"“{first.sheet}”{first.reference}"
            message = f"“{row.name}”在 {place} 已经有了。请删去一行，或写清两者的区别。"
            problems.append(Problem(ProblemCode.NAME_TWICE, row.sheet, row.reference, row.name, message))
    return problems


def _understood(header: Header, period: PeriodColumns) -> dict[str, str]:
    """Label → column and title, baseline and target by what they are here."""
    unnamed = (PassedColumn, YearColumn)
    found = {column.label: column for column in reversed(header.columns) if not isinstance(column, unnamed)}
    for kind, column in ((BaselineColumn, period.baseline), (TargetColumn, period.target)):
        found.pop(kind.label, None)
        if column is not None:
            found[kind.label] = column
    columns = [(label, column) for label, column in found.items() if column not in period.passed]
    columns.sort(key=lambda each: each[1].index)
    return {
        label: f"{column_letters(column.index)}列“{''.join(header.titles[column.index].split())}”"
        for label, column in columns
    }


def _about_header(sheet: SheetTable, header: Header, period: PeriodColumns) -> list[Problem]:
    """Columns that say the same, columns that are passed over, and years that nothing names."""
    line = header.first_row - 1
    problems = []
    for chosen in (period.baseline, period.target):
        twice = next((column for column in period.passed if _says_the_same(column, chosen)), None)
        if chosen is not None and twice is not None:
            message = (
                f"{column_letters(chosen.index)} 列和 {column_letters(twice.index)} 列看不出以哪一列为准。"
                "请只保留一列，或改写另一列的标题。"
            )
            at = reference(line, twice.index)
            problems.append(Problem(ProblemCode.COLUMN_TWICE, sheet.name, at, header.titles[twice.index], message))
    passed = {column.index for column in (*period.passed, *header.all(PassedColumn))}
    read = {column.index for column in header.columns} - passed
    unread = [f"“{title}”" for index, title in header.titles.items() if index not in read]
    unread += [f"没有标题的 {column_letters(index)} 列" for index in untitled_columns(sheet, header)]
    if unread:
        listed = "、".join(dict.fromkeys(unread))
        message = f"没有读取这些列：{listed}。"
        problems.append(Problem(ProblemCode.NOT_READ, sheet.name, str(line + 1), listed, message, is_notice=True))
    for label, column, year in (
        (BaselineColumn.label, period.baseline, period.baseline_year),
        (TargetColumn.label, period.target, period.target_year),
    ):
        if column is not None and year is None:
            at = reference(line, column.index)
            message = NO_YEARS.format(label=label)
            problems.append(
                Problem(ProblemCode.NO_YEAR, sheet.name, at, header.titles[column.index], message, is_notice=True)
            )
    return problems


def _says_the_same(column: Column, chosen: Column | None) -> bool:
    return chosen is not None and type(column) is type(chosen) and column.year == chosen.year

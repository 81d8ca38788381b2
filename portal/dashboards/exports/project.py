"""The page of a project as a file: its deliverables over the years, its reports, its problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indicators.downloads import Export
from indicators.export_cells import figure, severity_words, shown_figure, verdict_words, yes
from indicators.models import ReviewStatus
from indicators.workbook.export import Column, ExportTable
from portal.dashboards.exports.problems import PROBLEMS
from portal.dashboards.projects.page import DeliverableRow, PeriodEntry, ProjectPage, StatedQuantity, YearCell
from projects.models import ProgressReport


@dataclass(frozen=True)
class YearLine:
    """A deliverable in a year."""

    row: DeliverableRow
    cell: YearCell


@dataclass(frozen=True)
class ReportLine:
    """A report, and one of the quantities that it states; None where it states none."""

    report: ProgressReport
    quantity: StatedQuantity | None


YEARS: list[Column[YearLine]] = [
    Column("建设内容", lambda line: line.row.deliverable.name),
    Column("单位", lambda line: line.row.deliverable.unit or None),
    Column("承诺数量", lambda line: figure(line.row.deliverable.quantity)),
    Column("承诺数量上限", lambda line: figure(line.row.deliverable.quantity_max)),
    Column("年度", lambda line: line.cell.year),
    Column("累计完成", lambda line: shown_figure(line.cell.total)),
    Column("评价", lambda line: verdict_words(line.cell.assessment) if line.cell.assessment else None),
    Column("预警", lambda line: severity_words(line.cell.assessment.severity) if line.cell.assessment else None),
    Column("理由", lambda line: line.cell.assessment.reason if line.cell.assessment else None),
    Column("演示数据", lambda line: yes(line.cell.assessment and line.cell.assessment.is_demonstration)),
    Column("原文", lambda line: line.row.deliverable.wording),
]
REPORTS: list[Column[ReportLine]] = [
    Column("报告期", lambda line: line.report.period),
    Column("状态", lambda line: line.report.get_status_display()),
    Column("项目状态", lambda line: line.report.get_project_status_display()),
    Column("停缓建或取消的原因", lambda line: line.report.status_reason or None),
    Column("建设内容", lambda line: line.quantity.deliverable.name if line.quantity else None),
    Column("累计完成", lambda line: shown_figure(line.quantity.total) if line.quantity else None),
    Column("单位", lambda line: (line.quantity.deliverable.unit or None) if line.quantity else None),
    Column("累计完成投资", lambda line: figure(line.report.investment_paid), unit="万元"),
    Column("存在问题", lambda line: line.report.problems or None),
    Column("下一步安排", lambda line: line.report.next_step or None),
    Column("说明", lambda line: line.report.note or None),
    Column("演示数据", lambda line: yes(line.report.is_demonstration)),
]


def project_export(page: ProjectPage) -> Export:
    """What the page shows as tables; reports that are not approved only for those who see them on the page."""
    project = page.project
    has_drafts = any(each.report and each.report.status != ReviewStatus.APPROVED for each in page.periods)
    return Export(
        name=[project.plan.title, project.name],
        page=f"{project.plan.title}：{project.name}（{project.code}）",
        tables=[
            ExportTable("建设内容", YEARS, [YearLine(row, cell) for row in page.rows for cell in row.cells]),
            ExportTable("进展报告", REPORTS, list(report_lines(page.periods))),
            ExportTable("问题", PROBLEMS, [*page.open_problems, *page.resolved_problems]),
        ],
        has_demonstration=any(each.report and each.report.is_demonstration for each in page.periods)
        or any(line.problem.is_demonstration for line in [*page.open_problems, *page.resolved_problems]),
        basis="含尚未审定的报告（见“状态”栏），评价只取已审定的报告。" if has_drafts else "只含已审定的报告。",
    )


def report_lines(periods: list[PeriodEntry]) -> Iterator[ReportLine]:
    """The reports, the newest first, a line for each quantity."""
    for each in periods:
        if each.report is not None:
            yield from [ReportLine(each.report, quantity) for quantity in each.quantities] or [
                ReportLine(each.report, None)
            ]

"""The tabs of the queue of progress reports as files: a row for each report, and one for each of its totals."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.core.verdicts import Verdict
from indicators.downloads import Export
from indicators.export_cells import figure, moment, names, words
from indicators.review.queue import Tab
from indicators.workbook.export import Column, ExportTable
from projects.entry.exports import REPORTS_IN_PROGRESS
from projects.review.queue import TAB_LABELS, MissingProject, ReportQueue, ReportRow, Total


@dataclass(frozen=True)
class PlacedTotal:
    """A total with its report."""

    row: ReportRow
    total: Total


REPORTS: list[Column[ReportRow]] = [
    Column("项目代码", lambda row: row.report.project.code),
    Column("专栏", lambda row: str(row.report.project.group.column)),
    Column("项目名称", lambda row: row.report.project.name),
    Column("牵头单位", lambda row: names(row.departments)),
    Column("期间", lambda row: row.report.period),
    Column("项目状态", lambda row: row.report.get_project_status_display()),
    Column("停缓建或取消的原因", lambda row: words(row.report.status_reason)),
    Column("累计完成投资（万元）", lambda row: figure(row.report.investment_paid)),
    Column("存在问题", lambda row: words(row.report.problems)),
    Column("下一步安排", lambda row: words(row.report.next_step)),
    Column("说明", lambda row: words(row.report.note)),
    Column("审定前的评价", lambda row: Verdict.checked(row.preview.before.verdict).label if row.preview else None),
    Column("审定后的评价", lambda row: Verdict.checked(row.preview.after.verdict).label if row.preview else None),
    Column("理由", lambda row: row.preview.after.reason if row.preview else None),
    Column("照片和附件", lambda row: len(row.files), unit="个"),
    Column("状态", lambda row: row.report.get_status_display()),
    Column("审核意见", lambda row: words(row.report.review_comment)),
    Column("提交人", lambda row: str(row.report.submitted_by) if row.report.submitted_by else None),
    Column("提交时间", lambda row: moment(row.report.submitted_at)),
    Column("审定人", lambda row: str(row.report.approved_by) if row.report.approved_by else None),
    Column("审定时间", lambda row: moment(row.report.approved_at)),
]
TOTALS: list[Column[PlacedTotal]] = [
    Column("项目代码", lambda each: each.row.report.project.code),
    Column("项目名称", lambda each: each.row.report.project.name),
    Column("期间", lambda each: each.row.report.period),
    Column("建设内容", lambda each: each.total.name),
    Column("单位", lambda each: words(each.total.unit)),
    Column("承诺数量", lambda each: words(each.total.promised)),
    Column("上期累计", lambda each: figure(each.total.before)),
    Column("本期累计", lambda each: figure(each.total.now)),
]
MISSING: list[Column[MissingProject]] = [
    Column("项目代码", lambda each: each.project.code),
    Column("专栏", lambda each: str(each.project.group.column)),
    Column("项目名称", lambda each: each.project.name),
    Column("牵头单位", lambda each: names(each.departments)),
    Column("状态", lambda each: "草稿，尚未提交" if each.is_draft else "未填报"),
]


def reports_export(page: ReportQueue) -> Export:
    """One tab of the queue."""
    label = TAB_LABELS[page.tab]
    totals = [PlacedTotal(row, total) for row in page.rows for total in row.totals]
    return Export(
        name=[page.plan.title, f"{page.year}年", f"项目进展审核 {label}"],
        page=f"{page.plan.title} {page.year} 年项目进展审核",
        chosen=[("筛选", f"{page.year} 年，{label}")],
        tables=[ExportTable(label, MISSING, page.missing)]
        if page.tab is Tab.MISSING
        else [ExportTable(label, REPORTS, page.rows), ExportTable("累计数量", TOTALS, totals)],
        has_demonstration=any(row.report.is_demonstration for row in page.rows),
        basis=REPORTS_IN_PROGRESS,
    )

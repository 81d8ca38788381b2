"""The approved progress reports of a plan and year as a file: a row for each deliverable, as in the template."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.downloads import Export
from indicators.export_cells import figure, moment, yes
from indicators.workbook.export import Cell, Column, ExportTable
from projects.models import Quarter
from projects.reports.page import ReportedQuantity, ReportRow, ReportsPage


@dataclass(frozen=True)
class QuantityRow:
    """A deliverable of a report; None for a project that promises no quantity. What is said of the project as a whole
    stands in its first row only, so that sums come out right."""

    row: ReportRow
    quantity: ReportedQuantity | None
    is_first: bool

    def once(self, cell: Cell) -> Cell:
        """The cell in the report's first row, nothing in the others."""
        return cell if self.is_first and cell != "" else None


REPORTS: list[Column[QuantityRow]] = [
    Column("项目代码", lambda each: each.row.project.code),
    Column("项目名称", lambda each: each.row.project.name),
    Column("专栏", lambda each: str(each.row.project.group.column)),
    Column("年度", lambda each: each.row.report.year),
    Column("季度", lambda each: Quarter(each.row.report.quarter).label),
    Column("建设内容", lambda each: each.quantity.deliverable.name if each.quantity else None),
    Column("单位", lambda each: (each.quantity.deliverable.unit or None) if each.quantity else None),
    Column("承诺数量", lambda each: figure(each.quantity.deliverable.quantity) if each.quantity else None),
    Column("累计完成数量", lambda each: figure(each.quantity.delivered) if each.quantity else None),
    Column("项目状态", lambda each: each.row.report.get_project_status_display()),
    Column("停缓建原因", lambda each: each.once(each.row.report.status_reason)),
    Column("累计完成投资", lambda each: each.once(figure(each.row.report.investment_paid)), unit="万元"),
    Column("存在问题", lambda each: each.once(each.row.report.problems)),
    Column("下一步安排", lambda each: each.once(each.row.report.next_step)),
    Column("说明", lambda each: each.once(each.row.report.note)),
    Column("报告状态", lambda each: each.row.report.get_status_display()),
    Column("审定时间", lambda each: moment(each.row.report.approved_at)),
    Column("演示数据", lambda each: yes(each.row.report.is_demonstration)),
]


def reports_export(page: ReportsPage) -> Export:
    """Every approved report of the plan and year."""
    rows = [
        QuantityRow(row, quantity, is_first=place == 0)
        for row in page.rows
        for place, quantity in enumerate(row.quantities or [None])
    ]
    return Export(
        name=[page.plan.title, f"{page.year}年", "项目进展"],
        page=f"{page.plan.title} {page.year} 年项目进展",
        chosen=[("筛选", f"{page.year} 年已审定的进展报告")],
        tables=[ExportTable("项目进展", REPORTS, rows)],
        has_demonstration=any(row.report.is_demonstration for row in page.rows),
        basis="只含已审定的进展报告；数量和投资是到期末的累计数。",
        note="每项建设内容一行；停缓建原因、投资、问题、安排和说明每份报告只列一次。空格表示没有填报。",
    )

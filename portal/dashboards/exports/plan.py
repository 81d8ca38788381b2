"""The page of a plan as a file."""

from __future__ import annotations

from indicators.downloads import Export
from indicators.models import Origin
from indicators.workbook.export import Column, ExportTable
from portal.dashboards.exports.indicator_rows import COLUMNS, NOTES, IndicatorLine, has_demonstration
from portal.dashboards.plan.page import PlanPage

ORIGIN: Column[IndicatorLine] = Column("出处", lambda line: Origin(line.indicator.category.origin).label)


def plan_export(page: PlanPage) -> Export:
    """Every indicator of the year: those of the plan's table, then those of the prose."""
    lines = [
        IndicatorLine(row, page.year, page.footnotes) for group in [*page.table, *page.prose] for row in group.rows
    ]
    return Export(
        name=[page.plan.title, f"{page.year}年", "指标"],
        page=f"{page.plan.title}：{page.year} 年指标与评价（{page.plan.get_stage_display()}）",
        chosen=[("评价年度", f"{page.year} 年"), *page.form.chosen],
        tables=[ExportTable("指标", [*COLUMNS, ORIGIN, NOTES], lines)],
        has_demonstration=has_demonstration(line.row for line in lines),
    )

"""The measures of a plan as a file."""

from __future__ import annotations

from indicators.downloads import Export
from indicators.export_cells import names, yes
from indicators.workbook.export import Column, ExportTable
from portal.dashboards.plan.measures import MeasureLine, MeasuresPage

MEASURES: list[Column[MeasureLine]] = [
    Column("任务代码", lambda line: line.measure.code),
    Column("章", lambda line: line.measure.chapter or None),
    Column("节", lambda line: line.measure.section or None),
    Column("任务", lambda line: line.measure.title),
    Column("内容概述", lambda line: line.measure.summary or None),
    Column("牵头单位", lambda line: names(line.leads)),
    Column("统筹部门（没有指定牵头单位）", lambda line: line.coordinating.name if line.coordinating else None),
    Column("责任单位", lambda line: names(line.participating)),
    Column("责任分工（原文）", lambda line: line.measure.responsibility_text or None),
    Column("分工依据", lambda line: "；".join(line.bases) or None),
    Column("完成时限（原文）", lambda line: line.measure.deadline or None),
    Column("对应指标", lambda line: "、".join(each.name for each in line.indicators) or None),
    Column("最近落实年度", lambda line: line.report.year if line.report else None),
    Column("进展", lambda line: str(line.report.get_progress_display()) if line.report else None),
    Column("落实情况", lambda line: line.report.statement if line.report else None),
    Column("演示数据", lambda line: yes(line.report and line.report.is_demonstration)),
    Column("对应项目", lambda line: "、".join(each.name for each in line.projects) or None),
    Column("对应指标代码", lambda line: "、".join(each.code for each in line.indicators) or None),
]


def measures_export(page: MeasuresPage) -> Export:
    """The measures that the page shows, in the order of the plan."""
    department = page.chosen_department
    chosen = [("部门", department.name if department else page.chosen.department)] if page.chosen.department else []
    return Export(
        name=[page.plan.title, "任务"],
        page=f"{page.plan.title}：任务及责任分工",
        chosen=[*chosen, *([("章", page.chosen.chapter)] if page.chosen.chapter else [])],
        tables=[ExportTable("任务", MEASURES, page.lines)],
        has_demonstration=any(line.report and line.report.is_demonstration for line in page.lines),
        basis="规划文件写明的任务和分工，以及审核人员的调整。",
    )

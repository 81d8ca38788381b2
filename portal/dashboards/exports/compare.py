"""The pages that compare plans, as files."""

from __future__ import annotations

from collections.abc import Callable

from indicators.core.rounding import percentage
from indicators.downloads import Export
from indicators.models import Domain
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.compare_pages import ComparePage, TopicLine, TopicPage, TopicRow
from portal.dashboards.exports.indicator_rows import has_demonstration


def compare_export(page: ComparePage) -> Export:
    """A topic per row, a plan per column."""
    columns: list[Column[TopicRow]] = [
        Column("领域", lambda row: Domain(row.topic.domain).label),
        Column("指标主题", lambda row: row.topic.name),
        *(Column(f"{plan.title}评价", verdicts_of(number)) for number, plan in enumerate(page.plans)),
    ]
    return Export(
        name=["对标", f"{page.year}年"],
        page=f"对标：{page.year} 年各规划同主题指标的评价",
        chosen=[("评价年度", f"{page.year} 年"), ("规划", "、".join(plan.title for plan in page.plans))],
        tables=[ExportTable("对标", columns, page.rows)],
        has_demonstration=any(verdict.is_demonstration for row in page.rows for cell in row.cells for verdict in cell),
    )


def verdicts_of(number: int) -> Callable[[TopicRow], Cell]:
    """Reads the verdicts of the plan that stands at that place."""

    def read(row: TopicRow) -> Cell:
        return "；".join(str(verdict.get_verdict_display()) for verdict in row.cells[number]) or None

    return read


def verdict_of(line: TopicLine) -> Cell:
    """The verdict in words."""
    assessment = line.row.assessment
    return None if assessment is None else str(assessment.get_verdict_display())


def topic_export(page: TopicPage) -> Export:
    """The ranking."""
    columns: list[Column[TopicLine]] = [
        Column("名次", lambda line: line.rank),
        Column("地区", lambda line: line.evidence.region.name),
        Column("规划", lambda line: line.row.indicator.plan.title),
        Column("指标", lambda line: line.row.indicator.name),
        Column("单位", lambda line: line.row.indicator.unit),
        Column("基期值", lambda line: line.row.baseline.text),
        Column("数值", lambda line: line.row.value),
        Column("目标", lambda line: line.row.target.text),
        Column("完成目标进程", lambda line: percentage(line.distance.share / 100) if line.distance else None),
        Column("评价", verdict_of),
    ]
    return Export(
        name=["对标", page.topic.name, f"{page.year}年"],
        page=f"对标：{page.topic.name}，{page.year} 年",
        chosen=[("评价年度", f"{page.year} 年")],
        tables=[ExportTable("排名", columns, page.lines)],
        has_demonstration=has_demonstration(line.row for line in page.lines),
    )

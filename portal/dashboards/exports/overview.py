"""The overview as a file: the plans, what needs attention, and who is late."""

from __future__ import annotations

from collections.abc import Callable

from indicators.core.verdicts import Verdict
from indicators.downloads import Export, part_of
from indicators.export_cells import names, severity_words, shown_figure, verdict_words, yes
from indicators.services.round_progress import OverdueDepartment
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.overview import Overview, PlanCard
from portal.dashboards.warning_lines import WarningLine


def number_of(verdict: Verdict) -> Callable[[PlanCard], Cell]:
    """How many indicators of a plan have the verdict."""
    return lambda card: card.counts.of(verdict)


def leads_of(line: WarningLine) -> Cell:
    """Departments that lead; the coordinating one is marked as on the page."""
    coordinating = line.duties.coordinating
    return f"{coordinating.name}（统筹）" if coordinating else names(line.duties.leads)


PLANS: list[Column[PlanCard]] = [
    Column("规划标识", lambda card: card.plan.slug),
    Column("规划", lambda card: card.plan.title),
    Column("地区", lambda card: card.plan.region.name),
    Column("阶段", lambda card: card.plan.get_stage_display()),
    Column("评价年度", lambda card: card.year),
    Column("结论", lambda card: card.conclusion or None),
    Column("指标表已录入", lambda card: card.table_count, unit="项"),
    Column("文件载明", lambda card: card.plan.declared_indicator_count, unit="项"),
    Column("还缺", lambda card: card.declared_missing, unit="项"),
    Column("正文承诺", lambda card: card.prose_count, unit="项"),
    Column("红色预警", lambda card: card.counts.red, unit="项"),
    Column("黄色预警", lambda card: card.counts.yellow, unit="项"),
    *(Column(verdict.label, number_of(verdict), unit="项") for verdict in Verdict),
    Column("评价合计", lambda card: card.counts.total, unit="项"),
]
WARNINGS: list[Column[WarningLine]] = [
    Column("预警", lambda line: severity_words(line.assessment.severity)),
    Column("指标代码", lambda line: line.indicator.code),
    Column("指标名称", lambda line: line.indicator.name),
    Column("单位", lambda line: line.indicator.unit or None),
    Column("指标属性", lambda line: line.indicator.get_constraint_display()),
    Column("规划", lambda line: line.indicator.plan.title),
    Column("地区", lambda line: line.indicator.plan.region.name),
    Column("年度", lambda line: line.assessment.year),
    Column("数值", lambda line: shown_figure(line.value, line.indicator.unit)),
    Column("目标", lambda line: line.target),
    Column("与目标差距", lambda line: shown_figure(line.gap, line.indicator.unit)),
    Column("序时进度", lambda line: shown_figure(line.pace, "%"), unit="%"),
    Column("牵头单位", leads_of),
    Column("评价", lambda line: verdict_words(line.assessment)),
    Column("连续未达到起始年", lambda line: line.since),
    Column("理由", lambda line: line.assessment.reason),
    Column("演示数据", lambda line: yes(line.assessment.is_demonstration)),
]
OVERDUE: list[Column[OverdueDepartment]] = [
    Column("部门代码", lambda late: late.department.code),
    Column("部门", lambda late: late.department.name),
    Column("规划", lambda late: late.round.plan.title),
    Column("年度", lambda late: late.round.year),
    Column("截止日期", lambda late: late.round.deadline),
    Column("逾期", lambda late: late.days, unit="天"),
    Column("未提交", lambda late: late.count, unit="项"),
]


def overview_export(page: Overview) -> Export:
    """Everything that the overview says of its plans."""
    return Export(
        name=["规划指标总览"],
        page=f"规划指标总览。{page.sentence}{page.warnings_sentence}",
        chosen=part_of(page.page, "规划"),
        has_demonstration=page.has_demonstration,
        tables=[
            ExportTable("规划", PLANS, page.cards),
            ExportTable("需要关注的指标", WARNINGS, page.warnings),
            ExportTable("尚无新数值的预警", WARNINGS, page.last_known),
            ExportTable("逾期未填报", OVERDUE, page.overdue),
        ],
    )

"""The overview as a file: the plans, what needs attention, and who is late."""

from __future__ import annotations

from collections.abc import Callable

from indicators.core.verdicts import Verdict
from indicators.downloads import Export, part_of
from indicators.export_cells import moment, names, severity_words, shown_figure, verdict_words, yes
from indicators.services.round_progress import OverdueDepartment
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.overview.changes import KIND_WORDS, VerdictChange
from portal.dashboards.overview.page import Overview, PlanCard
from portal.dashboards.overview.pending import PendingIndicator
from portal.dashboards.overview.plan_projects import PlanProjects
from portal.dashboards.overview.warning_lines import WarningLine
from portal.dashboards.projects.works import STATUSES


def number_of(verdict: Verdict) -> Callable[[PlanCard], Cell]:
    """How many indicators of a plan have the verdict."""
    return lambda card: card.counts.of(verdict)


def leads_of(line: WarningLine) -> Cell:
    """Departments that lead; the coordinating one is marked as on the page."""
    coordinating = line.duties.coordinating
    return f"{coordinating.name}（统筹）" if coordinating else names(line.duties.leads)


def owners_of(line: PendingIndicator) -> Cell:
    """Departments that have to act; the coordinating one is marked as on the page."""
    return f"{names(line.departments)}{'（统筹）' if line.is_coordinated else ''}"


def number_with_status(code: str) -> Callable[[PlanProjects], Cell]:
    """How many projects of a plan have the status."""
    return lambda line: line.by_status[code]


def number_with_verdict(verdict: Verdict) -> Callable[[PlanProjects], Cell]:
    """How many projects of a plan have the verdict."""
    return lambda line: line.by_verdict[verdict]


PLANS: list[Column[PlanCard]] = [
    Column("规划标识", lambda card: card.plan.slug),
    Column("规划", lambda card: card.plan.title),
    Column("地区", lambda card: card.plan.region.name),
    Column("阶段", lambda card: card.plan.get_stage_display()),
    Column("评价年度", lambda card: card.year),
    Column("能否完成", lambda card: card.answer.judgement),
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
    Column("与目标差距", lambda line: shown_figure(line.gap, line.indicator.difference_unit)),
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
PENDING: list[Column[PendingIndicator]] = [
    Column("待办", lambda line: verdict_words(line.assessment)),
    Column("规划", lambda line: line.plan.title),
    Column("地区", lambda line: line.plan.region.name),
    Column("年度", lambda line: line.assessment.year),
    Column("指标代码", lambda line: line.indicator.code),
    Column("指标名称", lambda line: line.indicator.name),
    Column("单位", lambda line: line.indicator.unit or None),
    Column("指标属性", lambda line: line.indicator.get_constraint_display()),
    Column("牵头单位", owners_of),
    Column("预警", lambda line: severity_words(line.assessment.severity)),
]
PROJECTS: list[Column[PlanProjects]] = [
    Column("规划标识", lambda line: line.plan.slug),
    Column("规划", lambda line: line.plan.title),
    Column("重点项目", lambda line: line.total, unit="个"),
    *(Column(label, number_with_status(code), unit="个") for code, label in STATUSES.items()),
    Column("未完成或滞后", lambda line: line.behind, unit="个"),
    Column("红色预警", lambda line: line.red, unit="个"),
    Column("黄色预警", lambda line: line.yellow, unit="个"),
    *(Column(f"评价：{verdict.label}", number_with_verdict(verdict), unit="个") for verdict in Verdict),
    Column("没有可评价的建设内容", lambda line: line.unjudged, unit="个"),
    Column("未销号问题", lambda line: line.open_problems, unit="个"),
    Column("逾期问题", lambda line: line.overdue_problems, unit="个"),
    Column("依据演示数据", lambda line: line.demonstrated, unit="个"),
]
CHANGES: list[Column[VerdictChange]] = [
    Column("变化", lambda line: KIND_WORDS[line.kind][0]),
    Column("指标代码", lambda line: line.indicator.code),
    Column("指标名称", lambda line: line.indicator.name),
    Column("指标属性", lambda line: line.indicator.get_constraint_display()),
    Column("规划", lambda line: line.plan.title),
    Column("地区", lambda line: line.plan.region.name),
    Column("年度", lambda line: line.new.year),
    Column("原评价", lambda line: verdict_words(line.old)),
    Column("原预警", lambda line: severity_words(line.old.severity) if line.old else None),
    Column("现评价", lambda line: verdict_words(line.new)),
    Column("现预警", lambda line: severity_words(line.new.severity)),
    Column("变化时间", lambda line: moment(line.new.judged_at)),
    Column("原因", lambda line: line.reason),
    Column("演示数据", lambda line: yes(line.new.is_demonstration)),
]


def overview_export(page: Overview) -> Export:
    """Everything that the overview says of its plans."""
    return Export(
        name=["规划指标总览"],
        page=f"规划指标总览。{page.sentence}{page.warnings_sentence}评价的变化：{page.period.words}。",
        chosen=part_of(page.page, "规划"),
        has_demonstration=page.has_demonstration,
        tables=[
            ExportTable("规划", PLANS, page.cards),
            ExportTable("需要关注的指标", WARNINGS, page.warnings),
            ExportTable("尚无新数值的预警", WARNINGS, page.last_known),
            ExportTable("评价的变化", CHANGES, [line for group in page.changes for line in group.shown]),
            ExportTable("重点项目", PROJECTS, page.projects),
            ExportTable("目标待下达和待填报", PENDING, [line for each in page.pending for line in each.lines]),
            ExportTable("逾期未填报", OVERDUE, page.overdue),
        ],
    )

"""Key projects and their deliverables as tables of an export, for the pages of columns and of works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.export_cells import figure, names, severity_words, verdict_words, yes
from indicators.workbook.export import Cell, Column
from portal.dashboards.projects.lines import DeliverableLine, ProjectLine


@dataclass(frozen=True)
class PlacedDeliverable:
    """A promised quantity with its project."""

    project: ProjectLine
    line: DeliverableLine


def group_title(line: ProjectLine) -> Cell:
    """The title of the group, where it has one."""
    group = line.project.group
    return f"{group.label}{group.title}" if group.title else None


def coordinating(line: ProjectLine) -> Cell:
    """The coordinating department, where it leads because nobody is named."""
    return line.duties.coordinating.name if line.duties.coordinating else None


def is_demonstration(line: ProjectLine) -> bool:
    """Whether its newest report or one of its open problems is made up."""
    return bool(line.report and line.report.is_demonstration) or any(each.is_demonstration for each in line.problems)


PLAN: list[Column[ProjectLine]] = [
    Column("规划", lambda line: line.project.plan.title),
    Column("规划所在地区", lambda line: line.project.plan.region.name),
]
PROJECTS: list[Column[ProjectLine]] = [
    Column("项目代码", lambda line: line.project.code),
    Column("专栏序号", lambda line: line.project.group.column.number),
    Column("专栏", lambda line: str(line.project.group.column)),
    Column("项目组", group_title),
    Column("项目名称", lambda line: line.project.name),
    Column("类型", lambda line: line.project.get_kind_display()),
    Column("内容概述", lambda line: line.project.summary or None),
    Column("所在地区", lambda line: "、".join(place.name for place in line.project.places.all()) or None),
    Column("具体地点", lambda line: line.project.location or None),
    Column("企业", lambda line: "、".join(line.project.companies) or None),
    Column("牵头单位", lambda line: names(line.duties.leads)),
    Column("统筹部门（没有指定牵头单位）", coordinating),
    Column("责任单位", lambda line: names(line.duties.participating)),
    Column("计划开工年", lambda line: line.project.start_year),
    Column("计划完工年", lambda line: line.project.end_year),
    Column("投资额", lambda line: figure(line.project.investment_amount)),
    Column("投资额单位", lambda line: line.project.investment_unit or None),
    Column("投资额（原文）", lambda line: line.project.investment_wording or None),
    Column("资金来源", lambda line: line.project.investment_source or None),
    Column("项目状态", lambda line: line.status_label),
    Column("报告期", lambda line: line.report.period if line.report else None),
    Column("累计完成投资", lambda line: figure(line.report.investment_paid) if line.report else None, unit="万元"),
    Column("评价年度", lambda line: line.assessment.year if line.assessment else None),
    Column("评价", lambda line: verdict_words(line.assessment) if line.assessment else None),
    Column("预警", lambda line: severity_words(line.assessment.severity) if line.assessment else None),
    Column("理由", lambda line: line.assessment.reason if line.assessment else None),
    Column("存在问题", lambda line: (line.report.problems or None) if line.report else None),
    Column("未销号问题", lambda line: len(line.problems), unit="个"),
    Column("演示数据", lambda line: yes(is_demonstration(line))),
]
DELIVERABLES: list[Column[PlacedDeliverable]] = [
    Column("项目代码", lambda each: each.project.project.code),
    Column("专栏", lambda each: str(each.project.project.group.column)),
    Column("项目名称", lambda each: each.project.project.name),
    Column("建设内容", lambda each: each.line.deliverable.name),
    Column("数量", lambda each: figure(each.line.deliverable.quantity)),
    Column("数量上限", lambda each: figure(each.line.deliverable.quantity_max)),
    Column("单位", lambda each: each.line.deliverable.unit or None),
    Column("累计完成", lambda each: figure(each.line.total)),
    Column("完成比例", lambda each: each.line.percent, unit="%"),
    Column("原文", lambda each: each.line.deliverable.wording),
]


def deliverables_of(lines: Iterable[ProjectLine]) -> list[PlacedDeliverable]:
    """The promised quantities of the projects, in their order."""
    return [PlacedDeliverable(line, item) for line in lines for item in line.deliverables]

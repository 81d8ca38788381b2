"""The project columns of a plan as a file: projects, and what each is to deliver."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.downloads import Export
from indicators.export_cells import figure, names, shown_figure
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.columns import ColumnsPage, DeliverableLine, ProjectLine
from projects.models import KeyProject, ProjectColumn, ProjectGroup


@dataclass(frozen=True)
class PlacedProject:
    """A project with the column and group that it stands in."""

    column: ProjectColumn
    group: ProjectGroup
    line: ProjectLine

    @property
    def project(self) -> KeyProject:
        """The project itself."""
        return self.line.project


@dataclass(frozen=True)
class PlacedDeliverable:
    """A promised quantity with its project."""

    placed: PlacedProject
    line: DeliverableLine


def group_title(placed: PlacedProject) -> Cell:
    """The title of the group, where it has one."""
    return f"{placed.group.label}{placed.group.title}" if placed.group.title else None


def reported(placed: PlacedProject) -> Cell:
    """The period of the newest report."""
    report = placed.line.report
    if report is None:
        return None
    return report.period


PROJECTS: list[Column[PlacedProject]] = [
    Column("项目代码", lambda placed: placed.project.code),
    Column("专栏序号", lambda placed: placed.column.number),
    Column("专栏", lambda placed: f"{placed.column.label} {placed.column.title}"),
    Column("项目组", group_title),
    Column("项目名称", lambda placed: placed.project.name),
    Column("类型", lambda placed: placed.project.get_kind_display()),
    Column("内容概述", lambda placed: placed.project.summary or None),
    Column("所在地区", lambda placed: "、".join(place.name for place in placed.project.places.all()) or None),
    Column("具体地点", lambda placed: placed.project.location or None),
    Column("企业", lambda placed: "、".join(placed.project.companies) or None),
    Column("牵头单位", lambda placed: names(placed.line.leads)),
    Column("责任单位", lambda placed: names(placed.line.participating)),
    Column("计划开工年", lambda placed: placed.project.start_year),
    Column("计划完工年", lambda placed: placed.project.end_year),
    Column("投资额", lambda placed: figure(placed.project.investment_amount)),
    Column("投资额单位", lambda placed: placed.project.investment_unit or None),
    Column("投资额（原文）", lambda placed: placed.project.investment_wording or None),
    Column("项目状态", lambda placed: placed.line.report.get_project_status_display() if placed.line.report else None),
    Column("报告期", reported),
    Column("存在问题", lambda placed: (placed.line.report.problems or None) if placed.line.report else None),
]
DELIVERABLES: list[Column[PlacedDeliverable]] = [
    Column("项目代码", lambda each: each.placed.project.code),
    Column("专栏", lambda each: f"{each.placed.column.label} {each.placed.column.title}"),
    Column("项目名称", lambda each: each.placed.project.name),
    Column("建设内容", lambda each: each.line.deliverable.name),
    Column("数量", lambda each: figure(each.line.deliverable.quantity)),
    Column("数量上限", lambda each: figure(each.line.deliverable.quantity_max)),
    Column("单位", lambda each: each.line.deliverable.unit or None),
    Column("累计完成", lambda each: shown_figure(each.line.delivered)),
    Column("原文", lambda each: each.line.deliverable.wording),
]


def columns_export(page: ColumnsPage) -> Export:
    """Every project of the plan's columns, in their order."""
    projects = [
        PlacedProject(column.column, group.group, line)
        for column in page.columns
        for group in column.groups
        for line in group.projects
    ]
    deliverables = [PlacedDeliverable(placed, line) for placed in projects for line in placed.line.deliverables]
    return Export(
        name=[page.plan.title, "专栏项目"],
        page=f"{page.plan.title}：专栏项目",
        tables=[ExportTable("项目", PROJECTS, projects), ExportTable("建设内容", DELIVERABLES, deliverables)],
        basis="规划文件中的专栏项目，进展取各项目最近一次报告。",
    )

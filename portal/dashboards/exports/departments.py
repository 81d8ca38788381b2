"""The list of departments and the page of one as files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indicators.downloads import Export, part_of
from indicators.models import MeasureResponsibility
from indicators.workbook.export import Column, ExportTable
from portal.dashboards.department_page import DepartmentLine, DepartmentList, DepartmentPage, DutyCounts
from portal.dashboards.exports.indicator_rows import COLUMNS, DUTY, PLAN, IndicatorLine
from projects.models import ProjectResponsibility
from regions.models import Region


@dataclass(frozen=True)
class PlacedDepartment:
    """A department of the list with its region."""

    region: Region
    line: DepartmentLine


DEPARTMENTS: list[Column[PlacedDepartment]] = [
    Column("地区", lambda each: each.region.name),
    Column("部门代码", lambda each: each.line.department.code),
    Column("部门", lambda each: each.line.department.name),
    Column("牵头指标", lambda each: each.line.counts.leading, unit="项"),
    Column("统筹指标", lambda each: each.line.counts.coordinating, unit="项"),
    Column("参与指标", lambda each: each.line.counts.participating, unit="项"),
    Column("任务", lambda each: each.line.counts.measures, unit="项"),
    Column("项目", lambda each: each.line.counts.projects, unit="个"),
]
MEASURES: list[Column[MeasureResponsibility]] = [
    Column("任务代码", lambda duty: duty.measure.code),
    Column("规划", lambda duty: duty.measure.plan.title),
    Column("章", lambda duty: duty.measure.chapter or None),
    Column("节", lambda duty: duty.measure.section or None),
    Column("任务", lambda duty: duty.measure.title),
    Column("本部门分工", lambda duty: duty.get_role_display()),
    Column("完成时限", lambda duty: duty.measure.deadline or None),
    Column("内容概述", lambda duty: duty.measure.summary or None),
    Column("分工依据", lambda duty: duty.basis or None),
]
PROJECTS: list[Column[ProjectResponsibility]] = [
    Column("项目代码", lambda duty: duty.project.code),
    Column("规划", lambda duty: duty.project.group.column.plan.title),
    Column("专栏", lambda duty: str(duty.project.group.column)),
    Column("项目名称", lambda duty: duty.project.name),
    Column("本部门分工", lambda duty: duty.get_role_display()),
    Column("内容概述", lambda duty: duty.project.summary or None),
]


def departments_export(page: DepartmentList) -> Export:
    """Every department by region, those without duties included."""
    return Export(
        name=["责任部门"],
        page="责任部门：各部门牵头、参与的指标，以及承担的任务和重点项目。分项指标不单独计数。",
        chosen=part_of(page.page, "地区"),
        tables=[ExportTable("部门", DEPARTMENTS, list(placed_departments(page)))],
        basis="规划文件写明的分工；没有写明牵头单位的指标由统筹部门牵头。",
    )


def placed_departments(page: DepartmentList) -> Iterator[PlacedDepartment]:
    """The departments in the order of the list."""
    for each in page.regions:
        idle = [DepartmentLine(department, DutyCounts()) for department in each.without_duties]
        for line in [*each.lines, *idle]:
            yield PlacedDepartment(each.region, line)


def department_export(page: DepartmentPage) -> Export:
    """What one department answers for: indicators, measures and projects, a table each."""
    department = page.department
    indicators = [
        IndicatorLine(row, duties.year, duty=group.heading.removesuffix("的指标"))
        for duties in page.plans
        for group in duties.indicator_groups
        for row in group.rows
    ]
    measures = [duty for duties in page.plans for rows in duties.measures.values() for duty in rows]
    projects = [duty for duties in page.plans for rows in duties.projects.values() for duty in rows]
    return Export(
        name=[f"{department.region}{department.name}", f"{page.year}年", "职责"],
        page=f"{department.region}{department.name}：牵头、参与的指标，以及承担的任务和重点项目",
        chosen=[("评价年度", f"{page.year} 年")],
        tables=[
            ExportTable("指标", [PLAN, DUTY, *COLUMNS], indicators),
            ExportTable("任务", MEASURES, measures),
            ExportTable("重点项目", PROJECTS, projects),
        ],
    )

"""The list of departments, the page of one and its list of duties as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indicators.downloads import Export, part_of
from indicators.export_cells import verdict_words, yes
from indicators.models import Measure
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.departments.attention import Due, RedIndicator
from portal.dashboards.departments.board import DepartmentBoard, DepartmentLine
from portal.dashboards.departments.duty_list import DutyList, DutyRow, project_target
from portal.dashboards.departments.page import DepartmentPage, Duty
from portal.dashboards.departments.punctuality import Punctuality
from portal.dashboards.departments.standing import Standing
from portal.dashboards.exports.indicator_rows import COLUMNS, DUTY, PLAN, SECTION, IndicatorLine, has_demonstration
from portal.dashboards.marks import TONE_MARKS
from projects.models import KeyProject
from regions.models import Region


@dataclass(frozen=True)
class PlacedDepartment:
    """A department of the list with its region."""

    region: Region
    line: DepartmentLine


def of_tone(tone: str) -> Callable[[PlacedDepartment], Cell]:
    """How many of the indicators that a department leads are judged in that way."""
    return lambda each: sum(count.count for count in each.line.standing.indicators.tones if count.mark.tone == tone)


DEPARTMENTS: list[Column[PlacedDepartment]] = [
    Column("地区", lambda each: each.region.name),
    Column("部门代码", lambda each: each.line.department.code),
    Column("部门", lambda each: each.line.department.name),
    Column("牵头指标", lambda each: each.line.standing.counts.leading, unit="项"),
    Column("统筹指标", lambda each: each.line.standing.counts.coordinating, unit="项"),
    Column("参与指标", lambda each: each.line.standing.counts.participating, unit="项"),
    Column("任务", lambda each: each.line.standing.counts.measures, unit="项"),
    Column("项目", lambda each: each.line.standing.counts.projects, unit="个"),
    *(Column(f"指标：{mark.label}", of_tone(tone), unit="项") for tone, mark in TONE_MARKS.items()),
    Column("指标红色预警", lambda each: each.line.standing.indicators.red, unit="项"),
    Column("指标黄色预警", lambda each: each.line.standing.indicators.yellow, unit="项"),
    Column("牵头或统筹的项目已评价", lambda each: each.line.standing.works.total, unit="个"),
    Column("项目红色预警", lambda each: each.line.standing.works.red, unit="个"),
    Column("项目黄色预警", lambda each: each.line.standing.works.yellow, unit="个"),
    Column("牵头或统筹的任务", lambda each: each.line.standing.led_measures, unit="项"),
    Column("已完成的任务", lambda each: each.line.standing.completed_measures, unit="项"),
    Column("按时提交", lambda each: each.line.punctuality.on_time, unit="项"),
    Column("迟交", lambda each: each.line.punctuality.late, unit="项"),
    Column("最长迟交", lambda each: each.line.punctuality.most_days_late, unit="天"),
    Column("逾期未交", lambda each: each.line.punctuality.overdue, unit="项"),
    Column("最长逾期", lambda each: each.line.punctuality.most_days_overdue, unit="天"),
    Column("尚未到期", lambda each: each.line.punctuality.pending, unit="项"),
    Column("演示数据", lambda each: yes(each.line.standing.demonstrated)),
]
MEASURES: list[Column[Duty[Measure]]] = [
    Column("任务代码", lambda duty: duty.owner.code),
    Column("规划", lambda duty: duty.owner.plan.title),
    Column("章", lambda duty: duty.owner.chapter or None),
    Column("节", lambda duty: duty.owner.section or None),
    Column("任务", lambda duty: duty.owner.title),
    Column("本部门分工", lambda duty: duty.part),
    Column("完成时限", lambda duty: duty.owner.deadline or None),
    Column("内容概述", lambda duty: duty.owner.summary or None),
    Column("分工依据", lambda duty: duty.basis or None),
]
PROJECTS: list[Column[Duty[KeyProject]]] = [
    Column("项目代码", lambda duty: duty.owner.code),
    Column("规划", lambda duty: duty.owner.group.column.plan.title),
    Column("章节", lambda duty: duty.owner.group.column.section or None),
    Column("专栏", lambda duty: str(duty.owner.group.column)),
    Column("项目名称", lambda duty: duty.owner.name),
    Column("本部门分工", lambda duty: duty.part),
    Column("建设内容和完工时间", lambda duty: project_target(duty.owner) or None),
    Column("内容概述", lambda duty: duty.owner.summary or None),
]
DUTIES: list[Column[DutyRow]] = [
    Column("序号", lambda row: row.number),
    Column("类别", lambda row: row.kind),
    Column("规划", lambda row: row.plan.title),
    Column("内容", lambda row: row.content),
    Column("目标/时限", lambda row: row.target or None),
    Column("分工", lambda row: row.part),
    Column("章节", lambda row: row.section or None),
    Column("代码", lambda row: row.code),
]
DUES: list[Column[Due]] = [
    Column("事项", lambda due: due.title),
    Column("规划", lambda due: due.plan.title),
    Column("截止日期", lambda due: due.deadline),
    Column("期限", lambda due: due.when),
    Column("未提交", lambda due: len(due.items), unit="项"),
    Column("具体内容", lambda due: "、".join(item.name for item in due.items)),
]
REDS: list[Column[RedIndicator]] = [
    Column("指标代码", lambda red: red.indicator.code),
    Column("规划", lambda red: red.indicator.plan.title),
    Column("指标名称", lambda red: red.indicator.name),
    Column("评价年度", lambda red: red.assessment.year),
    Column("评价", lambda red: verdict_words(red.assessment)),
    Column("理由", lambda red: red.assessment.reason),
]


def departments_export(page: DepartmentBoard) -> Export:
    """Every department asked for by region, those without duties included."""
    return Export(
        name=["责任部门", *(words for _, words in page.asked.stated)][:4],
        page="责任部门：各部门牵头的指标、任务和重点项目进展如何，填报是否按时。分项指标不单独计数。",
        chosen=[*page.asked.stated, ("评价年度", f"{page.year} 年"), *part_of(page.page, "地区")],
        tables=[ExportTable("部门", DEPARTMENTS, list(placed_departments(page)))],
        basis="规划文件写明的分工，以及审核人员的调整；没有写明牵头单位的由统筹部门牵头。按时与否按提交（免审的按审定）日期计算。",
        has_demonstration=page.has_demonstration,
    )


def placed_departments(page: DepartmentBoard) -> Iterator[PlacedDepartment]:
    """The departments in the order of the board."""
    for each in page.regions:
        idle = [DepartmentLine(department, Standing(), Punctuality()) for department in each.without_duties]
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
        has_demonstration=has_demonstration(line.row for line in indicators),
        tables=[
            ExportTable("指标", [PLAN, DUTY, *COLUMNS, SECTION], indicators),
            ExportTable("任务", MEASURES, measures),
            ExportTable("重点项目", PROJECTS, projects),
            ExportTable("待办和逾期", DUES, page.dues),
            ExportTable("红色预警", REDS, page.reds),
        ],
    )


def duty_list_export(page: DutyList) -> Export:
    """The list as it is printed, with the codes of its rows."""
    department = page.department
    return Export(
        name=[f"{department.region}{department.name}", "责任清单"],
        page=f"{department.region}{department.name}：责任清单",
        tables=[ExportTable("责任清单", DUTIES, page.rows)],
        basis="规划文件写明的分工，以及审核人员的调整；没有指定牵头单位的由统筹部门牵头。",
        note="目标和时限照文件原文。空格表示文件没有写明。序号 3-1 是第 3 项指标的第 1 个分项。",
    )

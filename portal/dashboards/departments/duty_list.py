"""责任清单: everything that a department answers for as numbered rows, to be printed and signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.urls import reverse

from indicators.models import Plan
from portal.dashboards.departments.page import DutyCounts, PlanDuties, plan_duties, total_counts
from portal.dashboards.projects.lines import quantity_text
from portal.dashboards.rows import IndicatorRow
from projects.models import KeyProject
from regions.models import Department


@dataclass(frozen=True)
class DutyRow:
    """A row of the list. `number` is 3, or 3-1 for the first component of the indicator in row 3; `target` is what is
    to be reached and by when, as the source prints it; `part` is 牵头, 统筹 or 责任."""

    number: str
    kind: str
    plan: Plan
    code: str
    content: str
    target: str
    part: str
    section: str
    url: str


@dataclass(frozen=True)
class DutyList:
    """What the page shows."""

    department: Department
    day: date
    counts: DutyCounts
    rows: list[DutyRow]


def duty_list(department: Department, *, today: date) -> DutyList:
    """The indicators of all plans, then the measures, then the projects. The nine queries of `plan_duties`."""
    plans = plan_duties(department, today.year)
    numbers = count(1)
    rows = [
        *(row for duties in plans for row in indicator_rows(duties, numbers)),
        *(row for duties in plans for row in measure_rows(duties, numbers)),
        *(row for duties in plans for row in project_rows(duties, numbers)),
    ]
    return DutyList(department, today, total_counts(plans), rows)


def indicator_rows(duties: PlanDuties, numbers: Iterator[int]) -> Iterator[DutyRow]:
    """The indicators of a plan; a component is numbered behind its parent where the department answers for both."""
    for group, part in ((duties.leading, "牵头"), (duties.coordinating, "统筹"), (duties.participating, "责任")):
        places: dict[int, str] = {}
        components: Counter[str] = Counter()
        for row in group:
            indicator = row.indicator
            above = places.get(indicator.parent_id or 0)
            if above is None:
                number = places[indicator.pk] = str(next(numbers))
            else:
                components[above] += 1
                number = f"{above}-{components[above]}"
            yield DutyRow(
                number=number,
                kind="指标",
                plan=duties.plan,
                code=indicator.code,
                content=f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name,
                target=indicator_target(row),
                part=part,
                section=indicator.section,
                url=indicator.get_absolute_url(),
            )


def indicator_target(row: IndicatorRow) -> str:
    """The target as printed with its year, and the number that an upper level assigned."""
    assigned = f"，下达数：{row.target.assigned}" if row.target.assigned else ""
    return f"{row.target.text}{assigned}（{row.indicator.target_year} 年）"


def measure_rows(duties: PlanDuties, numbers: Iterator[int]) -> Iterator[DutyRow]:
    """The measures of a plan."""
    page = reverse("plan_measures", args=[duties.plan.slug])
    for rows in duties.measures.values():
        for duty in rows:
            measure = duty.owner
            yield DutyRow(
                number=str(next(numbers)),
                kind="任务",
                plan=duties.plan,
                code=measure.code,
                content=measure.title,
                target=measure.deadline,
                part=duty.part,
                section=" ".join(filter(None, [measure.chapter, measure.section])),
                url=f"{page}#{measure.code}",
            )


def project_rows(duties: PlanDuties, numbers: Iterator[int]) -> Iterator[DutyRow]:
    """The key projects of a plan."""
    for rows in duties.projects.values():
        for duty in rows:
            project = duty.owner
            yield DutyRow(
                number=str(next(numbers)),
                kind="重点项目",
                plan=duties.plan,
                code=project.code,
                content=project.name,
                target=project_target(project),
                part=duty.part,
                section=project_section(project),
                url=project.get_absolute_url(),
            )


def project_target(project: KeyProject) -> str:
    """What the project is to deliver, and the year in which it is to be finished."""
    quantities = [f"{each.name} {quantity_text(each)}{each.unit}" for each in project.deliverables.all()]
    finished = [f"{project.end_year} 年完工"] if project.end_year else []
    return "；".join([*quantities, *finished])


def project_section(project: KeyProject) -> str:
    """Where the column stands, and which it is."""
    column = project.group.column
    return " ".join(filter(None, [column.section, str(column)]))

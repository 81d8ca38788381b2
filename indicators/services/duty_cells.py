"""The cells of a matrix of departments and indicators: what a person changed in it, as assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from indicators.models import Indicator, Plan, Responsibility
from indicators.services.duties import Assignment, assignable_departments
from regions.models import Department, DutyRole

#: An indicator and a department, by primary key.
CellKey = tuple[int, int]

UNKNOWN_DEPARTMENT = "有一个部门不能选，可能刚刚改名或撤并。请核对后重选。"


def changed_assignments(plan: Plan, cells: Mapping[CellKey, str], seen: Mapping[int, str]) -> list[Assignment]:
    """The whole assignment of each indicator in which a cell changed; a cell is a DutyRole or empty.

    Departments that stand keep their order, new ones follow in the order of their keys. `seen` are the stamps by
    indicator. Raises ValidationError for an indicator that the plan does not have (any more) and for a department that
    nobody may choose. Three queries.
    """
    wanted: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for (indicator, department), role in cells.items():
        wanted[indicator][department] = role
    duties = Responsibility.objects.select_related("department").order_by("role", "position")
    found = (
        Indicator.objects.filter(plan=plan, pk__in=wanted)
        .select_related("plan__region")
        .prefetch_related(Prefetch("responsibilities", duties))
    )
    departments = {each.pk: each for each in assignable_departments(plan).order_by("pk")}
    if len(found) < len(wanted):
        raise ValidationError("有一项指标已不在本规划中，什么都没有保存。请放弃后重新打开本页。")
    if not {department for (_, department), role in cells.items() if role} <= departments.keys():
        raise ValidationError(UNKNOWN_DEPARTMENT)
    return [
        assignment_of(indicator, wanted[indicator.pk], departments, seen.get(indicator.pk, "")) for indicator in found
    ]


def assignment_of(
    indicator: Indicator, changed: Mapping[int, str], departments: Mapping[int, Department], seen: str
) -> Assignment:
    """The assignment of one indicator, whose duties are loaded in their order. Queries nothing."""
    standing = {duty.department_id: duty for duty in indicator.responsibilities.all()}
    named = {key: duty.department for key, duty in standing.items()}
    named |= {key: department for key, department in departments.items() if key in changed and key not in standing}
    roles = {key: changed.get(key, standing[key].role if key in standing else "") for key in named}

    def of(role: DutyRole) -> list[Department]:
        return [department for key, department in named.items() if roles[key] == role]

    return Assignment(indicator, of(DutyRole.LEAD), of(DutyRole.PARTICIPATING), seen)

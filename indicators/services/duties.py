"""Who answers for an indicator: a reviewer's assignment takes the place of the departments that the source names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from indicators.models import Indicator, Plan, Responsibility
from indicators.permissions import may_review
from regions.history import attribute, check_reason
from regions.models import Department, DutyRole
from regions.permissions import Person


def stamp(indicator: Indicator) -> str:
    """Changes whenever a duty of the indicator is written or removed. One query."""
    newest = Responsibility.history.filter(indicator_id=indicator.pk).aggregate(newest=Max("history_id"))["newest"]
    return str(newest or 0)


def assignable_departments(plan: Plan) -> QuerySet[Department]:
    """Departments of the plan's region, of the region above it and of those right below. Expects `region` to be
    loaded."""
    region = plan.region
    near = Q(region=region) | Q(region__parent=region)
    return Department.objects.filter(near | Q(region=region.parent_id) if region.parent_id else near)


def assign_departments(
    indicator: Indicator,
    *,
    lead: Sequence[Department],
    participating: Sequence[Department],
    reason: str,
    basis: str = "",
    seen: str,
    person: Person,
) -> list[Responsibility]:
    """Let these departments answer for the indicator and no others, in this order; gives the rows that stand.

    Without a lead the plan's coordinating department leads. Values stay, drafts included: whoever leads now goes on
    with them. `basis` names the document of the assignment, `seen` is the `stamp` of what the person had before their
    eyes. Every row that stands is written anew, so that the whole assignment is the person's and loading the plan files
    leaves it alone. Verdicts do not depend on departments.

    Raises PermissionDenied for others than the plan's reviewers and administrators; ValidationError, in Chinese,
    without a reason, for a department of elsewhere or in both roles, when nothing changes or somebody was faster.
    """
    if not may_review(person, indicator.plan):
        raise PermissionDenied("责任部门由本规划的审核人员或管理员调整。")
    check_reason(reason, "请写明调整原因，有关部门会看到。")
    check_departments(indicator.plan, lead, participating)
    wanted = [(each, DutyRole.LEAD) for each in lead] + [(each, DutyRole.PARTICIPATING) for each in participating]
    with transaction.atomic():
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        if stamp(indicator) != seen:
            raise ValidationError(changed_since(indicator))
        stored = {duty.department_id: duty for duty in Responsibility.objects.filter(indicator=indicator)}
        check_changes(stored.values(), wanted, basis.strip())
        for department_id in stored.keys() - {department.pk for department, _ in wanted}:
            attribute(stored[department_id], person=person, reason=reason)
            stored[department_id].delete()
        standing = []
        for position, (department, role) in enumerate(wanted, start=1):
            duty = stored.get(department.pk) or Responsibility(indicator=indicator, department=department)
            duty.role, duty.position = role, position
            duty.basis = basis.strip() or duty.basis
            duty.full_clean()
            attribute(duty, person=person, reason=reason)
            duty.save()
            standing.append(duty)
    return standing


def check_departments(plan: Plan, lead: Sequence[Department], participating: Sequence[Department]) -> None:
    """Raise ValidationError for departments named in both roles or twice, and for those of elsewhere. One query."""
    named = [*lead, *participating]
    twice = {department.name for department in named if named.count(department) > 1}
    if twice:
        raise ValidationError(f"{'、'.join(sorted(twice))}同时选了牵头和责任，请只留一项。")
    keys = {department.pk for department in named}
    known = set(assignable_departments(plan).filter(pk__in=keys).values_list("pk", flat=True))
    foreign = [department.name for department in named if department.pk not in known]
    if foreign:
        raise ValidationError(f"{'、'.join(foreign)}不属于{plan.region}，也不属于它的上级或下级地区，不能选。")


def check_changes(stored: Iterable[Responsibility], wanted: list[tuple[Department, DutyRole]], basis: str) -> None:
    """Raise ValidationError when the same departments would answer on the same basis as before."""
    before = {(duty.department_id, duty.role): duty.basis for duty in stored}
    after = {(department.pk, str(role)) for department, role in wanted}
    if before.keys() == after and (not basis or all(each == basis for each in before.values())):
        raise ValidationError("与现在的分工相同，没有保存。")


def changed_since(indicator: Indicator) -> str:
    """Who was faster, in Chinese. One query."""
    last = Responsibility.history.filter(indicator_id=indicator.pk).select_related("history_user").latest("history_id")
    return (
        f"{last.history_user or '系统'}在您打开本页之后调整了本指标的责任部门，您的内容没有保存。"
        "请核对上面现在的分工；仍要保存时，请再点一次保存。"
    )

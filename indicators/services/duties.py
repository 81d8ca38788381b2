"""Who answers for an indicator, a measure or a key project: a reviewer's assignment takes the place of the departments
that the source names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When

from indicators.models import Plan
from indicators.permissions import may_review
from regions.history import attribute, check_reason
from regions.models import AbstractResponsibility, Department, DutyRole
from regions.permissions import Person

ASKING_REASON = "请写明调整原因，有关部门会看到。"


class DutyOwner(Protocol):
    """What departments answer for, with the plan that it belongs to. `responsibilities` is the manager of its rows of
    a model that extends AbstractResponsibility and keeps a history."""

    @property
    def pk(self) -> Any:
        """Its key."""

    @property
    def plan(self) -> Plan:
        """The plan, whose reviewers assign."""

    @property
    def responsibilities(self) -> Any:
        """The manager of its duties."""


@dataclass(frozen=True)
class Assignment:
    """The departments that shall answer for an owner and no others; `seen` is the `stamp` that the person had before
    their eyes."""

    owner: DutyOwner
    lead: Sequence[Department]
    participating: Sequence[Department]
    seen: str


def duty_records(owner: DutyOwner) -> QuerySet[Any]:
    """The history records of everything that was ever a duty of the owner."""
    duties = owner.responsibilities
    records: QuerySet[Any] = duties.model.history.filter(**{duties.field.name: owner.pk})
    return records


def stamp(owner: DutyOwner) -> str:
    """Changes whenever a duty of the owner is written or removed. One query."""
    return str(duty_records(owner).aggregate(newest=Max("history_id"))["newest"] or 0)


def stamps(owners: Sequence[DutyOwner]) -> dict[Any, str]:
    """The stamp of each of several owners of one kind, by primary key. One query."""
    if not owners:
        return {}
    duties = owners[0].responsibilities
    key = duties.field.attname
    newest = (
        duties.model.history.filter(**{f"{key}__in": [owner.pk for owner in owners]})
        .order_by()
        .values_list(key)
        .annotate(newest=Max("history_id"))
    )
    return {owner.pk: "0" for owner in owners} | {owner: str(number) for owner, number in newest}


def assignable_departments(plan: Plan) -> QuerySet[Department]:
    """Departments of the plan's region, of the region above it and of those right below. Expects `region` to be
    loaded."""
    region = plan.region
    near = Q(region=region) | Q(region__parent=region)
    return Department.objects.filter(near | Q(region=region.parent_id) if region.parent_id else near)


def assignable_in_order(plan: Plan) -> QuerySet[Department]:
    """The assignable departments with their region, those of the plan's own first. One query when evaluated."""
    own_first = Case(When(region=plan.region_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    return assignable_departments(plan).select_related("region").order_by(own_first, "region__slug", "pk")


def assign_departments(
    owner: DutyOwner,
    *,
    lead: Sequence[Department],
    participating: Sequence[Department],
    reason: str,
    basis: str = "",
    seen: str,
    person: Person,
) -> list[AbstractResponsibility]:
    """Let these departments answer for the indicator, measure or key project and no others, in this order; gives the
    rows that stand.

    An indicator without a lead is led by the plan's coordinating department. Values stay, drafts included: whoever
    leads now goes on with them. `basis` names the document of the assignment, `seen` is the `stamp` of what the person
    had before their eyes. Every row that stands is written anew, so that the whole assignment is the person's and
    loading the plan files leaves it alone. Verdicts do not depend on departments.

    Raises PermissionDenied for others than the plan's reviewers and administrators; ValidationError, in Chinese,
    without a reason, for a department of elsewhere or in both roles, when nothing changes or somebody was faster.
    """
    if not may_review(person, owner.plan):
        raise PermissionDenied("责任部门由本规划的审核人员或管理员调整。")
    check_reason(reason, ASKING_REASON)
    check_departments(owner.plan, lead, participating)
    wanted = [(each, DutyRole.LEAD) for each in lead] + [(each, DutyRole.PARTICIPATING) for each in participating]
    duties = owner.responsibilities
    with transaction.atomic():
        duties.field.related_model._default_manager.select_for_update().get(pk=owner.pk)
        if stamp(owner) != seen:
            raise ValidationError(changed_since(owner))
        stored = {duty.department_id: duty for duty in duties.model.objects.filter(**{duties.field.name: owner.pk})}
        if is_the_same(stored.values(), lead, participating, basis.strip()):
            raise ValidationError("与现在的分工相同，没有保存。")
        for department_id in stored.keys() - {department.pk for department, _ in wanted}:
            attribute(stored[department_id], person=person, reason=reason)
            stored[department_id].delete()
        standing = []
        for position, (department, role) in enumerate(wanted, start=1):
            duty = stored.get(department.pk) or duties.model(**{duties.field.name: owner}, department=department)
            duty.role, duty.position = role, position
            duty.basis = basis.strip() or duty.basis
            duty.full_clean()
            attribute(duty, person=person, reason=reason)
            duty.save()
            standing.append(duty)
    return standing


def assign_together(assignments: Sequence[Assignment], *, reason: str, basis: str = "", person: Person) -> None:
    """Make several assignments for one reason, all of them or none.

    Raises PermissionDenied as `assign_departments` does; ValidationError without a reason, and one whose messages stand
    under the primary keys (as text) of the owners whose assignment was refused, however many they are.
    """
    check_reason(reason, ASKING_REASON)
    refused: defaultdict[str, list[str]] = defaultdict(list)
    with transaction.atomic():
        # Always locked in the same order: two people who save many at once wait for each other and never block.
        for each in sorted(assignments, key=lambda assignment: assignment.owner.pk):
            try:
                assign_departments(
                    each.owner,
                    lead=each.lead,
                    participating=each.participating,
                    reason=reason,
                    basis=basis,
                    seen=each.seen,
                    person=person,
                )
            except ValidationError as error:
                refused[str(each.owner.pk)] += error.messages
        if refused:
            raise ValidationError(dict(refused))


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


def is_the_same(
    stored: Iterable[AbstractResponsibility],
    lead: Sequence[Department],
    participating: Sequence[Department],
    basis: str,
) -> bool:
    """Whether these departments answer already, on the same basis. An empty basis leaves what is stored."""
    before = {(duty.department_id, duty.role): duty.basis for duty in stored}
    after = {(each.pk, str(DutyRole.LEAD)) for each in lead}
    after |= {(each.pk, str(DutyRole.PARTICIPATING)) for each in participating}
    return before.keys() == after and (not basis or all(each == basis for each in before.values()))


def changed_since(owner: DutyOwner) -> str:
    """Who was faster, in Chinese. One query."""
    last = duty_records(owner).select_related("history_user").latest("history_id")
    noun = owner.responsibilities.field.related_model._meta.verbose_name
    return (
        f"{last.history_user or '系统'}在您打开本页之后调整了本{noun}的责任部门，您的内容没有保存。"
        "请核对页面上现在的分工；仍要保存时，请再点一次保存。"
    )

"""The ledger of problems (问题台账): raising one, moving its deadline, resolving it and opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.services.duties import assignable_departments
from projects.models import KeyProject, ProjectProblem
from projects.permissions import may_move_deadline, may_raise_problem, may_resolve_problem
from regions.history import attribute, check_reason
from regions.models import Department
from regions.permissions import Person

RAISING = "问题由项目的牵头单位和审核人员登记。"
CHANGED = "{who}在您打开本页之后处理过这个问题，您的操作没有执行。请核对页面上现在的内容；仍要办理时，请再点一次。"


@dataclass(frozen=True)
class ProblemEntry:
    """What a person states about a problem: what it is, who solves it, and by when."""

    project: KeyProject
    description: str
    owner: Department
    deadline: date


def raise_problem(entry: ProblemEntry, *, person: Person, now: datetime) -> ProjectProblem:
    """Put a problem on the ledger. It counts at once.

    Raises PermissionDenied for those who neither report on the project nor review its plan; ValidationError by field
    for an owner of elsewhere, a deadline that is past, and texts that are missing or too long.
    """
    if not may_raise_problem(person, entry.project):
        raise PermissionDenied(RAISING)
    today = timezone.localdate(now)
    errors = {}
    if not assignable_departments(entry.project.plan).filter(pk=entry.owner.pk).exists():
        errors["owner"] = f"{entry.owner}不属于{entry.project.plan.region}，也不属于它的上级或下级地区，不能选。"
    if entry.deadline < today:
        errors["deadline"] = "整改期限不能早于今天。"
    if errors:
        raise ValidationError(errors)
    problem = ProjectProblem(
        project=entry.project,
        description=entry.description.strip(),
        owner=entry.owner,
        deadline=entry.deadline,
        raised_on=today,
        raised_by_id=cast(int, person.pk),
    )
    problem.full_clean()
    attribute(problem, person=person)
    problem.save()
    return problem


def move_problem_deadline(
    problem: ProjectProblem, *, deadline: date, reason: str, revision: int, person: Person
) -> ProjectProblem:
    """Give more or less time. Raises PermissionDenied for others than reviewers, and ValidationError without a reason,
    for a problem that is resolved, and when somebody was faster."""
    if not may_move_deadline(person, problem):
        raise PermissionDenied("整改期限由本规划的审核人员或管理员调整。")
    check_reason(reason, "请写明调整期限的原因。")
    with transaction.atomic():
        current = locked(problem, revision)
        if not current.is_open:
            raise ValidationError("这个问题已销号，期限不用再调整。")
        if deadline == current.deadline:
            raise ValidationError({"deadline": "与现在的整改期限相同，没有保存。"})
        if deadline < current.raised_on:
            raise ValidationError({"deadline": "整改期限不能早于登记日期。"})
        current.deadline = deadline
        return save(current, reason=reason, person=person)


def resolve_problem(
    problem: ProjectProblem, *, resolution: str, revision: int, person: Person, now: datetime
) -> ProjectProblem:
    """Take a problem off the ledger (销号), saying how it was solved. Raises PermissionDenied for those who neither own
    the problem nor report on the project nor review it; ValidationError without a resolution, for a problem that is
    resolved, and when somebody was faster."""
    if not may_resolve_problem(person, problem):
        raise PermissionDenied("销号由责任单位、项目牵头单位或审核人员办理。")
    check_reason(resolution, "请写明解决情况。")
    with transaction.atomic():
        current = locked(problem, revision)
        if not current.is_open:
            raise ValidationError("这个问题已经销号。")
        current.resolution, current.resolved_on = resolution.strip(), timezone.localdate(now)
        return save(current, reason="销号", person=person)


def reopen_problem(problem: ProjectProblem, *, reason: str, revision: int, person: Person) -> ProjectProblem:
    """Put a resolved problem on the ledger again. Raises PermissionDenied for others than reviewers, and
    ValidationError without a reason, for an open problem, and when somebody was faster."""
    if not may_move_deadline(person, problem):
        raise PermissionDenied("重新列入台账由本规划的审核人员或管理员办理。")
    check_reason(reason, "请写明重新列入台账的原因。")
    with transaction.atomic():
        current = locked(problem, revision)
        if current.is_open:
            raise ValidationError("这个问题没有销号。")
        current.resolution, current.resolved_on = "", None
        return save(current, reason=reason, person=person)


def locked(problem: ProjectProblem, revision: int) -> ProjectProblem:
    """The problem as it stands, locked. Raises ValidationError when it is not the one that the person saw."""
    current: ProjectProblem | None = (
        ProjectProblem.objects.select_for_update(of=("self",))
        .select_related("project__group__column__plan__region", "owner")
        .filter(pk=problem.pk)
        .first()
    )
    if current is None:
        raise ValidationError("这个问题已被删除，请刷新页面。")
    if current.revision != revision:
        last = current.history.select_related("history_user").latest()
        raise ValidationError(CHANGED.format(who=last.history_user or "系统"))
    return current


def save(problem: ProjectProblem, *, reason: str, person: Person) -> ProjectProblem:
    """Store the change with its author and reason."""
    problem.revision += 1
    problem.full_clean()
    attribute(problem, person=person, reason=reason)
    problem.save()
    return problem

"""The way of a value from draft to approved: submit, approve, return, reopen, singly or many at once.

Every step is all or nothing, asks the permission module on each object, is recorded in history, and judges anew what
counts differently afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.models import Indicator, ValueStatus, YearlyValue
from indicators.permissions import may_enter_value, may_review
from indicators.services.judging import judge_indicators, lock_families
from regions.history import attribute, check_reason
from regions.permissions import Person, is_administrator


class Step(StrEnum):
    """A step of the workflow."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REOPEN = "reopen"


#: From which states a step leads to which.
TRANSITIONS: dict[Step, tuple[set[str], str]] = {
    Step.SUBMIT: ({ValueStatus.DRAFT, ValueStatus.RETURNED}, ValueStatus.SUBMITTED),
    Step.APPROVE: ({ValueStatus.SUBMITTED}, ValueStatus.APPROVED),
    Step.RETURN: ({ValueStatus.SUBMITTED}, ValueStatus.RETURNED),
    Step.REOPEN: ({ValueStatus.APPROVED}, ValueStatus.RETURNED),
}
STEP_NAMES = {Step.SUBMIT: "提交", Step.APPROVE: "审定", Step.RETURN: "退回", Step.REOPEN: "重新打开"}


def submit_values(values: Iterable[YearlyValue], *, person: Person, now: datetime) -> list[YearlyValue]:
    """Hand drafts and returned values to review. The person leads their indicators."""

    def change(value: YearlyValue) -> None:
        value.submitted_at, value.submitted_by_id, value.review_comment = now, person.pk, ""

    return _take(Step.SUBMIT, values, change, person=person, now=now)


def approve_values(
    values: Iterable[YearlyValue], *, person: Person, now: datetime, comment: str = ""
) -> list[YearlyValue]:
    """Approve submitted values: from now on they count, and are locked. Not one's own, except by an administrator."""

    def change(value: YearlyValue) -> None:
        if value.submitted_by_id == person.pk and not is_administrator(person):
            raise PermissionDenied(f"“{value.name}”由您本人提交，须由其他审核人员审定。")
        value.approved_at, value.approved_by_id, value.review_comment = now, person.pk, comment

    return _take(Step.APPROVE, values, change, person=person, now=now, reason=comment)


def return_values(values: Iterable[YearlyValue], *, comment: str, person: Person, now: datetime) -> list[YearlyValue]:
    """Send submitted values back with what is to be mended."""
    check_reason(comment, "请写明退回意见，填报人员需要知道改什么。")

    def change(value: YearlyValue) -> None:
        value.review_comment = comment

    return _take(Step.RETURN, values, change, person=person, now=now, reason=comment)


def reopen_values(values: Iterable[YearlyValue], *, reason: str, person: Person, now: datetime) -> list[YearlyValue]:
    """Unlock approved values for correction; until they are approved again they do not count."""
    check_reason(reason, "请写明重新打开的原因。")

    def change(value: YearlyValue) -> None:
        value.approved_at, value.approved_by_id, value.review_comment = None, None, reason

    return _take(Step.REOPEN, values, change, person=person, now=now, reason=reason)


def _take(
    step: Step,
    values: Iterable[YearlyValue],
    change: Callable[[YearlyValue], None],
    *,
    person: Person,
    now: datetime,
    reason: str = "",
) -> list[YearlyValue]:
    """Take the step with every value or with none."""
    sources, target = TRANSITIONS[step]
    keys = [value.pk for value in values]
    with transaction.atomic():
        lock_families(Indicator.objects.filter(values__in=keys))
        locked = list(
            YearlyValue.objects.select_for_update(of=("self",))
            .filter(pk__in=keys)
            .select_related("indicator__plan__region", "region")
            .order_by("pk")
        )
        for value in locked:
            _check_step(step, value, sources, person)
            change(value)
            value.status = target
            value.revision += 1
            value.full_clean()
            attribute(value, person=person, reason=reason or STEP_NAMES[step])
            value.save()
        if step in (Step.APPROVE, Step.REOPEN):
            judge_indicators([value.indicator for value in locked], now=now)
    return locked


def _check_step(step: Step, value: YearlyValue, sources: set[str], person: Person) -> None:
    allowed = (
        may_enter_value(person, value.indicator) if step is Step.SUBMIT else may_review(person, value.indicator.plan)
    )
    if not allowed:
        raise PermissionDenied(f"您不能{STEP_NAMES[step]}“{value.name}”的数值。")
    if value.status not in sources:
        raise ValidationError(
            f"“{value.name}”{value.year}年的数值现在是“{value.get_status_display()}”，不能{STEP_NAMES[step]}。"
            "可能他人刚刚处理过，请刷新页面。"
        )

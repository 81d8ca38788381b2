"""Reviewers' decisions on values as they saw them: a value that changed since is not decided unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.display import show_value
from indicators.models import Indicator, Plan, YearlyValue
from indicators.permissions import may_review
from indicators.services.judging import lock_families
from indicators.services.workflow import Step, approve_values, reopen_values, return_values
from regions.history import check_length
from regions.permissions import Person


def decide(
    step: Step, seen: Mapping[int, int], *, plan: Plan, year: int, comment: str, person: Person, now: datetime
) -> list[YearlyValue]:
    """Take the step with the values of a plan's year whose keys `seen` maps to the revisions the person saw.

    All or nothing. Raises ValidationError (Chinese) when nothing is chosen, a value is gone or belongs elsewhere,
    somebody changed it since, the comment is too long, or the workflow refuses; PermissionDenied for those who may
    not review the plan and for a value that the person submitted.
    """
    if not may_review(person, plan):
        raise PermissionDenied("审定、退回和重新打开由本规划的审核人员或管理员办理。")
    if not seen:
        raise ValidationError("没有选中任何数值。请先在表格中勾选，再点按钮。")
    check_length(comment)
    with transaction.atomic():
        lock_families(Indicator.objects.filter(plan=plan, values__in=seen))
        values = list(
            YearlyValue.objects.select_for_update(of=("self",))
            .filter(pk__in=seen, indicator__plan=plan, year=year)
            .select_related("indicator__plan", "region")
            .order_by("pk")
        )
        if len(values) < len(seen):
            raise ValidationError("所选数值中有的已被删除，或不属于这个规划的这一年度，请刷新页面后重选。")
        for value in values:
            check_seen(value, seen[value.pk])
        if step is Step.APPROVE:
            return approve_values(values, person=person, now=now, comment=comment)
        if step is Step.RETURN:
            return return_values(values, comment=comment, person=person, now=now)
        if step is Step.REOPEN:
            return reopen_values(values, reason=comment, person=person, now=now)
        raise ValueError(f"no reviewer's step: {step}")


def check_seen(value: YearlyValue, revision: int) -> None:
    """Raise ValidationError that names the other person and the figure when the value changed since it was seen."""
    if value.revision == revision:
        return
    last = value.history.select_related("history_user").latest()
    raise ValidationError(
        f"“{value.name}”{value.year}年的数值在您打开本页之后由{last.history_user or '系统'}处理过，"
        f"现在是 {show_value(value.indicator, value.value, value.finding)}（{value.get_status_display()}），"
        "本次操作全部没有执行。请刷新页面核对后再办。"
    )

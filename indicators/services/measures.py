"""What reviewers say of a measure: the indicators that it serves and the departments that answer for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from indicators.models import Indicator, Measure
from indicators.permissions import may_review
from indicators.services.duties import assign_departments, duty_records, is_the_same, stamp
from regions.history import attribute, check_reason
from regions.models import Department
from regions.permissions import Person


def measure_stamp(measure: Measure) -> str:
    """Changes whenever the measure, its indicators or its departments change. Two queries."""
    newest = Measure.history.filter(id=measure.pk).order_by("-history_id").values_list("history_id", flat=True)
    return f"{newest.first() or 0}-{stamp(measure)}"


def linkable_indicators(measure: Measure) -> QuerySet[Indicator]:
    """Indicators of the measure's own plan, and whatever it serves already, in the order of the plan."""
    linked = Measure.indicators.through.objects.filter(measure=measure).values("indicator")
    return Indicator.objects.filter(Q(plan=measure.plan_id) | Q(pk__in=linked)).order_by("position", "code")


def revise_measure(
    measure: Measure,
    *,
    indicators: Collection[Indicator],
    lead: Sequence[Department],
    participating: Sequence[Department],
    reason: str,
    basis: str = "",
    seen: str,
    person: Person,
) -> None:
    """Let the measure serve these indicators and no others, and these departments answer for it, as
    `assign_departments` does. What stays as it is gets no history record. `seen` is the `measure_stamp` of what the
    person had before their eyes.

    Raises PermissionDenied for others than the plan's reviewers and administrators; ValidationError, in Chinese,
    without a reason, for an indicator or department of elsewhere, when nothing changes or somebody was faster.
    """
    if not may_review(person, measure.plan):
        raise PermissionDenied("任务由本规划的审核人员或管理员调整。")
    check_reason(reason, "请写明调整原因，有关部门会看到。")
    chosen = {indicator.pk for indicator in indicators}
    if linkable_indicators(measure).filter(pk__in=chosen).count() < len(chosen):
        raise ValidationError("有一项指标不属于本规划，不能选。请核对后重选。")
    with transaction.atomic():
        Measure.objects.select_for_update().get(pk=measure.pk)
        if measure_stamp(measure) != seen:
            raise ValidationError(changed_since(measure))
        links_differ = set(measure.indicators.values_list("pk", flat=True)) != chosen
        duties_differ = not is_the_same(measure.responsibilities.all(), lead, participating, basis.strip())
        if not links_differ and not duties_differ:
            raise ValidationError("与现在的内容相同，没有保存。")
        if links_differ:
            attribute(measure, person=person, reason=reason)
            measure.indicators.set(indicators)
        if duties_differ:
            assign_departments(
                measure,
                lead=lead,
                participating=participating,
                reason=reason,
                basis=basis,
                seen=stamp(measure),
                person=person,
            )


def changed_since(measure: Measure) -> str:
    """Who was faster, in Chinese. Two queries."""
    newest: list[Any] = [
        *Measure.history.filter(id=measure.pk).select_related("history_user").order_by("-history_id")[:1],
        *duty_records(measure).select_related("history_user").order_by("-history_id")[:1],
    ]
    last = max(newest, key=lambda record: record.history_date)
    return (
        f"{last.history_user or '系统'}在您打开本页之后调整了本任务，您的内容没有保存。"
        "请核对页面上现在的内容；仍要保存时，请再点一次保存。"
    )

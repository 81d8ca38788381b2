"""Recording a yearly value: the one way by which form, Excel and API write one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from indicators.core.codes import ValueType
from indicators.display import show_value
from indicators.models import Indicator, ValueOrigin, ValueStatus, YearlyValue
from indicators.permissions import may_enter_value, may_review
from indicators.services.judging import judge_from
from indicators.services.rounds import needs_review
from regions.history import attribute
from regions.models import Region
from regions.permissions import Person


@dataclass(frozen=True)
class ValueEntry:
    """What a person states for one indicator, region and year: a figure or grade in `value`, or a `finding` code.

    `reason` says why an approved value is corrected; `revision` is the one the person saw, None when they saw no value.
    """

    indicator: Indicator
    region: Region
    year: int
    value: Decimal | None = None
    finding: str = ""
    source: str = ""
    source_url: str = ""
    note: str = ""
    reason: str = ""
    revision: int | None = None


def check_entry(entry: ValueEntry) -> None:
    """Raise ValidationError by field, in Chinese, for an entry that cannot be true. Queries nothing but what is
    loaded."""
    indicator, errors = entry.indicator, {}
    years = indicator.years
    if entry.year not in years:
        errors["year"] = f"年度应在 {years.start} 至 {years.stop - 1} 年之间（规划的评价年份），您填的是 {entry.year}。"
    if indicator.value_type == ValueType.FINDING:
        if entry.value is not None:
            errors["value"] = "该指标不填数值，请选择评定结论。"
        elif not entry.finding:
            errors["finding"] = "请选择评定结论。"
    elif entry.finding:
        errors["finding"] = "该指标填数值，不选评定结论。"
    elif entry.value is None:
        errors["value"] = "请填写数值。"
    elif complaint := indicator.complaint(entry.value):
        errors["value"] = complaint
    if entry.region.pk != indicator.plan.region_id:
        errors["region"] = f"该指标按{indicator.plan.region}填报。"
    if errors:
        raise ValidationError(errors)


def check_permission(person: Person, indicator: Indicator) -> None:
    """Raise PermissionDenied unless the person leads the indicator; findings are a reviewer's."""
    if indicator.value_type == ValueType.FINDING and not may_review(person, indicator.plan):
        raise PermissionDenied("评定类指标由审核人员评定，请向审核人员提供依据。")
    if not may_enter_value(person, indicator):
        raise PermissionDenied("您所在的部门不是该指标的牵头单位，不能填报。如分工有误，请联系系统管理员调整。")


def check_state(entry: ValueEntry, stored: YearlyValue | None, *, reviewed: bool) -> None:
    """Raise ValidationError when the stored value is locked, or not the one that the person saw."""
    if stored is not None and reviewed:
        check_not_locked(stored)
    check_unchanged(entry, stored)


def check_unchanged(entry: ValueEntry, stored: YearlyValue | None) -> None:
    """Raise ValidationError when somebody saved in between, or when a correction of an approved value gives no
    reason."""
    seen = entry.revision
    if stored is None:
        if seen is not None:
            raise ValidationError("这条数值刚刚被他人删除，请返回列表后重新填报。")
        return
    if seen != stored.revision:
        last = stored.history.select_related("history_user").latest()
        who = last.history_user or "系统"
        theirs = show_value(stored.indicator, stored.value, stored.finding)
        if seen is None:
            raise ValidationError(
                {
                    "year": f"该指标 {entry.year} 年已有数值，请打开原有记录修改，不要重复新增。"
                    f"现有数值是 {theirs}（{who}填报），您的内容没有保存。"
                }
            )
        raise ValidationError(
            f"{who}在您打开之后已将数值改为 {theirs}，您的修改没有保存。请核对后重新打开这条记录再改。"
        )
    stated = (entry.value, entry.finding, entry.source, entry.source_url)
    changed = (stored.value, stored.finding, stored.source, stored.source_url) != stated
    if stored.status == ValueStatus.APPROVED and changed and not entry.reason.strip():
        raise ValidationError({"reason": "已审定的数值修改时请写明原因。"})


def record_value(
    entry: ValueEntry,
    *,
    person: Person,
    now: datetime,
    origin: ValueOrigin = ValueOrigin.FORM,
    as_draft: bool = False,
) -> YearlyValue:
    """Create or correct the value of an indicator, region and year, keep its history and re-judge what depends on it.

    Where plan or reporting round ask for review the value becomes a draft or is submitted; elsewhere it counts at once.
    An approved value under review is locked. Raises PermissionDenied and ValidationError (by field, Chinese); then
    nothing is written.
    """
    check_permission(person, entry.indicator)
    check_entry(entry)
    reviewed = needs_review(entry.indicator.plan, entry.year)
    with transaction.atomic():
        stored = lock_value(entry)
        check_state(entry, stored, reviewed=reviewed)
        record = stored or YearlyValue(indicator=entry.indicator, region=entry.region, year=entry.year)
        record.value, record.finding = entry.value, entry.finding
        record.source, record.source_url, record.note = entry.source, entry.source_url, entry.note
        record.origin = origin
        record.revision = stored.revision + 1 if stored else 1
        record.approved_at, record.approved_by_id = None, None
        record.submitted_at, record.submitted_by_id = None, None
        if not reviewed:
            record.status, record.approved_at, record.approved_by_id = ValueStatus.APPROVED, now, person.pk
        elif as_draft:
            record.status = ValueStatus.DRAFT
        else:
            record.status, record.submitted_at, record.submitted_by_id = ValueStatus.SUBMITTED, now, person.pk
        attribute(record, person=person, reason=entry.reason)
        save_checked(record)
        judge_from(entry.indicator, entry.year, now=now)
    return record


def lock_value(entry: ValueEntry) -> YearlyValue | None:
    """The stored value of the entry's indicator, region and year, locked until the transaction ends."""
    values = YearlyValue.objects.select_for_update()
    return values.filter(indicator=entry.indicator, region=entry.region, year=entry.year).first()


def check_not_locked(stored: YearlyValue) -> None:
    """Raise ValidationError for an approved value under review: it has to be reopened first, with a reason."""
    if stored.status == ValueStatus.APPROVED:
        raise ValidationError("该数值已审定并锁定。确需修改，请审核人员先“重新打开”并写明原因。")


def save_checked(record: YearlyValue) -> None:
    """Validate the whole record and write it; somebody who was faster by an instant is reported like any other."""
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise ValidationError("他人刚刚填报了同一指标同一年度的数值，您的内容没有保存。请打开该记录核对。") from error


def delete_value(record: YearlyValue, *, reason: str, person: Person, now: datetime) -> None:
    """Remove a value entered by mistake, keep it and the reason in its history, and re-judge.

    Raises PermissionDenied, and ValidationError without a reason or for a value that review has locked.
    """
    check_permission(person, record.indicator)
    if not reason.strip():
        raise ValidationError("请写明删除原因。")
    if needs_review(record.indicator.plan, record.year):
        check_not_locked(record)
    with transaction.atomic():
        attribute(record, person=person, reason=reason)
        record.delete()
        judge_from(record.indicator, record.year, now=now)

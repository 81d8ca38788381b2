"""What a person may state as a yearly value, and removing one. `indicators.services.recording` writes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.core.codes import ValueType
from indicators.display import show_value
from indicators.models import Indicator, ReviewStatus, YearlyValue
from indicators.permissions import may_enter_value
from indicators.series import SeriesKey
from indicators.services.breakdown import reporting_counties
from indicators.services.judging import judge_from, lock_families
from indicators.services.rounds import needs_review
from regions.history import attribute, check_length
from regions.models import Region
from regions.permissions import Person

#: What a person states, as fields of the entry and of the stored value alike.
STATED = ("value", "finding", "source", "source_url", "note")
FIELDS: dict[str, Any] = {name: YearlyValue._meta.get_field(name) for name in STATED}


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

    @property
    def series(self) -> SeriesKey:
        """Indicator and region."""
        return SeriesKey(self.indicator.pk, self.region.pk)


def check_entry(entry: ValueEntry, *, counties: Collection[Region] | None = None) -> None:
    """Raise ValidationError by field, in Chinese, for an entry that cannot be true.

    `counties` are those that the indicator is broken down to; None has them looked up, which takes one query for a
    county's entry. Nothing else is queried but what is loaded.
    """
    indicator, errors = entry.indicator, errors_in_texts(entry)
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
        known = reporting_counties(indicator) if counties is None else counties
        if entry.region not in known:
            names = "、".join(map(str, (indicator.plan.region, *known)))
            errors["region"] = f"该指标按{names}填报，没有分解到{entry.region}。"
    try:
        check_length(entry.reason)
    except ValidationError as error:
        errors["reason"] = error.messages
    if errors:
        raise ValidationError(errors)


def errors_in_texts(entry: ValueEntry) -> dict[str, Any]:
    """What the database would not take, by field: a figure or text too long, an address that is none."""
    errors = {}
    for name, field in FIELDS.items():
        stated = getattr(entry, name)
        if stated is None or stated == "" or (isinstance(stated, str) and is_taken(name, stated)):
            continue
        try:
            field.clean(stated, None)
        except ValidationError as error:
            errors[name] = error.error_list
    return errors


@lru_cache(maxsize=1000)
def is_taken(name: str, text: str) -> bool:
    """Whether the database takes the text. The same source stands beside thousands of values."""
    try:
        FIELDS[name].clean(text, None)
    except ValidationError:
        return False
    return True


def check_permission(person: Person, indicator: Indicator) -> None:
    """Raise PermissionDenied unless the person leads the indicator; findings are a reviewer's."""
    if not may_enter_value(person, indicator):
        raise not_permitted(indicator)


def not_permitted(indicator: Indicator) -> PermissionDenied:
    """What somebody is told who may not enter the indicator."""
    if indicator.value_type == ValueType.FINDING:
        return PermissionDenied("评定类指标由审核人员评定，请向审核人员提供依据。")
    return PermissionDenied("您所在的部门不是该指标的牵头单位，不能填报。如分工有误，请联系本规划的审核人员调整。")


def check_state(entry: ValueEntry, stored: YearlyValue | None, *, reviewed: bool) -> None:
    """Raise ValidationError when the stored value is locked, or not the one that the person saw."""
    if stored is not None and reviewed:
        check_not_locked(stored)
    check_unchanged(entry, stored)


def check_unchanged(entry: ValueEntry, stored: YearlyValue | None) -> None:
    """Raise StaleValueError when somebody saved in between, ValidationError when a correction of an approved value
    gives no reason."""
    seen = entry.revision
    if stored is None:
        if seen is not None:
            raise StaleValueError("这条数值刚刚被他人删除，请返回列表后重新填报。")
        return
    if seen != stored.revision:
        last = stored.history.select_related("history_user").latest()
        who = last.history_user or "系统"
        theirs = show_value(stored.indicator, stored.value, stored.finding)
        if seen is None:
            raise StaleValueError(
                {
                    "year": f"该指标 {entry.year} 年已有数值，请打开原有记录修改，不要重复新增。"
                    f"现有数值是 {theirs}（{who}填报），您的内容没有保存；刷新页面可以看到最新内容。"
                }
            )
        raise StaleValueError(f"{who}在您打开之后已将数值改为 {theirs}，您的修改没有保存。请刷新页面，核对后再改。")
    changed = figure_and_source(entry) != figure_and_source(stored)
    if stored.status == ReviewStatus.APPROVED and changed and not entry.reason.strip():
        raise ValidationError({"reason": "已审定的数值修改时请写明原因。"})


def figure_and_source(stated: ValueEntry | YearlyValue) -> tuple[Decimal | None, str, str, str]:
    """What cannot be corrected in an approved value without a reason."""
    return stated.value, stated.finding, stated.source, stated.source_url


def statement_of(stated: ValueEntry | YearlyValue) -> tuple[object, ...]:
    """Everything that a person states about a value."""
    return tuple(getattr(stated, name) for name in STATED)


class LockedValueError(ValidationError):
    """An approved value under review: it has to be reopened first, with a reason."""


class StaleValueError(ValidationError):
    """The stored value is not the one that the person saw."""


def check_not_locked(stored: YearlyValue) -> None:
    """Raise LockedValueError for an approved value."""
    if stored.status == ReviewStatus.APPROVED:
        raise LockedValueError("该数值已审定并锁定。确需修改，请审核人员先“重新打开”并写明原因。")


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
        lock_families([record.indicator])
        attribute(record, person=person, reason=reason)
        record.delete()
        judge_from(record.indicator, record.year, now=now)

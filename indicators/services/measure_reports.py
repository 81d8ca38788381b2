"""Statements on measures (落实情况): what a department may state about a year, writing it, and removing it.

Statements are examined together and written together: the number of queries does not grow with their number. Writing
locks the measures first, so that nobody else states anything about them until the transaction ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Subquery

from indicators.models import Measure, MeasureProgress, MeasureReport, MeasureResponsibility
from indicators.permissions import answered_measures, may_report_measure
from indicators.services.reviewed_records import (
    check_not_locked,
    check_state,
    keeps_state,
    last_author,
    stamp_state,
)
from indicators.services.rounds import needs_review, reviewed_years
from regions.history import attribute, check_length, check_reason
from regions.permissions import Person

NOUN = "落实情况"
NOT_PERMITTED = "您所在的部门不是该任务的牵头单位，不能填报。如分工有误，请联系本规划的审核人员调整。"

#: What a person states, as fields of the entry and of the stored statement alike.
STATED = ("progress", "statement", "problems", "next_step")
#: What recording sets on a statement that exists; measure and year never change.
WRITTEN = (
    *STATED,
    "is_demonstration",
    "status",
    "revision",
    "submitted_at",
    "submitted_by",
    "approved_at",
    "approved_by",
)


@dataclass(frozen=True)
class MeasureReportEntry:
    """What a person states about one measure and year; `progress` is a MeasureProgress code.

    `reason` says why an approved statement is corrected; `revision` is the one the person saw, None when they saw none.
    """

    measure: Measure
    year: int
    progress: str = ""
    statement: str = ""
    problems: str = ""
    next_step: str = ""
    reason: str = ""
    revision: int | None = None


@dataclass(frozen=True)
class ExaminedStatement:
    """An entry held against permissions and what is stored. `is_new` is False when it says nothing that is not stored
    already. `refusal` is why it cannot be written, None when it can; `record` is what was written, if it was."""

    entry: MeasureReportEntry
    stored: MeasureReport | None
    is_reviewed: bool
    is_new: bool
    refusal: PermissionDenied | ValidationError | None = None
    record: MeasureReport | None = None


def check_measure_report(entry: MeasureReportEntry) -> None:
    """Raise ValidationError by field, in Chinese, for an entry that cannot be true. Expects the plan to be loaded."""
    errors: dict[str, Any] = {}
    years = entry.measure.plan.years
    if entry.year not in years:
        errors["year"] = f"年度应在 {years.start} 至 {years.stop - 1} 年之间（规划的评价年份），您填的是 {entry.year}。"
    for name in STATED:
        try:
            MeasureReport._meta.get_field(name).clean(getattr(entry, name), None)  # type: ignore[union-attr]
        except ValidationError as error:
            errors[name] = error.error_list
    if entry.progress not in MeasureProgress.values:
        errors["progress"] = f"请选择进展：{'、'.join(MeasureProgress.labels)}。"
    if not entry.statement.strip():
        errors["statement"] = "请写明这一年做了哪些工作；还没有开展的，写明原因。"
    try:
        check_length(entry.reason)
    except ValidationError as error:
        errors["reason"] = error.messages
    if errors:
        raise ValidationError(errors)


def examine(
    entries: Sequence[MeasureReportEntry], *, person: Person, as_draft: bool = False
) -> list[ExaminedStatement]:
    """What would become of each entry; nothing is written. Three queries, however many entries: measures that the
    person answers for, rounds, stored statements. Expects the plans of the measures to be loaded."""
    measures = {entry.measure.pk: entry.measure for entry in entries}
    permitted = set(answered_measures(person).filter(pk__in=measures).values_list("pk", flat=True))
    reviewed = reviewed_years({measure.plan.pk: measure.plan for measure in measures.values()}.values())
    years = {entry.year for entry in entries}
    stored: dict[tuple[int, int], MeasureReport] = {}
    for report in MeasureReport.objects.filter(measure__in=measures, year__in=years):
        report.measure = measures[report.measure_id]
        stored[report.measure_id, report.year] = report
    return [
        examine_one(
            entry,
            stored.get((entry.measure.pk, entry.year)),
            is_permitted=entry.measure.pk in permitted,
            is_reviewed=entry.year in reviewed[entry.measure.plan.pk],
            as_draft=as_draft,
        )
        for entry in entries
    ]


def examine_one(
    entry: MeasureReportEntry,
    stored: MeasureReport | None,
    *,
    is_permitted: bool,
    is_reviewed: bool,
    as_draft: bool,
) -> ExaminedStatement:
    """One entry with what is stored. Queries only to name who was faster."""
    unchanged = (
        stored is not None
        and statement_of(entry) == statement_of(stored)
        and keeps_state(stored, is_reviewed=is_reviewed, as_draft=as_draft)
    )
    examined = ExaminedStatement(entry, stored, is_reviewed, is_new=not unchanged)
    try:
        if not is_permitted:
            raise PermissionDenied(NOT_PERMITTED)
        if unchanged:
            return examined
        check_measure_report(entry)
        check_state(
            stored,
            seen=entry.revision,
            reason=entry.reason,
            is_reviewed=is_reviewed,
            noun=NOUN,
            reference=f"{entry.year}年的落实情况",
        )
    except (PermissionDenied, ValidationError) as error:
        return replace(examined, refusal=error)
    return examined


def statement_of(stated: MeasureReportEntry | MeasureReport) -> dict[str, str]:
    """What is stated, by field; blanks around a text say nothing."""
    return {name: getattr(stated, name).strip() for name in STATED}


def record_measure_report(
    entry: MeasureReportEntry, *, person: Person, now: datetime, as_draft: bool = False
) -> MeasureReport:
    """Create or correct one statement as `record_measure_reports` does. Raises PermissionDenied and ValidationError (by
    field, Chinese); then nothing is written."""
    [examined] = record_measure_reports([entry], person=person, now=now, as_draft=as_draft)
    record = examined.record or examined.stored
    if examined.refusal or record is None:
        raise examined.refusal or ValidationError("落实情况没有保存。")
    return record


def record_measure_reports(
    entries: Sequence[MeasureReportEntry], *, person: Person, now: datetime, as_draft: bool = False
) -> list[ExaminedStatement]:
    """Write the entries that say something new and that nothing speaks against, and keep their history.

    Where plan or reporting round ask for review a statement becomes a draft or is submitted; elsewhere it is approved
    at once. Without a change the stored statement stays as it is: one that was returned is not handed in again. The
    entries are about different measures or years; gives one result for each, in the same order.
    """
    with transaction.atomic():
        lock_measures([entry.measure.pk for entry in entries])
        examined = examine(entries, person=person, as_draft=as_draft)
        written = [
            replace(each, record=record_of(each, person=person, now=now, as_draft=as_draft))
            if each.is_new and each.refusal is None
            else each
            for each in examined
        ]
        store(each.record for each in written if each.record)
    return written


def lock_measures(keys: Collection[int]) -> None:
    """Make everybody else who writes statements on these measures (primary keys) wait until this transaction ends. One
    query."""
    list(Measure.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def record_of(
    each: ExaminedStatement, *, person: Person, now: datetime, as_draft: bool, is_demonstration: bool = False
) -> MeasureReport:
    """The row that the entry becomes, unsaved, and attributed to the person. What a person states is no demonstration
    any more."""
    entry = each.entry
    record = each.stored or MeasureReport(measure=entry.measure, year=entry.year, revision=0)
    for name, text in statement_of(entry).items():
        setattr(record, name, text)
    record.is_demonstration = is_demonstration
    stamp_state(record, is_reviewed=each.is_reviewed, as_draft=as_draft, person=person, now=now)
    attribute(record, person=person, reason=entry.reason)
    return record


def store(records: Iterable[MeasureReport]) -> None:
    """Insert and correct rows with their history. Four queries, of which a very long list takes several batches."""
    listed = list(records)
    created = [record for record in listed if record.pk is None]
    corrected = [record for record in listed if record.pk is not None]
    if created:
        MeasureReport.objects.bulk_create(created)
        MeasureReport.history.bulk_history_create(created)
    if corrected:
        MeasureReport.objects.bulk_update(corrected, WRITTEN)
        MeasureReport.history.bulk_history_create(corrected, update=True)


def delete_measure_report(record: MeasureReport, *, seen: int | None, reason: str, person: Person) -> None:
    """Remove a statement made by mistake, and keep it and the reason in its history.

    `seen` is the revision that the person saw. Raises PermissionDenied, and ValidationError without a reason, when
    somebody changed or removed it since, or for a statement that review has locked.
    """
    measure: Measure = record.measure
    if not may_report_measure(person, measure):
        raise PermissionDenied(NOT_PERMITTED)
    check_reason(reason, "请写明删除原因。")
    with transaction.atomic():
        lock_measures([measure.pk])
        stored = MeasureReport.objects.filter(pk=record.pk).first()
        if stored is None:
            raise ValidationError("这份落实情况刚刚被他人删除，请返回列表。")
        if needs_review(measure.plan, stored.year):
            check_not_locked(stored, noun=NOUN, to="删除")
        if stored.revision != seen:
            raise ValidationError(
                f"{last_author(stored)}在您打开之后修改过这份落实情况，没有删除。请核对页面上现在的内容后再办。"
            )
        attribute(stored, person=person, reason=reason)
        stored.delete()


def newest_approved_reports(measures: Iterable[Measure]) -> dict[int, MeasureReport]:
    """By key of each measure its newest approved statement; measures without one are left out. One query."""
    newest = MeasureReport.objects.approved().filter(measure=OuterRef("measure")).order_by("-year").values("pk")[:1]
    reports = MeasureReport.objects.approved().filter(
        measure__in=[measure.pk for measure in measures], pk=Subquery(newest)
    )
    return {report.measure_id: report for report in reports}


def measure_duties() -> Prefetch[Any]:
    """What `leading_departments` needs on each measure, leads first. One query."""
    duties = MeasureResponsibility.objects.select_related("department").order_by("role", "position")
    return Prefetch("responsibilities", duties)

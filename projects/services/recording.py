"""Recording progress reports: the one way by which form, Excel and API write them, one report or many.

Reports are examined together; writing locks their projects first, so that nobody else reports on them or judges them
until the transaction ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.models import ReviewStatus
from indicators.services.recording import Standing
from indicators.services.reviewed_records import (
    LockedRecordError,
    check_not_locked,
    check_state,
    keeps_state,
    stamp_state,
)
from indicators.services.rounds import needs_review, reviewed_years
from projects.models import DeliveredQuantity, KeyProject, ProgressReport, ReportImport
from projects.permissions import answered_projects, may_report
from projects.services.judging import judge_projects, lock_projects
from projects.services.reports import ReportEntry, check_report, doubts_about, quantities_of, statement_of
from regions.history import attribute, check_reason
from regions.permissions import Person

NOT_PERMITTED = "您所在的部门不是该项目的牵头单位，不能填报。如分工有误，请联系本规划的审核人员调整。"


@dataclass(frozen=True)
class ExaminedReport:
    """An entry held against permissions and what is stored. `refusal` is why it cannot be written, None when it can;
    `record` is what was written, if it was."""

    entry: ReportEntry
    standing: Standing
    stored: ProgressReport | None
    is_reviewed: bool
    doubts: tuple[str, ...] = ()
    refusal: PermissionDenied | ValidationError | None = None
    record: ProgressReport | None = None


class ReportsRefusedError(Exception):
    """Something speaks against some of the entries, so none was written. `examined` are all of them in their order."""

    def __init__(self, examined: list[ExaminedReport]) -> None:
        super().__init__(f"{sum(each.refusal is not None for each in examined)} entries refused")
        self.examined = examined


def examine(entries: Sequence[ReportEntry], *, person: Person, as_draft: bool = False) -> list[ExaminedReport]:
    """What would become of each entry; nothing is written. Four queries, however many entries: projects that the person
    may report on, rounds, reports, their quantities. Expects group, column and plan of the projects to be loaded and
    their deliverables prefetched."""
    projects = {entry.project.pk: entry.project for entry in entries}
    permitted = set(answered_projects(person).filter(pk__in=projects).values_list("pk", flat=True))
    reviewed = reviewed_years({project.plan.pk: project.plan for project in projects.values()}.values())
    reports: defaultdict[int, list[ProgressReport]] = defaultdict(list)
    stored = ProgressReport.objects.filter(project__in=projects).in_time().prefetch_related("delivered_quantities")
    for report in stored:
        report.project = projects[report.project_id]
        reports[report.project_id].append(report)
    return [
        examine_one(
            entry,
            reports[entry.project.pk],
            is_permitted=entry.project.pk in permitted,
            is_reviewed=entry.year in reviewed[entry.project.plan.pk],
            as_draft=as_draft,
        )
        for entry in entries
    ]


def examine_one(
    entry: ReportEntry, reports: Sequence[ProgressReport], *, is_permitted: bool, is_reviewed: bool, as_draft: bool
) -> ExaminedReport:
    """One entry with the project's reports in order of time. Queries only to name who was faster."""
    period = (entry.year, entry.quarter)
    stored = next((each for each in reports if (each.year, each.quarter) == period), None)
    unchanged = stored is not None and says_nothing_new(entry, stored, is_reviewed=is_reviewed, as_draft=as_draft)
    others = [each for each in reports if each is not stored]
    examined = ExaminedReport(entry, Standing.CHANGED if stored else Standing.NEW, stored, is_reviewed)
    try:
        if not is_permitted:
            raise PermissionDenied(NOT_PERMITTED)
        check_report(entry)
        doubts = () if unchanged else tuple(doubts_about(entry, others))
        examined = replace(examined, doubts=doubts)
        check_state(
            stored,
            seen=entry.revision,
            reason=entry.reason,
            is_reviewed=is_reviewed,
            noun="报告",
            reference=f"{entry.period}的进展报告",
        )
        if doubts and not (as_draft and is_reviewed) and not entry.note.strip():
            raise ValidationError({"note": list(doubts)})
    except PermissionDenied as error:
        is_known = unchanged and stored is not None and stored.status == ReviewStatus.APPROVED
        return replace(examined, standing=Standing.UNCHANGED if is_known else Standing.NOT_PERMITTED, refusal=error)
    except LockedRecordError as error:
        return replace(examined, standing=Standing.UNCHANGED if unchanged else Standing.LOCKED, refusal=error)
    except ValidationError as error:
        return replace(examined, standing=Standing.ERROR, refusal=error)
    return replace(examined, standing=Standing.UNCHANGED) if unchanged else examined


def says_nothing_new(entry: ReportEntry, stored: ProgressReport, *, is_reviewed: bool, as_draft: bool) -> bool:
    """Whether the stored report already is what the entry would make of it, its state included."""
    if statement_of(entry) != statement_of(stored) or dict(entry.quantities) != quantities_of(stored):
        return False
    return keeps_state(stored, is_reviewed=is_reviewed, as_draft=as_draft)


def record_report(entry: ReportEntry, *, person: Person, now: datetime, as_draft: bool = False) -> ProgressReport:
    """Create or correct one report, keep its history and judge what depends on it.

    Where plan or reporting round ask for review a report becomes a draft or is submitted; elsewhere it counts at once.
    Without a change the stored report stays as it is: one that was returned is handed in again by `submit_reports`.
    Raises PermissionDenied and ValidationError (by field, Chinese); then nothing is written.
    """
    try:
        [examined] = record_reports([entry], person=person, now=now, as_draft=as_draft)
    except ReportsRefusedError as error:
        refusal = error.examined[0].refusal
        raise refusal or ValidationError("报告没有保存。") from error
    record = examined.record or examined.stored
    if record is None:
        raise ValidationError("报告没有保存。")
    return record


def record_reports(
    entries: Sequence[ReportEntry],
    *,
    person: Person,
    now: datetime,
    as_draft: bool = False,
    report_import: ReportImport | None = None,
) -> list[ExaminedReport]:
    """Write every entry that says something new, or none: raises ReportsRefusedError when something speaks against one
    of them. The entries are about different reports; gives one result for each, in the same order. `report_import` is
    the workbook that they come from."""
    with transaction.atomic():
        lock_projects([entry.project.pk for entry in entries])
        examined = examine(entries, person=person, as_draft=as_draft)
        if any(each.refusal and each.standing is not Standing.UNCHANGED for each in examined):
            raise ReportsRefusedError(examined)
        written = [
            each
            if each.standing is Standing.UNCHANGED
            else replace(each, record=write(each, report_import, person=person, now=now, as_draft=as_draft))
            for each in examined
        ]
        counted = [each.entry.project for each in written if each.record and not each.is_reviewed]
        if counted:
            judge_projects(counted, now=now)
    return written


def write(
    examined: ExaminedReport, report_import: ReportImport | None, *, person: Person, now: datetime, as_draft: bool
) -> ProgressReport:
    """Store what the entry states, with history. Runs in the transaction that examined it."""
    record = record_of(examined, report_import, person=person, now=now, as_draft=as_draft)
    record.full_clean()
    record.save()
    write_quantities(record, examined.entry, person=person)
    return record


def record_of(
    examined: ExaminedReport,
    report_import: ReportImport | None,
    *,
    person: Person,
    now: datetime,
    as_draft: bool,
    is_demonstration: bool = False,
) -> ProgressReport:
    """The row that the entry becomes, unsaved, and attributed to the person. What a person states is no demonstration
    any more."""
    entry = examined.entry
    record = examined.stored or ProgressReport(
        project=entry.project, year=entry.year, quarter=entry.quarter, revision=0
    )
    for name, content in statement_of(entry).items():
        setattr(record, name, content)
    record.report_import, record.is_demonstration = report_import, is_demonstration
    stamp_state(record, is_reviewed=examined.is_reviewed, as_draft=as_draft, person=person, now=now)
    attribute(record, person=person, reason=entry.reason)
    return record


def write_quantities(record: ProgressReport, entry: ReportEntry, *, person: Person) -> None:
    """Store the quantities that differ and remove those that the entry leaves out."""
    stored = {each.deliverable_id: each for each in record.delivered_quantities.all()}
    for key in stored.keys() - entry.quantities.keys():
        attribute(stored[key], person=person, reason=entry.reason)
        stored[key].delete()
    for key, quantity in entry.quantities.items():
        delivered = stored.get(key) or DeliveredQuantity(report=record, deliverable_id=key)
        if delivered.pk is None or delivered.quantity != quantity:
            delivered.quantity = quantity
            attribute(delivered, person=person, reason=entry.reason)
            delivered.save()


def delete_report(record: ProgressReport, *, reason: str, person: Person, now: datetime) -> None:
    """Remove a report made by mistake, keep it and the reason in its history, and judge anew.

    `record` is the report as the person saw it. Raises PermissionDenied, and ValidationError without a reason, when
    somebody changed or removed it since, or for a report that review has locked.
    """
    project: KeyProject = record.project
    if not may_report(person, project):
        raise PermissionDenied(NOT_PERMITTED)
    check_reason(reason, "请写明删除原因。")
    with transaction.atomic():
        lock_projects([project.pk])
        current = ProgressReport.objects.filter(pk=record.pk).first()
        if current is None:
            raise ValidationError("这份报告刚刚被他人删除。")
        if current.revision != record.revision:
            raise ValidationError("这份报告在您打开之后被他人修改过，没有删除。请核对页面上现在的内容后再办。")
        if needs_review(project.plan, record.year):
            check_not_locked(current, noun="报告", to="删除")
        for delivered in record.delivered_quantities.all():
            attribute(delivered, person=person, reason=reason)
            delivered.delete()
        attribute(record, person=person, reason=reason)
        record.delete()
        judge_projects([project], now=now)

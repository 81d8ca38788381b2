"""Importing a workbook of progress reports: received, compared, confirmed as a whole, undone as a whole, as with yearly
values. The files are small: everything is answered at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.models import ImportState, Plan
from indicators.permissions import may_see_import
from indicators.services.import_steps import check_author, checked, contents, explain, locked, save, written_revisions
from indicators.services.imports import NAMED
from indicators.services.recording import Standing
from indicators.services.stored_files import describe_workbook, keep
from indicators.workbook.marking import CellMark, mark_problems
from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import WorkbookRefused
from projects.models import DeliveredQuantity, ProgressReport, ReportImport
from projects.permissions import answered_projects
from projects.services.comparison import ReportComparison, compare, read_entries
from projects.services.judging import judge_projects, lock_projects
from projects.services.recording import ReportsRefusedError, record_reports
from projects.services.reports import STATED
from regions.history import attribute
from regions.permissions import Person

#: What an import sets on a report that exists, and what its undoing sets back; quantities beside it.
WRITTEN = (
    *STATED,
    "is_demonstration",
    "report_import_id",
    "status",
    "submitted_at",
    "submitted_by_id",
    "approved_at",
    "approved_by_id",
    "review_comment",
)


def receive(
    upload: File[bytes],
    plan: Plan,
    *,
    year: int,
    quarter: int | None = None,
    reason: str = "",
    person: Person,
    now: datetime,
) -> ReportImport:
    """Keep the file of an import; nothing is compared yet. `quarter` is None for a template, which says it itself.
    Raises PermissionDenied for a person who reports on nothing of the plan, ValidationError for a file that cannot be a
    table."""
    if not answered_projects(person).filter(group__column__plan=plan).exists():
        raise PermissionDenied("这份规划没有由您填报的项目，不能导入。")
    received = ReportImport(plan=plan, year=year, quarter=quarter, reason=reason.strip())
    describe_workbook(received, upload, person=person, now=now)
    with transaction.atomic():
        keep(received, upload, person=person)
    return received


def compare_import(report_import: ReportImport, *, person: Person) -> ReportComparison:
    """What the import would do now. Raises PermissionDenied for others than its author, WorkbookRefused for a file that
    cannot be read. Queries: those of `compare`."""
    check_author(report_import, person)
    return compare(
        contents(report_import),
        report_import.plan,
        year=report_import.year,
        quarter=report_import.quarter,
        reason=report_import.reason,
        person=person,
    )


def check(report_import: ReportImport, *, person: Person) -> ReportComparison | None:
    """Compare a received file and keep the outcome; None when it was refused as a whole. Raises ValidationError when
    the person gave the import up meanwhile."""
    return checked(report_import, lambda: compare_import(report_import, person=person), person=person)


def state_reason(report_import: ReportImport, *, reason: str, person: Person) -> None:
    """As `explain`, and compare the file anew."""
    check(explain(report_import, reason=reason, person=person), person=person)


def marked_contents(report_import: ReportImport, *, person: Person) -> bytes:
    """The file as an .xlsx with everything that keeps it from being imported, and every notice, at its cell. As
    `compare_import`."""
    data = contents(report_import)
    comparison = compare_import(report_import, person=person)
    marks = [
        CellMark(problem.sheet, problem.reference, problem.message, is_notice=problem.is_notice)
        for problem in comparison.file.reading.problems
    ]
    marks += [
        CellMark(complaint.sheet, complaint.reference, complaint.message)
        for each in comparison.reports
        for complaint in each.complaints
    ]
    return mark_problems(data, open_workbook(data), marks)


def confirm(report_import: ReportImport, *, stamp: str, as_draft: bool, person: Person, now: datetime) -> ReportImport:
    """Write all reports of the file or none: as drafts or handed in where they are reviewed, else counted at once.

    `stamp` is that of the comparison that the person saw. Raises PermissionDenied, and ValidationError when something
    changed since then or something in the file cannot be imported.
    """
    check_author(report_import, person)
    with transaction.atomic():
        current = locked(report_import, ImportState.CHECKED)
        try:
            file = read_entries(
                contents(current), current.plan, year=current.year, quarter=current.quarter, reason=current.reason
            )
        except WorkbookRefused as error:
            raise ValidationError(str(error)) from error
        if file.stamp != stamp:
            raise ValidationError("您核对之后，他人修改了其中的报告，全部内容都没有导入。请按下方的最新情况重新核对。")
        if file.has_errors:
            raise ValidationError("文件中还有需要改正的单元格，全部内容都没有导入。请改正后重新上传。")
        try:
            recorded = record_reports(file.entries, person=person, now=now, as_draft=as_draft, report_import=current)
        except ReportsRefusedError as error:
            raise ValidationError(refusal_of(error)) from error
        current.state, current.as_draft, current.finished_at = ImportState.DONE, as_draft, now
        current.quarter = file.reading.quarter
        current.counts = {standing.value: 0 for standing in Standing}
        for each in recorded:
            current.counts[each.standing.value] += 1
        save(current, person=person, reason="确认导入")
    return current


def refusal_of(error: ReportsRefusedError) -> str:
    """How many reports cannot be imported and which, in Chinese."""
    hindered = [each for each in error.examined if each.refusal and each.standing is not Standing.UNCHANGED]
    names = "、".join(each.entry.project.name for each in hindered[:NAMED])
    return f"{len(hindered)} 份报告不能导入：{names}{'等' if len(hindered) > NAMED else ''}，全部内容都没有导入。"


def undo(report_import: ReportImport, *, reason: str, person: Person, now: datetime) -> ReportImport:
    """Take back everything that the import wrote: new reports are removed, changed ones become what they were.

    Raises PermissionDenied for others than its author and the plan's reviewers, ValidationError without a reason or
    when one of its reports was touched since.
    """
    if not may_see_import(person, report_import):
        raise PermissionDenied("只有导入人和本规划的审核人员可以撤销这次导入。")
    if not reason.strip():
        raise ValidationError("请写明撤销原因。")
    with transaction.atomic():
        current = locked(report_import, ImportState.DONE)
        lock_projects(list(current.reports.values_list("project", flat=True)))
        written = written_revisions(ProgressReport.history.filter(report_import=current))
        reports = {
            report.pk: report
            for report in current.reports.select_related("project__group__column__plan").prefetch_related(
                "delivered_quantities"
            )
        }
        check_untouched(written, reports)
        why = f"撤销导入“{current.name}”：{reason.strip()}"
        for pk, revision in written.items():
            if revision == 1:
                remove(reports[pk], person=person, reason=why)
            else:
                restore(reports[pk], person=person, reason=why)
        judge_projects([report.project for report in reports.values()], now=now)
        current.state, current.undone_at, current.undone_by_id = ImportState.UNDONE, now, cast(int, person.pk)
        save(current, person=person, reason=why)
    return current


def check_untouched(written: dict[int, int], reports: dict[int, ProgressReport]) -> None:
    """Raise ValidationError when a report of the import was changed, approved or removed since."""
    touched = [pk for pk, revision in written.items() if pk not in reports or reports[pk].revision != revision]
    if not touched:
        return
    latest: dict[int, Any] = {}
    records = ProgressReport.history.filter(id__in=touched).select_related("project", "history_user")
    for record in records.order_by("-history_date", "-history_id"):
        latest.setdefault(record.id, record)
    names = "；".join(
        f"{record.project.name}（{record.history_user or '系统'}）" for record in list(latest.values())[:NAMED]
    )
    raise ValidationError(
        f"这次导入的报告中有 {len(touched)} 份后来又有改动，不能整体撤销：{names}"
        f"{'等' if len(touched) > NAMED else ''}。请逐份更正。"
    )


def remove(report: ProgressReport, *, person: Person, reason: str) -> None:
    """Take a report that the import made away, with its quantities."""
    for delivered in report.delivered_quantities.all():
        attribute(delivered, person=person, reason=reason)
        delivered.delete()
    attribute(report, person=person, reason=reason)
    report.delete()


def restore(report: ProgressReport, *, person: Person, reason: str) -> None:
    """Let a report state again what it stated one revision ago, its quantities as they stood before the import wrote.
    Three queries to read."""
    records = {record.revision: record for record in report.history.order_by("history_id")}
    imported, earlier = records[report.revision], records[report.revision - 1]
    quantities = quantities_before(report, imported.history_date)
    for name in WRITTEN:
        setattr(report, name, getattr(earlier, name))
    report.revision += 1
    attribute(report, person=person, reason=reason)
    report.save()
    for delivered in report.delivered_quantities.all():
        former = quantities.pop(delivered.deliverable_id, None)
        attribute(delivered, person=person, reason=reason)
        if former is None:
            delivered.delete()
        elif former.quantity != delivered.quantity:
            delivered.quantity = former.quantity
            delivered.save()
    for former in quantities.values():
        delivered = DeliveredQuantity(report=report, deliverable_id=former.deliverable_id, quantity=former.quantity)
        attribute(delivered, person=person, reason=reason)
        delivered.save()


def quantities_before(report: ProgressReport, moment: datetime) -> dict[int, Any]:
    """The history's records of the report's quantities as they stood before a moment, by deliverable (primary key). A
    report is written before its quantities, so the moment of its record divides them."""
    standing: dict[int, Any] = {}
    for record in DeliveredQuantity.history.filter(report=report, history_date__lt=moment).order_by("history_id"):
        standing[record.deliverable_id] = record
    return {key: record for key, record in standing.items() if record.history_type != "-"}

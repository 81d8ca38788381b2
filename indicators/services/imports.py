"""Importing a workbook of yearly values: received, compared, confirmed as a whole, undone as a whole.

Every import is kept with its file. Nothing is stored as a value before a person confirmed what they saw; what changed
in between is shown again instead of being overwritten.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.models import ImportState, Indicator, Plan, ValueImport, ValueOrigin, YearlyValue
from indicators.permissions import answered_indicators, may_see_import
from indicators.services.comparison import Comparison, compare, read_entries
from indicators.services.import_steps import (
    check_author,
    checked,
    contents,
    explain,
    locked,
    save,
    written_revisions,
)
from indicators.services.judging import judge_indicators, lock_families
from indicators.services.recording import WRITTEN, EntriesRefusedError, Standing, correct, record_all
from indicators.services.stored_files import describe_workbook, keep
from indicators.services.work_marks import Tell, tell_nobody
from indicators.workbook.marking import CellMark, mark_problems
from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import WorkbookRefused
from regions.garbage import few_collections
from regions.history import attribute
from regions.permissions import Person

#: How many values a refusal names one by one.
NAMED = 5


def receive(
    upload: File[bytes], plan: Plan, *, year: int | None = None, reason: str = "", person: Person, now: datetime
) -> ValueImport:
    """Keep the file of an import; nothing is read yet. Raises PermissionDenied for a person who enters nothing of the
    plan, ValidationError for a file that cannot be a table."""
    if not answered_indicators(person).filter(plan=plan).exists():
        raise PermissionDenied("这份规划没有由您填报的指标，不能导入。")
    received = ValueImport(plan=plan, year=year, reason=reason.strip())
    describe_workbook(received, upload, person=person, now=now)
    with transaction.atomic():
        keep(received, upload, person=person)
    return received


def compare_import(value_import: ValueImport, *, person: Person) -> Comparison:
    """What the import would do now. Raises PermissionDenied for others than its author, WorkbookRefused for a file that
    cannot be read. Queries: those of `compare`."""
    check_author(value_import, person)
    return compare(
        contents(value_import),
        value_import.plan,
        year=value_import.year,
        reason=value_import.reason,
        person=person,
    )


@few_collections()
def check(value_import: ValueImport, *, person: Person) -> Comparison | None:
    """Compare a received file and keep the outcome; None when it was refused as a whole. Raises ValidationError when
    the person gave the import up meanwhile."""
    return checked(value_import, lambda: compare_import(value_import, person=person), person=person)


def state_reason(value_import: ValueImport, *, reason: str, person: Person) -> None:
    """As `explain`, and compare the file anew."""
    check(explain(value_import, reason=reason, person=person), person=person)


def marked_contents(value_import: ValueImport, *, person: Person) -> bytes:
    """The file as an .xlsx with everything that keeps it from being imported, and every notice, at its cell. As
    `compare_import`."""
    data = contents(value_import)
    comparison = compare_import(value_import, person=person)
    marks = [
        CellMark(problem.sheet, problem.reference, problem.message, is_notice=problem.is_notice)
        for problem in comparison.file.problems
    ]
    marks += [
        CellMark(each.stated.sheet, each.stated.reference, "".join(each.complaints))
        for each in comparison.values
        if each.complaints
    ]
    return mark_problems(data, open_workbook(data), marks)


@few_collections()
def confirm(
    value_import: ValueImport, *, stamp: str, as_draft: bool, person: Person, now: datetime, tell: Tell = tell_nobody
) -> ValueImport:
    """Write all values of the file or none: as drafts or handed in where they are reviewed, else counted at once.

    `stamp` is that of the comparison that the person saw; `tell` hears how many values are written. Raises
    PermissionDenied, and ValidationError when something changed since then or something in the file cannot be imported.
    """
    check_author(value_import, person)
    with transaction.atomic():
        current = locked(value_import, ImportState.CHECKED, ImportState.CONFIRMED)
        try:
            file = read_entries(contents(current), current.plan, year=current.year, reason=current.reason)
        except WorkbookRefused as error:
            raise ValidationError(str(error)) from error
        if file.stamp != stamp:
            raise ValidationError("您核对之后，他人修改了其中的数值，全部内容都没有导入。请按下方的最新情况重新核对。")
        if file.has_errors:
            raise ValidationError("文件中还有需要改正的单元格，全部内容都没有导入。请改正后重新上传。")
        try:
            recorded = record_all(
                file.entries,
                person=person,
                now=now,
                origin=ValueOrigin.IMPORT,
                as_draft=as_draft,
                value_import=current,
                tell=tell,
            )
        except EntriesRefusedError as error:
            raise ValidationError(refusal_of(error)) from error
        current.state, current.as_draft, current.finished_at = ImportState.DONE, as_draft, now
        current.refusal = ""
        current.counts = {standing.value: 0 for standing in Standing}
        for each in recorded:
            current.counts[each.standing.value] += 1
        save(current, person=person, reason="确认导入")
    return current


def refusal_of(error: EntriesRefusedError) -> str:
    """How many values cannot be imported and which, in Chinese."""
    hindered = [each for each in error.examined if each.refusal and each.standing is not Standing.UNCHANGED]
    names = "、".join(f"{each.entry.indicator.name}（{each.entry.year} 年）" for each in hindered[:NAMED])
    return f"{len(hindered)} 个数值不能导入：{names}{'等' if len(hindered) > NAMED else ''}，全部内容都没有导入。"


def undo(value_import: ValueImport, *, reason: str, person: Person, now: datetime) -> ValueImport:
    """Take back everything that the import wrote: new values are removed, changed ones become what they were.

    Raises PermissionDenied for others than its author and the plan's reviewers, ValidationError without a reason or
    when one of its values was touched since.
    """
    if not may_see_import(person, value_import):
        raise PermissionDenied("只有导入人和本规划的审核人员可以撤销这次导入。")
    if not reason.strip():
        raise ValidationError("请写明撤销原因。")
    with transaction.atomic():
        current = locked(value_import, ImportState.DONE)
        lock_families(Indicator.objects.filter(values__value_import=current))
        written = written_revisions(YearlyValue.history.filter(value_import=current))
        values = {value.pk: value for value in current.values.select_related("indicator__plan__region", "region")}
        check_untouched(current, written, values)
        why = f"撤销导入“{current.name}”：{reason.strip()}"
        for pk, revision in written.items():
            attribute(values[pk], person=person, reason=why)
            if revision == 1:
                values[pk].delete()
        restore([value for pk, value in values.items() if written[pk] > 1])
        if values:
            judge_indicators(
                list({value.indicator_id: value.indicator for value in values.values()}.values()),
                now=now,
                from_year=min(value.year for value in values.values()),
            )
        current.state, current.undone_at, current.undone_by_id = ImportState.UNDONE, now, cast(int, person.pk)
        save(current, person=person, reason=why)
    return current


def check_untouched(value_import: ValueImport, written: dict[int, int], values: dict[int, YearlyValue]) -> None:
    """Raise ValidationError when a value of the import was changed, approved or removed since."""
    touched = [pk for pk, revision in written.items() if pk not in values or values[pk].revision != revision]
    if not touched:
        return
    latest = YearlyValue.history.filter(id__in=touched).select_related("indicator", "history_user")
    records: dict[int, Any] = {}
    for record in latest.order_by("-history_date", "-history_id"):
        records.setdefault(record.id, record)
    names = "；".join(
        f"{record.indicator.name} {record.year} 年（{record.history_user or '系统'}）"
        for record in list(records.values())[:NAMED]
    )
    raise ValidationError(
        f"这次导入的数值中有 {len(touched)} 个后来又有改动，不能整体撤销：{names}"
        f"{'等' if len(touched) > NAMED else ''}。请在填报表中逐项更正。"
    )


def restore(values: list[YearlyValue]) -> None:
    """Let each value state again what it stated one revision ago. One query for the old records, two to write."""
    earlier = {
        (record.id, record.revision): record
        for record in YearlyValue.history.filter(id__in=[value.pk for value in values]).order_by("history_id")
    }
    for value in values:
        revision = value.revision
        record = earlier[value.pk, revision - 1]
        for name in WRITTEN:
            setattr(value, name, getattr(record, name))
        value.revision = revision + 1
    correct(values)

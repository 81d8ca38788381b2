"""What becomes of a posted report: saved, handed in, deleted or refused, and what to tell the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from indicators.models import ReviewStatus
from projects.entry.typed import FIELDS, TypedReport, entry_of
from projects.models import KeyProject, ProgressFile, ProgressReport
from projects.services.files import ReportKey
from projects.services.recording import delete_report, record_report
from projects.services.reports import quantity_field
from projects.services.review import submit_reports
from regions.permissions import Person

#: What speaks against a form, by field; under an empty name what is about the whole.
Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Saved:
    """What became of a form. `told` is the sentence when all went well, else empty and `errors` say why."""

    told: str = ""
    errors: Errors = field(default_factory=dict)


def save_report(
    key: ReportKey, typed: TypedReport, stored: ProgressReport | None, *, person: Person, now: datetime, as_draft: bool
) -> Saved:
    """Save what the form states. `stored` is the report as it stood before.

    A returned report without a change is handed in again only when its photos changed since, as reviewers ask for
    photos too.
    """
    try:
        entry = entry_of(key.project, key.year, key.quarter, typed)
        record = record_report(entry, person=person, now=now, as_draft=as_draft)
        if record.status == ReviewStatus.RETURNED and not as_draft:
            if not photos_changed(record):
                return Saved(
                    errors={"": ["退回的报告没有改动，没有重新提交。请按审核意见修改，或在“说明”中答复审核人员。"]}
                )
            [record] = submit_reports([record], person=person, now=now)
            return Saved(told=f"{record.period}的进展报告已提交，等待审核。")
    except (PermissionDenied, ValidationError) as error:
        return Saved(errors=errors_of(error, key.project))
    return Saved(told=told(record, stored))


def told(record: ProgressReport, stored: ProgressReport | None) -> str:
    """What was saved, in one or two sentences. `stored` is the report before."""
    if stored is not None and stored.revision == record.revision:
        return "没有需要保存的改动。"
    if record.status == ReviewStatus.APPROVED:
        return f"{record.period}的进展报告已保存，已计入评价。"
    if record.status == ReviewStatus.SUBMITTED:
        return f"{record.period}的进展报告已提交，等待审核。"
    withdrawn = stored is not None and stored.status == ReviewStatus.SUBMITTED
    return f"{record.period}的进展报告已存为草稿，核对无误后请提交。" + (
        "报告原为待审核，现改回草稿，需重新提交。" if withdrawn else ""
    )


def photos_changed(record: ProgressReport) -> bool:
    """Whether somebody added or removed a photo since the report was last touched. Two queries."""
    since = record.history.latest().history_date
    files = ProgressFile.history.filter(project_id=record.project_id, year=record.year, quarter=record.quarter)
    return bool(files.filter(history_date__gt=since).exists())


def remove_report(record: ProgressReport, seen: int | None, *, reason: str, person: Person, now: datetime) -> Saved:
    """Delete the report of which the person saw the revision `seen`."""
    record.revision = seen if seen is not None else 0
    period = record.period
    try:
        delete_report(record, reason=reason, person=person, now=now)
    except (PermissionDenied, ValidationError) as error:
        messages = [str(error)] if isinstance(error, PermissionDenied) else error.messages
        return Saved(errors={"delete": messages})
    return Saved(told=f"{period}的进展报告已删除，原因保留在修改记录中。")


def errors_of(error: PermissionDenied | ValidationError, project: KeyProject) -> Errors:
    """The messages by field of the form; those of no field stand under an empty name."""
    if isinstance(error, PermissionDenied):
        return {"": [str(error)]}
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    known = {*FIELDS, *(quantity_field(each.pk) for each in project.deliverables.all())}
    found: dict[str, list[str]] = {}
    for name, texts in error.message_dict.items():
        found.setdefault(name if name in known else "", []).extend(texts)
    return found

"""Photos and documents of progress reports: added and removed until the report is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.models import ReviewStatus
from indicators.services.rounds import needs_review
from indicators.services.stored_files import check_room, describe, discard, keep
from projects.models import KeyProject, ProgressFile, ProgressReport, Quarter
from projects.permissions import may_report
from projects.services.judging import lock_projects
from regions.permissions import Person


@dataclass(frozen=True)
class ReportKey:
    """What photos are for: the report of a project, year and quarter, whether it is recorded yet or not."""

    project: KeyProject
    year: int
    quarter: int = Quarter.YEAR


def add_progress_file(key: ReportKey, upload: File[bytes], *, person: Person, now: datetime) -> ProgressFile:
    """Keep a photo or document.

    Raises PermissionDenied for those who do not report on the project, and ValidationError, in Chinese, for a file that
    is not taken, the same content twice, too many files, a period outside the plan or a locked report.
    """
    check_permission(person, key.project)
    plan = key.project.plan
    if not plan.period_start <= key.year <= plan.period_end or key.quarter not in Quarter.values:
        raise ValidationError("该项目这一期不填报，不能上传照片。")
    record = ProgressFile(project=key.project, year=key.year, quarter=key.quarter)
    describe(record, upload, person=person, now=now)
    with transaction.atomic():
        check_not_locked(key)
        check_room(record, progress_files(key))
        keep(record, upload, person=person)
    return record


def remove_progress_file(record: ProgressFile, *, reason: str, person: Person) -> None:
    """Remove a file; the history keeps its name, fingerprint and the reason. Raises PermissionDenied as
    `add_progress_file`, and ValidationError without a reason or for a locked report."""
    check_permission(person, record.project)
    with transaction.atomic():
        check_not_locked(ReportKey(record.project, record.year, record.quarter))
        discard(record, reason=reason, person=person)


def progress_files(key: ReportKey) -> list[ProgressFile]:
    """The files of a report, first upload first, with who uploaded them. One query."""
    files = ProgressFile.objects.filter(project=key.project, year=key.year, quarter=key.quarter)
    return list(files.select_related("uploaded_by"))


def check_permission(person: Person, project: KeyProject) -> None:
    """Raise PermissionDenied unless the person reports on the project."""
    if not may_report(person, project):
        raise PermissionDenied(
            "照片和附件由项目的牵头单位和审核人员上传、删除。如分工有误，请联系本规划的审核人员调整。"
        )


def check_not_locked(key: ReportKey) -> None:
    """Raise ValidationError for a locked report. Until the transaction ends nobody else changes the report or adds a
    file."""
    lock_projects([key.project.pk])
    report = ProgressReport.objects.filter(project=key.project, year=key.year, quarter=key.quarter).first()
    if report is not None and report.status == ReviewStatus.APPROVED and needs_review(key.project.plan, key.year):
        raise ValidationError("这份报告已审定并锁定，照片和附件不能增删。确需补充，请审核人员先“重新打开”并写明原因。")

"""The documents on whose authority targets stand, kept with the version that they set."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.models import Target, TargetDocumentFile
from indicators.permissions import may_review
from indicators.services.stored_files import describe, discard, keep
from regions.permissions import Person

#: For one version of a target.
MOST_DOCUMENTS = 5


def attach_document(target: Target, upload: File[bytes], *, person: Person, now: datetime) -> TargetDocumentFile:
    """Keep a file as the document of a version.

    Raises PermissionDenied for others than the plan's reviewers and ValidationError, in Chinese, for a file that is
    not taken, the same content twice or too many files.
    """
    _check_permission(person, target)
    record = TargetDocumentFile(target=target)
    describe(record, upload, person=person, now=now)
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=target.pk)
        present = list(target.document_files.all())
        if any(each.sha256 == record.sha256 for each in present):
            raise ValidationError("这一版本已经附有内容相同的文件，不用重复上传。")
        if len(present) >= MOST_DOCUMENTS:
            raise ValidationError(f"一个版本最多附 {MOST_DOCUMENTS} 个文件。请先删除不需要的。")
        keep(record, upload, person=person)
    return record


def remove_document(record: TargetDocumentFile, *, reason: str, person: Person) -> None:
    """Remove a document attached by mistake; the history keeps its name, fingerprint and the reason.

    Raises PermissionDenied as `attach_document`, and ValidationError without a reason.
    """
    _check_permission(person, record.target)
    with transaction.atomic():
        discard(record, reason=reason, person=person)


def _check_permission(person: Person, target: Target) -> None:
    if not may_review(person, target.indicator.plan):
        raise PermissionDenied("目标的依据文件由本规划的审核人员或管理员上传、删除。")

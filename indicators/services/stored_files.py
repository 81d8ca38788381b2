"""Keeping uploaded files and letting them go: what every kind of stored file shares.

Bytes are written before the record, so that a record always has its bytes, and deleted after the record's removal is
committed. `manage.py check_files` lists what an interruption between the two left behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.files.inspection import inspect
from indicators.files.kinds import ODS, XLS, XLSX, FileError
from indicators.files.names import clean_name
from indicators.models import AbstractStoredFile
from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import Limits, WorkbookRefused
from indicators.workbook.table import Kind
from regions.history import attribute, check_reason
from regions.permissions import Person

#: For one value or report.
MOST_FILES = 20

#: How tables are sent, by their kind.
TABLE_TYPES = {
    Kind.XLSX: XLSX.content_type,
    Kind.XLS: XLS.content_type,
    Kind.ODS: ODS.content_type,
    Kind.CSV: "text/csv",
}


def describe(record: AbstractStoredFile, upload: File[bytes], *, person: Person, now: datetime) -> None:
    """Fill in what the upload is, by its content. Raises ValidationError with the sentence for a file not taken."""
    record.name = clean_name(upload.name or "")
    try:
        kind = inspect(upload, record.name, most_bytes=settings.EVIDENCE_MAX_BYTES)
    except FileError as error:
        raise ValidationError(str(error)) from error
    record.content_type = kind.content_type
    upload.seek(0)
    fingerprint(record, upload, person=person, now=now)


def describe_workbook(record: AbstractStoredFile, upload: File[bytes], *, person: Person, now: datetime) -> None:
    """Fill in what an uploaded table is, by its content. Raises ValidationError with the sentence for a file that is no
    table, or that is not read for good reason."""
    record.name = clean_name(upload.name or "")
    limits = Limits()
    try:
        limits.check_file(upload.size)
        record.content_type = TABLE_TYPES[open_workbook(upload.read(), limits=limits).kind]
    except WorkbookRefused as error:
        raise ValidationError(str(error)) from error
    upload.seek(0)
    fingerprint(record, upload, person=person, now=now)


def fingerprint(record: AbstractStoredFile, upload: File[bytes], *, person: Person, now: datetime) -> None:
    """Fill in the size and digest of the bytes, and who uploaded them."""
    record.sha256 = hashlib.file_digest(upload, "sha256").hexdigest()
    record.size = upload.tell()
    record.uploaded_at, record.uploaded_by_id = now, cast(int, person.pk)


def check_room(record: AbstractStoredFile, present: Sequence[AbstractStoredFile]) -> None:
    """Raise ValidationError when one of the files that are there has the same content, or when there are too many."""
    twin = next((each for each in present if each.sha256 == record.sha256), None)
    if twin is not None:
        raise ValidationError(f"内容相同的文件已经上传过（“{twin.name}”，{twin.uploaded_by}上传），不用重复上传。")
    if len(present) >= MOST_FILES:
        raise ValidationError(f"最多保存 {MOST_FILES} 个文件。请先删除不需要的，或把几个文件合并为一个 PDF。")


def keep(record: AbstractStoredFile, upload: File[bytes], *, person: Person) -> None:
    """Write the bytes and the described record. Call inside a transaction; raises ValidationError, and leaves no bytes
    behind, for a record that cannot be."""
    storage = record.file.storage
    path = storage.save(record.file.field.generate_filename(record, record.name), upload)
    try:
        record.file = path
        record.full_clean()
        attribute(record, person=person)
        record.save()
    except BaseException:
        storage.delete(path)
        raise


def discard(record: AbstractStoredFile, *, reason: str, person: Person) -> None:
    """Remove the record, and its bytes once that is committed. Call inside a transaction.

    Raises ValidationError without a reason or with one that the history cannot keep.
    """
    reason = reason.strip()
    check_reason(reason, "请写明删除原因。")
    storage, path = record.file.storage, str(record.file.name)
    attribute(record, person=person, reason=reason)
    record.delete()
    transaction.on_commit(lambda: storage.delete(path), robust=True)

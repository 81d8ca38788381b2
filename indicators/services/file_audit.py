"""Whether records and bytes of uploaded files agree: asked after a restore, and by whoever keeps the server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps

from indicators.models import AbstractStoredFile
from indicators.models.evidence import evidence_storage

#: Bytes are written before their record: what is younger may be an upload that is under way.
UNDER_WAY = timedelta(hours=1)


def damaged_files() -> Iterator[str]:
    """A line, in Chinese, for each record whose bytes are gone or other than they were. Reads every file."""
    for record in stored_files():
        try:
            with record.file.open("rb") as content:
                is_same = hashlib.file_digest(content, "sha256").hexdigest() == record.sha256
        except FileNotFoundError:
            yield f"{record._meta.verbose_name} {record.pk}“{record.name}”：找不到内容（{record.file.name}）"
            continue
        if not is_same:
            yield f"{record._meta.verbose_name} {record.pk}“{record.name}”：内容与上传时不同（{record.file.name}）"


def ownerless_files(*, now: datetime) -> list[str]:
    """Paths of bytes that no record names and that no upload is just writing."""
    storage = evidence_storage()
    if not storage.exists(""):
        return []
    known = {record.file.name for record in stored_files()}
    folders, loose = storage.listdir("")
    paths = [*loose, *(f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1])]
    return sorted(path for path in paths if path not in known and storage.get_modified_time(path) < now - UNDER_WAY)


def stored_files() -> Iterator[AbstractStoredFile]:
    """The records of every application, one query for each kind."""
    for model in apps.get_models():
        if issubclass(model, AbstractStoredFile):
            yield from model._default_manager.order_by("pk").iterator()

"""The part of a page that lists stored files, takes further ones and says what became of removed ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from indicators.files.inspection import in_megabytes
from indicators.files.kinds import ENDINGS, IN_WORDS
from indicators.models import AbstractStoredFile
from indicators.services.stored_files import MOST_FILES


@dataclass(frozen=True)
class RemovedFile:
    """A file that is gone: the history keeps this much."""

    name: str
    who: str
    when: datetime
    reason: str


@dataclass(frozen=True)
class FilesPart:
    """The files of one value or report. `address` takes the forms; `noun` is what people call the files, `owner` what
    they belong to, `readers` who sees them before approval."""

    address: str
    noun: str
    owner: str
    readers: str
    is_locked: bool
    files: Sequence[AbstractStoredFile]
    removed: list[RemovedFile]

    most_files = MOST_FILES
    kinds = IN_WORDS
    endings = ENDINGS

    @property
    def most_bytes(self) -> str:
        """The largest file that is taken."""
        return in_megabytes(settings.EVIDENCE_MAX_BYTES)

    @property
    def is_full(self) -> bool:
        """Whether no further file is taken."""
        return len(self.files) >= MOST_FILES


def removed_files(history: QuerySet[Any]) -> list[RemovedFile]:
    """The removals among these history records of files, the last one first. One query."""
    records = history.filter(history_type="-").select_related("history_user").order_by("-history_id")
    return [
        RemovedFile(
            record.name, str(record.history_user or "系统"), record.history_date, record.history_change_reason or ""
        )
        for record in records
    ]

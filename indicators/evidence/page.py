"""The page of the evidence for one value: the files, what became of removed ones, and whether the person may change
anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from indicators.display import show_value
from indicators.files.inspection import in_megabytes
from indicators.files.kinds import ENDINGS, IN_WORDS
from indicators.models import EvidenceFile, YearlyValue
from indicators.permissions import may_review
from indicators.services.evidence import EvidenceKey, evidence_of, is_locked, value_of
from indicators.services.stored_files import MOST_FILES
from regions.permissions import Person


@dataclass(frozen=True)
class RemovedFile:
    """A file that is gone: the history keeps this much."""

    name: str
    who: str
    when: datetime
    reason: str


@dataclass(frozen=True)
class EvidencePage:
    """What the page shows. `shown` is the value as people read it, empty where none is recorded."""

    key: EvidenceKey
    value: YearlyValue | None
    shown: str
    is_locked: bool
    is_reviewer: bool
    files: list[EvidenceFile]
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

    @property
    def address(self) -> str:
        """The page's own address."""
        return evidence_address(self.key)


def evidence_page(key: EvidenceKey, *, person: Person) -> EvidencePage:
    """Five queries at most: value, whether review has locked it, files, removed ones, whether the person reviews."""
    value = value_of(key)
    return EvidencePage(
        key=key,
        value=value,
        shown=show_value(key.indicator, value.value, value.finding) if value else "",
        is_locked=is_locked(value, key),
        is_reviewer=may_review(person, key.indicator.plan),
        files=evidence_of(key),
        removed=removed_files(key),
    )


def removed_files(key: EvidenceKey) -> list[RemovedFile]:
    """Removed files of a value, the last removal first. One query."""
    records = EvidenceFile.history.filter(
        indicator_id=key.indicator.pk, region_id=key.region.pk, year=key.year, history_type="-"
    ).select_related("history_user")
    return [
        RemovedFile(
            record.name, str(record.history_user or "系统"), record.history_date, record.history_change_reason or ""
        )
        for record in records.order_by("-history_id")
    ]


def evidence_address(key: EvidenceKey) -> str:
    """The address of the page; the plan's own region goes without saying."""
    plan = key.indicator.plan
    address = reverse("entry_evidence", args=[plan.slug, key.year, key.indicator.code])
    return address if key.region.pk == plan.region_id else f"{address}?{urlencode({'region': key.region.slug})}"

"""The page of the evidence for one value: the value, its files, and whether the person may change anything."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from indicators.display import show_value
from indicators.evidence.part import FilesPart, removed_files
from indicators.models import EvidenceFile, YearlyValue
from indicators.permissions import may_review
from indicators.services.evidence import EvidenceKey, evidence_of, is_locked, value_of
from regions.permissions import Person


@dataclass(frozen=True)
class EvidencePage:
    """What the page shows. `shown` is the value as people read it, empty where none is recorded."""

    key: EvidenceKey
    value: YearlyValue | None
    shown: str
    is_reviewer: bool
    part: FilesPart


def evidence_page(key: EvidenceKey, *, person: Person) -> EvidencePage:
    """Five queries at most: value, whether review has locked it, files, removed ones, whether the person reviews."""
    value = value_of(key)
    history = EvidenceFile.history.filter(indicator_id=key.indicator.pk, region_id=key.region.pk, year=key.year)
    return EvidencePage(
        key=key,
        value=value,
        shown=show_value(key.indicator, value.value, value.finding) if value else "",
        is_reviewer=may_review(person, key.indicator.plan),
        part=FilesPart(
            address=evidence_address(key),
            noun="佐证材料",
            owner="数值",
            readers="本指标的填报、审核人员",
            is_locked=is_locked(value, key),
            files=evidence_of(key),
            removed=removed_files(history),
        ),
    )


def evidence_address(key: EvidenceKey) -> str:
    """The address of the page; the plan's own region goes without saying."""
    plan = key.indicator.plan
    address = reverse("entry_evidence", args=[plan.slug, key.year, key.indicator.code])
    return address if key.region.pk == plan.region_id else f"{address}?{urlencode({'region': key.region.slug})}"

"""Evidence of yearly values: added and removed until the value is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction

from indicators.models import EvidenceFile, Indicator, ReviewStatus, YearlyValue
from indicators.permissions import may_add_evidence, reported_regions
from indicators.series import SeriesKey
from indicators.services.judging import lock_families
from indicators.services.rounds import needs_review
from indicators.services.stored_files import check_room, describe, discard, keep
from regions.models import Region
from regions.permissions import Person


@dataclass(frozen=True)
class EvidenceKey:
    """What evidence is for: the value of an indicator, region and year, whether it is recorded yet or not."""

    indicator: Indicator
    region: Region
    year: int

    @property
    def series(self) -> SeriesKey:
        """Indicator and region."""
        return SeriesKey(self.indicator.pk, self.region.pk)


def add_evidence(key: EvidenceKey, upload: File[bytes], *, person: Person, now: datetime) -> EvidenceFile:
    """Keep a file as evidence.

    Raises PermissionDenied for those who neither answer for the indicator nor review it, and ValidationError, in
    Chinese, for a file that is not taken, the same content twice, too many files or a locked value.
    """
    check_permission(person, key.indicator)
    if key.year not in key.indicator.years or not reported_regions(key.indicator).filter(pk=key.region.pk).exists():
        raise ValidationError("该指标在这一地区、这一年度不填报，不能上传佐证材料。")
    record = EvidenceFile(indicator=key.indicator, region=key.region, year=key.year)
    describe(record, upload, person=person, now=now)
    with transaction.atomic():
        check_not_locked(key)
        check_room(record, evidence_of(key))
        keep(record, upload, person=person)
    return record


def remove_evidence(record: EvidenceFile, *, reason: str, person: Person) -> None:
    """Remove a file; the history keeps its name, fingerprint and the reason.

    Raises PermissionDenied as `add_evidence`, and ValidationError without a reason or for a locked value.
    """
    check_permission(person, record.indicator)
    with transaction.atomic():
        check_not_locked(EvidenceKey(record.indicator, record.region, record.year))
        discard(record, reason=reason, person=person)


def evidence_of(key: EvidenceKey) -> list[EvidenceFile]:
    """The files for a value, first upload first, with who uploaded them. One query."""
    files = EvidenceFile.objects.filter(indicator=key.indicator, region=key.region, year=key.year)
    return list(files.select_related("uploaded_by"))


def value_of(key: EvidenceKey) -> YearlyValue | None:
    """The value that the evidence is for, in whatever state. One query."""
    return YearlyValue.objects.filter(indicator=key.indicator, region=key.region, year=key.year).first()


def is_locked(value: YearlyValue | None, key: EvidenceKey) -> bool:
    """Whether review has locked the value and its evidence. One query at most."""
    return value is not None and value.status == ReviewStatus.APPROVED and needs_review(key.indicator.plan, key.year)


def check_permission(person: Person, indicator: Indicator) -> None:
    """Raise PermissionDenied unless the person adds and removes evidence of the indicator."""
    if not may_add_evidence(person, indicator):
        raise PermissionDenied(
            "佐证材料由该指标的牵头单位和审核人员上传、删除。如分工有误，请联系本规划的审核人员调整。"
        )


def check_not_locked(key: EvidenceKey) -> None:
    """Raise ValidationError for a locked value. Until the transaction ends nobody else changes the value or adds a
    file: the number of files stays right."""
    lock_families([key.indicator])
    if is_locked(value_of(key), key):
        raise ValidationError("该数值已审定并锁定，佐证材料不能增删。确需补充，请审核人员先“重新打开”并写明原因。")

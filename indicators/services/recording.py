"""Recording yearly values: the one way by which form, sheet, Excel and API write them, one value or ten thousand.

Entries are examined together and written together: the number of queries does not grow with their number. Writing locks
the indicators' families first, so nobody else writes or judges them until the transaction ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from indicators.models import ReviewStatus, ValueImport, ValueOrigin, YearlyValue
from indicators.permissions import enterable_indicators
from indicators.services.judging import Evidence, judge_indicators, lock_families
from indicators.services.preview import doubts_about, evidence_for
from indicators.services.reviewed_records import State, keeps_state, stamp_state, state_of
from indicators.services.rounds import reviewed_years
from indicators.services.values import (
    LockedValueError,
    ValueEntry,
    check_entry,
    check_state,
    not_permitted,
    statement_of,
)
from indicators.services.work_marks import Tell, tell_nobody
from regions.history import attribute, record_changes, record_creation
from regions.permissions import Person
from regions.rows import insert, put

#: Indicator, region and year: what a value is stored under.
Key = tuple[int, int, int]

#: What recording sets on a value that exists; indicator, region and year never change.
WRITTEN = (
    "value",
    "finding",
    "source",
    "source_url",
    "note",
    "origin",
    "value_import_id",
    "status",
    "revision",
    "submitted_at",
    "submitted_by_id",
    "approved_at",
    "approved_by_id",
)


class Standing(StrEnum):
    """How an entry stands to what is stored."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_PERMITTED = "not_permitted"
    LOCKED = "locked"
    ERROR = "error"


@dataclass(frozen=True)
class Examined:
    """An entry held against permissions, bounds and what is stored.

    `refusal` is why it cannot be written, None when it can. `doubts` need a word in the note before the value is handed
    in. `evidence` is None where the indicator is not reported on in that region. `record` is what was written, where
    somebody asks for it.
    """

    entry: ValueEntry
    standing: Standing
    stored: YearlyValue | None
    evidence: Evidence | None
    is_reviewed: bool
    doubts: tuple[str, ...] = ()
    refusal: PermissionDenied | ValidationError | None = None
    record: YearlyValue | None = None


class EntriesRefusedError(Exception):
    """Something speaks against some of the entries, so none was written. `examined` are all of them in their order."""

    def __init__(self, examined: list[Examined]) -> None:
        super().__init__(f"{sum(each.refusal is not None for each in examined)} entries refused")
        self.examined = examined


def examine(entries: Sequence[ValueEntry], *, person: Person, as_draft: bool = False) -> list[Examined]:
    """What would become of each entry; nothing is written. Six queries at most, however many entries: indicators that
    the person may enter, rounds, targets, baselines, approved values, stored values. Expects `plan__region` to be
    loaded."""
    indicators = {entry.indicator.pk: entry.indicator for entry in entries}
    permitted = set(enterable_indicators(person).filter(pk__in=indicators).values_list("pk", flat=True))
    reviewed = reviewed_years({indicator.plan.pk: indicator.plan for indicator in indicators.values()}.values())
    evidence = evidence_for(indicators.values())
    return [
        examine_one(
            entry,
            stored,
            evidence.get(entry.series),
            is_permitted=entry.indicator.pk in permitted,
            is_reviewed=entry.year in reviewed[entry.indicator.plan_id],
            as_draft=as_draft,
        )
        for entry, stored in zip(entries, stored_values(entries), strict=True)
    ]


def examine_one(
    entry: ValueEntry,
    stored: YearlyValue | None,
    evidence: Evidence | None,
    *,
    is_permitted: bool,
    is_reviewed: bool,
    as_draft: bool,
) -> Examined:
    """One entry with everything that decides about it. Queries only to name who was faster."""
    unchanged = stored is not None and says_nothing_new(entry, stored, is_reviewed=is_reviewed, as_draft=as_draft)
    doubts = tuple(doubts_about(evidence, entry.year, entry.value)) if evidence and not unchanged else ()
    examined = Examined(
        entry, Standing.CHANGED if stored else Standing.NEW, stored, evidence, is_reviewed=is_reviewed, doubts=doubts
    )
    try:
        if not is_permitted:
            raise not_permitted(entry.indicator)
        check_entry(entry, counties=[evidence.region] if evidence else None)
        check_state(entry, stored, reviewed=is_reviewed)
        stays_draft = as_draft and is_reviewed
        if doubts and not stays_draft and not entry.note.strip():
            raise ValidationError({"note": list(doubts)})
    except PermissionDenied as error:
        is_known = unchanged and stored is not None and stored.status == ReviewStatus.APPROVED
        return replace(examined, standing=Standing.UNCHANGED if is_known else Standing.NOT_PERMITTED, refusal=error)
    except LockedValueError as error:
        return replace(examined, standing=Standing.UNCHANGED if unchanged else Standing.LOCKED, refusal=error)
    except ValidationError as error:
        return replace(examined, standing=Standing.ERROR, refusal=error)
    return replace(examined, standing=Standing.UNCHANGED) if unchanged else examined


def says_nothing_new(entry: ValueEntry, stored: YearlyValue, *, is_reviewed: bool, as_draft: bool) -> bool:
    """Whether the stored value already is what the entry would make of it, its state included. A returned value that
    nobody mended is not handed in again."""
    if statement_of(entry) != statement_of(stored):
        return False
    return keeps_state(stored, is_reviewed=is_reviewed, as_draft=as_draft)


def key_of(entry: ValueEntry) -> Key:
    """What the entry's value is stored under."""
    return entry.indicator.id, entry.region.id, entry.year


def stored_values(entries: Sequence[ValueEntry]) -> list[YearlyValue | None]:
    """Of each entry the stored value that it is about. One query."""
    keys = [key_of(entry) for entry in entries]
    wanted = dict(zip(keys, entries, strict=True))
    values = YearlyValue.objects.filter(
        indicator__in={key[0] for key in wanted},
        region__in={key[1] for key in wanted},
        year__in={key[2] for key in wanted},
    )
    found = {}
    for value in values:
        key = (value.indicator_id, value.region_id, value.year)
        if key in wanted:
            value.indicator, value.region = wanted[key].indicator, wanted[key].region
            found[key] = value
    return [found.get(key) for key in keys]


def record_value(
    entry: ValueEntry,
    *,
    person: Person,
    now: datetime,
    origin: ValueOrigin = ValueOrigin.FORM,
    as_draft: bool = False,
) -> YearlyValue:
    """Create or correct one value as `record_each` does. Raises PermissionDenied and ValidationError (by field,
    Chinese); then nothing is written."""
    [examined] = record_each([entry], person=person, now=now, origin=origin, as_draft=as_draft)
    if examined.record is None:
        raise examined.refusal or ValidationError("数值没有保存。")
    return examined.record


def record_each(
    entries: Sequence[ValueEntry],
    *,
    person: Person,
    now: datetime,
    origin: ValueOrigin = ValueOrigin.FORM,
    as_draft: bool = False,
) -> list[Examined]:
    """Write the entries that nothing speaks against, keep their history and judge anew what depends on them.

    Where plan or reporting round ask for review a value becomes a draft or is submitted; elsewhere it counts at once.
    An approved value under review is locked. The entries are about different values. Gives one result per entry, in
    the same order.
    """
    with transaction.atomic():
        lock_families([entry.indicator for entry in entries])
        examined = examine(entries, person=person, as_draft=as_draft)
        accepted = [each for each in examined if each.refusal is None]
        write(accepted, Way(origin, as_draft), person=person, now=now)
        written = iter(stored_values([each.entry for each in accepted]))
        return [each if each.refusal else replace(each, record=next(written)) for each in examined]


def record_all(
    entries: Sequence[ValueEntry],
    *,
    person: Person,
    now: datetime,
    origin: ValueOrigin,
    as_draft: bool = False,
    value_import: ValueImport | None = None,
    tell: Tell = tell_nobody,
) -> list[Examined]:
    """Write every entry that says something new, as `record_each` does, or none: raises EntriesRefusedError when
    something speaks against one of them. The results say how the entries stood, without records. `value_import` is the
    workbook that the entries come from; `tell` hears how many are written before they are judged."""
    with transaction.atomic():
        lock_families([entry.indicator for entry in entries])
        examined = examine(entries, person=person, as_draft=as_draft)
        if any(each.refusal and each.standing is not Standing.UNCHANGED for each in examined):
            raise EntriesRefusedError(examined)
        accepted = [each for each in examined if each.standing is not Standing.UNCHANGED]
        write(accepted, Way(origin, as_draft, value_import), person=person, now=now, tell=tell)
        return examined


@dataclass(frozen=True)
class Way:
    """How values come in: from where, whether they stay drafts where they are reviewed, and by which import."""

    origin: ValueOrigin
    as_draft: bool
    value_import: ValueImport | None = None


class NewValue(NamedTuple):
    """A value that is not stored yet, by the attributes of `YearlyValue`. A tuple, because there are many at once."""

    indicator_id: int
    region_id: int
    year: int
    value: Decimal | None
    finding: str
    source: str
    source_url: str
    note: str
    origin: ValueOrigin
    value_import_id: int | None
    revision: int
    review_comment: str
    status: ReviewStatus
    submitted_at: datetime | None
    submitted_by_id: int | None
    approved_at: datetime | None
    approved_by_id: int | None


def write(accepted: Sequence[Examined], way: Way, *, person: Person, now: datetime, tell: Tell = tell_nobody) -> None:
    """Store what the entries state, with history, and judge what counts differently afterwards. Runs in the transaction
    that examined them; nothing is checked again."""
    created = [each for each in accepted if each.stored is None]
    create(created, way, person=person, now=now)
    tell(len(created))
    correct([corrected(each, each.stored, way, person=person, now=now) for each in accepted if each.stored])
    tell(len(accepted))
    counted = [each.entry for each in accepted if not each.is_reviewed]
    if counted:
        indicators = {entry.indicator.pk: entry.indicator for entry in counted}
        judge_indicators(list(indicators.values()), now=now, from_year=min(entry.year for entry in counted))


def create(accepted: Sequence[Examined], way: Way, *, person: Person, now: datetime) -> None:
    """Store values that there were none of, with their history."""
    if not accepted:
        return
    states = {
        is_reviewed: state_of(is_reviewed=is_reviewed, as_draft=way.as_draft, person=person, now=now)
        for is_reviewed in (True, False)
    }
    rows = [new_value(each.entry, way, states[each.is_reviewed]) for each in accepted]
    columns = dict(zip(NewValue._fields, zip(*rows, strict=True), strict=True))
    keys = insert(YearlyValue, columns, unique=("indicator_id", "region_id", "year"))
    reasons = [each.entry.reason for each in accepted]
    record_creation(YearlyValue, {"id": keys, **columns}, person=person, reasons=reasons)


def new_value(entry: ValueEntry, way: Way, state: State) -> NewValue:
    """The row that the entry becomes."""
    return NewValue(
        entry.indicator.pk,
        entry.region.pk,
        entry.year,
        entry.value,
        entry.finding,
        entry.source,
        entry.source_url,
        entry.note,
        way.origin,
        way.value_import.pk if way.value_import else None,
        1,
        "",
        *state,
    )


def correct(records: Sequence[YearlyValue]) -> None:
    """Write stored values that state something else now, with their history."""
    put(records, replaced=WRITTEN)
    record_changes(records)


def corrected(each: Examined, record: YearlyValue, way: Way, *, person: Person, now: datetime) -> YearlyValue:
    """The stored value as the entry states it, not written yet, and attributed to the person."""
    entry = each.entry
    record.value, record.finding = entry.value, entry.finding
    record.source, record.source_url, record.note = entry.source, entry.source_url, entry.note
    record.origin, record.value_import = way.origin, way.value_import
    stamp_state(record, is_reviewed=each.is_reviewed, as_draft=way.as_draft, person=person, now=now)
    attribute(record, person=person, reason=entry.reason)
    return record

"""Values that a client of the API hands in: written as people's are, once for every key, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError

from indicators.models import SubmittedValue, ValueOrigin, ValueSubmission, YearlyValue
from indicators.services.recording import Examined, Key, examine, key_of, record_all, stored_values
from indicators.services.values import StaleValueError, ValueEntry, statement_of
from regions.permissions import Person
from regions.rows import insert_unsaved, put

#: A key is answered from what was kept for so many days at least.
KEPT_DAYS = 90
#: What a line keeps of a statement, and what a newer one replaces.
STATED = ("value", "source", "source_url", "note")
#: Submissions deleted in one statement, so that nobody who submits meanwhile waits.
BATCH = 500
REPLACED = ("submission_id", "record_id", *STATED)


class ReusedKeyError(ValidationError):
    """The key names another request."""


@dataclass(frozen=True)
class Claim:
    """A key that a request may use. `answer` is what was answered before, None for a request that is new."""

    submission: ValueSubmission
    answer: str | None


def claim(key: str, *, body_digest: str, as_draft: bool, person: Person, now: datetime) -> Claim:
    """Take the key for a request, in the transaction that writes its values: a request at the same moment waits for it
    and is then answered alike, and a request that fails gives the key back. Raises ReusedKeyError."""
    submission, is_new = ValueSubmission.objects.get_or_create(
        submitted_by_id=person.pk,
        key=key,
        defaults={"body_digest": body_digest, "as_draft": as_draft, "submitted_at": now},
    )
    if submission.body_digest != body_digest:
        raise ReusedKeyError("这个 Idempotency-Key 已用于另一个内容不同的请求。请为新的内容换一个新的标识。")
    return Claim(submission, None if is_new else submission.answer)


def submit(
    submission: ValueSubmission, entries: Sequence[ValueEntry], *, person: Person, now: datetime
) -> list[Examined]:
    """Write the entries, which are about different values, and remember them as stated by this client. Gives one result
    per entry. Runs in the transaction of `claim`. Raises EntriesRefusedError when something speaks against one."""
    examined = record_all(
        based_on_what_stands(entries, person=person),
        person=person,
        now=now,
        origin=ValueOrigin.API,
        as_draft=submission.as_draft,
    )
    values = stored_values([each.entry for each in examined])
    recorded = [replace(each, record=value) for each, value in zip(examined, values, strict=True)]
    remember(submission, recorded)
    return recorded


def foresee(entries: Sequence[ValueEntry], *, person: Person, as_draft: bool) -> list[Examined]:
    """What would speak against each entry; nothing is written."""
    return examine(based_on_what_stands(entries, person=person), person=person, as_draft=as_draft)


def based_on_what_stands(entries: Sequence[ValueEntry], *, person: Person) -> list[ValueEntry]:
    """The entries with the revision that they are based on: the one given, else that of the stored value where it is
    what the client stated last. A client that stated nothing, or was overtaken, is told so by `record_all`.
    Two queries."""
    lines = lines_of(entries, person=person)
    based = []
    for entry, stored in zip(entries, stored_values(entries), strict=True):
        if stored is not None:
            line = lines.get(key_of(entry))
            is_own = entry.revision is None and line is not None and stands(line, stored)
            if is_own or statement_of(entry) == statement_of(stored):
                entry = replace(entry, revision=stored.revision)
        based.append(entry)
    return based


def stands(line: SubmittedValue, stored: YearlyValue) -> bool:
    """Whether the stored value still states what the client stated."""
    return not stored.finding and all(getattr(line, name) == getattr(stored, name) for name in STATED)


def lines_of(entries: Sequence[ValueEntry], *, person: Person) -> dict[Key, SubmittedValue]:
    """What the client stated before of the values that the entries are about. One query."""
    lines = SubmittedValue.objects.filter(
        submitted_by=person.pk,
        indicator__in={entry.indicator.pk for entry in entries},
        year__in={entry.year for entry in entries},
    )
    return {(line.indicator_id, line.region_id, line.year): line for line in lines}


def remember(submission: ValueSubmission, recorded: Sequence[Examined]) -> None:
    """Keep what the client states now. Three queries, however many values."""
    person = submission.submitted_by
    known = lines_of([each.entry for each in recorded], person=person)
    lines = []
    for each in recorded:
        entry = each.entry
        line = known.get(key_of(entry)) or SubmittedValue(
            submitted_by=person, indicator=entry.indicator, region=entry.region, year=entry.year
        )
        line.submission, line.record = submission, record_of(each)
        for name in STATED:
            setattr(line, name, getattr(entry, name))
        lines.append(line)
    insert_unsaved(
        [line for line in lines if line.pk is None], unique=("submitted_by_id", "indicator_id", "region_id", "year")
    )
    put([line for line in lines if line.pk is not None], replaced=REPLACED)


def forget_submissions(before: datetime) -> int:
    """Delete the submissions from before that moment whose values were all stated again since; gives their number.
    The others stay: they say when a client stated what it stands by. What was written stays in the values' history."""
    outdated = ValueSubmission.objects.filter(submitted_at__lt=before, values=None).order_by("pk")
    deleted = 0
    while batch := list(outdated.values_list("pk", flat=True)[:BATCH]):
        deleted += ValueSubmission.objects.filter(pk__in=batch).delete()[0]
    return deleted


def record_of(recorded: Examined) -> YearlyValue:
    """The value that stands for a recorded entry: as written, or as it said the same before."""
    if recorded.record is None:
        raise ValueError("an entry that was recorded has a value")
    return recorded.record


def is_conflict(examined: Examined) -> bool:
    """Whether somebody else was there first: nothing is wrong with the entry itself."""
    return isinstance(examined.refusal, StaleValueError)

"""Saving many values at once: what is right is saved, what is wrong is reported with its reason, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction

from indicators.display import show_value
from indicators.models import YearlyValue
from indicators.series import SeriesKey
from indicators.services.judging import Evidence
from indicators.services.preview import doubts_about, evidence_for
from indicators.services.recording import Examined, record_each
from indicators.services.values import ValueEntry
from indicators.services.workflow import submit_values
from regions.permissions import Person

#: Errors of a row by field; under "" what concerns the whole row.
RowErrors = dict[str, list[str]]


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row: the stored record, or the errors for which nothing of the row was stored."""

    series: SeriesKey
    record: YearlyValue | None = None
    errors: RowErrors = field(default_factory=dict)


def save_rows(
    entries: Sequence[ValueEntry], *, person: Person, now: datetime, as_draft: bool = False
) -> list[RowOutcome]:
    """Record the entries that nothing speaks against; one outcome per entry in the same order."""
    return [outcome_of(each) for each in record_each(entries, person=person, now=now, as_draft=as_draft)]


def outcome_of(examined: Examined) -> RowOutcome:
    """What to tell the person. An error that concerns the whole row also says what they had stated."""
    entry = examined.entry
    if examined.refusal is None:
        return RowOutcome(entry.series, examined.record)
    shown = show_value(entry.indicator, entry.value, entry.finding)
    return RowOutcome(entry.series, errors=errors_by_field(examined.refusal, stated=shown))


def submit_rows(drafts: Iterable[YearlyValue], *, person: Person, now: datetime) -> list[RowOutcome]:
    """Submit stored drafts one by one under the same condition: what looks odd is explained in the note."""
    wanted = list(drafts)
    evidence = evidence_for([draft.indicator for draft in wanted])

    def submit(draft: YearlyValue) -> YearlyValue:
        if known := evidence.get(draft.series):
            check_explained(known, draft.year, draft.value, draft.note)
        return submit_values([draft], person=person, now=now)[0]

    with transaction.atomic():
        return [_attempt(draft.series, partial(submit, draft)) for draft in wanted]


def check_explained(evidence: Evidence, year: int, value: Decimal | None, note: str) -> None:
    """Raise ValidationError at the note when the figure raises doubts and the note is empty."""
    found = doubts_about(evidence, year, value)
    if found and not note.strip():
        raise ValidationError({"note": found})


def _attempt(series: SeriesKey, save: Callable[[], YearlyValue]) -> RowOutcome:
    """One row in its own savepoint."""
    try:
        with transaction.atomic():
            return RowOutcome(series, save())
    except (PermissionDenied, ValidationError) as error:
        return RowOutcome(series, errors=errors_by_field(error))


def errors_by_field(error: PermissionDenied | ValidationError, *, stated: str = "") -> RowErrors:
    """The messages of an error; what somebody else's save made impossible also says what this person had stated."""
    if isinstance(error, PermissionDenied):
        return {"": [str(error)]}
    if hasattr(error, "error_dict"):
        return {("" if name == NON_FIELD_ERRORS else name): texts for name, texts in error.message_dict.items()}
    mine = f"您填的是 {stated}。" if stated else ""
    return {"": [f"{message}{mine}" for message in error.messages]}

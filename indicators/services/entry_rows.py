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
from indicators.services.values import ValueEntry, check_entry, check_permission, record_value
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
    """Record each entry by `record_value` in its own savepoint, one outcome per entry in the same order.

    Beyond what a draft needs, a figure that raises doubts (indicators.core.plausibility) needs a note. Queries: those
    of `evidence_for` once, those of `record_value` per entry.
    """
    evidence = evidence_for([entry.indicator for entry in entries])

    def save(entry: ValueEntry) -> YearlyValue:
        check_permission(person, entry.indicator)
        known = evidence.get(entry.series)
        check_entry(entry, counties=[known.region] if known else None)
        if known and not as_draft:
            check_explained(known, entry.year, entry.value, entry.note)
        return record_value(entry, person=person, now=now, as_draft=as_draft)

    with transaction.atomic():
        return [
            _attempt(entry.series, partial(save, entry), show_value(entry.indicator, entry.value, entry.finding))
            for entry in entries
        ]


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


def _attempt(series: SeriesKey, save: Callable[[], YearlyValue], shown: str = "") -> RowOutcome:
    """One row in its own savepoint. An error that concerns the whole row also says what the person had stated."""
    try:
        with transaction.atomic():
            return RowOutcome(series, save())
    except PermissionDenied as error:
        return RowOutcome(series, errors={"": [str(error)]})
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            by_field = error.message_dict
            errors = {("" if name == NON_FIELD_ERRORS else name): texts for name, texts in by_field.items()}
            return RowOutcome(series, errors=errors)
        mine = f"您填的是 {shown}。" if shown else ""
        return RowOutcome(series, errors={"": [f"{message}{mine}" for message in error.messages]})

"""The history that every kept model has: who changed a record, when, why, and by which way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from regions.channel import current_channel
from regions.moment import asked_moment
from regions.records import ChannelledRecord
from regions.rows import Columns, columns_of, write

if TYPE_CHECKING:
    from regions.people import Person

#: The most characters of a reason or comment, in every form and service.
LONGEST_REASON = 500


class RecordsUntilThen(HistoryManager):
    """The history as far as it goes at the moment that is read."""

    def get_queryset(self) -> Any:
        """Without records from after the moment that is asked for."""
        moment, records = asked_moment(), super().get_queryset()
        return records if moment is None else records.filter(history_date__lte=moment)


def kept_history(*, bases: Sequence[Any] = (ChannelledRecord,), **options: Any) -> HistoricalRecords:
    """The `history` of a model; `bases` says what its records are kept for (regions.records), `options` are
    simple-history's."""
    return HistoricalRecords(verbose_name="修改记录", bases=bases, history_manager=RecordsUntilThen, **options)


def attribute(record: models.Model, *, person: Person | None = None, reason: str = "") -> None:
    """Name the author and reason of the record's next save or deletion; simple-history reads the two attributes. Nobody
    is named for an anonymous person.

    Raises ValidationError for a reason that is too long.
    """
    check_length(reason)
    if person is not None and person.is_authenticated:
        setattr(record, "_history_user", person)  # noqa: B010  no model declares simple-history's attributes
    setattr(record, "_change_reason", reason or None)  # noqa: B010


def record_creation(
    model: type[models.Model], columns: Columns, *, person: Person | None = None, reasons: Sequence[str]
) -> None:
    """Write the history of rows that were just created without `save()`, each for its reason; their keys are among the
    columns. One query for every CHUNK."""
    author = person.pk if person is not None and person.is_authenticated else None
    write_records(model, "+", {**columns, "history_user_id": [author] * len(reasons), "history_change_reason": reasons})


def record_changes(rows: Sequence[models.Model], *, created: bool = False) -> None:
    """Write the history of stored rows of one model that were just changed (or `created`) without `save()`, each
    attributed before. One query for every CHUNK."""
    if not rows:
        return
    authors = [getattr(row, "_history_user", None) for row in rows]
    whose = {
        "history_user_id": [author.pk if author else None for author in authors],
        "history_change_reason": [getattr(row, "_change_reason", None) or "" for row in rows],
    }
    write_records(type(rows[0]), "+" if created else "~", {**columns_of(rows), **whose})


def write_records(model: Any, kind: str, columns: Columns) -> None:
    """Write records of history as simple-history's `bulk_history_create` does, all of one moment."""
    number = len(columns["history_user_id"])
    shared = {"history_date": timezone.now(), "history_type": kind, "channel": current_channel()}
    write(model.history.model, {**columns, **{name: [value] * number for name, value in shared.items()}})


def check_reason(reason: str, asking: str) -> None:
    """Raise ValidationError with the words of `asking` where no reason is given, or for one that is too long."""
    if not reason.strip():
        raise ValidationError(asking)
    check_length(reason)


def check_length(reason: str) -> None:
    """Raise ValidationError for a reason or comment of more than LONGEST_REASON characters."""
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"原因或意见最多 {LONGEST_REASON} 字，您写了 {len(reason)} 字，请精简。")

"""The history that every kept model has: who changed a record, when, why, and by which way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from regions.channel import current_channel
from regions.moment import asked_moment
from regions.records import ChannelledRecord
from regions.rows import chunks, columns_of, write

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


def record_changes(rows: Iterable[models.Model], *, created: bool) -> None:
    """Write the history of many rows of one model that were just created or changed without `save()`, each attributed
    before: the records of simple-history's `bulk_history_create`, all of one moment, by one query for every CHUNK."""
    moment, channel = timezone.now(), current_channel()
    for chunk in chunks(rows):
        shared = {"history_date": moment, "history_type": "+" if created else "~", "channel": channel}
        authors = [getattr(row, "_history_user", None) for row in chunk]
        columns: dict[str, list[Any]] = {
            **columns_of(chunk),
            **{name: [value] * len(chunk) for name, value in shared.items()},
            "history_user_id": [author.pk if author else None for author in authors],
            "history_change_reason": [getattr(row, "_change_reason", None) or "" for row in chunk],
        }
        kept: Any = type(chunk[0])
        write(kept.history.model, columns)


def check_reason(reason: str, asking: str) -> None:
    """Raise ValidationError with the words of `asking` where no reason is given, or for one that is too long."""
    if not reason.strip():
        raise ValidationError(asking)
    check_length(reason)


def check_length(reason: str) -> None:
    """Raise ValidationError for a reason or comment of more than LONGEST_REASON characters."""
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"原因或意见最多 {LONGEST_REASON} 字，您写了 {len(reason)} 字，请精简。")

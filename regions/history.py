"""The history that every kept model has: who changed a record, when, why, and by which way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from regions.channel import LONGEST_CHANNEL, current_channel

if TYPE_CHECKING:
    from regions.people import Person

#: The most characters of a reason or comment, in every form and service.
LONGEST_REASON = 500


class ChannelledRecord(models.Model):
    """What every history record states beside author, time and reason. `channel` is empty in records from before it
    was kept."""

    channel = models.CharField("途径", max_length=LONGEST_CHANNEL, default=current_channel, editable=False)

    class Meta:
        abstract = True


def kept_history(**options: Any) -> HistoricalRecords:
    """The `history` of a model; `options` are simple-history's."""
    return HistoricalRecords(verbose_name="修改记录", bases=[ChannelledRecord], **options)


def attribute(record: models.Model, *, person: Person | None = None, reason: str = "") -> None:
    """Name the author and reason of the record's next save or deletion; simple-history reads the two attributes. Nobody
    is named for an anonymous person.

    Raises ValidationError for a reason that is too long.
    """
    check_length(reason)
    if person is not None and person.is_authenticated:
        setattr(record, "_history_user", person)  # noqa: B010  no model declares simple-history's attributes
    setattr(record, "_change_reason", reason or None)  # noqa: B010


def check_reason(reason: str, asking: str) -> None:
    """Raise ValidationError with the words of `asking` where no reason is given, or for one that is too long."""
    if not reason.strip():
        raise ValidationError(asking)
    check_length(reason)


def check_length(reason: str) -> None:
    """Raise ValidationError for a reason or comment of more than LONGEST_REASON characters."""
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"原因或意见最多 {LONGEST_REASON} 字，您写了 {len(reason)} 字，请精简。")

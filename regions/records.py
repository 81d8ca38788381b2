"""What a record of history states, beside author, time and reason, and what it is kept for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from regions.channel import LONGEST_CHANNEL, NEW_PLAN, current_channel


class ChannelledRecord(models.Model):
    """What every history record states. `channel` is empty in records from before it was kept."""

    channel = models.CharField("途径", max_length=LONGEST_CHANNEL, default=current_channel, editable=False)

    class Meta:
        abstract = True


class StandingRecord(ChannelledRecord):
    """A record from which pages read how the row stood at a past moment (regions.looking_back)."""

    class Meta:
        abstract = True


class PrintedRecord(StandingRecord):
    """The same of rows that a plan's document may have printed: those stand from the beginning, however late the plan
    was recorded on the portal."""

    class Meta:
        abstract = True


def printed_at_first() -> Q:
    """Records with which the portal took over what a document prints: those that loading or creating a plan made."""
    return Q(history_type="+") & (Q(history_user=None) | Q(channel=NEW_PLAN))

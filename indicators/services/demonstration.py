"""Values of demonstration: written beside real ones, never over them, and removed without touching them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from indicators.models import Indicator, ValueOrigin, YearlyValue
from indicators.services.judging import judge_indicators, lock_families
from indicators.services.recording import Examined, Standing, Way, stored_values, write
from indicators.services.values import ValueEntry, check_entry
from regions.history import attribute

MARK = "演示数据"


def fill(entries: Sequence[ValueEntry], *, now: datetime) -> int:
    """Store the entries for which there is no value yet, as approved values of demonstration. Gives their number.

    Raises ValidationError for a figure that is not possible. History names no person.
    """
    with transaction.atomic():
        lock_families([entry.indicator for entry in entries])
        free = [entry for entry, stored in zip(entries, stored_values(entries), strict=True) if stored is None]
        for entry in free:
            check_entry(entry)
        examined = [Examined(entry, Standing.NEW, None, None, is_reviewed=False) for entry in free]
        way = Way(ValueOrigin.DEMONSTRATION, as_draft=False)
        write(examined, way, person=AnonymousUser(), now=now)
    return len(free)


def remove(*, now: datetime) -> int:
    """Remove every value of demonstration and judge their indicators anew. Gives their number. A value that a person
    corrected is theirs and stays."""
    with transaction.atomic():
        indicators = list(Indicator.objects.filter(values__origin=ValueOrigin.DEMONSTRATION).distinct())
        lock_families(indicators)
        values = list(YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION))
        for value in values:
            attribute(value, reason="删除演示数据")
            value.delete()
        judge_indicators(indicators, now=now)
    return len(values)

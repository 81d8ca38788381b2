"""Values and statements of demonstration: written beside real ones, never over them, and removed without them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from indicators.models import Indicator, MeasureReport, ValueOrigin, YearlyValue
from indicators.services.judging import judge_indicators, lock_families
from indicators.services.measure_reports import (
    ExaminedStatement,
    MeasureReportEntry,
    check_measure_report,
    lock_measures,
    record_of,
)
from indicators.services.recording import Examined, Standing, Way, stored_values, write
from indicators.services.values import ValueEntry, check_entry
from regions.history import attribute, record_changes
from regions.rows import insert_unsaved

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


def fill_statements(entries: Sequence[MeasureReportEntry], *, now: datetime) -> int:
    """Store the entries as approved statements of demonstration, where their measure has no real one and the year none
    at all. Gives their number. Expects the plans of the measures to be loaded.

    Raises ValidationError for what cannot be true. History names no person.
    """
    with transaction.atomic():
        measures = {entry.measure.pk for entry in entries}
        lock_measures(measures)
        stored = MeasureReport.objects.filter(measure__in=measures).order_by()
        real = set(stored.filter(is_demonstration=False).values_list("measure", flat=True))
        filled = set(stored.values_list("measure", "year"))
        free = [
            entry for entry in entries if entry.measure.pk not in real and (entry.measure.pk, entry.year) not in filled
        ]
        for entry in free:
            check_measure_report(entry)
        records = [
            record_of(
                ExaminedStatement(entry, None, is_reviewed=False, is_new=True),
                person=AnonymousUser(),
                now=now,
                as_draft=False,
                is_demonstration=True,
            )
            for entry in free
        ]
        insert_unsaved(records, unique=("measure_id", "year"))
        record_changes(records, created=True)
    return len(records)


def remove(*, now: datetime) -> int:
    """Remove every value and statement of demonstration and judge the indicators anew. Gives their number. What a
    person corrected is theirs and stays."""
    with transaction.atomic():
        indicators = list(Indicator.objects.filter(values__origin=ValueOrigin.DEMONSTRATION).distinct())
        lock_families(indicators)
        values = list(YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION))
        for value in values:
            attribute(value, reason=f"删除{MARK}")
            value.delete()
        judge_indicators(indicators, now=now)
        statements = list(MeasureReport.objects.filter(is_demonstration=True))
        lock_measures([statement.measure_id for statement in statements])
        for statement in statements:
            attribute(statement, reason=f"删除{MARK}")
            statement.delete()
    return len(values) + len(statements)

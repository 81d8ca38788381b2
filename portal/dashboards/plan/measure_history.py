"""How the indicators that measures serve changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from indicators.models import Indicator, Measure
from portal.dashboards.events import ACTIONS, EVENTS_SHOWN, RECORDS_READ, Change, Event, event_of, written_together


def newest_links(names: Mapping[int, str]) -> list[Event]:
    """What people last changed in the indicators of these measures, whose names stand under their keys; newest first,
    at most EVENTS_SHOWN. Three queries."""
    by_people = Measure.history.filter(id__in=list(names)).exclude(history_user=None).order_by("-history_id")
    changed = set(by_people.values_list("id", flat=True)[:RECORDS_READ])
    records: defaultdict[int, list[Any]] = defaultdict(list)
    for record in Measure.history.filter(id__in=changed).select_related("history_user").order_by("history_id"):
        records[record.id].append(record)
    linked = _linked(changed)
    events = [event for key, rows in records.items() for event in _link_events(rows, linked, names[key])]
    return sorted(events, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN]


def _linked(measures: Collection[int]) -> dict[int, str]:
    """The indicators of each history record of these measures, in the order of the plan; one that is gone is called so.
    One query."""
    rows = Measure.history.model.indicators.filter(measure__in=measures).select_related("indicator")
    found: defaultdict[int, list[Indicator | None]] = defaultdict(list)
    for row in rows.order_by("indicator__position", "indicator__code"):
        found[row.history_id].append(row.indicator)
    return {key: "、".join(each.name if each else "（已删除的指标）" for each in named) for key, named in found.items()}


def _link_events(records: list[Any], linked: Mapping[int, str], name: str) -> list[Event]:
    """The records of one measure in which a person changed the indicators. Taking some away and adding others writes
    two records at once, which are one change."""
    steps: list[tuple[Any, Any]] = []
    for earlier, record in pairwise(records):
        if steps and written_together(steps[-1][1], record):
            steps[-1] = (steps[-1][0], record)
        else:
            steps.append((earlier, record))
    events = []
    for earlier, record in steps:
        old, new = (linked.get(each.history_id, "") for each in (earlier, record))
        if record.history_user is not None and old != new:
            events.append(event_of(record, f"{ACTIONS['~']} {name}对应的指标", [Change("对应指标", old, new)]))
    return events

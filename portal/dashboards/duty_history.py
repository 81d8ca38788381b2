"""How the departments of an indicator or measure changed: the records of single rows, read as whole assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from indicators.services.duties import DutyOwner, duty_records
from portal.dashboards.events import ACTIONS, EVENTS_SHOWN, RECORDS_READ, Change, Event, event_of, written_together
from regions.models import AbstractResponsibility, DutyRole

#: Who leads where nobody is named.
WITHOUT_LEAD = "未指定，由统筹部门牵头"


def duty_events(owner: DutyOwner) -> list[Event]:
    """One event for each assignment that changed who answers. One query."""
    records = duty_records(owner).select_related("history_user", "department").order_by("history_id")
    return assignment_events(list(records))


def assignment_events(records: list[Any]) -> list[Event]:
    """The same of records that are loaded, oldest first. Queries nothing."""
    return _events(records, "责任部门")


def newest_assignments(model: type[AbstractResponsibility], owner: str, names: Mapping[int, str]) -> list[Event]:
    """What people last assigned to any of these owners, whose names stand under their keys; newest first, at most
    EVENTS_SHOWN. `owner` is the foreign key of the model. Two queries."""
    history: Any = model.history  # type: ignore[attr-defined]  # every responsibility has one, no model declares it
    key = f"{owner}_id"
    by_people = history.filter(**{f"{key}__in": list(names)}).exclude(history_user=None).order_by("-history_id")
    changed = set(by_people.values_list(key, flat=True)[:RECORDS_READ])
    records: defaultdict[int, list[Any]] = defaultdict(list)
    for record in (
        history.filter(**{f"{key}__in": changed}).select_related("history_user", "department").order_by("history_id")
    ):
        records[getattr(record, key)].append(record)
    events = [
        event
        for each, rows in records.items()
        for event in _events(rows, f"{names[each]}的责任部门", only_by_people=True)
    ]
    return sorted(events, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN]


def _events(records: list[Any], title: str, *, only_by_people: bool = False) -> list[Event]:
    """The assignments among the records of one owner, oldest first."""
    standing: dict[int, Any] = {}
    events = []
    for batch in _batches(records):
        before = dict(standing)
        for record in batch:
            if record.history_type == "-":
                standing.pop(record.id, None)
            else:
                standing[record.id] = record
        if only_by_people and batch[-1].history_user is None:
            continue
        # What the source says is new; whatever a person assigns is a change, also where nobody was named before.
        is_new = not before and batch[-1].history_user is None
        changes = [Change(label, "" if is_new else old, new) for label, old, new in _differences(before, standing)]
        if changes:
            events.append(event_of(batch[-1], f"{ACTIONS['+' if is_new else '~']} {title}", changes))
    return events


def _batches(records: list[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for record in records:
        if batch and not written_together(batch[-1], record):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _differences(before: dict[int, Any], after: dict[int, Any]) -> list[tuple[str, str, str]]:
    """What differs: label, old and new text."""
    lines = [
        ("牵头单位", *(_named(rows, DutyRole.LEAD) or WITHOUT_LEAD for rows in (before, after))),
        ("责任单位", *(_named(rows, DutyRole.PARTICIPATING) for rows in (before, after))),
        ("依据", *(_bases(rows) for rows in (before, after))),
    ]
    return [(label, old, new) for label, old, new in lines if old != new]


def _named(rows: dict[int, Any], role: DutyRole) -> str:
    """Departments of that role in their order; one that is gone is called so."""
    ordered = sorted((row for row in rows.values() if row.role == role), key=lambda row: (row.position, row.id))
    return "、".join(row.department.name if row.department else "（已删除的部门）" for row in ordered)


def _bases(rows: dict[int, Any]) -> str:
    return "；".join(dict.fromkeys(row.basis for row in rows.values() if row.basis))

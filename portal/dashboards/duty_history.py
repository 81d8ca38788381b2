"""How the departments of an indicator or a project changed: the records of single rows, read as whole assignments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from indicators.models import Indicator
from portal.dashboards.events import ACTIONS, Change, Event, event_of
from projects.models import KeyProject
from regions.models import DutyRole

#: Rows that one person writes by one way for one reason, no further apart than this, are one assignment.
APART = timedelta(seconds=10)


def duty_events(owner: Indicator | KeyProject) -> list[Event]:
    """One event for each assignment that changed who answers. One query."""
    duties: Any = owner.responsibilities
    records = (
        duties.model.history.filter(**{duties.field.name: owner.pk})
        .select_related("history_user", "department")
        .order_by("history_id")
    )
    standing: dict[int, Any] = {}
    events = []
    for batch in _batches(list(records)):
        before = dict(standing)
        for record in batch:
            if record.history_type == "-":
                standing.pop(record.id, None)
            else:
                standing[record.id] = record
        # What the source says is new; whatever a person assigns is a change, also where nobody was named before.
        is_new = not before and batch[-1].history_user is None
        changes = [Change(label, "" if is_new else old, new) for label, old, new in _differences(before, standing)]
        if changes:
            events.append(event_of(batch[-1], f"{ACTIONS['+' if is_new else '~']} 责任部门", changes))
    return events


def _batches(records: list[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for record in records:
        if batch and not _together(batch[-1], record):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _together(earlier: Any, later: Any) -> bool:
    def origin(record: Any) -> tuple[Any, ...]:
        return record.history_user_id, record.channel, record.history_change_reason

    return origin(earlier) == origin(later) and later.history_date - earlier.history_date <= APART


def _differences(before: dict[int, Any], after: dict[int, Any]) -> list[tuple[str, str, str]]:
    """What differs: label, old and new text."""
    lines = [
        ("牵头单位", *(_named(rows, DutyRole.LEAD) or "未指定，由统筹部门牵头" for rows in (before, after))),
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

"""A history record as a line of a readable timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: No more records and events than these are read and shown where a page tells of many things together.
RECORDS_READ = 300
EVENTS_SHOWN = 20
#: Records that one person writes by one way for one reason, no further apart than this, are one change.
APART = timedelta(seconds=10)

ACTIONS = {"+": "新增", "~": "修改", "-": "删除"}


@dataclass(frozen=True)
class Change:
    """One field that changed; `old` is empty for a new record, `new` for a deleted one."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """One save. `who` is 系统 where no person is recorded (fixtures); `channel` is the page, command, import or client
    by which it came in, empty in records from before that was kept."""

    when: datetime
    who: str
    channel: str
    title: str
    changes: list[Change]
    reason: str


def event_of(record: Any, title: str, changes: list[Change]) -> Event:
    """The event of a history record, whose user is loaded."""
    return Event(
        when=record.history_date,
        who=str(record.history_user) if record.history_user else "系统",
        channel=record.channel,
        title=title,
        changes=changes,
        reason=record.history_change_reason or "",
    )


def written_together(earlier: Any, later: Any) -> bool:
    """Whether two history records are parts of one change, which is how people see them."""

    def origin(record: Any) -> tuple[Any, ...]:
        return record.history_user_id, record.channel, record.history_change_reason

    return origin(earlier) == origin(later) and later.history_date - earlier.history_date <= APART

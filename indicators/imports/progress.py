"""How far an import is that the worker has to do, and whether it takes suspiciously long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from indicators.models import ImportState, ValueImport

#: The worker looks for work every second and needs seconds for the largest file; after this it is probably not running.
LONG = timedelta(minutes=2)
STEPS = ("上传", "核对", "确认", "写入")


@dataclass(frozen=True)
class Step:
    """One of the steps that every import goes through."""

    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class Progress:
    """Where an import stands that waits for the worker. `since` is when it began to wait."""

    steps: list[Step]
    done: int
    since: datetime
    is_late: bool
    is_writing: bool


def progress_of(value_import: ValueImport, *, now: datetime) -> Progress | None:
    """The progress of an import that waits for the worker, else None. One query for the time of what was confirmed."""
    if value_import.state == ImportState.WAITING:
        done, since = 1, value_import.uploaded_at
    elif value_import.state == ImportState.CONFIRMED:
        done, since = 3, value_import.history.latest().history_date
    else:
        return None
    return Progress(
        steps=[Step(label, place < done, place == done) for place, label in enumerate(STEPS)],
        done=done,
        since=since,
        is_late=now - since > LONG,
        is_writing=value_import.state == ImportState.CONFIRMED,
    )

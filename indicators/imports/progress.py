"""How far an import is that the worker has to do, and whether something is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from indicators.interrupted_tasks import interrupted_task
from indicators.models import ImportState, ValueImport
from indicators.services.recording import Standing
from indicators.services.work_marks import written_by_now

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
    """Where an import stands that waits for the worker. `since` is when it began to wait; `written` of `total` values
    are known while the worker writes. `done` counts steps, with the part of the current one that is known."""

    steps: list[Step]
    done: float
    since: datetime
    is_late: bool
    is_writing: bool
    is_begun: bool
    is_interrupted: bool
    written: int
    total: int


def progress_of(value_import: ValueImport, *, now: datetime) -> Progress | None:
    """The progress of an import that waits for the worker, else None. One query for the time of what was confirmed, one
    for a task that was interrupted."""
    if value_import.state == ImportState.WAITING:
        done, since, total = 1, value_import.uploaded_at, 0
    elif value_import.state == ImportState.CONFIRMED:
        done, since = 3, value_import.history.latest().history_date
        total = sum(value_import.counts.get(standing, 0) for standing in (Standing.NEW, Standing.CHANGED))
    else:
        return None
    written = written_by_now(value_import.pk)
    return Progress(
        steps=[Step(label, place < done, place == done) for place, label in enumerate(STEPS)],
        done=done + part_done(written, total),
        since=since,
        is_late=now - since > LONG,
        is_writing=value_import.state == ImportState.CONFIRMED,
        is_begun=written is not None,
        is_interrupted=interrupted_task(value_import, now=now) is not None,
        written=written or 0,
        total=total,
    )


def part_done(written: int | None, total: int) -> float:
    """How much of a step is done: reading the file is its first tenth, judging what was written its last two."""
    if written is None:
        return 0
    return 0.1 + 0.7 * (min(written / total, 1) if total else 0)

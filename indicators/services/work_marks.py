"""What the worker is doing at this moment: a mark beside the uploaded files, locked while it works.

The lock ends with the process, however that ends, so nobody waits for a worker that was killed. What the mark says is
kept outside the database, where it would be seen only when the transaction that writes the values is over.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

FOLDER = "at-work"
#: Told how many values are written by now.
Tell = Callable[[int], None]


def tell_nobody(written: int) -> None:
    """For work that nobody watches."""


@contextmanager
def at_work_on(pk: int) -> Iterator[Tell]:
    """Work on the import with that key; gives what the number of written values is told to. Waits while another
    process works on it."""
    path = mark_of(pk)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX)

        def tell(written: int) -> None:
            os.pwrite(mark, f"{written:<20}".encode(), 0)

        tell(0)
        yield tell
    finally:
        path.unlink(missing_ok=True)
        os.close(mark)


def written_by_now(pk: int) -> int | None:
    """How many values of that import the worker has written; None when nobody works on it."""
    try:
        mark = os.open(mark_of(pk), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(mark, 20, 0) or 0)
    else:
        return None
    finally:
        os.close(mark)


def mark_of(pk: int) -> Path:
    """Where the mark of an import lies."""
    return Path(settings.EVIDENCE_DIR) / FOLDER / str(pk)

"""Work that makes very many objects, without the collector of garbage looking through all of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

#: So many new objects instead of Python's 700 before the collector looks. Of an import nearly all objects are freed by
#: their last reference anyway; looking through them took an eighth of its time.
PATIENCE = 50_000

_usual = gc.get_threshold()
_lock = Lock()
_at_work = 0


@contextmanager
def few_collections() -> Iterator[None]:
    """Collect garbage rarely within the block.

    The threshold is one of the process: it is raised by the first block and set back by the last one that ends.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _at_work, _usual
    with _lock:
        if not _at_work:
            _usual = gc.get_threshold()
        _at_work += change
        gc.set_threshold(PATIENCE if _at_work else _usual[0], *_usual[1:])

"""The moment as of which records are read: today, unless a page or a client asks what was known before.

Only reading looks back. Services that write never do: nothing sets a moment for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def asked_moment() -> datetime | None:
    """The moment as of which is being read; None for now."""
    return _moment.get()


@contextmanager
def as_of(moment: datetime | None) -> Iterator[None]:
    """Read as of that moment within the block; None reads what stands now."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)

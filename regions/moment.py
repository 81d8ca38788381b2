"""The moment as of which records are read: today, unless a page or a client asks what was known before.

Only reading looks back. Services that write never do: nothing sets a moment for them, and while one is set the database
refuses to write (regions.hidden_tables).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db import connections
from django.utils import timezone

from regions.looking_back import TablesAsOf

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def asked_moment() -> datetime | None:
    """The moment as of which is being read; None for now."""
    return _moment.get()


def reading_day() -> date:
    """The day from which pages count years and deadlines: that of the moment that is asked for, else today."""
    return timezone.localdate(asked_moment())


@contextmanager
def as_of(moment: datetime | None) -> Iterator[None]:
    """Read as of that moment within the block; None reads what stands now.

    Querysets are evaluated within the block: what leaves it unevaluated reads the present.
    """
    token = _moment.set(moment)
    try:
        with ExitStack() as wrappers:
            if moment is not None:
                for connection in connections.all():
                    wrappers.enter_context(connection.execute_wrapper(TablesAsOf(moment, connection)))
            yield
    finally:
        _moment.reset(token)

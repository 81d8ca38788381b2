"""How many requests somebody is granted in a minute, counted over all processes and servers.

A counter in the database that every request adds to would make every read a write. So a process takes requests from the
counter by the lease, a tenth of the limit at a time, and grants them from memory: ten small writes a minute for a busy
client instead of hundreds, and none for what is refused. What follows:

- never more than the limit is granted in a minute of the clock, by however many processes; over the turn of a minute a
  client may use the whole of both within a moment;
- requests leased by one process are not there for another, so that refusals may begin below the limit, by at most a
  tenth of it for every further process;
- a counter that cannot be asked (a long write holds SQLite) lets requests through: a limit must not shut everybody out.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from threading import Lock

from django.db import OperationalError, connection

from portal.api.models import RequestCount

logger = logging.getLogger(__name__)

MINUTE = 60
LEASES_A_MINUTE = 10
#: So many names are remembered before those of past minutes are dropped.
REMEMBERED = 1000
KEPT_MINUTES = 60


@dataclass
class Lease:
    """What this process may still grant in a minute. `refused` once the counter gave nothing any more."""

    minute: int
    left: int = 0
    refused: bool = False
    lock: Lock = field(default_factory=Lock)


_leases: dict[str, Lease] = {}
_lock = Lock()
_tidied = 0


def seconds_to_wait(who: str, *, limit: int) -> int | None:
    """None grants a request; otherwise it is refused, and this is the number of seconds until the next minute begins.
    At most LEASES_A_MINUTE queries a minute and process, whatever the limit, for each `who`."""
    now = time.time()
    minute = int(now // MINUTE)
    lease = _lease(who, minute)
    with lease.lock:
        if not lease.left and not lease.refused:
            lease.left = _taken(who, minute, wanted=-(-limit // LEASES_A_MINUTE), limit=limit)
            lease.refused = not lease.left
        if lease.left:
            lease.left -= 1
            return None
    return MINUTE - int(now % MINUTE)


def forget() -> None:
    """Give up all leases, as a process that ends."""
    with _lock:
        _leases.clear()


def _lease(who: str, minute: int) -> Lease:
    """The lease of this minute, empty at first."""
    with _lock:
        found = _leases.get(who)
        if found is None or found.minute != minute:
            if len(_leases) >= REMEMBERED:
                for past in [name for name, each in _leases.items() if each.minute != minute]:
                    del _leases[past]
            found = _leases[who] = Lease(minute)
        return found


def _taken(who: str, minute: int, *, wanted: int, limit: int) -> int:
    """How many of the wanted requests the shared counter still has for this minute. One query, which adds and reads in
    one statement, so that no two processes are given the same."""
    name = connection.ops.quote_name
    table, minute_column, granted = (
        name(RequestCount._meta.db_table),
        name("minute"),
        name("granted"),
    )
    statement = (
        f"INSERT INTO {table} ({name('who')}, {minute_column}, {granted}) VALUES (%s, %s, %s) "  # noqa: S608  own names
        f"ON CONFLICT ({name('who')}) DO UPDATE SET {minute_column} = excluded.{minute_column}, {granted} = "
        f"CASE WHEN {table}.{minute_column} = excluded.{minute_column} THEN {table}.{granted} ELSE 0 END "
        f"+ excluded.{granted} RETURNING {granted}"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [who, minute, wanted])
            [total] = cursor.fetchone()
        _tidy(minute)
    except OperationalError:
        logger.warning("The counter of requests could not be asked; requests are let through", exc_info=True)
        return wanted
    return int(max(0, min(wanted, limit - (total - wanted))))


def _tidy(minute: int) -> None:
    """Delete counters that nobody used for an hour; once an hour."""
    global _tidied
    if minute - _tidied >= KEPT_MINUTES:
        _tidied = minute
        RequestCount.objects.filter(minute__lt=minute - KEPT_MINUTES).delete()

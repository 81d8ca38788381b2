"""What changed since a client last asked: verdicts that stand and verdicts that ended, in the order of their changes.

A change of verdicts takes the next number and keeps the counter locked until it is committed (stored_verdicts.Changes):
numbers become visible in their order. A position is a number and a primary key; what comes after it is asked for by the
indexes of those numbers, and only up to the number that was committed last when the page began, because a page is read
by two queries and must not jump over what is committed between them. So nothing is missed and nothing comes twice,
however many changes are made between two pages: a verdict that changes again meanwhile comes with its new number.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, Self

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from indicators.models import Assessment, ChangeCounter
from regions.api.parameters import FIRST_YEAR, LAST_YEAR, BadParameterError, shown

#: Behind every primary key.
LAST_KEY = 2**63 - 1
_WRITTEN = re.compile(r"1\.(-?[0-9]{1,18})\.([0-9]{1,19})\.([0-9a-f]{12})")


class Position(NamedTuple):
    """Everything up to this change, and of this change up to this verdict, is known."""

    number: int
    key: int

    def after(self, number: str) -> Q:
        """The condition of what comes later; `number` is the name of the number's column."""
        return Q(**{f"{number}__gt": self.number}) | Q(**{number: self.number, "pk__gt": self.key})


#: Verdicts from before changes were numbered have the number 0.
BEGINNING = Position(-1, 0)


@dataclass(frozen=True)
class Cursor:
    """A position, and what it is a position in: the same list, narrowed alike."""

    position: Position
    narrowing: str

    def __str__(self) -> str:
        text = f"1.{self.position.number}.{self.position.key}.{self.narrowing}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, narrowing: str) -> Self:
        """The cursor that `str` wrote, or the beginning: of everything for 0, else of a day or moment.

        Raises BadParameterError for anything else, and for a cursor of a list that was narrowed otherwise.
        """
        if text == "0":
            return cls(BEGINNING, narrowing)
        if moment := moment_of(text):
            return cls(before(moment), narrowing)
        try:
            plain = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode("ascii")
        except ValueError:
            plain = ""
        found = _WRITTEN.fullmatch(plain)
        if not found or int(found[2]) > LAST_KEY:
            raise BadParameterError(
                f"“{shown([text])}”不是游标。首次请写 0（全部）或日期、时间，以后请写上次得到的 cursor。"
            )
        if found[3] != narrowing:
            raise BadParameterError(
                "这个游标属于另一次读取，筛选条件或令牌的范围与现在不同。请清空本地的数据，从 0 重新读取。"
            )
        return cls(Position(int(found[1]), int(found[2])), narrowing)


def fingerprint(parts: Sequence[str]) -> str:
    """A short text that tells one list, narrowed in one way, from another."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def moment_of(text: str) -> datetime | None:
    """The moment that a text states: a local day from its beginning, or a day and time. None for other texts."""
    # An unescaped + arrives as a blank.
    written = re.sub(r"(T\S+) ([0-9:]{4,5})$", r"\1+\2", text)
    try:
        day = parse_date(written)
        moment = datetime.combine(day, time()) if day else parse_datetime(written)
    except ValueError:
        return None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def before(moment: datetime) -> Position:
    """The position before the first change that was made at that moment or later. Two queries.

    Changes that were made at once may have been committed in another order than their moments: some that are a little
    older then come along, none is left out.
    """
    began = Assessment.ever.filter(judged_at__gte=moment).aggregate(first=Min("change_number"))["first"]
    ended = Assessment.ever.filter(replaced_at__gte=moment).aggregate(first=Min("replacing_number"))["first"]
    numbers = [number for number in (began, ended) if number is not None]
    if numbers:
        return Position(min(numbers) - 1, LAST_KEY)
    return Position(last_number(), LAST_KEY)


def last_number() -> int:
    """The number of the last committed change. One query."""
    return ChangeCounter.objects.values_list("last_number", flat=True).first() or 0


class Event(NamedTuple):
    """A verdict that stands since this position, with what was asked for of it, or one that ended there."""

    position: Position
    has_ended: bool
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Changes:
    """A page of events, where the next one begins, and whether there is anything there yet."""

    events: Sequence[Event]
    end: Position
    has_more: bool


def changes_after(
    position: Position,
    size: int,
    *,
    standing: QuerySet[Any, Any],
    ended: QuerySet[Any, Any],
    columns: Sequence[str],
    columns_of_ended: Sequence[str],
) -> Changes:
    """The next events, `size` at most. Three queries.

    `standing` are the verdicts that the client follows, `ended` those that ended (`without_successor`).
    """
    last = last_number()
    began = standing.filter(position.after("change_number"), change_number__lte=last).order_by("change_number", "pk")
    over = ended.filter(position.after("replacing_number"), replacing_number__lte=last).order_by(
        "replacing_number", "pk"
    )
    events = [
        *(Event(Position(*at), False, rest) for *at, rest in split(began, "change_number", columns, size)),
        *(Event(Position(*at), True, rest) for *at, rest in split(over, "replacing_number", columns_of_ended, size)),
    ]
    events.sort(key=itemgetter(0))
    page = list(islice(events, size))
    has_more = len(events) > size
    end = page[-1].position if has_more else max(position, Position(last, LAST_KEY))
    return Changes(page, end, has_more)


def split(
    rows: QuerySet[Any, Any], number: str, columns: Sequence[str], size: int
) -> list[tuple[int, int, tuple[Any, ...]]]:
    """Number, primary key and columns of the first rows: one more than `size`, to see whether there are more."""
    found = rows.values_list(number, "pk", *columns)[: size + 1]
    return [(first, key, tuple(rest)) for first, key, *rest in found]


def without_successor(verdicts: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Those among all verdicts that ever stood which ended, and after which there was none for the same indicator,
    region and year."""
    later = Assessment.ever.filter(
        indicator=OuterRef("indicator"),
        region=OuterRef("region"),
        year=OuterRef("year"),
        change_number__gte=OuterRef("replacing_number"),
    )
    return verdicts.filter(~Exists(later), replaced_at__isnull=False, replacing_number__isnull=False)

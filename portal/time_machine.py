"""The time machine: the public pages as they were at the end of a day.

`?as_of=2023-12-31` on such a page leads to its address under /as-of/2023-12-31/. The day stands in front of the path
and not behind it, so that every address that a page makes from there, in templates and in code, stays in the same day
by itself. What never looks back (entry, review, administration, whatever is sent) leads out of it, to today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes

from indicators.models import Assessment
from regions.moment import as_of, asked_moment

ASKED = "as_of"
PREFIX = re.compile(r"/as-of/(?P<day>[^/]*)(?P<path>/.*)")
SAFE = ("GET", "HEAD")


class TimeMachineMiddleware:
    """Shows pages as of the day that their address names. Stands behind the middleware of messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page of that day, or the way to the page that can be shown."""
        found = PREFIX.fullmatch(request.path_info)
        path = found["path"] if found else request.path_info
        if not looks_back(request, path):
            return way_to(path, request.GET, request.method) if found else self.get_response(request)
        if ASKED in request.GET:
            return self.go_to(request, path, request.GET[ASKED].strip())
        if found is None:
            return self.get_response(request)
        day = past_day(found["day"])
        if day is None or f"{day}" != found["day"]:
            return self.go_to(request, path, found["day"])
        request.path_info = path
        with prefixed(f"as-of/{day}"), as_of(end_of(day)):
            return self.get_response(request)

    def go_to(self, request: HttpRequest, path: str, asked: str) -> HttpResponseBase:
        """The way to the page on the day that is asked for; to today's where there is none such, with a word why."""
        query = request.GET.copy()
        query.pop(ASKED, None)
        day = past_day(asked)
        if day is None and asked and asked != f"{timezone.localdate()}":
            messages.info(request, refusal(asked))
        return way_to(f"/as-of/{day}{path}" if day else path, query, request.method)


def looks_back(request: HttpRequest, path: str) -> bool:
    """Whether the request only reads one of the public pages, by its path without a day."""
    if request.method not in SAFE:
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return not match.namespaces and match.url_name in public_pages()


@cache
def public_pages() -> frozenset[str]:
    """The names of the pages of portal.dashboards: all of them look back."""
    from portal.dashboards.urls import urlpatterns  # loads the views, which nothing at start-up needs

    return frozenset(str(pattern.name) for pattern in urlpatterns)


def past_day(text: str) -> date | None:
    """The day of the form 2023-12-31, where it is over; None for today, days to come and anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day < timezone.localdate() else None


def refusal(asked: str) -> str:
    """Why the portal does not show the day that is asked for."""
    try:
        is_day = parse_date(asked) is not None
    except ValueError:
        is_day = False
    if is_day:
        return f"{asked} 还没有到，只能回看今天以前的日期。现在显示的是今天的情况。"
    return f"“{asked[:20]}”不是日期。请按“2023-12-31”的格式填写今天以前的日期。现在显示的是今天的情况。"


def end_of(day: date) -> datetime:
    """The last moment of the day, in local time."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


def way_to(path: str, query: QueryDict, method: str | None) -> HttpResponseRedirect:
    """Sends there; what was sent in comes along. Two slashes at the beginning would name another host."""
    address = escape_leading_slashes(f"{get_script_prefix().rstrip('/')}{path}")
    response = HttpResponseRedirect(f"{address}?{query.urlencode()}" if query else address)
    if method not in SAFE:
        response.status_code = HTTPStatus.TEMPORARY_REDIRECT
    return response


@contextmanager
def prefixed(part: str) -> Iterator[None]:
    """Within the block every address that is made stays below this part."""
    outside = get_script_prefix()
    set_script_prefix(f"{outside.rstrip('/')}/{part}/")
    try:
        yield
    finally:
        set_script_prefix(outside)


@dataclass(frozen=True)
class TimeMachine:
    """What pages show of it. `day` is the one they are read as of, None for today; `path` and `today` are the page's
    own address today, without and with its query; `kept` is what stands in the address beside the day. `first` is set
    where nothing was recorded yet on that day: the day on which recording began."""

    day: date | None
    path: str
    today: str
    kept: list[tuple[str, str]]
    newest: date
    first: date | None


def time_machine(request: HttpRequest) -> dict[str, object]:
    """Context processor: the TimeMachine of a public page, None elsewhere. Queries nothing today, once looking back."""
    return {"time_machine": SimpleLazyObject(lambda: machine_of(request))}


def machine_of(request: HttpRequest) -> TimeMachine | None:
    """Where the page stands in time."""
    if not request.user.is_authenticated or not looks_back(request, request.path_info):
        return None
    moment = asked_moment()
    prefix = get_script_prefix() if moment is None else get_script_prefix().rpartition("as-of/")[0]
    path = f"{prefix.rstrip('/')}{request.path_info}"
    query = request.GET.urlencode()
    return TimeMachine(
        day=moment and timezone.localdate(moment),
        path=path,
        today=f"{path}?{query}" if query else path,
        kept=[(name, value) for name, values in request.GET.lists() if name != "page" for value in values],
        newest=timezone.localdate(),
        first=first_day() if moment else None,
    )


def first_day() -> date | None:
    """The day of the oldest verdict, where the moment that is read lies before it. One query, by the primary key."""
    moment = asked_moment()
    first = Assessment.ever.order_by("pk").values_list("judged_at", flat=True).first()
    return timezone.localdate(first) if first and moment and first > moment else None

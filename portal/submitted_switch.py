"""The switch of the public pages: approved values only, or those that wait for review counted too.

`?basis=submitted` leads to the page below /with-submitted/, from where every address stays there (portal.time_machine
does the same with days); `?basis=approved` leads out of it. What a person sees there is what that person may see of
submitted values (indicators.permissions); who has no part in reporting is not let in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from indicators.permissions import may_count_submitted
from indicators.services.submitted_basis import counting_submitted, submitted_counted
from portal.time_machine import ASKED as ASKED_DAY
from portal.time_machine import looks_back, prefixed, way_to
from regions.moment import asked_moment

ASKED = "basis"
SUBMITTED = "submitted"
PART = "with-submitted"
PREFIX = re.compile(rf"/{PART}(?P<path>/.*)")
REFUSAL = "只有填报、审核和领导人员可以查看计入待审核数值的情况。现在显示的只含已审定的数值。"


class SubmittedSwitchMiddleware:
    """Counts submitted values on pages whose address says so. Stands behind the middleware of the time machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page with submitted values, or the way to the page that can be shown."""
        found = PREFIX.fullmatch(request.path_info)
        path = found["path"] if found else request.path_info
        if not looks_back(request, path) or not request.user.is_authenticated:
            return way_to(path, request.GET, request.method) if found else self.get_response(request)
        if ASKED in request.GET or (found and ASKED_DAY in request.GET):
            query = request.GET.copy()
            asked = query.pop(ASKED, [PART])[-1]
            goes_in = asked == SUBMITTED and ASKED_DAY not in query
            return way_to(f"/{PART}{path}" if goes_in else path, query, request.method)
        if found is None:
            return self.get_response(request)
        if not may_count_submitted(request.user):
            messages.info(request, REFUSAL)
            return way_to(path, request.GET, request.method)
        request.path_info = path
        with prefixed(PART), counting_submitted(request.user, now=timezone.now()):
            return self.get_response(request)


@dataclass(frozen=True)
class SubmittedSwitch:
    """What pages show of it. `counted` is how many submitted values count, None where only approved ones do; `other` is
    the address of the page on the other basis."""

    counted: int | None
    other: str


def submitted_switch(request: HttpRequest) -> dict[str, object]:
    """Context processor: the switch of a public page for whoever may use it, None elsewhere and on past days. One query
    at most."""
    return {"submitted_switch": SimpleLazyObject(lambda: switch_of(request))}


def switch_of(request: HttpRequest) -> SubmittedSwitch | None:
    """On which basis the page stands."""
    is_public = request.user.is_authenticated and looks_back(request, request.path_info)
    if not is_public or asked_moment() is not None or not may_count_submitted(request.user):
        return None
    query = request.GET.copy()
    query[ASKED] = SUBMITTED if submitted_counted() is None else "approved"
    return SubmittedSwitch(
        submitted_counted(), f"{get_script_prefix().rstrip('/')}{request.path_info}?{query.urlencode()}"
    )

"""Every request has an id, which its answer and its lines in the log carry: with it an office and an administrator
speak of the same request."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
#: An id that a client or proxy gave. Anything else is not taken over: it would stand in the log.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
NO_REQUEST = "-"

_request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)


class RequestIdMiddleware:
    """Sets `request.id` and the header of the answer. Stands first, so that whatever the others log has the id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with the id. Django logs refusals after the last middleware, so the id stays with the thread until
        the next request."""
        given = request.headers.get(HEADER, "")
        request.id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        _request_id.set(request.id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response[HEADER] = request.id  # type: ignore[attr-defined]
        return response


class RequestIdFilter(logging.Filter):
    """Gives every line of the log its `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True: nothing is held back."""
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "id", None) or _request_id.get()
        return True

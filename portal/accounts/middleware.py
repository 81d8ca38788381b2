"""Who is let through to a page: somebody signed in and not idle for too long, with a password of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponseBase]

#: Session key: when the session was last kept alive, in seconds since 1970.
LAST_SEEN = "last_seen"
#: A session is kept alive at most this often (seconds): pages are read without a write to the database.
KEEP_ALIVE_EVERY = 60


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends everybody who is not signed in to the sign-in page, and says there when a session ended by itself.

    The session store forgets a session SESSION_COOKIE_AGE after it was last saved. Every request saves it again unless
    that happened within the last minute, so that a session ends after 29 to 30 idle minutes, never later.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Keep the session alive, or note that the browser still names one that is over."""
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return
        if SESSION_KEY in request.session:
            now = int(time.time())
            if now - request.session.get(LAST_SEEN, 0) >= KEEP_ALIVE_EVERY:
                request.session[LAST_SEEN] = now
        # A store that does not know the key of the cookie drops it.
        request.session_is_over = request.session.session_key is None  # type: ignore[attr-defined]

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> Any:
        """Pass, or the way to the sign-in page. The session of somebody deactivated meanwhile ends for good."""
        if not request.user.is_authenticated and SESSION_KEY in request.session:
            request.session.flush()
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> Any:
        """To the sign-in page, which comes back to the page that the person was looking at."""
        ended = "idle" if getattr(request, "session_is_over", False) else ""
        return redirect(_with_query(self.get_login_url(view_func), next=page_looked_at(request), ended=ended))


class OwnPasswordMiddleware:
    """Sends somebody whose password another person chose to the page that changes it, until that is done.

    Pages that need no sign-in (signing out among them) stay within reach.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only the view matters."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Pass, or the way to the password page."""
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if not request.user.must_change_password or (match and match.view_name == "password"):
            return None
        return redirect(_with_query("password", next=page_looked_at(request)))


def page_looked_at(request: HttpRequest) -> str:
    """The path to come back to: the page asked for, or, where something was sent, the page it was sent from.

    Empty when that page is not known to be one of ours.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referrer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referrer)
    return str(urlunsplit(("", "", parts.path, parts.query, "")))


def _with_query(page: str, **values: str) -> str:
    """The address of a page (a path or the name of one) with those of the values that are not empty."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in values.items() if value})
    address = resolve_url(page)
    return f"{address}?{query.urlencode(safe='/')}" if query else address

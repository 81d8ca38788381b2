"""Signing in without a request: `Client.login()` has none, and the lockout counts by the address of one."""

from __future__ import annotations

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.http import HttpRequest


class LockoutBackend(AxesStandaloneBackend):
    """The lockout as in production for everything that comes over HTTP."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Refuse what is locked; leave everything else, and a caller without a request, to the next backend."""
        if request is not None:
            super().authenticate(request, **credentials)

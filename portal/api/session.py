"""People who are signed in read the API in their browser, as they read the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request


class ReadingSession(BaseAuthentication):
    """A session counts for reading only, so that no page of another host can write through somebody's browser."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The signed-in person; None for others. Raises PermissionDenied for one who still has somebody else's
        password."""
        person = getattr(request._request, "user", None)
        if request.method not in SAFE_METHODS or person is None or not person.is_active:
            return None
        if person.must_change_password:
            raise PermissionDenied("请先在门户中修改初始密码，然后再使用接口。")
        return person, None

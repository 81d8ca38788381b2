"""Addresses under /api/ that there are not."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class UnknownAddress(APIView):
    """Answers like every endpoint does, not with a page."""

    authentication_classes = []
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises NotFound, whatever the method."""
        slash = "" if request.path.endswith("/") else "地址要以 / 结尾。"
        raise NotFound(f"没有这个接口地址。{slash}全部地址见 /api/v1/docs/。")

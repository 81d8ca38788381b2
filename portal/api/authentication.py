"""Placeholder for merge: tokens."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    """Knows no tokens."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Nobody."""
        return None

    def authenticate_header(self, request: Request) -> str:
        """What a client has to send."""
        return "Token"

"""What OPTIONS answers: what an address is, and where the whole of it is written."""

from __future__ import annotations

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request


class WhatItIs(BaseMetadata):
    """Title and methods. Fields and parameters are in the schema, once."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        """The same for everybody."""
        return {
            "title": getattr(view, "title", ""),
            "methods": view.allowed_methods,
            "documentation": "/api/v1/docs/",
        }

"""What the schema says of every endpoint."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class PortalSchema(AutoSchema):
    """The schema of an endpoint."""

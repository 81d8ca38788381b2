"""Whose data a request may read. Endpoints ask here, in `get_queryset`, and nowhere else."""

from __future__ import annotations

from typing import Protocol

from django.db.models import QuerySet
from rest_framework.request import Request

from indicators.models import Plan


class Client(Protocol):
    """What a token stands for."""

    def plan_scope(self) -> QuerySet[Plan]:
        """The plans that it reads."""


def plans_in_scope(request: Request) -> QuerySet[Plan]:
    """The plans that the request may read: the client's, or all plans for a signed-in person, as on the pages. Queries
    nothing."""
    client: Client | None = request.auth
    return Plan.objects.order_by() if client is None else client.plan_scope().order_by()

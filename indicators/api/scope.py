"""Whose data a request may read. Endpoints ask here, in `get_queryset` and for the records that parameters name, and
nowhere else."""

from __future__ import annotations

from typing import Protocol, cast

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from indicators.models import Indicator, Plan
from regions.models import Department


class Client(Protocol):
    """What a token stands for."""

    def plan_scope(self) -> QuerySet[Plan]:
        """The plans that it reads."""


def plans_in_scope(request: Request) -> QuerySet[Plan]:
    """The plans that the request may read: the client's, or all plans for a signed-in person, as on the pages. Queries
    nothing."""
    client = cast(Client | None, request.auth)
    return Plan.objects.order_by() if client is None else client.plan_scope().order_by()


def indicators_in_scope(request: Request) -> QuerySet[Indicator]:
    """The indicators of those plans."""
    return Indicator.objects.filter(plan__in=plans_in_scope(request)).order_by()


def departments_in_scope(request: Request) -> QuerySet[Department]:
    """The departments of the regions of those plans and of places below them."""
    regions = plans_in_scope(request).values("region")
    below = Q(region__parent__in=regions) | Q(region__parent__parent__in=regions)
    return Department.objects.filter(Q(region__in=regions) | below).order_by()

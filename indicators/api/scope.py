"""Whose data a request may read. Endpoints ask here, in `get_queryset` and for the records that parameters name, and
nowhere else."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, cast

from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from indicators.models import Indicator, Plan
from regions.models import Department

Row = TypeVar("Row", bound=Model)


class Client(Protocol):
    """What a token stands for."""

    def plan_scope(self) -> QuerySet[Plan]:
        """The plans that it reads."""


def plans_in_scope(request: Request) -> QuerySet[Plan]:
    """The plans that the request may read: the client's, or all plans for a signed-in person, as on the pages. Queries
    nothing."""
    client = cast(Client | None, request.auth)
    return Plan.objects.order_by() if client is None else client.plan_scope().order_by()


def narrowed(rows: QuerySet[Row, Any], request: Request, plan: str) -> QuerySet[Row, Any]:
    """The rows whose plan, by that way, is in scope. A scope of all plans costs nothing."""
    plans = plans_in_scope(request)
    return rows if is_everything(plans) else rows.filter(**{f"{plan}__in": plans})


def is_everything(plans: QuerySet[Plan]) -> bool:
    """Whether these are plainly all plans: the table, and nothing that could leave a plan out. When in doubt, no."""
    query = plans.query
    restricted = query.where or query.combinator or query.is_sliced or query.is_empty()
    return not restricted and len(query.alias_map) <= 1


def scope_in_words(request: Request) -> list[str]:
    """The plans in scope by their slugs; empty for all plans. One query unless it is all plans."""
    plans = plans_in_scope(request)
    return [] if is_everything(plans) else ["scope", *plans.order_by("slug").values_list("slug", flat=True)]


def indicators_in_scope(request: Request) -> QuerySet[Indicator]:
    """The indicators of those plans."""
    return Indicator.objects.filter(plan__in=plans_in_scope(request)).order_by()


def departments_in_scope(request: Request) -> QuerySet[Department]:
    """The departments of the regions of those plans and of places below them."""
    regions = plans_in_scope(request).values("region")
    below = Q(region__parent__in=regions) | Q(region__parent__parent__in=regions)
    return Department.objects.filter(Q(region__in=regions) | below).order_by()

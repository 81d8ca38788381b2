"""Endpoints of plans."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from indicators.api.rows import PlanRow
from indicators.api.scope import plans_in_scope
from indicators.models import Indicator, Plan, Stage
from regions.api.parameters import Codes
from regions.api.views import ReadOnlyEndpoint


class PlanEndpoint(ReadOnlyEndpoint):
    """Plans and their documents."""

    serializer_class = PlanRow
    title = "规划"
    lookup_field = "slug"
    total_order = ("slug",)
    orderings = {
        "slug": "slug",
        "title": "title",
        "region": "region__slug",
        "period_start": "period_start",
        "target_year": "target_year",
    }
    searched = ("title", "document_number", "issuer")
    filters = {
        "stage": Codes("stage", "文件阶段", Stage.choices),
    }

    def get_queryset(self) -> QuerySet[Plan, Any]:
        """Plans in scope, with the number of their declared indicators."""
        declared = Indicator.objects.declared().filter(plan=OuterRef("pk")).order_by().values("plan")
        counted = Subquery(declared.annotate(number=Count("pk")).values("number"))
        return plans_in_scope(self.request).annotate(indicator_count=Coalesce(counted, 0))

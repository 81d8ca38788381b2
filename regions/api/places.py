"""The endpoint of places, which belong to no plan: everybody who may read anything reads them all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from regions.api.fields import Row
from regions.api.parameters import Codes, Keys
from regions.api.views import ReadOnlyEndpoint
from regions.models import Region, RegionLevel


class RegionRow(Row):
    """一个地区。"""

    slug = serializers.CharField(help_text="地区标识，在其他接口中称 region。")
    name = serializers.CharField(help_text="地区名称。")
    level = serializers.ChoiceField(RegionLevel.choices, help_text="层级。")
    parent = serializers.CharField(  # type: ignore[assignment]  # a field's name, not the field's own parent
        source="parent__slug", allow_null=True, help_text="上级地区的标识；没有上级的为 null。"
    )
    division_code = serializers.CharField(help_text="行政区划代码（GB/T 2260）；开发区为空。")


class RegionEndpoint(ReadOnlyEndpoint):
    """地区。"""

    serializer_class = RegionRow
    title = "地区"
    lookup_field = "slug"
    total_order = ("slug",)
    orderings = {"slug": "slug", "name": "name", "level": "level", "division_code": "division_code"}
    searched = ("name", "slug", "division_code")
    filters = {
        "level": Codes("level", "层级", RegionLevel.choices),
        "parent": Keys(
            "parent", "上级地区的标识。", lambda request: Region.objects.order_by(), key="slug", noun="地区"
        ),
    }

    def get_queryset(self) -> QuerySet[Region, Any]:
        """All places."""
        return Region.objects.order_by()

"""Endpoints of plans, of the topics that tie plans together, and of the departments that answer in them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from indicators.api.filters import by_region
from indicators.api.scope import departments_in_scope, plans_in_scope
from indicators.models import Domain, Indicator, Plan, Stage, Topic
from regions.api.fields import Row
from regions.api.parameters import Codes
from regions.api.views import ReadOnlyEndpoint
from regions.models import Department, DepartmentKind


class PlanRow(Row):
    """一个规划：一份公开印发的文件及其规划期。"""

    slug = serializers.CharField(help_text="规划标识，在其他接口中称 plan。")
    title = serializers.CharField(help_text="规划名称。")
    region = serializers.CharField(source="region__slug", help_text="规划所属地区的标识。")
    period_start = serializers.IntegerField(help_text="规划期第一年。")
    period_end = serializers.IntegerField(help_text="规划期最后一年。")
    baseline_year = serializers.IntegerField(help_text="基期年。")
    target_year = serializers.IntegerField(help_text="目标年。")
    document_number = serializers.CharField(help_text="文号；原文没有的为空。")
    issuer = serializers.CharField(help_text="发布机关。")
    stage = serializers.ChoiceField(Stage.choices, help_text="文件阶段。")
    coordinating_department = serializers.CharField(
        source="coordinating_department__code", help_text="统筹部门的代码；没有写明牵头单位的指标由它牵头。"
    )
    declared_indicator_count = serializers.IntegerField(
        allow_null=True, help_text="文件自己载明的指标数；没有载明的为 null。"
    )
    indicator_count = serializers.IntegerField(
        help_text="录入的指标表指标数（分项不另计），与 declared_indicator_count 对照。"
    )


class PlanEndpoint(ReadOnlyEndpoint):
    """规划。"""

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
        "indicator_count": "indicator_count",
    }
    searched = ("title", "document_number", "issuer")
    filters = {"region": by_region("region"), "stage": Codes("stage", "文件阶段", Stage.choices)}

    def get_queryset(self) -> QuerySet[Plan, Any]:
        """Plans in scope, with the number of their declared indicators."""
        declared = Indicator.objects.declared().filter(plan=OuterRef("pk")).order_by().values("plan")
        counted = Subquery(declared.annotate(number=Count("pk")).values("number"))
        return plans_in_scope(self.request).annotate(indicator_count=Coalesce(counted, 0))


class TopicRow(Row):
    """一个指标主题：不同规划中主题相同的指标，量的是同一件事。"""

    key = serializers.CharField(help_text="主题标识，在其他接口中称 topic。")
    name = serializers.CharField(help_text="主题名称。")
    unit = serializers.CharField(help_text="通用单位；没有的为空。")
    domain = serializers.ChoiceField(Domain.choices, help_text="所属领域。")


class TopicEndpoint(ReadOnlyEndpoint):
    """指标主题，各规划共用的目录。"""

    serializer_class = TopicRow
    title = "指标主题"
    lookup_field = "key"
    total_order = ("key",)
    orderings = {"key": "key", "name": "name", "domain": "domain"}
    searched = ("name", "key")
    filters = {"domain": Codes("domain", "领域", Domain.choices)}

    def get_queryset(self) -> QuerySet[Topic, Any]:
        """The catalogue, which belongs to no plan."""
        return Topic.objects.order_by()


class DepartmentRow(Row):
    """一个部门或单位，名称按所在地区的文件。"""

    code = serializers.CharField(help_text="部门代码，在其他接口中称 department、lead、participating。")
    name = serializers.CharField(help_text="部门名称。")
    region = serializers.CharField(source="region__slug", help_text="所属地区的标识。")
    kind = serializers.ChoiceField(DepartmentKind.choices, help_text="类型。")


class DepartmentEndpoint(ReadOnlyEndpoint):
    """范围之内各规划所在地区的部门。"""

    serializer_class = DepartmentRow
    title = "部门"
    lookup_field = "code"
    total_order = ("code",)
    orderings = {"code": "code", "name": "name", "region": "region__slug"}
    searched = ("name", "code")
    filters = {"region": by_region("region"), "kind": Codes("kind", "类型", DepartmentKind.choices)}

    def get_queryset(self) -> QuerySet[Department, Any]:
        """Departments in scope."""
        return departments_in_scope(self.request)

"""The endpoint of yearly values: approved ones only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from indicators.api.changes import Changes
from indicators.api.filters import by_department, by_indicator, by_plan, by_region, by_topic, indicator_answered_by
from indicators.api.following import ADDRESS, NAME, ChangedSince, FollowedEndpoint, deleted
from indicators.api.scope import narrowed
from indicators.core.codes import Constraint, Finding
from indicators.display import show_value
from indicators.models import Assessment, Indicator, ValueOrigin, YearlyValue
from regions.api.fields import Derived, Figure, Row
from regions.api.parameters import Codes, Flag, FlagOf, Years


def display(value: Decimal | None, finding: str, value_type: str, unit: str) -> str:
    """The value as the pages write it."""
    return show_value(Indicator(value_type=value_type, unit=unit), value, finding)


class ValueRow(Row):
    """一个已审定的年度数值。"""

    derived = {
        "display": Derived(("value", "finding", "indicator__value_type", "indicator__unit"), display),
        "finding": Derived(("finding",), lambda finding: finding or None),
        "is_demonstration": Derived(("origin",), ValueOrigin.DEMONSTRATION.__eq__),
    }

    plan = serializers.CharField(source="indicator__plan__slug", help_text="规划。")
    indicator = serializers.CharField(source="indicator__code", help_text="指标代码。")
    region = serializers.CharField(source="region__slug", help_text="数值所属的地区：规划的地区，或分解到的区县。")
    year = serializers.IntegerField(help_text="年度。")
    value = Figure(help_text="数值，单位同指标；水质类别为 1 至 6；评定类指标为 null。")
    finding = serializers.ChoiceField(Finding.choices(), allow_null=True, help_text="评定结论；不是评定类的为 null。")
    display = serializers.CharField(help_text="数值连同单位的写法，例如 96.7%、Ⅲ类、部分达成。")
    source = serializers.CharField(  # type: ignore[assignment]  # a field's name, not the field's own source
        help_text="数据来源；没有注明的为空。"
    )
    source_url = serializers.CharField(help_text="来源网址；没有的为空。")
    is_demonstration = serializers.BooleanField(help_text="true 为演示数据，不能作为实际数值使用。")
    approved_at = serializers.DateTimeField(help_text="审定时间。")


@extend_schema_view(retrieve=extend_schema(parameters=ADDRESS))
class ValueEndpoint(FollowedEndpoint):
    """已审定的年度数值。草稿、待审核和退回的数值不在其中。

    changed_since 给出计入评价的数值的变动；只改数据来源的文字不算变动，数值未变而评价有变的行会再次给出。
    """

    serializer_class = ValueRow
    title = "年度数值"
    total_order = ("indicator_id", "region_id", "year")
    orderings = {
        "plan": "indicator__plan__slug",
        "indicator": "indicator__code",
        "region": "region__slug",
        "year": "year",
        "value": "value",
        "approved_at": "approved_at",
    }
    searched = ("indicator__name", "indicator__code", "source")
    filters = {
        "plan": by_plan("indicator__plan"),
        "indicator": by_indicator("indicator"),
        "region": by_region("region"),
        "year": Years("year", "年度，多个用逗号分隔。"),
        "constraint": Codes("indicator__constraint", "指标属性", Constraint.choices()),
        "department": by_department(indicator_answered_by("indicator", "indicator__plan")),
        "topic": by_topic("indicator__topic"),
        "headline": Flag("indicator__parent__isnull", "true 只要指标本身，false 只要分项指标。"),
        "is_demonstration": FlagOf(Q(origin=ValueOrigin.DEMONSTRATION), "true 只要演示数据，false 不要这些。"),
        NAME: ChangedSince("数值或评价有变动的都会给出；只改数据来源而数值未变的不在其中，需要时重新读取全部。"),
    }
    columns_of_standing = ("indicator__code", "region__slug", "year", "had_another")

    def get_queryset(self) -> QuerySet[YearlyValue, Any]:
        """Approved values of plans in scope."""
        return narrowed(YearlyValue.objects.approved().order_by(), self.request, "indicator__plan")

    def key(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """Indicator, region and year."""
        return {
            "indicator__code": address["indicator"],
            "region__slug": address["region"],
            "year": int(address["year"]),
        }

    def followed(self) -> QuerySet[Assessment, Any]:
        """The verdict on a value changes in the same transaction as the value, and takes its number safely. Parents
        have no values of their own."""
        same = {name: OuterRef(name) for name in ("indicator", "region", "year")}
        earlier = Assessment.ever.filter(**same, replaced_at__isnull=False)
        leaves = Assessment.objects.filter(indicator__components__isnull=True)
        return narrowed(leaves, self.request, "indicator__plan").annotate(had_another=Exists(earlier))

    def changed_rows(self, changes: Changes) -> Sequence[dict[str, Any]]:
        """The value of each verdict that changed; nothing for one that never had a value. One query."""
        keys = [event.values[:3] for event in changes.events]
        codes, slugs, years = zip(*keys, strict=True) if keys else ((), (), ())
        values = self.get_queryset().filter(
            indicator__code__in=set(codes), region__slug__in=set(slugs), year__in=set(years)
        )
        found = {(row["indicator"], row["region"], row["year"]): row for row in self.shown([*self.records(values)])}
        rows = []
        for event, key in zip(changes.events, keys, strict=True):
            if key in found:
                rows.append(found[key])
            elif event.has_ended or event.values[3]:
                rows.append(deleted(*key))
        return rows

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether a value is one of demonstration. One query."""
        return rows.filter(origin=ValueOrigin.DEMONSTRATION).exists()

"""The endpoint of indicators, with baseline, target and departments."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.utils import timezone
from rest_framework import serializers

from indicators.api.filters import answered_by, by_department, by_indicator, by_plan, by_topic
from indicators.api.scope import indicators_in_scope
from indicators.api.targets import rule_in_short, stated
from indicators.core.codes import (
    Comparator,
    Constraint,
    Direction,
    EntryBasis,
    Frequency,
    MeasureKind,
    ValueType,
)
from indicators.models import Baseline, Indicator, Origin, Responsibility, Target
from indicators.models.target import in_effect
from regions.api.fields import Figure, Row, figure_text
from regions.api.parameters import Codes, Flag
from regions.api.views import ReadOnlyEndpoint
from regions.models import DutyRole
from regions.moment import asked_moment


class BaselineRow(serializers.Serializer[Any]):
    """基期值。"""

    value = Figure(help_text="数值，单位同指标；水质类别为 1 至 6（6 为劣Ⅴ类）；原文没有数字的为 null。")
    text = serializers.CharField(help_text="原文的写法。")
    year = serializers.IntegerField(help_text="年份。")
    note = serializers.CharField(help_text="说明。")


class TargetRow(serializers.Serializer[Any]):
    """现行的期末目标。"""

    year = serializers.IntegerField(help_text="目标年。")
    version = serializers.IntegerField(help_text="版本，1 为原文的目标。")
    wording = serializers.CharField(help_text="目标原文。")
    rule = serializers.JSONField(
        allow_null=True, help_text="对原文的理解：all 中各项都要满足，每项满足 any 中的一个即可。"
    )
    value = Figure(help_text="原文写明的数，单位同指标；没有或不止一个的为 null。")
    comparator = serializers.ChoiceField(
        Comparator.choices(), allow_null=True, help_text="与这个数怎样比较；不是与数比较的为 null。"
    )
    assigned_value = Figure(help_text="上级下达的数；没有下达的为 null。")
    document = serializers.CharField(help_text="依据文件。")


class IndicatorRow(Row):
    """一个指标。数值的单位见 unit；百分比以百分点计，96.7 即 96.7%。"""

    completed = frozenset({"baseline", "target", "lead", "participating"})

    code = serializers.CharField(help_text="指标代码，在其他接口中称 indicator。")
    plan = serializers.CharField(source="plan__slug", help_text="所属规划。")
    number = serializers.CharField(help_text="在原文指标表中的序号；没有的为空。")
    parent = serializers.CharField(  # type: ignore[assignment]  # a field's name, not the field's own parent
        source="parent__code", allow_null=True, help_text="分项指标所属的指标；不是分项的为 null。"
    )
    name = serializers.CharField(help_text="指标名称。")
    unit = serializers.CharField(help_text="单位；没有的为空。")
    category = serializers.CharField(source="category__key", help_text="类别的标识，在一个规划之内唯一。")
    category_name = serializers.CharField(source="category__name", help_text="类别的名称。")
    topic = serializers.CharField(source="topic__key", allow_null=True, help_text="指标主题；没有归入主题的为 null。")
    constraint = serializers.ChoiceField(Constraint.choices(), help_text="指标属性。")
    direction = serializers.ChoiceField(Direction.choices(), help_text="方向。")
    value_type = serializers.ChoiceField(ValueType.choices(), help_text="填报类型。")
    measure = serializers.ChoiceField(MeasureKind.choices(), help_text="计量方式。")
    entry_basis = serializers.ChoiceField(EntryBasis.choices(), help_text="填报的是当年数还是累计数。")
    frequency = serializers.ChoiceField(Frequency.choices(), help_text="期末达到，还是每年都要达到。")
    baseline = BaselineRow(allow_null=True, help_text="基期值；没有的为 null。")
    target = TargetRow(allow_null=True, help_text="现行的期末目标；没有的为 null。")
    lead = serializers.ListField(
        child=serializers.CharField(), help_text="牵头部门的代码；原文没有写明的为空，由规划的统筹部门牵头。"
    )
    participating = serializers.ListField(child=serializers.CharField(), help_text="参与部门的代码。")
    origin = serializers.ChoiceField(Origin.choices, help_text="出处。")
    section = serializers.CharField(help_text="原文章节。")


class IndicatorEndpoint(ReadOnlyEndpoint):
    """指标及其基期值、目标和责任部门。"""

    serializer_class = IndicatorRow
    title = "指标"
    lookup_field = "code"
    total_order = ("plan_id", "position", "code")
    orderings = {
        "code": "code",
        "plan": "plan__slug",
        "name": "name",
        "constraint": "constraint",
        "topic": "topic__key",
    }
    searched = ("name", "code", "section")
    filters = {
        "plan": by_plan("plan"),
        "parent": by_indicator("parent"),
        "topic": by_topic("topic"),
        "constraint": Codes("constraint", "指标属性", Constraint.choices()),
        "origin": Codes("origin", "出处", Origin.choices),
        "department": by_department(
            answered_by(Responsibility.objects.filter(indicator=OuterRef("pk")).order_by(), "plan")
        ),
        "headline": Flag("parent__isnull", "true 只要指标本身，false 只要分项指标。"),
    }

    def get_queryset(self) -> QuerySet[Indicator, Any]:
        """Indicators in scope."""
        return indicators_in_scope(self.request)

    def complete(self, keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
        """Baselines, targets and duties: three queries."""
        baselines, targets, duties = newest_baselines(keys), newest_targets(keys), duties_of(keys)
        for key, row in zip(keys, rows, strict=True):
            row["baseline"] = baselines.get(key)
            target = targets.get(key)
            row["target"] = None if target is None else target_row(target, row["direction"])
            row["lead"] = duties[key, DutyRole.LEAD]
            row["participating"] = duties[key, DutyRole.PARTICIPATING]


def newest_baselines(indicators: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The baseline in force of each indicator, for the plan's own region. One query."""
    found = Baseline.objects.filter(
        in_effect(timezone.localdate(asked_moment())), indicator__in=indicators, region=F("indicator__plan__region")
    ).order_by("version")
    rows = found.values_list("indicator", "value", "text", "year", "note")
    return {
        indicator: {"value": figure_text(value), "text": text, "year": year, "note": note}
        for indicator, value, text, year, note in rows
    }


def newest_targets(indicators: Sequence[int]) -> dict[int, list[Any]]:
    """The final target in force of each indicator, for the plan's own region. One query."""
    found = Target.objects.filter(
        in_effect(timezone.localdate(asked_moment())),
        indicator__in=indicators,
        region=F("indicator__plan__region"),
        year=F("indicator__target_year"),
    ).order_by("version")
    names = ("indicator", "year", "version", "wording", "rule", "assigned_value", "document")
    return {indicator: rest for indicator, *rest in found.values_list(*names)}


def target_row(target: Sequence[Any], direction: str) -> dict[str, Any]:
    """A target as the row of its indicator shows it."""
    year, version, wording, rule, assigned, document = target
    figure, comparator = stated(json.dumps(rule), direction)
    return {
        "year": year,
        "version": version,
        "wording": wording,
        "rule": rule_in_short(rule),
        "value": figure_text(figure),
        "comparator": comparator,
        "assigned_value": figure_text(assigned),
        "document": document,
    }


def duties_of(indicators: Sequence[int]) -> defaultdict[tuple[int, str], list[str]]:
    """Codes of departments by indicator and role, in printed order. One query."""
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    duties = Responsibility.objects.filter(indicator__in=indicators).order_by("position", "pk")
    for indicator, role, code in duties.values_list("indicator", "role", "department__code"):
        found[indicator, role].append(code)
    return found

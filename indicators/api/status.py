"""The main endpoint: how every indicator stands in every year, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, TextField
from django.db.models.functions import Cast
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from indicators.api.changes import Changes
from indicators.api.filters import by_department, by_indicator, by_plan, by_region, by_topic, indicator_answered_by
from indicators.api.following import ADDRESS, NAME, ChangedSince, FollowedEndpoint, deleted
from indicators.api.scope import narrowed
from indicators.api.targets import target_figure
from indicators.core.codes import Constraint, Finding
from indicators.core.verdicts import Severity, Verdict
from indicators.models import Assessment
from indicators.models.assessment import in_declared_order
from regions.api.fields import Derived, Figure, Row
from regions.api.files import Column
from regions.api.parameters import BadParameterError, Codes, Flag, Parameter, Years, shown
from regions.api.views import Described, ReadOnlyEndpoint
from regions.models import DutyRole

VERDICT_LABELS = {verdict.value: verdict.label for verdict in Verdict}


class StatusRow(Row):
    """一个指标在一个地区、一个年度的评价：结论、依据和理由。"""

    derived = {
        "target_value": Derived(("target_rule", "indicator__direction", "target__assigned_value"), target_figure),
        "verdict_label": Derived(("verdict",), VERDICT_LABELS.__getitem__),
        "finding": Derived(("inputs",), lambda result: result.get("finding")),
        "inputs": Derived(("inputs",), lambda result: result.get("inputs")),
    }

    plan = serializers.CharField(source="indicator__plan__slug", help_text="规划。")
    indicator = serializers.CharField(source="indicator__code", help_text="指标代码。")
    region = serializers.CharField(source="region__slug", help_text="地区：规划的地区，或目标分解到的区县。")
    name = serializers.CharField(source="indicator__name", help_text="指标名称。")
    unit = serializers.CharField(source="indicator__unit", help_text="单位；没有的为空。")
    constraint = serializers.ChoiceField(Constraint.choices(), source="indicator__constraint", help_text="指标属性。")
    year = serializers.IntegerField(help_text="年度。")
    value = Figure(help_text="该年数值，单位见 unit；没有填报的为 null，不沿用上年数，也不推算。")
    finding = serializers.ChoiceField(Finding.choices(), allow_null=True, help_text="该年评定结论；没有评定的为 null。")
    target_wording = serializers.CharField(
        source="target__wording", allow_null=True, help_text="期末目标的原文；没有目标的为 null。"
    )
    target_value = Figure(help_text="期末要达到的数：上级下达的，或原文写明的，单位见 unit；没有或不止一个的为 null。")
    target_version = serializers.IntegerField(
        source="target__version", allow_null=True, help_text="所依据的目标版本；没有目标的为 null。"
    )
    required_value = Figure(source="required", help_text="按序时进度当年应达到的数，单位见 unit。")
    progress = Figure(help_text="完成进度，比值：0.268 即 26.8%。")
    pace = Figure(help_text="序时系数，比值：实际进度除以应有进度，1 为正好同步。")
    gap = Figure(help_text="与目标的差距，单位见 unit；正数为还差多少，负数为超出多少。")
    projection = Figure(help_text="照此速度的期末预计值，单位见 unit。")
    verdict = serializers.ChoiceField(Verdict.choices(), help_text="评价结论。")
    verdict_label = serializers.CharField(help_text="评价结论的中文名称。")
    severity = serializers.ChoiceField(Severity.choices(), help_text="预警级别。")
    reason = serializers.CharField(help_text="理由，一句完整的话。")
    rule_number = serializers.IntegerField(allow_null=True, help_text="所用评价规则的编号（docs/assessment.md）。")
    inputs = serializers.JSONField(
        allow_null=True,
        help_text="评价所依据的一切：目标、基期值、各年数值、年度目标、下达数、评价比例；由分项得出的为 null。",
    )
    is_demonstration = serializers.BooleanField(help_text="true 为依据演示数据得出，不能作为实际结论使用。")
    judged_at = serializers.DateTimeField(help_text="这一结论从何时起成立。")


FILTERS: dict[str, Parameter] = {
    "plan": by_plan("indicator__plan"),
    "indicator": by_indicator("indicator"),
    "region": by_region("region"),
    "year": Years("year", "年度，多个用逗号分隔；不写为规划期内各评价年度。"),
    "constraint": Codes("indicator__constraint", "指标属性", Constraint.choices()),
    "verdict": Codes("verdict", "评价结论", Verdict.choices()),
    "severity": Codes("severity", "预警级别", Severity.choices()),
    "department": by_department(indicator_answered_by("indicator", "indicator__plan")),
    "topic": by_topic("indicator__topic"),
    "headline": Flag("indicator__parent__isnull", "true 只要指标本身（门户的统计只计这些），false 只要分项指标。"),
    "is_demonstration": Flag("is_demonstration", "true 只要依据演示数据的，false 不要这些。"),
}
SEARCHED = ("indicator__name", "indicator__code")


def verdicts_in_scope(request: Request) -> QuerySet[Assessment, Any]:
    """Verdicts on indicators of plans in scope. They rest on approved values only."""
    return narrowed(Assessment.objects.order_by(), request, "indicator__plan")


def with_rule(verdicts: QuerySet[Assessment, Any]) -> QuerySet[Any, Any]:
    """With the stored rule of the target as text."""
    return verdicts.annotate(target_rule=Cast("target__rule", TextField()))


@extend_schema_view(retrieve=extend_schema(parameters=ADDRESS))
class StatusEndpoint(FollowedEndpoint):
    """各指标、各地区、各年度的评价，只依据已审定的数值。"""

    serializer_class = StatusRow
    title = "指标评价"
    total_order = ("indicator_id", "region_id", "year")
    orderings = {
        "plan": "indicator__plan__slug",
        "indicator": "indicator__code",
        "region": "region__slug",
        "year": "year",
        "verdict": in_declared_order("verdict", list(Verdict)),
        "severity": in_declared_order("severity", list(Severity)),
        "value": "value",
        "progress": "progress",
        "pace": "pace",
        "gap": "gap",
        "judged_at": "judged_at",
    }
    searched = SEARCHED
    filters = {**FILTERS, NAME: ChangedSince()}
    columns_of_standing = StatusRow.layout().columns

    def get_queryset(self) -> QuerySet[Assessment, Any]:
        """Verdicts in scope."""
        return verdicts_in_scope(self.request)

    def records(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The columns, and the rule of the target as text, which is read once for equal rules."""
        return super().records(with_rule(rows))

    def key(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """Indicator, region and year."""
        return {
            "indicator__code": address["indicator"],
            "region__slug": address["region"],
            "year": int(address["year"]),
        }

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether a verdict rests on figures of demonstration. One query."""
        return rows.filter(is_demonstration=True).exists()

    def followed(self) -> QuerySet[Assessment, Any]:
        """All of them."""
        return with_rule(self.get_queryset())

    def changed_rows(self, changes: Changes) -> Sequence[dict[str, Any]]:
        """Rows, and what ended without a successor."""
        row = StatusRow.layout().row
        return [deleted(*event.values) if event.has_ended else row(event.values) for event in changes.events]


def text(help_text: str, *, allow_null: bool = False) -> serializers.CharField:
    """A group that is a key."""
    return serializers.CharField(required=False, allow_null=allow_null, help_text=help_text)


def code(choices: Sequence[tuple[str, str]], help_text: str) -> serializers.ChoiceField:
    """A group that is a code."""
    return serializers.ChoiceField(choices, required=False, help_text=help_text)


class SummaryRow(Row):
    """一组评价的数量。只有 group_by 写明的分组字段才出现。"""

    plan = text("规划。")
    region = text("地区。")
    constraint = code(Constraint.choices(), "指标属性。")
    verdict = code(Verdict.choices(), "评价结论。")
    severity = code(Severity.choices(), "预警级别。")
    category = text("类别的标识；类别名称见 indicators，不同规划的类别请同时按 plan 分组。")
    department = text("牵头部门；没有写明牵头部门的为 null。由几个部门牵头的指标在每个部门各计一次。", allow_null=True)
    topic = text("指标主题；没有归入主题的为 null。", allow_null=True)
    year = serializers.IntegerField(required=False, help_text="年度。")
    count = serializers.IntegerField(help_text="评价的数量。")
    demonstrated = serializers.IntegerField(help_text="其中依据演示数据的数量。")


#: What can be grouped by, and its column.
GROUPS = {
    "plan": "indicator__plan__slug",
    "region": "region__slug",
    "constraint": "indicator__constraint",
    "verdict": "verdict",
    "severity": "severity",
    "category": "indicator__category__key",
    "department": "duty__department__code",
    "topic": "indicator__topic__key",
    "year": "year",
}
#: Codes come in the order in which they are declared, the worst first.
GROUP_ORDERS: dict[str, Any] = {
    "verdict": in_declared_order("verdict", list(Verdict)).asc(),
    "severity": in_declared_order("severity", list(Severity)).asc(),
    "constraint": in_declared_order("indicator__constraint", list(Constraint)).asc(),
}
DEFAULT_GROUP = "verdict"
COUNTS = ("count", "demonstrated")


class Groups(Described):
    """The names to group by."""

    def read(self, texts: Sequence[str], request: Request) -> tuple[str, ...]:
        """The names in the order that was asked for. Raises BadParameterError."""
        if wrong := [each for each in texts if each not in GROUPS]:
            raise BadParameterError(f"不能按“{shown(wrong)}”分组。可用的分组：{'、'.join(GROUPS)}。")
        return tuple(texts)

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """All of them."""
        return rows


class StandingIn(Years):
    """One year: the verdict that stands in it, as the pages count. An indicator whose target year has passed keeps the
    verdict of its target year, which `year` alone leaves out."""

    many = False

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """One verdict of each indicator, for the plan's own region."""
        [year] = value
        return rows.filter(pk__in=Assessment.objects.standing_in(year).values("pk"))


class SummaryEndpoint(ReadOnlyEndpoint):
    """评价的数量，按 group_by 分组。计入的正是 status 在同样条件下列出的那些行；要与门户各页的统计一致，请用
    headline=true 和 standing_in=年度。"""

    serializer_class = SummaryRow
    title = "评价汇总"
    total_order = ()
    searched = SEARCHED
    filters = {
        "group_by": Groups(f"按什么分组，多个用逗号分隔；不写为 {DEFAULT_GROUP}。", many=True, enum=list(GROUPS)),
        **FILTERS,
        "standing_in": StandingIn(
            "year",
            "每个指标只要在该年度有效的那一条评价：目标年早于该年度的取目标年的评价，规划期以外的取最近的评价年度；"
            "只计规划本地区。",
        ),
    }

    @property
    def groups(self) -> tuple[str, ...]:
        """What is grouped by."""
        asked = [value for parameter, value in self.asked.narrowing if isinstance(parameter, Groups)]
        return asked[0] if asked else (DEFAULT_GROUP,)

    def get_queryset(self) -> QuerySet[Assessment, Any]:
        """Verdicts in scope, with the duties of those who lead."""
        leads = Q(indicator__responsibilities__role=DutyRole.LEAD)
        return verdicts_in_scope(self.request).alias(
            duty=FilteredRelation("indicator__responsibilities", condition=leads)
        )

    def records(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """One grouped query, in the order of the groups."""
        columns = [GROUPS[name] for name in self.groups]
        order = [GROUP_ORDERS.get(name, F(GROUPS[name]).asc(nulls_last=True)) for name in self.groups]
        grouped = rows.values(*columns).annotate(
            count=Count("pk"), demonstrated=Count("pk", filter=Q(is_demonstration=True))
        )
        counted: QuerySet[Any, Any] = grouped.order_by(*order).values_list(*columns, *COUNTS)
        return counted

    def counted(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The groups."""
        return self.records(rows)

    def shown(self, records: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The groups by their names."""
        return [dict(zip((*self.groups, *COUNTS), values, strict=True)) for values in records]

    def file_columns(self) -> list[Column]:
        """The groups and the counts."""
        return [Column(name, (name,), is_figure=False) for name in (*self.groups, *COUNTS)]

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether a verdict rests on figures of demonstration. One query."""
        return rows.filter(is_demonstration=True).exists()

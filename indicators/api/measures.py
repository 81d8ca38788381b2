"""The endpoint of measures (任务): what plans tell departments to do, and what they say they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from rest_framework import serializers

from indicators.api.filters import answered_by, by_department, by_indicator, by_plan
from indicators.api.scope import indicators_in_scope, plans_in_scope
from indicators.models import Indicator, Measure, MeasureProgress, MeasureReport, MeasureResponsibility
from regions.api.fields import Row, moment_text
from regions.api.views import ReadOnlyEndpoint
from regions.models import DutyRole


class MeasureReportRow(serializers.Serializer[Any]):
    """最近一个年度已审定的落实情况。"""

    year = serializers.IntegerField(help_text="年度。")
    progress = serializers.ChoiceField(MeasureProgress.choices, help_text="进展。")
    statement = serializers.CharField(help_text="落实情况。")
    is_demonstration = serializers.BooleanField(help_text="true 为演示数据，不能作为实际情况使用。")
    approved_at = serializers.DateTimeField(help_text="审定时间。")


class MeasureRow(Row):
    """规划中的一项任务。"""

    completed = frozenset({"indicators", "lead", "participating", "report"})

    code = serializers.CharField(help_text="任务代码，在其他接口中称 measure。")
    plan = serializers.CharField(source="plan__slug", help_text="所属规划。")
    chapter = serializers.CharField(help_text="原文的章。")
    section = serializers.CharField(help_text="原文的节。")
    title = serializers.CharField(help_text="任务。")
    summary = serializers.CharField(help_text="内容概述。")
    responsibility_text = serializers.CharField(help_text="责任分工的原文。")
    deadline = serializers.CharField(help_text="完成时限的原文。")
    indicators = serializers.ListField(child=serializers.CharField(), help_text="对应指标的代码。")
    lead = serializers.ListField(
        child=serializers.CharField(), help_text="牵头部门的代码；没有写明的为空，由规划的统筹部门牵头。"
    )
    participating = serializers.ListField(child=serializers.CharField(), help_text="参与部门的代码。")
    report = MeasureReportRow(allow_null=True, help_text="最近一个年度已审定的落实情况；没有的为 null。")


class MeasureEndpoint(ReadOnlyEndpoint):
    """任务及其落实情况。"""

    serializer_class = MeasureRow
    title = "任务"
    lookup_field = "code"
    total_order = ("plan_id", "position", "code")
    orderings = {"code": "code", "plan": "plan__slug", "title": "title"}
    searched = ("title", "summary", "code", "chapter", "section")
    filters = {
        "plan": by_plan("plan"),
        "indicator": by_indicator("indicators"),
        "department": by_department(
            answered_by(MeasureResponsibility.objects.filter(measure=OuterRef("pk")).order_by(), "plan")
        ),
    }

    def get_queryset(self) -> QuerySet[Measure, Any]:
        """Measures of plans in scope."""
        return Measure.objects.filter(plan__in=plans_in_scope(self.request)).order_by()

    def complete(self, keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
        """Indicators, duties and statements: three queries."""
        indicators = indicators_of(keys, indicators_in_scope(self.request))
        duties, reports = duties_of(keys), newest_reports(keys)
        for key, row in zip(keys, rows, strict=True):
            row["indicators"] = indicators[key]
            row["lead"] = duties[key, DutyRole.LEAD]
            row["participating"] = duties[key, DutyRole.PARTICIPATING]
            row["report"] = reports.get(key)

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether a statement that is shown is one of demonstration. One query."""
        newer = MeasureReport.objects.approved().filter(measure=OuterRef("measure"), year__gt=OuterRef("year"))
        shown = MeasureReport.objects.approved().filter(~Exists(newer), measure__in=rows.order_by().values("pk"))
        return shown.filter(is_demonstration=True).exists()


def indicators_of(measures: Sequence[int], known: QuerySet[Indicator]) -> defaultdict[int, list[str]]:
    """Codes of the indicators that each measure serves, of those that the asker may know of. One query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    served = known.filter(measures__in=measures).order_by("position", "code")
    for measure, indicator in served.values_list("measures", "code"):
        found[measure].append(indicator)
    return found


def duties_of(measures: Sequence[int]) -> defaultdict[tuple[int, str], list[str]]:
    """Codes of departments by measure and role, in printed order. One query."""
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    duties = MeasureResponsibility.objects.filter(measure__in=measures).order_by("position", "pk")
    for measure, role, code in duties.values_list("measure", "role", "department__code"):
        found[measure, role].append(code)
    return found


def newest_reports(measures: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The approved statement of the newest year of each measure. One query."""
    reports = MeasureReport.objects.approved().filter(measure__in=measures).order_by("year")
    rows = reports.values_list("measure", "year", "progress", "statement", "is_demonstration", "approved_at")
    return {
        measure: {
            "year": year,
            "progress": progress,
            "statement": text,
            "is_demonstration": demonstration,
            "approved_at": moment_text(approved_at),
        }
        for measure, year, progress, text, demonstration, approved_at in rows
    }

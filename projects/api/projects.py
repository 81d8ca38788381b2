"""The endpoint of key projects (重点项目): what they are to deliver, how far they are, and the verdict on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from rest_framework import serializers

from indicators.api.filters import answered_by, by_department, by_plan
from indicators.api.scope import plans_in_scope
from indicators.core.verdicts import Severity, Verdict
from indicators.models import Measure
from projects.models import (
    Deliverable,
    DeliveredQuantity,
    KeyProject,
    ProgressReport,
    ProjectAssessment,
    ProjectKind,
    ProjectResponsibility,
    ProjectStatus,
    Quarter,
)
from regions.api.fields import Figure, Row, figure_text, moment_text
from regions.api.parameters import Codes, KeysThrough
from regions.api.views import ReadOnlyEndpoint
from regions.models import DutyRole, Region
from regions.moment import asked_moment


class DeliverableRow(serializers.Serializer[Any]):
    """承诺的一项建设内容。"""

    name = serializers.CharField(help_text="建设内容。")
    quantity = Figure(allow_null=False, help_text="数量。")
    quantity_max = Figure(help_text="数量上限；原文不是区间的为 null。")
    unit = serializers.CharField(help_text="单位。")
    wording = serializers.CharField(help_text="原文。")
    delivered = Figure(help_text="最近一期已审定进展中的累计完成数量；没有报告的为 null。")


class ProjectReportRow(serializers.Serializer[Any]):
    """最近一期已审定的进展。"""

    year = serializers.IntegerField(help_text="年度。")
    quarter = serializers.ChoiceField(Quarter.choices, help_text="季度，0 为全年。")
    project_status = serializers.ChoiceField(ProjectStatus.choices, help_text="项目状态。")
    investment_paid = Figure(help_text="累计完成投资（万元）；没有填报的为 null。")
    is_demonstration = serializers.BooleanField(help_text="true 为演示数据，不能作为实际进展使用。")
    approved_at = serializers.DateTimeField(help_text="审定时间。")


class ProjectStatusRow(serializers.Serializer[Any]):
    """项目在最近一个完整年度（不超出规划期）的评价。"""

    year = serializers.IntegerField(help_text="年度。")
    verdict = serializers.ChoiceField(Verdict.choices(), help_text="评价结论。")
    verdict_label = serializers.CharField(help_text="评价结论的中文名称。")
    severity = serializers.ChoiceField(Severity.choices(), help_text="预警级别。")
    reason = serializers.CharField(help_text="理由。")
    is_demonstration = serializers.BooleanField(help_text="true 为依据演示数据得出。")
    judged_at = serializers.DateTimeField(help_text="评价时间。")


class ProjectRow(Row):
    """一个重点项目。"""

    completed = frozenset({"places", "lead", "participating", "measures", "deliverables", "report", "status"})

    code = serializers.CharField(help_text="项目代码。")
    plan = serializers.CharField(source="group__column__plan__slug", help_text="所属规划。")
    column = serializers.CharField(source="group__column__title", help_text="所在专栏。")
    group = serializers.CharField(source="group__title", help_text="所在项目组；专栏不分组的为空。")
    name = serializers.CharField(help_text="项目名称。")
    summary = serializers.CharField(help_text="内容概述。")
    kind = serializers.ChoiceField(ProjectKind.choices, help_text="类型。")
    places = serializers.ListField(child=serializers.CharField(), help_text="所在地区的标识。")
    location = serializers.CharField(help_text="具体地点。")
    companies = serializers.ListField(child=serializers.CharField(), help_text="企业（原文）。")
    start_year = serializers.IntegerField(allow_null=True, help_text="计划开工年；没有写明的为 null。")
    end_year = serializers.IntegerField(allow_null=True, help_text="计划完工年；没有写明的为 null。")
    investment_amount = Figure(help_text="投资额，单位见 investment_unit；没有写明的为 null。")
    investment_unit = serializers.CharField(help_text="投资额的单位。")
    investment_wording = serializers.CharField(help_text="投资额的原文。")
    investment_source = serializers.CharField(help_text="资金来源。")
    lead = serializers.ListField(
        child=serializers.CharField(), help_text="牵头部门的代码；没有写明的为空，由规划的统筹部门牵头。"
    )
    participating = serializers.ListField(child=serializers.CharField(), help_text="参与部门的代码。")
    measures = serializers.ListField(child=serializers.CharField(), help_text="对应任务的代码。")
    deliverables = serializers.ListField(child=DeliverableRow(), help_text="承诺的建设内容。")
    report = ProjectReportRow(allow_null=True, help_text="最近一期已审定的进展；没有的为 null。")
    status = ProjectStatusRow(allow_null=True, help_text="最近一个完整年度的评价；没有承诺数量的项目为 null。")


PLAN = "group__column__plan"


class ProjectEndpoint(ReadOnlyEndpoint):
    """重点项目及其进展、评价，只依据已审定的报告。"""

    serializer_class = ProjectRow
    title = "重点项目"
    lookup_field = "code"
    total_order = ("group__column__plan_id", "group__column__number", "group__position", "position", "code")
    orderings = {
        "code": "code",
        "plan": "group__column__plan__slug",
        "name": "name",
        "start_year": "start_year",
        "end_year": "end_year",
    }
    searched = ("name", "summary", "code", "location")
    filters = {
        "plan": by_plan(PLAN),
        "region": KeysThrough(
            lambda places: Q(
                Exists(KeyProject.places.through.objects.filter(keyproject=OuterRef("pk"), region__in=places))
            ),
            "所在地区的标识（regions 的 slug）。",
            lambda request: Region.objects.all(),
            key="slug",
            noun="地区",
        ),
        "department": by_department(
            answered_by(ProjectResponsibility.objects.filter(project=OuterRef("pk")).order_by(), PLAN)
        ),
        "kind": Codes("kind", "类型", ProjectKind.choices),
    }

    def get_queryset(self) -> QuerySet[KeyProject, Any]:
        """Projects of plans in scope."""
        return KeyProject.objects.filter(group__column__plan__in=plans_in_scope(self.request)).order_by()

    def complete(self, keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
        """What hangs on projects: seven queries."""
        places, measures, duties = places_of(keys), self.measures_of(keys), duties_of(keys)
        reports, deliverables, verdicts = newest_reports(keys), deliverables_of(keys), verdicts_on(keys)
        for key, row in zip(keys, rows, strict=True):
            row["places"] = places[key]
            row["measures"] = measures[key]
            row["lead"] = duties[key, DutyRole.LEAD]
            row["participating"] = duties[key, DutyRole.PARTICIPATING]
            row["deliverables"] = deliverables[key]
            row["report"] = reports.get(key)
            row["status"] = verdicts.get(key)

    def measures_of(self, projects: Sequence[int]) -> defaultdict[int, list[str]]:
        """Codes of the measures in scope that each project serves. One query."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        measures = Measure.objects.filter(projects__in=projects, plan__in=plans_in_scope(self.request))
        for project, code in measures.order_by("position", "code").values_list("projects", "code"):
            found[project].append(code)
        return found

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether a report that is shown, or a verdict, rests on figures of demonstration. Two queries at most."""
        made = Q(project__in=rows.order_by().values("pk"), is_demonstration=True)
        return ProgressReport.objects.newest().filter(made).exists() or ProjectAssessment.objects.filter(made).exists()


def places_of(projects: Sequence[int]) -> defaultdict[int, list[str]]:
    """Slugs of the places of each project. One query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    places = Region.objects.filter(projects__in=projects).order_by("slug")
    for project, slug in places.values_list("projects", "slug"):
        found[project].append(slug)
    return found


def duties_of(projects: Sequence[int]) -> defaultdict[tuple[int, str], list[str]]:
    """Codes of departments by project and role, in printed order. One query."""
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    duties = ProjectResponsibility.objects.filter(project__in=projects).order_by("position", "pk")
    for project, role, code in duties.values_list("project", "role", "department__code"):
        found[project, role].append(code)
    return found


def newest_reports(projects: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The last approved report of each project. One query."""
    reports = ProgressReport.objects.newest().filter(project__in=projects).order_by()
    names = ("project", "year", "quarter", "project_status", "investment_paid", "is_demonstration", "approved_at")
    return {
        project: {
            "year": year,
            "quarter": quarter,
            "project_status": status,
            "investment_paid": figure_text(paid),
            "is_demonstration": demonstration,
            "approved_at": moment_text(approved_at),
        }
        for project, year, quarter, status, paid, demonstration, approved_at in reports.values_list(*names)
    }


def deliverables_of(projects: Sequence[int]) -> defaultdict[int, list[dict[str, Any]]]:
    """What each project promises, with what the last approved report says of it. Two queries."""
    reports = ProgressReport.objects.newest().filter(project__in=projects).order_by().values("pk")
    delivered = dict(DeliveredQuantity.objects.filter(report__in=reports).values_list("deliverable", "quantity"))
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    names = ("pk", "project", "name", "quantity", "quantity_max", "unit", "wording")
    for key, project, name, quantity, most, unit, wording in (
        Deliverable.objects.filter(project__in=projects).order_by("position").values_list(*names)
    ):
        found[project].append(
            {
                "name": name,
                "quantity": figure_text(quantity),
                "quantity_max": figure_text(most),
                "unit": unit,
                "wording": wording,
                "delivered": figure_text(delivered.get(key)),
            }
        )
    return found


def verdicts_on(projects: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The verdict of each project that stands in the newest complete year. One query."""
    year = timezone.localdate(asked_moment()).year - 1
    verdicts = ProjectAssessment.objects.standing_in(year).filter(project__in=projects).order_by()
    names = ("project", "year", "verdict", "severity", "reason", "is_demonstration", "judged_at")
    return {
        project: {
            "year": stood,
            "verdict": verdict,
            "verdict_label": Verdict.checked(verdict).label,
            "severity": severity,
            "reason": reason,
            "is_demonstration": demonstration,
            "judged_at": moment_text(judged_at),
        }
        for project, stood, verdict, severity, reason, demonstration, judged_at in verdicts.values_list(*names)
    }

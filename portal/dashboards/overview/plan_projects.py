"""Key projects at a glance: how those of each plan stand, without reading each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from indicators.core.verdicts import Severity, Verdict
from indicators.models import Plan
from portal.dashboards.counts import Segment
from portal.dashboards.projects.column_progress import StatusCount, segments
from portal.dashboards.projects.lines import UNREPORTED, status_label
from projects.models import KeyProject, ProgressReport, ProjectAssessment, ProjectStatus


@dataclass(frozen=True)
class VerdictCount:
    """How many projects have a verdict."""

    verdict: Verdict
    count: int


@dataclass
class PlanProjects:
    """The key projects of a plan counted by status and verdict. A project that promises no quantity has no verdict;
    `demonstrated` rest on figures of demonstration."""

    plan: Plan
    open_problems: int
    overdue_problems: int
    by_status: Counter[str] = field(default_factory=Counter)
    by_verdict: Counter[str] = field(default_factory=Counter)
    by_severity: Counter[str] = field(default_factory=Counter)
    demonstrated: int = 0

    @property
    def total(self) -> int:
        """Number of projects."""
        return self.by_status.total()

    @property
    def behind(self) -> int:
        """How many are missed or lag behind, slightly included."""
        return sum(each.count for each in self.verdicts if each.verdict.is_failing)

    @property
    def waiting(self) -> int:
        """How many wait for a report before anything can be said."""
        return sum(each.count for each in self.verdicts if each.verdict.is_waiting)

    @property
    def red(self) -> int:
        """Number of red verdicts."""
        return self.by_severity[Severity.CRITICAL]

    @property
    def yellow(self) -> int:
        """Number of yellow verdicts."""
        return self.by_severity[Severity.WARNING]

    @property
    def unjudged(self) -> int:
        """How many have no verdict."""
        return self.by_verdict[""]

    @property
    def verdicts(self) -> list[VerdictCount]:
        """The verdicts that occur, worst first."""
        return [VerdictCount(verdict, self.by_verdict[verdict]) for verdict in Verdict if self.by_verdict[verdict]]

    @property
    def statuses(self) -> list[StatusCount]:
        """The statuses that occur, in the order of a project's life."""
        return [StatusCount(code, status_label(code), count, self.total) for code, count in self._lived]

    @property
    def bar(self) -> list[Segment]:
        """The statuses side by side."""
        return list(segments(self._lived, self.total))

    @property
    def _lived(self) -> list[tuple[str, int]]:
        return [(code, self.by_status[code]) for code in [*ProjectStatus.values, UNREPORTED] if self.by_status[code]]

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a row of `counted_projects`."""
        self.by_status[row["last_status"]] += row["count"]
        self.by_verdict[row["standing_verdict"]] += row["count"]
        self.by_severity[row["standing_severity"]] += row["count"]
        self.demonstrated += row["demonstrated"]


def plan_projects(plans: Collection[Any], year: int) -> list[PlanProjects]:
    """The plans that have key projects, in the given order; the verdicts are those that stand in `year`. One query.

    Expects the numbers of problems on each plan (`open_problems`, `overdue_problems`).
    """
    found: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in counted_projects(plans, year):
        found[row["group__column__plan"]].append(row)
    listed = []
    for plan in plans:
        if plan.pk in found:
            projects = PlanProjects(plan, plan.open_problems, plan.overdue_problems)
            for row in found[plan.pk]:
                projects.add(row)
            listed.append(projects)
    return listed


def counted_projects(plans: Collection[Plan], year: int) -> Iterable[Mapping[str, Any]]:
    """Number of projects by plan, status of the last approved report, and standing verdict; empty texts where there is
    none. One grouped query."""
    reports = ProgressReport.objects.approved().filter(project=OuterRef("pk")).in_time().reverse()
    verdicts = ProjectAssessment.objects.standing_in(year).filter(project=OuterRef("pk"))
    is_demonstration = Subquery(verdicts.values("is_demonstration")[:1], output_field=BooleanField())
    return (
        KeyProject.objects.filter(group__column__plan__in=plans)
        .order_by()
        .annotate(
            last_status=Coalesce(Subquery(reports.values("project_status")[:1]), Value(UNREPORTED)),
            standing_verdict=Coalesce(Subquery(verdicts.values("verdict")[:1]), Value("")),
            standing_severity=Coalesce(Subquery(verdicts.values("severity")[:1]), Value("")),
            is_demonstration=is_demonstration,
        )
        .values("group__column__plan", "last_status", "standing_verdict", "standing_severity")
        .annotate(count=Count("pk"), demonstrated=Count("pk", filter=Q(is_demonstration=True)))
    )

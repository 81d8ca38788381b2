"""How what each department leads is judged, and how far its measures have come, for a list of departments.

A department leads what names it as lead, and what its plan lets it coordinate because nobody is named. Components are
judged through their parent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from indicators.core.verdicts import Severity, Verdict
from indicators.models import (
    Assessment,
    Indicator,
    Measure,
    MeasureProgress,
    MeasureReport,
    MeasureResponsibility,
    Plan,
    Responsibility,
)
from portal.dashboards.counts import BAR_WIDTH, Segment
from portal.dashboards.departments.page import DutyCounts, without_lead
from portal.dashboards.marks import TONE_MARKS, Mark, tone_of
from projects.models import KeyProject, ProjectAssessment, ProjectResponsibility
from regions.models import Department, DutyRole

#: Written for a role where a department coordinates because nobody leads.
COORDINATING = "coordinating"


@dataclass(frozen=True)
class ToneCount:
    """How many verdicts belong to one colour group."""

    mark: Mark
    count: int


@dataclass
class Tally:
    """Verdicts on what a department leads. `unjudged` have none; `demonstrated` rest on figures of demonstration."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    unjudged: int = 0
    demonstrated: int = 0

    def add(self, verdict: str | None, severity: str | None, count: int, *, is_demonstration: bool) -> None:
        """Take in so many of the same verdict; None where there is none."""
        if verdict is None or severity is None:
            self.unjudged += count
            return
        self.verdicts[Verdict.checked(verdict)] += count
        self.severities[Severity.checked(severity)] += count
        self.demonstrated += count if is_demonstration else 0

    @property
    def total(self) -> int:
        """Everything that was judged."""
        return self.verdicts.total()

    @property
    def red(self) -> int:
        """Number of red verdicts."""
        return self.severities[Severity.CRITICAL]

    @property
    def yellow(self) -> int:
        """Number of yellow verdicts."""
        return self.severities[Severity.WARNING]

    @property
    def tones(self) -> list[ToneCount]:
        """The colour groups that occur, worst first."""
        counts: Counter[str] = Counter()
        for verdict, count in self.verdicts.items():
            counts[tone_of(verdict)] += count
        return [ToneCount(mark, counts[tone]) for tone, mark in TONE_MARKS.items() if counts[tone]]

    @property
    def bar(self) -> list[Segment]:
        """The colour groups side by side."""
        segments, before = [], 0
        for each in self.tones:
            start, end = BAR_WIDTH * before // self.total, BAR_WIDTH * (before + each.count) // self.total
            segments.append(Segment(each.mark.tone, start, end - start))
            before += each.count
        return segments


@dataclass
class Standing:
    """What a department answers for, and how what it leads stands. `completed_measures` of `led_measures` are stated to
    be completed."""

    counts: DutyCounts = field(default_factory=DutyCounts)
    indicators: Tally = field(default_factory=Tally)
    works: Tally = field(default_factory=Tally)
    led_measures: int = 0
    completed_measures: int = 0

    @property
    def red(self) -> int:
        """Red verdicts on indicators and projects."""
        return self.indicators.red + self.works.red

    @property
    def yellow(self) -> int:
        """Yellow verdicts on indicators and projects."""
        return self.indicators.yellow + self.works.yellow

    @property
    def demonstrated(self) -> int:
        """Verdicts that rest on figures of demonstration."""
        return self.indicators.demonstrated + self.works.demonstrated


def standings(departments: Collection[Department], year: int, plan: Plan | None = None) -> dict[int, Standing]:
    """By key of each of the departments what it answers for, with the verdicts that stand in `year`; `plan` limits it
    to one plan. Three grouped queries: indicators, projects, measures."""
    found: defaultdict[int, Standing] = defaultdict(Standing)
    for department, part, verdict, severity, is_demonstration, count in indicator_rows(departments, year, plan):
        standing = found[department]
        if part == DutyRole.PARTICIPATING:
            standing.counts.participating += count
            continue
        if part == DutyRole.LEAD:
            standing.counts.leading += count
        else:
            standing.counts.coordinating += count
        standing.indicators.add(verdict, severity, count, is_demonstration=is_demonstration)
    for department, part, verdict, severity, is_demonstration, count in project_rows(departments, year, plan):
        standing = found[department]
        standing.counts.projects += count
        standing.counts.coordinated_projects += count if part == COORDINATING else 0
        if part != DutyRole.PARTICIPATING:
            standing.works.add(verdict, severity, count, is_demonstration=is_demonstration)
    for department, part, progress, count in measure_rows(departments, plan):
        standing = found[department]
        standing.counts.measures += count
        standing.counts.coordinated_measures += count if part == COORDINATING else 0
        if part != DutyRole.PARTICIPATING:
            standing.led_measures += count
            standing.completed_measures += count if progress == MeasureProgress.COMPLETED else 0
    return found


@dataclass(frozen=True)
class Branch:
    """Rows that name departments. `answering` leads from a row to the department, `owner` to what it answers for;
    `part` is its role."""

    rows: QuerySet[Any]
    answering: str
    owner: str
    part: Any

    def counted(self, departments: Collection[Department], **told: Any) -> QuerySet[Any]:
        """Number of rows by department, part and what is told of the owner."""
        counted: QuerySet[Any] = (
            self.rows.filter(**{f"{self.answering}__in": departments})
            .annotate(answers=F(self.answering), part=self.part, **told)
            .order_by()
            .values_list("answers", "part", *told)
            .annotate(count=Count("pk"))
        )
        return counted


def verdict_of(stored: QuerySet[Any]) -> dict[str, Subquery]:
    """What the one stored verdict says."""
    return {
        f"told_{name}": Subquery(stored.order_by().values(name)[:1])
        for name in ("verdict", "severity", "is_demonstration")
    }


def not_coordinated(duties: QuerySet[Any], owner: str, plan: str) -> QuerySet[Any]:
    """The duties without the shares of a department in what it coordinates itself: these count as coordinated."""
    leads = duties.filter(**{owner: OuterRef(owner)}, role=DutyRole.LEAD)
    return duties.exclude(~Exists(leads), **{f"{plan}__coordinating_department": F("department")})


def indicator_rows(departments: Collection[Department], year: int, plan: Plan | None) -> QuerySet[Any]:
    """Department, part, verdict, severity, whether it is of demonstration, number. One query."""
    named = not_coordinated(Responsibility.objects.filter(indicator__parent=None), "indicator", "indicator__plan")
    unled = without_lead(Indicator.objects.headline())
    if plan:
        named, unled = named.filter(indicator__plan=plan), unled.filter(plan=plan)
    branches = [
        Branch(named, "department", "indicator", F("role")),
        Branch(unled, "plan__coordinating_department", "pk", Value(COORDINATING)),
    ]
    standing = Assessment.objects.standing_in(year)
    return together(
        each.counted(departments, **verdict_of(standing.filter(indicator=OuterRef(each.owner)))) for each in branches
    )


def project_rows(departments: Collection[Department], year: int, plan: Plan | None) -> QuerySet[Any]:
    """Department, part, verdict, severity, whether it is of demonstration, number. One query."""
    leads = ProjectResponsibility.objects.filter(project=OuterRef("pk"), role=DutyRole.LEAD)
    named = not_coordinated(ProjectResponsibility.objects.all(), "project", "project__group__column__plan")
    unled = KeyProject.objects.filter(~Exists(leads))
    if plan:
        named = named.filter(project__group__column__plan=plan)
        unled = unled.filter(group__column__plan=plan)
    branches = [
        Branch(named, "department", "project", F("role")),
        Branch(unled, "group__column__plan__coordinating_department", "pk", Value(COORDINATING)),
    ]
    standing = ProjectAssessment.objects.standing_in(year)
    return together(
        each.counted(departments, **verdict_of(standing.filter(project=OuterRef(each.owner)))) for each in branches
    )


def measure_rows(departments: Collection[Department], plan: Plan | None) -> QuerySet[Any]:
    """Department, part, progress by the newest approved statement, number. One query."""
    leads = MeasureResponsibility.objects.filter(measure=OuterRef("pk"), role=DutyRole.LEAD)
    named = not_coordinated(MeasureResponsibility.objects.all(), "measure", "measure__plan")
    unled = Measure.objects.filter(~Exists(leads))
    if plan:
        named, unled = named.filter(measure__plan=plan), unled.filter(plan=plan)
    branches = [
        Branch(named, "department", "measure", F("role")),
        Branch(unled, "plan__coordinating_department", "pk", Value(COORDINATING)),
    ]
    newest = MeasureReport.objects.approved().order_by("-year")
    return together(
        each.counted(
            departments,
            progress=Coalesce(Subquery(newest.filter(measure=OuterRef(each.owner)).values("progress")[:1]), Value("")),
        )
        for each in branches
    )


def together(counted: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    """The rows of all."""
    first, *others = counted
    return first.union(*others, all=True)

"""Which projects owe the report of a year: in open rounds by department, and for lists by state.

Every project of a plan owes a report that closes the year, for every year: one that is completed or cancelled says so
again, as a year without a report stays unknown. A report is handed in once it is submitted or approved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet

from indicators.models import ReportingRound, ReviewStatus
from indicators.services.owed import DutyKind
from indicators.services.round_progress import OUTSTANDING, state_of
from projects.models import KeyProject, ProgressReport, ProjectResponsibility
from regions.models import Department, DutyRole


@dataclass(frozen=True)
class OwedReport:
    """A project whose report of the round's year is not handed in. `state` is a ReviewStatus code, empty without one;
    `departments` lead it, together where there are several."""

    round: ReportingRound
    project: KeyProject
    state: str
    departments: tuple[Department, ...]

    @property
    def key(self) -> int:
        """The project's key."""
        return self.project.pk

    @property
    def name(self) -> str:
        """The project's name."""
        return self.project.name


def due_projects(rounds: QuerySet[ReportingRound]) -> QuerySet[Any]:
    """One row for each round and project of its plan, with `due_round` and the `state` of the report that closes the
    round's year, NOT_ENTERED without one."""
    return (
        KeyProject.objects.annotate(
            due_round=F("group__column__plan__reporting_rounds"),
            round_year=F("group__column__plan__reporting_rounds__year"),
        )
        .filter(due_round__in=rounds.order_by().values("pk"))
        .annotate(state=state_of(report_due()))
    )


def report_due() -> QuerySet[ProgressReport]:
    """The report that a row of `due_projects` asks for."""
    return ProgressReport.objects.closing().filter(project=OuterRef("pk"), year=OuterRef("round_year"))


def owed_reports(rounds: QuerySet[ReportingRound]) -> list[OwedReport]:
    """What departments owe in the rounds, in order of the plans' columns. Three queries: rounds, projects, duties."""
    found = {each.pk: each for each in rounds.select_related("plan__region", "plan__coordinating_department")}
    if not found:
        return []
    projects = (
        due_projects(ReportingRound.objects.filter(pk__in=found))
        .filter(state__in=OUTSTANDING)
        .select_related("group__column__plan")
        .prefetch_related(project_duties())
        .order_by("due_round", *IN_COLUMN_ORDER)
    )
    return [
        OwedReport(
            found[each.due_round],
            each,
            each.state,
            leading_departments(each, found[each.due_round].plan.coordinating_department),
        )
        for each in projects
    ]


def reports_by_state(rounds: QuerySet[ReportingRound]) -> dict[int, Counter[str]]:
    """How many projects of each round (by key) have their year's report in which state. One grouped query."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in due_projects(rounds).order_by().values("due_round", "state").annotate(count=Count("pk")):
        counts[row["due_round"]][row["state"]] += row["count"]
    return counts


def waiting_reports(rounds: QuerySet[ReportingRound]) -> Counter[int]:
    """How many reports of each round's year, of whatever period, wait for the reviewers. One grouped query."""
    in_rounds = "project__group__column__plan__reporting_rounds"
    waiting: QuerySet[Any] = (
        ProgressReport.objects.filter(status=ReviewStatus.SUBMITTED)
        .annotate(due_round=F(in_rounds), round_year=F(f"{in_rounds}__year"))
        .filter(due_round__in=rounds.order_by().values("pk"), round_year=F("year"))
    )
    counted = waiting.order_by().values("due_round").annotate(count=Count("pk"))
    return Counter({row["due_round"]: row["count"] for row in counted})


#: As the document lists projects.
IN_COLUMN_ORDER = ("group__column__number", "group__position", "position", "code")


def project_duties() -> Prefetch[Any]:
    """What `leading_departments` needs on each project. One query."""
    duties = ProjectResponsibility.objects.select_related("department").order_by("role", "position")
    return Prefetch("responsibilities", duties)


def leading_departments(project: KeyProject, coordinating: Department) -> tuple[Department, ...]:
    """The departments named as lead, else the plan's coordinating one; expects `project_duties` to be loaded."""
    leads = tuple(duty.department for duty in project.responsibilities.all() if duty.role == DutyRole.LEAD)
    return leads or (coordinating,)


#: Reports as a kind of duty.
REPORTS_DUE = DutyKind(noun="重点项目进展报告", counted="个重点项目", owed=owed_reports)

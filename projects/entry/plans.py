"""The projects' part of 我的填报: plans and years with how many reports stand where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from indicators.entry.plans import RETURNED_SHOWN, PlanLines, YearLine
from indicators.models import Plan, ReportingRound, ReviewStatus
from projects.models import KeyProject, ProgressReport
from projects.permissions import answered_projects
from regions.permissions import Person


@dataclass(frozen=True)
class MyProjects:
    """Every plan with projects that the person reports on. `returned` are reports that came back, newest first."""

    plans: list[PlanLines]
    returned: list[ProgressReport]
    returned_count: int


def my_projects(person: Person, *, today: date) -> MyProjects:
    """Plans and years with the reports that close them. Five or six queries: projects, reports, rounds, plans, returned
    reports and, when there are more than are shown, their number."""
    answered = answered_projects(person)
    in_plan = "group__column__plan"
    asked = {
        row[in_plan]: row["count"]
        for row in KeyProject.objects.filter(pk__in=answered).order_by().values(in_plan).annotate(count=Count("pk"))
    }
    stand: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    reports = ProgressReport.objects.filter(project__in=answered)
    for row in (
        reports.closing()
        .order_by()
        .values("project__group__column__plan", "year", "status")
        .annotate(count=Count("pk"))
    ):
        stand[row["project__group__column__plan"], row["year"]][row["status"]] = row["count"]
    rounds = {(each.plan_id, each.year): each for each in ReportingRound.objects.filter(plan__in=asked)}
    plans = [
        PlanLines(
            plan,
            [
                YearLine(
                    year=year,
                    total=asked[plan.pk],
                    counts=stand[plan.pk, year],
                    opened=rounds.get((plan.pk, year)),
                    today=today,
                )
                for year in reversed(plan.years)
                if year <= today.year or (plan.pk, year) in rounds
            ],
        )
        for plan in Plan.objects.filter(pk__in=asked).own_regions_first(person.pk)
    ]
    back = reports.filter(status=ReviewStatus.RETURNED).select_related("project")
    returned = list(back.order_by("-year", "project", "quarter")[:RETURNED_SHOWN])
    return MyProjects(plans, returned, back.count() if len(returned) == RETURNED_SHOWN else len(returned))

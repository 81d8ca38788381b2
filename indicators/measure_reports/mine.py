"""Measures in 我的填报: plans and years with how many statements stand where, and those that came back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from indicators.entry.plans import RETURNED_SHOWN, PlanLines, YearLine
from indicators.models import MeasureReport, Plan, ReportingRound, ReviewStatus
from indicators.permissions import answered_measures
from regions.permissions import Person


@dataclass(frozen=True)
class MyMeasures:
    """Everything on which a person states what was done. `returned` are statements that came back, newest years
    first."""

    plans: list[PlanLines]
    returned: list[MeasureReport]


def my_measures(person: Person, *, today: date) -> MyMeasures:
    """Plans and years of the person. Five queries: measures, statements, rounds, plans, returned statements; one where
    the person answers for no measure."""
    asked = dict(answered_measures(person).order_by().values_list("plan").annotate(count=Count("pk")))
    if not asked:
        return MyMeasures([], [])
    reports = MeasureReport.objects.filter(measure__in=answered_measures(person))
    stand: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for row in reports.order_by().values("measure__plan", "year", "status").annotate(count=Count("pk")):
        stand[row["measure__plan"], row["year"]][row["status"]] = row["count"]
    rounds = {(each.plan_id, each.year): each for each in ReportingRound.objects.filter(plan__in=asked)}
    plans = [
        PlanLines(
            plan,
            [
                YearLine(year, asked[plan.pk], stand[plan.pk, year], rounds.get((plan.pk, year)), today)
                for year in reversed(plan.years)
                if year <= today.year or (plan.pk, year) in rounds
            ],
        )
        for plan in Plan.objects.filter(pk__in=asked).own_regions_first(person.pk)
    ]
    back = reports.filter(status=ReviewStatus.RETURNED).select_related("measure__plan").order_by("-year", "measure")
    return MyMeasures(plans, list(back[:RETURNED_SHOWN]))

"""我的填报: the plans and years of a person, with how many values stand where and when they are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from indicators.core.codes import ValueType
from indicators.models import Indicator, Plan, ReportingRound, ReviewStatus, Target, YearlyValue
from indicators.permissions import answered_indicators
from regions.models import Role
from regions.permissions import Person, departments_of, is_administrator

#: How many returned values are listed at the top; the rest is counted.
RETURNED_SHOWN = 20


@dataclass(frozen=True)
class YearLine:
    """One year of a plan: `total` values are asked of the person, `counts` of them stand in each state."""

    year: int
    total: int
    counts: Mapping[str, int]
    opened: ReportingRound | None
    today: date

    @property
    def missing(self) -> int:
        """Values that nobody has begun."""
        return self.total - sum(self.counts.values())

    @property
    def drafts(self) -> int:
        """Values begun and not submitted."""
        return self.counts.get(ReviewStatus.DRAFT, 0)

    @property
    def submitted(self) -> int:
        """Values waiting for review."""
        return self.counts.get(ReviewStatus.SUBMITTED, 0)

    @property
    def returned(self) -> int:
        """Values that came back."""
        return self.counts.get(ReviewStatus.RETURNED, 0)

    @property
    def approved(self) -> int:
        """Values that count."""
        return self.counts.get(ReviewStatus.APPROVED, 0)

    @property
    def is_due(self) -> bool:
        """Whether the person still has something to hand in."""
        return self.missing + self.drafts + self.returned > 0

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, negative when it has passed; None without a round."""
        return (self.opened.deadline - self.today).days if self.opened else None

    @property
    def days_overdue(self) -> int:
        """Days since the deadline while something is still to be handed in, else 0."""
        return max(0, -(self.days_left or 0)) if self.is_due else 0


@dataclass(frozen=True)
class PlanLines:
    """A plan with its years, newest first."""

    plan: Plan
    years: list[YearLine]


@dataclass(frozen=True)
class MyPlans:
    """Everything that a person enters. `returned` are values that came back, the newest years first."""

    plans: list[PlanLines]
    returned: list[YearlyValue]
    returned_count: int


def my_plans(person: Person, *, today: date) -> MyPlans:
    """Plans and years of the person; counties' values are asked for as well, from the first year of their share.

    Seven or eight queries: regions reviewed, indicators, shares, values, rounds, plans, returned values and, when there
    are more than are shown, their number.
    """
    regions = set(departments_of(person, Role.REVIEWER).values_list("region_id", flat=True))
    everywhere = is_administrator(person)
    indicators = answered_indicators(person)
    values = YearlyValue.objects.reported(today).filter(indicator__in=indicators, year__lte=F("indicator__target_year"))

    def is_own(region_id: int, value_type: str) -> bool:
        return value_type != ValueType.FINDING or everywhere or region_id in regions

    asked: defaultdict[int, defaultdict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for group in (
        Indicator.objects.filter(pk__in=indicators)
        .order_by()
        .values("plan", "plan__region", "value_type", "target_year")
        .annotate(count=Count("pk"))
    ):
        if is_own(group["plan__region"], group["value_type"]):
            asked[group["plan"]][0, group["target_year"]] += group["count"]
    for share in (
        Target.objects.shares(today)
        .filter(indicator__in=indicators)
        .values_list("indicator__plan", "indicator__plan__region", "indicator__value_type", "since", "year")
    ):
        plan_id, region_id, value_type, since, last = share
        if is_own(region_id, value_type):
            asked[plan_id][since, last] += 1
    stand: defaultdict[tuple[int, int], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in (
        values.order_by()
        .values("indicator__plan", "indicator__plan__region", "indicator__value_type", "year", "status")
        .annotate(count=Count("pk"))
    ):
        if is_own(row["indicator__plan__region"], row["indicator__value_type"]):
            stand[row["indicator__plan"], row["year"]][row["status"]] += row["count"]
    rounds = {(each.plan_id, each.year): each for each in ReportingRound.objects.filter(plan__in=asked)}
    plans = [
        PlanLines(
            plan,
            [
                YearLine(
                    year=year,
                    total=sum(count for (first, last), count in asked[plan.pk].items() if first <= year <= last),
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
    back = values.filter(status=ReviewStatus.RETURNED).select_related("indicator__plan", "region")
    returned = list(back.order_by("-year", "indicator", "region")[:RETURNED_SHOWN])
    return MyPlans(plans, returned, back.count() if len(returned) == RETURNED_SHOWN else len(returned))

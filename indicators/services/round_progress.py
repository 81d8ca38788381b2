"""How far the rounds have come: which values are due, in which state they are, and which departments still owe some.

A value is handed in once it is submitted or approved; nothing typed, a draft and a returned value are outstanding.
A finding is judged by the reviewers, so no department owes one. An indicator that is broken down owes a value for the
plan's own region and one for every county, from the first year of the county's share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from indicators.core.codes import ValueType
from indicators.models import Indicator, Plan, ReportingRound, Responsibility, ReviewStatus, Target, YearlyValue
from indicators.series import SeriesKey
from indicators.services.owed import DutyKind, Owed
from regions.models import AbstractResponsibility, Department, DutyRole, Region
from regions.moment import reading_day

#: States beside those of ReviewStatus: nobody has typed the value yet, or the reviewers have not found yet.
NOT_ENTERED = ""
TO_JUDGE = "to_judge"
OUTSTANDING = (NOT_ENTERED, ReviewStatus.DRAFT, ReviewStatus.RETURNED)


@dataclass(frozen=True)
class Outstanding:
    """A value that departments owe in a round. `state` is a ReviewStatus code or NOT_ENTERED. Who owes it is known once
    the duties of the indicator are loaded (`leading_duties`)."""

    round: ReportingRound
    indicator: Indicator
    region: Region
    state: str

    @cached_property
    def departments(self) -> tuple[Department, ...]:
        """Who owes it."""
        return leading_departments(self.indicator, self.round.plan)

    @property
    def key(self) -> SeriesKey:
        """What the value is kept under."""
        return SeriesKey(self.indicator.pk, self.region.pk)

    @property
    def name(self) -> str:
        """The indicator, and the county of a county's value."""
        return self.indicator.name_in(self.region)


@dataclass(frozen=True)
class OverdueDepartment:
    """A department that still owes values after the deadline of a round."""

    round: ReportingRound
    department: Department
    count: int
    days: int


def due_indicators(rounds: QuerySet[ReportingRound]) -> QuerySet[Any]:
    """One row for each round and indicator that takes a value in it for the plan's own region, with `due_round`,
    `due_year` and `state`.

    Parents take none of their own, and an indicator whose target year has passed takes none any more.
    """
    return (
        Indicator.objects.filter(components=None)
        .annotate(due_round=F("plan__reporting_rounds"), due_year=F("plan__reporting_rounds__year"))
        .filter(due_round__in=rounds.order_by().values("pk"), target_year__gte=F("due_year"))
        .annotate(state=state_of(value_due()))
    )


def value_due() -> QuerySet[YearlyValue]:
    """The value that a row of `due_indicators` asks for."""
    return YearlyValue.objects.filter(
        indicator=OuterRef("pk"), region=OuterRef("plan__region"), year=OuterRef("due_year")
    )


def due_shares(rounds: QuerySet[ReportingRound]) -> QuerySet[Any]:
    """One row for each round and county share (Target) that takes a value in it, annotated as by `due_indicators`."""
    own_round = "indicator__plan__reporting_rounds"
    shares: QuerySet[Any] = (
        Target.objects.shares(reading_day())
        .filter(indicator__components=None)
        .annotate(due_round=F(own_round), due_year=F(f"{own_round}__year"))
        .filter(due_round__in=rounds.order_by().values("pk"), year__gte=F("due_year"), since__lte=F("due_year"))
        .annotate(state=state_of(share_value_due()))
    )
    return shares


def share_value_due() -> QuerySet[YearlyValue]:
    """The county's value that a row of `due_shares` asks for."""
    return YearlyValue.objects.filter(
        indicator=OuterRef("indicator"), region=OuterRef("region"), year=OuterRef("due_year")
    )


def state_of(records: QuerySet[Any]) -> Coalesce:
    """The state of the one record, NOT_ENTERED without one."""
    return Coalesce(Subquery(records.values("status")[:1]), Value(NOT_ENTERED))


def counts_by_state(rounds: QuerySet[ReportingRound]) -> dict[int, Counter[str]]:
    """How many values of each round are in which state, by the round's key; a finding that lacks is TO_JUDGE. Two
    grouped queries."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for due, value_type in ((due_indicators(rounds), "value_type"), (due_shares(rounds), "indicator__value_type")):
        for row in due.order_by().values("due_round", "state", value_type).annotate(count=Count("pk")):
            to_judge = row["state"] == NOT_ENTERED and row[value_type] == ValueType.FINDING
            counts[row["due_round"]][TO_JUDGE if to_judge else row["state"]] += row["count"]
    return counts


def outstanding(rounds: QuerySet[ReportingRound]) -> list[Outstanding]:
    """What departments owe in the rounds, in order of the plan, counties behind their indicator. Four queries: those of
    `outstanding_values`, leading duties."""
    owed = outstanding_values(rounds)
    prefetch_related_objects([each.indicator for each in owed], leading_duties())
    return owed


def outstanding_values(rounds: QuerySet[ReportingRound]) -> list[Outstanding]:
    """The same before the duties are loaded, for a page that loads those of all its indicators at once. Three queries:
    rounds, indicators, shares."""
    found = {each.pk: each for each in rounds.select_related("plan__region", "plan__coordinating_department")}
    if not found:
        return []
    known = ReportingRound.objects.filter(pk__in=found)
    own = due_indicators(known).exclude(value_type=ValueType.FINDING).filter(state__in=OUTSTANDING)
    shares = due_shares(known).exclude(indicator__value_type=ValueType.FINDING).filter(state__in=OUTSTANDING)
    owed: list[tuple[ReportingRound, Indicator, Region, str]] = []
    for each in own.select_related("plan"):
        owed.append((found[each.due_round], each, found[each.due_round].plan.region, each.state))
    for each in shares.select_related("indicator__plan", "region"):
        owed.append((found[each.due_round], each.indicator, each.region, each.state))
    return [Outstanding(*each) for each in sorted(owed, key=in_order)]


def in_order(owed: tuple[ReportingRound, Indicator, Region, str]) -> tuple[int, int, str, bool, str]:
    """By round, then as the plan lists indicators, counties behind the plan's own region."""
    opened, indicator, region, _ = owed
    return opened.pk, indicator.position, indicator.code, region != opened.plan.region, region.slug


def leading_duties() -> Prefetch[Any]:
    """What `leading_departments` needs on each indicator. One query."""
    duties = Responsibility.objects.select_related("department").order_by("role", "position")
    return Prefetch("responsibilities", duties)


class Answered(Protocol):
    """An indicator or a measure: what departments answer for."""

    def departments(self, role: DutyRole) -> Sequence[AbstractResponsibility]:
        """Its duties of one role."""


def leading_departments(answered: Answered, plan: Plan) -> tuple[Department, ...]:
    """The departments named as lead, else the plan's coordinating one; expects the duties with their departments and
    it to be loaded."""
    leads = tuple(duty.department for duty in answered.departments(DutyRole.LEAD))
    return leads or (plan.coordinating_department,)


def owed_by_department(owed: Iterable[Owed]) -> dict[int, list[tuple[Department, int]]]:
    """Per round (by key) the departments that owe something with its number, most first. Queries nothing."""
    counted: defaultdict[int, Counter[Department]] = defaultdict(Counter)
    for each in owed:
        counted[each.round.pk].update(each.departments)
    return {key: sorted(counter.items(), key=lambda item: (-item[1], item[0].code)) for key, counter in counted.items()}


def overdue_departments(today: date, *, plans: QuerySet[Plan] | None = None) -> list[OverdueDepartment]:
    """Who owes values after the deadline, longest overdue first. Four queries, whatever the number of plans.

    `plans` limits the answer; without it all plans are read.
    """
    late = ReportingRound.objects.filter(deadline__lt=today)
    if plans is not None:
        late = late.filter(Q(plan__in=plans.order_by().values("pk")))
    return overdue_among(outstanding(late), today)


def overdue_among(owed: Sequence[Outstanding], today: date) -> list[OverdueDepartment]:
    """Who owes these values of rounds whose deadline has passed, longest overdue first. Queries nothing; expects the
    duties to be loaded."""
    rounds = {each.round.pk: each.round for each in owed}
    found = [
        OverdueDepartment(rounds[key], department, count, (today - rounds[key].deadline).days)
        for key, departments in owed_by_department(owed).items()
        for department, count in departments
    ]
    return sorted(found, key=lambda each: (-each.days, each.round.plan.slug, -each.count, each.department.code))


#: Values as a kind of duty.
VALUES_DUE = DutyKind(noun="指标数值", counted="项指标", owed=outstanding)

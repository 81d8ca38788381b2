"""What needs the attention of a department: what it has to hand in, what of it is overdue, and what is judged red."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.urls import reverse

from indicators.core.verdicts import Severity
from indicators.models import Assessment, Indicator, Plan, ReportingRound
from indicators.permissions import reviewed_plans
from indicators.series import SeriesKey
from indicators.services.measures_due import MEASURES_DUE
from indicators.services.owed import DutyKind
from indicators.services.round_progress import OUTSTANDING, VALUES_DUE
from portal.dashboards.departments.due_sources import due_sources, led_by
from projects.models import Quarter
from projects.services.due import REPORTS_DUE
from regions.models import Department, Role
from regions.permissions import Person, departments_of, is_administrator


@dataclass(frozen=True)
class DueItem:
    """One thing that is to be handed in, and the place where the person acts or reads."""

    name: str
    url: str


@dataclass(frozen=True)
class Due:
    """What a department has to hand in together: 2025 年指标数值 of a plan by a day. `days_left` is negative after it;
    `action` are the words of the link to `url`."""

    title: str
    plan: Plan
    deadline: date
    days_left: int
    items: list[DueItem]
    url: str
    action: str

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed."""
        return self.days_left < 0

    @property
    def when(self) -> str:
        """How the deadline stands, in words."""
        if self.is_overdue:
            return f"已逾期 {-self.days_left} 天"
        return f"还有 {self.days_left} 天" if self.days_left else "今天截止"


@dataclass(frozen=True)
class RedIndicator:
    """A red verdict of an indicator that the department answers for; `is_older` where a later year has no value yet,
    `is_shared` where others lead it and the department takes part."""

    assessment: Assessment
    indicator: Indicator
    is_older: bool
    is_shared: bool


@dataclass(frozen=True)
class DueRow:
    """One thing that is not handed in: what it is about (`code` and primary key `owner`), in which place of its plan's
    `order`, and the county of a county's value (`region` is the primary key of the place that the value is of)."""

    kind: DutyKind
    plan: Plan
    year: int
    deadline: date
    order: tuple[int, ...]
    owner: int
    code: str
    name: str
    region: int
    county: str


@dataclass(frozen=True)
class Place:
    """Where one kind of duty is handed in (`entry`) and reviewed (`review`), as names of addresses of a plan and year;
    `item` gives the address of a single thing for those who hand it in, and for those who read."""

    entry: str
    review: str
    item: Callable[[DueRow, bool], str]


def value_address(row: DueRow, enters: bool) -> str:
    """The value's row of the sheet, else the page of the indicator."""
    if not enters:
        return reverse("indicator", args=[row.code])
    return f"{reverse('entry_sheet', args=[row.plan.slug, row.year])}#row-{SeriesKey(row.owner, row.region)}"


def report_address(row: DueRow, enters: bool) -> str:
    """The form of the year's report, else the page of the project."""
    if not enters:
        return reverse("project", args=[row.code])
    return reverse("entry_report", args=[row.code, row.year, Quarter.YEAR])


def statement_address(row: DueRow, enters: bool) -> str:
    """The form of the year's statement, else the measure among those of its plan."""
    if not enters:
        return f"{reverse('plan_measures', args=[row.plan.slug])}#{row.code}"
    return reverse("entry_measure", args=[row.code, row.year])


#: By what they hold, the kinds of duty that portal/duties.py lists.
PLACES: dict[DutyKind, Place] = {
    VALUES_DUE: Place("entry_sheet", "review_queue", value_address),
    REPORTS_DUE: Place("entry_projects", "review_reports", report_address),
    MEASURES_DUE: Place("entry_measures", "review_measures", statement_address),
}


def dues_of(department: Department, plans: Sequence[Plan], *, person: Person, today: date) -> list[Due]:
    """Everything that the department has to hand in for these plans, most urgent first: values of the indicators that
    it leads, reports of its projects, statements on its measures.

    Three queries: whether the person enters for the department, the plans that the person reviews, what is missing.
    """
    enters = is_administrator(person) or departments_of(person, Role.ENTRY).filter(pk=department.pk).exists()
    reviewed = set(reviewed_plans(person).values_list("pk", flat=True))
    together: defaultdict[tuple[DutyKind, int, int], list[DueRow]] = defaultdict(list)
    for row in missing_of(department, plans):
        together[row.kind, row.plan.pk, row.year].append(row)
    dues = [due_of(rows, enters=enters, reviews=rows[0].plan.pk in reviewed, today=today) for rows in together.values()]
    return sorted(dues, key=lambda due: (due.days_left, due.plan.slug, due.title))


def missing_of(department: Department, plans: Sequence[Plan]) -> list[DueRow]:
    """What the department has not handed in for the rounds of these plans, in their order, counties behind their
    indicator. One query."""
    sources = due_sources(ReportingRound.objects.filter(plan__in=plans))
    found: list[QuerySet[Any]] = []
    for number, source in enumerate(sources):
        # Of an owner's place in its plan as many numbers as the longest order has.
        places = [*(F(name) for name in source.order[:-1]), Value(0), Value(0)][:3]
        for rows in led_by(source, [department]):
            found.append(
                rows.filter(state__in=OUTSTANDING)
                .annotate(
                    source=Value(number, IntegerField()),
                    first=places[0],
                    second=places[1],
                    third=places[2],
                    owner_key=F(f"{source.owner}pk"),
                    region_key=F(source.county or f"{source.plan}__region"),
                    county_name=F(f"{source.county}__name") if source.county else Value(""),
                )
                .order_by()
                .values_list(
                    "source",
                    source.plan,
                    f"{source.plan}__reporting_rounds__year",
                    f"{source.plan}__reporting_rounds__deadline",
                    "first",
                    "second",
                    "third",
                    "owner_key",
                    source.order[-1],
                    source.name,
                    "region_key",
                    "county_name",
                )
            )
    by_key = {plan.pk: plan for plan in plans}
    missing = [
        DueRow(
            sources[source].kind,
            by_key[plan],
            year,
            deadline,
            (first, second, third),
            owner,
            code,
            name,
            region,
            county,
        )
        for source, plan, year, deadline, first, second, third, owner, code, name, region, county in found[0].union(
            *found[1:], all=True
        )
    ]
    return sorted(missing, key=lambda row: (row.order, row.code, row.county))


def due_of(rows: Sequence[DueRow], *, enters: bool, reviews: bool, today: date) -> Due:
    """What is missing of one kind in one round. Queries nothing."""
    kind, plan, year = rows[0].kind, rows[0].plan, rows[0].year
    place, where = PLACES[kind], [plan.slug, year]
    if enters:
        url, action = reverse(place.entry, args=where), "去填报"
    elif reviews:
        url, action = f"{reverse(place.review, args=where)}?state=missing", "查看填报进度"
    else:
        url, action = f"{reverse('plan', args=[plan.slug])}?year={year}", "查看规划"
    return Due(
        title=f"{year} 年{kind.noun}",
        plan=plan,
        deadline=rows[0].deadline,
        days_left=(rows[0].deadline - today).days,
        items=[
            DueItem(f"{row.name}（{row.county}）" if row.county else row.name, place.item(row, enters)) for row in rows
        ],
        url=url,
        action=action,
    )


def reds_of(
    judged: Sequence[tuple[Indicator, Assessment | None]], year: int, *, shared: Container[int]
) -> list[RedIndicator]:
    """The indicators with a red verdict in `year`, then those whose last known verdict was red and that have no value
    since; components are judged through their parent. `shared` are keys of indicators that others lead. One query for
    the latter."""
    indicators = {indicator.pk: indicator for indicator, _ in judged if indicator.parent_id is None}
    now = [
        RedIndicator(assessment, indicator, is_older=False, is_shared=indicator.pk in shared)
        for indicator, assessment in judged
        if indicator.pk in indicators and assessment is not None and assessment.severity == Severity.CRITICAL
    ]
    older = Assessment.objects.filter(indicator__in=list(indicators)).last_known_before(year)
    earlier = [
        RedIndicator(
            assessment,
            indicators[assessment.indicator_id],
            is_older=True,
            is_shared=assessment.indicator_id in shared,
        )
        for assessment in older.filter(severity=Severity.CRITICAL).with_warning().defer("inputs")
    ]
    return [*now, *earlier]

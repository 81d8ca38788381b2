"""What needs the attention of a department: what it has to hand in, what of it is overdue, and what is judged red."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from indicators.core.verdicts import Severity
from indicators.models import Assessment, Indicator, Plan, ReportingRound
from indicators.permissions import reviewed_plans
from indicators.services.measures_due import MEASURES_DUE, OutstandingMeasure
from indicators.services.owed import DutyKind, Owed
from indicators.services.round_progress import VALUES_DUE, Outstanding
from portal.duties import DUTY_KINDS
from projects.models import Quarter
from projects.services.due import REPORTS_DUE, OwedReport
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
    """A red verdict of an indicator that the department answers for; `is_older` where a later year has no value yet."""

    assessment: Assessment
    indicator: Indicator
    is_older: bool


@dataclass(frozen=True)
class Place:
    """Where one kind of duty is handed in (`entry`) and reviewed (`review`), as names of addresses of a plan and year;
    `item` gives the address of a single thing for those who hand it in, and for those who read."""

    entry: str
    review: str
    item: Callable[[Any, bool], str]


def value_address(owed: Outstanding, enters: bool) -> str:
    """The value's row of the sheet, else the page of the indicator."""
    if not enters:
        return owed.indicator.get_absolute_url()
    sheet = reverse("entry_sheet", args=[owed.round.plan.slug, owed.round.year])
    return f"{sheet}#row-{owed.key}"


def report_address(owed: OwedReport, enters: bool) -> str:
    """The form of the year's report, else the page of the project."""
    if not enters:
        return owed.project.get_absolute_url()
    return reverse("entry_report", args=[owed.project.code, owed.round.year, Quarter.YEAR])


def statement_address(owed: OutstandingMeasure, enters: bool) -> str:
    """The form of the year's statement, else the measure among those of its plan."""
    if not enters:
        return f"{reverse('plan_measures', args=[owed.round.plan.slug])}#{owed.measure.code}"
    return reverse("entry_measure", args=[owed.measure.code, owed.round.year])


#: By what they hold, the kinds of duty that portal/duties.py lists.
PLACES: dict[DutyKind, Place] = {
    VALUES_DUE: Place("entry_sheet", "review_queue", value_address),
    REPORTS_DUE: Place("entry_projects", "review_reports", report_address),
    MEASURES_DUE: Place("entry_measures", "review_measures", statement_address),
}


def dues_of(department: Department, plans: Sequence[Plan], *, person: Person, today: date) -> list[Due]:
    """Everything that the department has to hand in for these plans, most urgent first: values of the indicators that
    it leads, reports of its projects, statements on its measures.

    Queries: whether the person enters for the department, the plans that the person reviews, and those of each kind,
    which are one without rounds.
    """
    enters = is_administrator(person) or departments_of(person, Role.ENTRY).filter(pk=department.pk).exists()
    reviewed = set(reviewed_plans(person).values_list("pk", flat=True))
    rounds = ReportingRound.objects.filter(plan__in=plans)
    dues = []
    for kind in DUTY_KINDS:
        by_round: defaultdict[ReportingRound, list[Owed]] = defaultdict(list)
        for each in kind.owed(rounds):
            if department in each.departments:
                by_round[each.round].append(each)
        dues += [
            due_of(kind, opened, owed, enters=enters, reviews=opened.plan_id in reviewed, today=today)
            for opened, owed in by_round.items()
        ]
    return sorted(dues, key=lambda due: (due.days_left, due.plan.slug, due.title))


def due_of(
    kind: DutyKind, opened: ReportingRound, owed: Sequence[Owed], *, enters: bool, reviews: bool, today: date
) -> Due:
    """What is missing of one kind in one round. Queries nothing."""
    place, where = PLACES[kind], [opened.plan.slug, opened.year]
    if enters:
        url, action = reverse(place.entry, args=where), "去填报"
    elif reviews:
        url, action = f"{reverse(place.review, args=where)}?state=missing", "查看填报进度"
    else:
        url, action = f"{reverse('plan', args=[opened.plan.slug])}?year={opened.year}", "查看规划"
    return Due(
        title=f"{opened.year} 年{kind.noun}",
        plan=opened.plan,
        deadline=opened.deadline,
        days_left=(opened.deadline - today).days,
        items=[DueItem(each.name, place.item(each, enters)) for each in owed],
        url=url,
        action=action,
    )


def reds_of(judged: Sequence[tuple[Indicator, Assessment | None]], year: int) -> list[RedIndicator]:
    """The indicators with a red verdict in `year`, then those whose last known verdict was red and that have no value
    since; components are judged through their parent. One query for the latter."""
    indicators = {indicator.pk: indicator for indicator, _ in judged if indicator.parent_id is None}
    now = [
        RedIndicator(assessment, indicator, is_older=False)
        for indicator, assessment in judged
        if indicator.pk in indicators and assessment is not None and assessment.severity == Severity.CRITICAL
    ]
    older = Assessment.objects.filter(indicator__in=list(indicators)).last_known_before(year)
    earlier = [
        RedIndicator(assessment, indicators[assessment.indicator_id], is_older=True)
        for assessment in older.filter(severity=Severity.CRITICAL).with_warning().defer("inputs")
    ]
    return [*now, *earlier]

"""What needs the attention of a department: what it has to hand in, what of it is overdue, and what is judged red."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse

from indicators.core.verdicts import Severity
from indicators.models import Assessment, Indicator, Plan, ReportingRound
from indicators.permissions import reviewed_plans
from indicators.series import SeriesKey
from indicators.services.round_progress import Outstanding, outstanding
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


class Acting:
    """Where a person acts for a department: entry staff on the sheet, reviewers in the queue, others only read.

    Two queries: whether the person enters for the department, and the plans that the person reviews.
    """

    def __init__(self, person: Person, department: Department) -> None:
        self.enters = is_administrator(person) or departments_of(person, Role.ENTRY).filter(pk=department.pk).exists()
        self.reviewed = set(reviewed_plans(person).values_list("pk", flat=True))

    def on_values(self, opened: ReportingRound) -> tuple[str, str]:
        """Address and words of the link for the values of a round."""
        place = [opened.plan.slug, opened.year]
        if self.enters:
            return reverse("entry_sheet", args=place), "去填报"
        if opened.plan_id in self.reviewed:
            return f"{reverse('review_queue', args=place)}?state=missing", "查看填报进度"
        return f"{reverse('plan', args=[opened.plan.slug])}?year={opened.year}", "查看规划"

    def on_value(self, owed: Outstanding) -> str:
        """Address of one value: its row of the sheet, else the page of the indicator."""
        if not self.enters:
            return owed.indicator.get_absolute_url()
        sheet, _ = self.on_values(owed.round)
        return f"{sheet}#row-{SeriesKey(owed.indicator.pk, owed.region.pk)}"


def dues_of(department: Department, plans: Sequence[Plan], *, person: Person, today: date) -> list[Due]:
    """Everything that the department has to hand in for these plans, most urgent first.

    One function for each kind of duty; each gives what is still missing and names its queries.
    """
    acting = Acting(person, department)
    dues = [
        *values_due(department, plans, acting, today),
    ]
    return sorted(dues, key=lambda due: (due.days_left, due.plan.slug, due.title))


def values_due(department: Department, plans: Sequence[Plan], acting: Acting, today: date) -> list[Due]:
    """Values of indicators that the department leads, by round. The four queries of `outstanding`, one without
    rounds."""
    rounds = ReportingRound.objects.filter(plan__in=plans)
    owed = [each for each in outstanding(rounds) if department in each.departments]
    return [
        value_due(opened, list(group), acting, today) for opened, group in groupby(owed, key=lambda each: each.round)
    ]


def value_due(opened: ReportingRound, owed: list[Outstanding], acting: Acting, today: date) -> Due:
    """What is missing of one round. Queries nothing."""
    url, action = acting.on_values(opened)
    return Due(
        title=f"{opened.year} 年指标数值",
        plan=opened.plan,
        deadline=opened.deadline,
        days_left=(opened.deadline - today).days,
        items=[DueItem(each.indicator.name_in(each.region), acting.on_value(each)) for each in owed],
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

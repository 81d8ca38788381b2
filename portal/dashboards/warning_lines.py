"""Warnings as lines: what is short of what, since when, and who answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, prefetch_related_objects

from indicators.core.rounding import percentage
from indicators.core.verdicts import Verdict
from indicators.display import show_value
from indicators.models import Assessment, Indicator, Responsibility
from indicators.models.assessment import AssessmentQuerySet
from portal.dashboards.basis import Figures
from portal.dashboards.rows import Duties, duties_of


@dataclass(frozen=True)
class WarningLine:
    """A red or yellow verdict. `since` is the first year of the run of failing years that it ends, None where the
    verdict itself is none of failing (an overdue value, a target not handed down)."""

    assessment: Assessment
    value: str
    target: str
    gap: str
    pace: str
    since: int | None
    duties: Duties

    @property
    def indicator(self) -> Indicator:
        """The indicator that is warned of."""
        return self.assessment.indicator


def with_all_of_a_line(assessments: AssessmentQuerySet) -> AssessmentQuerySet:
    """The verdicts with what `warning_lines` expects. One query when evaluated."""
    return assessments.select_related("indicator__plan__region", "indicator__plan__coordinating_department", "target")


def warning_lines(assessments: Sequence[Assessment]) -> list[WarningLine]:
    """The lines of verdicts, in the same order. Two queries: departments, and the verdicts of earlier years. Expects
    plan, region, coordinating department and target to be loaded."""
    indicators = [each.indicator for each in assessments]
    named = Responsibility.objects.select_related("department").order_by("role", "position")
    prefetch_related_objects(indicators, Prefetch("responsibilities", named))
    failing = failing_years(indicators)
    return [line_of(each, failing[each.indicator_id]) for each in assessments]


def failing_years(indicators: Sequence[Indicator]) -> defaultdict[int, set[int]]:
    """By indicator (primary key) the years whose verdict is failing, for the plan's own region. One query."""
    verdicts = [verdict for verdict in Verdict if verdict.is_failing]
    own = Assessment.objects.filter(indicator__in=indicators, region=F("indicator__plan__region"), verdict__in=verdicts)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for indicator_id, year in own.order_by().values_list("indicator", "year"):
        found[indicator_id].add(year)
    return found


def line_of(assessment: Assessment, failing: set[int]) -> WarningLine:
    """The line of one verdict. Queries nothing."""
    indicator, target = assessment.indicator, assessment.target
    figures = Figures(assessment, indicator)
    assigned = ""
    if target is not None and target.assigned_value is not None:
        assigned = f"（下达数 {show_value(indicator, target.assigned_value)}）"
    return WarningLine(
        assessment=assessment,
        value=figures.show(assessment.value),
        target=f"{target.wording}{assigned}" if target is not None and target.wording else "原文未写",
        gap=figures.show(assessment.gap),
        pace=percentage(assessment.pace) if assessment.pace is not None else "—",
        since=first_of_run(assessment.year, failing),
        duties=duties_of(indicator),
    )


def first_of_run(year: int, failing: set[int]) -> int | None:
    """The first year of the unbroken run of failing years that ends with `year`."""
    if year not in failing:
        return None
    while year - 1 in failing:
        year -= 1
    return year

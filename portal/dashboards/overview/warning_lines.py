"""Warnings as lines: what is short of what, since when, and who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from indicators.core.rounding import percentage
from indicators.display import show_value
from indicators.models import Assessment, Indicator
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


def with_all_of_a_line(assessments: AssessmentQuerySet) -> QuerySet[Any]:
    """The verdicts with what `warning_line` expects, the departments excepted. One query when evaluated."""
    related = "indicator__plan__region", "indicator__plan__coordinating_department", "target"
    return assessments.with_start_of_run().select_related(*related)


def warning_line(assessment: Any) -> WarningLine:
    """The line of a verdict of `with_all_of_a_line` whose indicator has its duties. Queries nothing."""
    indicator, target = assessment.indicator, assessment.target
    figures = Figures(assessment, indicator)
    assigned = ""
    if target is not None and target.assigned_value is not None:
        assigned = f"（下达数 {show_value(indicator, target.assigned_value)}）"
    return WarningLine(
        assessment=assessment,
        value=figures.show(assessment.value),
        target=f"{target.wording}{assigned}" if target is not None and target.wording else "原文未写",
        gap=figures.difference(assessment.gap),
        pace=percentage(assessment.pace) if assessment.pace is not None else "—",
        since=assessment.since,
        duties=duties_of(indicator),
    )

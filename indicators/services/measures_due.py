"""Which statements on measures departments still owe in the reporting rounds.

Every measure of the plan takes one in every round. A statement is handed in once it is submitted or approved; nothing
written, a draft and a returned one are outstanding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet

from indicators.models import Measure, MeasureReport, ReportingRound
from indicators.permissions import measures_led_by
from indicators.services.measure_reports import measure_duties
from indicators.services.owed import DutyKind
from indicators.services.round_progress import OUTSTANDING, leading_departments, state_of
from regions.models import Department


@dataclass(frozen=True)
class OutstandingMeasure:
    """A statement that departments owe in a round. `state` is a ReviewStatus code or NOT_ENTERED."""

    round: ReportingRound
    measure: Measure
    state: str
    departments: tuple[Department, ...]

    @property
    def key(self) -> int:
        """What tells it from the others of its round."""
        return self.measure.pk

    @property
    def name(self) -> str:
        """What people call it."""
        return self.measure.title

    def days_overdue(self, today: date) -> int:
        """Days since the deadline; 0 as long as there is time."""
        return max(0, (today - self.round.deadline).days)


def due_measures(rounds: QuerySet[ReportingRound]) -> QuerySet[Any]:
    """One row for each round and measure of its plan, with `due_round`, `due_year` and `state`."""
    return (
        Measure.objects.annotate(due_round=F("plan__reporting_rounds"), due_year=F("plan__reporting_rounds__year"))
        .filter(due_round__in=rounds.order_by().values("pk"))
        .annotate(state=state_of(statement_due()))
    )


def statement_due() -> QuerySet[MeasureReport]:
    """The statement that a row of `due_measures` asks for."""
    return MeasureReport.objects.filter(measure=OuterRef("pk"), year=OuterRef("due_year"))


def outstanding_measures(
    rounds: QuerySet[ReportingRound], *, departments: QuerySet[Department] | None = None
) -> list[OutstandingMeasure]:
    """What is owed in the rounds, the earliest deadline first, then in order of the plan; `departments` limits it to
    what these lead. Three queries: rounds, measures, duties. `round_progress.owed_by_department` counts it by
    department; the rounds past their deadline give what is overdue."""
    found = {each.pk: each for each in rounds.select_related("plan__region", "plan__coordinating_department")}
    if not found:
        return []
    due = due_measures(ReportingRound.objects.filter(pk__in=found)).filter(state__in=OUTSTANDING)
    if departments is not None:
        due = due.filter(measures_led_by(departments))
    owed = []
    for measure in due.prefetch_related(measure_duties()).order_by("position", "code"):
        opened = found[measure.due_round]
        measure.plan = opened.plan
        owed.append(OutstandingMeasure(opened, measure, measure.state, leading_departments(measure, opened.plan)))
    return sorted(owed, key=lambda each: (each.round.deadline, each.round.plan.slug, each.round.year))


MEASURES_DUE = DutyKind(noun="任务落实情况", counted="项任务", owed=outstanding_measures)

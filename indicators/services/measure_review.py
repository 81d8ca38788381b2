"""The way of statements on measures through review: the steps of `review_steps` for them. Nothing is judged by them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from indicators.models import MeasureProgress, MeasureReport, Plan
from indicators.models.measure import MeasureReportQuerySet
from indicators.permissions import may_report_measure
from indicators.services.measure_reports import NOUN, lock_measures
from indicators.services.review_steps import Workflow
from regions.permissions import Person

#: A statement is quoted to somebody who saw another one up to this many characters.
QUOTED = 60


class MeasureReportWorkflow(Workflow[MeasureReport]):
    """Review of statements on measures."""

    noun, counted = NOUN, "项落实情况"

    def records(self) -> MeasureReportQuerySet:
        """Statements with measure and plan."""
        return MeasureReport.objects.select_related("measure__plan__region")

    def lock(self, keys: Collection[int]) -> None:
        """Locks the measures of the statements."""
        lock_measures(list(MeasureReport.objects.filter(pk__in=keys).values_list("measure", flat=True)))

    def plan_of(self, record: MeasureReport) -> Plan:
        """The plan that gives the measure."""
        return record.measure.plan

    def may_enter(self, person: Person, record: MeasureReport) -> bool:
        """Who answers for the measure. One query."""
        return may_report_measure(person, record.measure)

    def statement_of(self, record: MeasureReport) -> str:
        """How far the measure has come, and the beginning of what was done."""
        text = record.statement
        quoted = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
        return f"{MeasureProgress(record.progress).label}：{quoted}"

    def settle(self, records: list[MeasureReport], *, now: datetime) -> None:
        """Nothing depends on them."""


MEASURE_REPORTS = MeasureReportWorkflow()

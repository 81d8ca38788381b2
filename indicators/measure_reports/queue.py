"""The queue of one plan and year: statements on measures by state, each with what a reviewer needs to decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from indicators.models import Indicator, Measure, MeasureReport, Plan, ReportingRound, ReviewStatus
from indicators.review.queue import TAB_LABELS, Queue, Tab, TabLink
from indicators.services.measure_reports import measure_duties
from indicators.services.round_progress import leading_departments
from regions.models import Department
from regions.permissions import Person

LABELS = {**TAB_LABELS, Tab.MISSING: "未填报"}


@dataclass(frozen=True)
class StatementRow:
    """A measure with its statement, None where nothing was handed in, and last year's approved one."""

    measure: Measure
    record: MeasureReport | None
    last: MeasureReport | None
    departments: tuple[Department, ...]
    indicators: list[Indicator]
    is_own: bool

    @property
    def token(self) -> str:
        """What the checkbox sends: key and revision of the statement as seen."""
        return f"{self.record.pk}:{self.record.revision}" if self.record else ""


@dataclass(frozen=True)
class StatementQueue(Queue):
    """One tab of the queue of statements."""

    has_measures: bool
    rows: list[StatementRow]


def statement_queue(plan: Plan, year: int, tab: Tab, *, person: Person) -> StatementQueue:
    """Queries: round; measures with duties, their departments and indicators; statements of this and the last year
    with the people of their review. Expects the coordinating department to be loaded."""
    measures = list(
        Measure.objects.filter(plan=plan).prefetch_related(measure_duties(), "indicators").order_by("position", "code")
    )
    reports = {
        (report.measure_id, report.year): report
        for report in MeasureReport.objects.filter(
            Q(year=year) | Q(year=year - 1, status=ReviewStatus.APPROVED), measure__plan=plan
        ).select_related("submitted_by", "approved_by")
    }
    counts: Counter[str] = Counter()
    rows = []
    for measure in measures:
        measure.plan = plan
        report = reports.get((measure.pk, year))
        status = report.status if report else ""
        counts[status] += 1
        shown = Tab.MISSING if status in ("", ReviewStatus.DRAFT) else Tab(status)
        if shown is tab:
            rows.append(
                StatementRow(
                    measure,
                    report,
                    reports.get((measure.pk, year - 1)),
                    leading_departments(measure, plan),
                    list(measure.indicators.all()),
                    is_own=report is not None and report.submitted_by_id == person.pk,
                )
            )
    numbers = {each: counts[""] if each is Tab.MISSING else counts[each.value] for each in Tab}
    return StatementQueue(
        plan=plan,
        year=year,
        round=ReportingRound.objects.filter(plan=plan, year=year).first(),
        tab=tab,
        tabs=[TabLink(each, LABELS[each], numbers[each], each is tab) for each in Tab],
        drafts=counts[ReviewStatus.DRAFT],
        has_measures=bool(measures),
        rows=rows,
    )

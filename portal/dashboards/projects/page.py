"""The page of one key project: everything that is known about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from indicators.core.figures import show_figure
from indicators.core.rounding import decimals_of, percentage, rounded
from indicators.models import Indicator, Measure, MeasureResponsibility, ReviewStatus
from indicators.permissions import may_review
from portal.dashboards.basis import Fact
from portal.dashboards.events import Event
from portal.dashboards.projects.chart import Chart, Total, chart_of
from portal.dashboards.projects.history import project_history
from portal.dashboards.projects.lines import percent_of, quantity_text
from portal.dashboards.rows import Duties, duties_of
from portal.dashboards.rules import rule_meaning
from portal.dashboards.years import last_complete_year
from projects.ledger.lines import ProblemLine, problem_line
from projects.models import (
    Deliverable,
    DeliverableAssessment,
    KeyProject,
    ProgressFile,
    ProgressReport,
    ProjectAssessment,
    ProjectResponsibility,
    Quarter,
)
from projects.models.progress import period_in_words
from projects.permissions import may_report, visible_progress_files, visible_reports
from regions.permissions import Person


@dataclass(frozen=True)
class YearCell:
    """A deliverable in a year: the total by its end, in words, and the verdict."""

    year: int
    total: str
    assessment: DeliverableAssessment | None


@dataclass(frozen=True)
class DeliverableRow:
    """A deliverable over the years. The figures in words, and `current`, are of the page's year; `percent` is the
    newest total's share of the promise, None before any report."""

    deliverable: Deliverable
    quantity: str
    cells: list[YearCell]
    total: str
    percent: int | None
    required: str
    pace: str
    needed: str
    current: DeliverableAssessment | None
    chart: Chart | None
    is_demonstration: bool


@dataclass(frozen=True)
class StatedQuantity:
    """A total in a report; `change` is how much it is more than in the report before, with a sign."""

    deliverable: Deliverable
    total: str
    change: str


@dataclass(frozen=True)
class PeriodEntry:
    """What the person may see of a period: the report, where there is one, its quantities, and the files."""

    period: str
    report: ProgressReport | None
    quantities: list[StatedQuantity]
    files: list[ProgressFile]


@dataclass(frozen=True)
class ProjectPage:
    """What the page shows. `report` is the newest approved one; verdicts are those of `year`, the newest complete one.
    `entry_year` is the year that a link to the form names."""

    project: KeyProject
    year: int
    duties: Duties
    measures: list[Measure]
    indicators: list[Indicator]
    report: ProgressReport | None
    current: ProjectAssessment | None
    facts: list[Fact]
    years: list[int]
    rows: list[DeliverableRow]
    periods: list[PeriodEntry]
    open_problems: list[ProblemLine]
    resolved_problems: list[ProblemLine]
    history: list[Event]
    may_report: bool
    may_review: bool
    entry_year: int


def project_page(project: KeyProject, *, person: Person, today: date) -> ProjectPage:
    """Expects group, column, plan, its region and coordinating department to be loaded.

    Queries: places, deliverables, their verdicts, duties; measures, their duties, the indicators they serve; verdict;
    reports, their quantities and people; files; problems; permissions; six of history, a seventh for those who report.
    """
    plan = project.plan
    year = plan.nearest_year(last_complete_year(today))
    reports_on, reviews = may_report(person, project), may_review(person, plan)
    prefetch_related_objects(
        [project],
        "places",
        Prefetch("deliverables", Deliverable.objects.prefetch_related("assessments")),
        Prefetch("responsibilities", ProjectResponsibility.objects.select_related("department")),
        Prefetch("measures", measures_with_indicators()),
    )
    reports = list(
        visible_reports(person)
        .filter(project=project)
        .in_time()
        .select_related("submitted_by", "approved_by")
        .prefetch_related("delivered_quantities")
    )
    files = list(visible_progress_files(person).filter(project=project).order_by("pk"))
    approved = [report for report in reports if report.status == ReviewStatus.APPROVED]
    problems = [problem_line(each, today) for each in project.problems.select_related("owner__region", "raised_by")]
    current = ProjectAssessment.objects.filter(project=project, year=year).first()
    measures = list(project.measures.all())
    return ProjectPage(
        project=project,
        year=year,
        duties=duties_of(project),
        measures=measures,
        indicators=indicators_of(measures),
        report=approved[-1] if approved else None,
        current=current,
        facts=facts_of(current) if current else [],
        years=list(plan.years),
        rows=[deliverable_row(each, approved, plan.years, year) for each in project.deliverables.all()],
        periods=period_entries(reports, files, list(project.deliverables.all())),
        open_problems=[line for line in problems if line.problem.is_open],
        resolved_problems=[line for line in problems if not line.problem.is_open],
        history=project_history(project, with_drafts=reports_on),
        may_report=reports_on,
        may_review=reviews,
        entry_year=max(plan.period_start, min(plan.period_end, last_complete_year(today))),
    )


def measures_with_indicators() -> QuerySet[Measure]:
    """Measures in the order of the plan, with departments and the indicators that they serve. Three queries."""
    duties = MeasureResponsibility.objects.select_related("department")
    indicators = Indicator.objects.order_by("position", "pk")
    return Measure.objects.order_by("position", "pk").prefetch_related(
        Prefetch("responsibilities", duties), Prefetch("indicators", indicators)
    )


def indicators_of(measures: Iterable[Measure]) -> list[Indicator]:
    """The indicators that the project serves through its measures, each once."""
    return list(dict.fromkeys(indicator for measure in measures for indicator in measure.indicators.all()))


def facts_of(assessment: ProjectAssessment) -> list[Fact]:
    """What the project's verdict rests on: its rule and the pace of its worst deliverable."""
    meaning = rule_meaning(assessment.rule_number)
    facts = [Fact("适用规则", f"第 {assessment.rule_number} 条", meaning)] if meaning else []
    if assessment.pace is not None:
        facts.append(Fact("序时进度完成率", percentage(assessment.pace), "实际进度占应有进度的比例"))
    return facts


def deliverable_row(
    deliverable: Deliverable, approved: Sequence[ProgressReport], years: range, year: int
) -> DeliverableRow:
    """A deliverable with its verdicts prefetched, over the approved reports in order of time. Queries nothing."""
    verdicts = {each.year: each for each in deliverable.assessments.all()}
    totals = totals_of(deliverable, approved)
    last, current = (totals[-1].quantity if totals else None), verdicts.get(year)
    due = {each: verdict.required for each, verdict in verdicts.items() if verdict.required is not None}
    known = [deliverable.quantity, *(total.quantity for total in totals)]
    return DeliverableRow(
        deliverable=deliverable,
        quantity=quantity_text(deliverable),
        cells=[year_cell(each, verdicts.get(each)) for each in years],
        total=show_figure(last),
        percent=None if last is None else percent_of(last, deliverable.quantity),
        required=derived(current.required if current else None, known),
        pace=percentage(current.pace) if current and current.pace is not None else "—",
        needed=derived(current.needed_per_year if current else None, known),
        current=current,
        chart=chart_of(totals, due, deliverable.quantity, years, deliverable.unit),
        is_demonstration=any(report.is_demonstration for report in approved),
    )


def totals_of(deliverable: Deliverable, reports: Sequence[ProgressReport]) -> list[Total]:
    """What the reports say of a deliverable, in their order."""
    return [
        Total(moment_of(report), delivered.quantity, report.period)
        for report in reports
        for delivered in report.delivered_quantities.all()
        if delivered.deliverable_id == deliverable.pk
    ]


def moment_of(report: ProgressReport) -> Decimal:
    """The end of the report's period in years: that of 2022 is 2022, that of its second quarter 2021.5."""
    return report.year - 1 + Decimal(report.quarter or 4) / 4


def year_cell(year: int, assessment: DeliverableAssessment | None) -> YearCell:
    """The total that closes the year, as the verdict was given it."""
    value = assessment.value if assessment else None
    return YearCell(year, show_figure(value), assessment if value is not None else None)


def derived(figure: Decimal | None, known: Sequence[Decimal]) -> str:
    """A figure that was worked out, with one decimal more than those it stands among where it is not as round."""
    if figure is None:
        return "—"
    decimals = decimals_of(Decimal(show_figure(each)) for each in known)
    return show_figure(Decimal(rounded(figure, decimals + 1, known)))


def period_entries(
    reports: Sequence[ProgressReport], files: Sequence[ProgressFile], deliverables: Sequence[Deliverable]
) -> list[PeriodEntry]:
    """Periods with a report or a file, the newest first. `reports` are in order of time."""
    by_period: dict[tuple[int, int], list[ProgressFile]] = {}
    for file in files:
        by_period.setdefault((file.year, file.quarter), []).append(file)
    entries = {}
    before: dict[int, Decimal] = {}
    for report in reports:
        period = (report.year, report.quarter)
        now = {each.deliverable_id: each.quantity for each in report.delivered_quantities.all()}
        entries[period] = PeriodEntry(
            period=report.period,
            report=report,
            quantities=[
                StatedQuantity(each, show_figure(now[each.pk]), change_text(now[each.pk], before.get(each.pk)))
                for each in deliverables
                if each.pk in now
            ],
            files=by_period.get(period, []),
        )
        if report.status == ReviewStatus.APPROVED:
            before |= now
    for period, kept in by_period.items():
        if period not in entries:
            entries[period] = PeriodEntry(period_in_words(*period), None, [], kept)
    in_time = sorted(entries, key=lambda period: (period[0], Quarter(period[1]).rank), reverse=True)
    return [entries[period] for period in in_time]


def change_text(total: Decimal, before: Decimal | None) -> str:
    """By how much a total grew since the approved report before; empty for the first."""
    if before is None:
        return ""
    change = total - before
    return "未变" if change == 0 else f"{'+' if change > 0 else '−'}{show_figure(abs(change))}"

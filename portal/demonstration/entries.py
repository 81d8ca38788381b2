"""What the command `demo` fills in for a plan, as the entries that the writing services take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from indicators.models import Indicator, Measure, Plan
from indicators.services.demonstration import MARK
from indicators.services.judging import gather
from indicators.services.measure_reports import MeasureReportEntry
from indicators.services.values import ValueEntry
from portal.demonstration.figures import plausible_values
from portal.demonstration.statements import plausible_statements
from portal.demonstration.works import Progress, plausible_obstacle, plausible_progress
from projects.models import KeyProject, ProjectKind
from projects.services.demonstration import MadeUpProblem
from projects.services.due import leading_departments, project_duties
from projects.services.reports import ReportEntry

#: Amounts of money in 万元, by the unit in which the source prints them.
TEN_THOUSANDS = {"万元": Decimal(1), "亿元": Decimal(10000)}


def values_for(plan: Plan) -> list[ValueEntry]:
    """Figures for every indicator of the plan that takes values: in the plan's own region, and in each county that the
    target was shared out to, from the year of its share."""
    indicators = Indicator.objects.filter(plan=plan, components=None).select_related("plan__region")
    entries: list[ValueEntry] = []
    for evidence in gather(indicators):
        indicator = evidence.indicator
        evidence.values.clear()
        vars(evidence).pop("entries", None)  # what was worked out of the values
        key = f"{indicator.code} {evidence.region.slug}" if evidence.is_county else indicator.code
        figures = plausible_values(evidence.subject(indicator.target_year), plan.years, key)
        for year, figure in figures.items():
            if year < evidence.since:
                continue
            entry = ValueEntry(indicator, evidence.region, year, source=MARK, note=MARK)
            if isinstance(figure, str):
                entries.append(replace(entry, finding=figure))
            else:
                entries.append(replace(entry, value=Decimal(figure)))
    return entries


def statements_for(plan: Plan) -> list[MeasureReportEntry]:
    """What was done for every measure of the plan, year by year."""
    return [
        MeasureReportEntry(measure, each.year, each.progress, each.text, next_step=each.next_step)
        for measure in Measure.objects.filter(plan=plan).select_related("plan")
        for each in plausible_statements(plan.years, measure.code)
    ]


def reports_for(plan: Plan) -> list[ReportEntry]:
    """The progress of every key project of the plan, year by year."""
    return [
        ReportEntry(
            project,
            each.year,
            project_status=each.status,
            status_reason=each.status_reason,
            quantities=each.quantities,
            investment_paid=paid(project, each.share),
            problems=each.problems,
            next_step=each.next_step,
            note=MARK,
        )
        for project, progress in progress_in(plan)
        for each in progress
    ]


def obstacles_for(plan: Plan) -> list[MadeUpProblem]:
    """Problems of projects that halt or are slow, each owned by who leads the project."""
    found = []
    for project, progress in progress_in(plan):
        obstacle = plausible_obstacle(progress, project.code)
        if obstacle is not None:
            owner = leading_departments(project, plan.coordinating_department)[0]
            found.append(MadeUpProblem(project, owner=owner, **vars(obstacle)))
    return found


def progress_in(plan: Plan) -> Iterator[tuple[KeyProject, list[Progress]]]:
    """The key projects of the plan, each with its plausible progress. Three queries."""
    projects = (
        KeyProject.objects.filter(group__column__plan=plan)
        .select_related("group__column__plan")
        .prefetch_related("deliverables", project_duties())
    )
    for project in projects:
        promised = {each.pk: each.quantity for each in project.deliverables.all()}
        is_facility = project.kind == ProjectKind.FACILITY
        yield (
            project,
            plausible_progress(promised, plan.years, project.due_year, is_facility=is_facility, key=project.code),
        )


def paid(project: KeyProject, share: Decimal) -> Decimal | None:
    """The money paid to date, in 万元; None where the source names no amount."""
    if project.investment_amount is None or project.investment_unit not in TEN_THOUSANDS:
        return None
    return round(project.investment_amount * TEN_THOUSANDS[project.investment_unit] * share, 2)

"""The page of a plan's approved progress reports of one year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.figures import show_figure
from indicators.models import Plan
from projects.models import Deliverable, KeyProject, ProgressReport, Quarter
from projects.services.reports import quantities_of


@dataclass(frozen=True)
class ReportedQuantity:
    """A promised quantity with what the report says of it, None where it says nothing."""

    deliverable: Deliverable
    delivered: Decimal | None

    @property
    def in_words(self) -> str:
        """充电桩 120 / 3600 个."""
        delivered = "—" if self.delivered is None else show_figure(self.delivered)
        promised = show_figure(self.deliverable.quantity)
        return f"{self.deliverable.name} {delivered} / {promised} {self.deliverable.unit}".rstrip()


@dataclass(frozen=True)
class ReportRow:
    """One report as a row."""

    report: ProgressReport
    quantities: list[ReportedQuantity]

    @property
    def project(self) -> KeyProject:
        """The project that it is about."""
        project: KeyProject = self.report.project
        return project


@dataclass(frozen=True)
class ReportsPage:
    """What the page shows. `project_count` are the projects of the plan."""

    plan: Plan
    year: int
    years: Sequence[int]
    rows: list[ReportRow]
    project_count: int

    @property
    def reported_count(self) -> int:
        """Projects with a report of the year."""
        return len({row.report.project_id for row in self.rows})

    @property
    def periods(self) -> list[str]:
        """The periods that reports are about, in order of time."""
        found = {row.report.quarter for row in self.rows}
        return [quarter.label for quarter in sorted(map(Quarter, found), key=lambda each: each.rank)]


def reports_page(plan: Plan, year: int) -> ReportsPage:
    """The approved reports of a plan and year, by project and period. Four queries."""
    reports = (
        ProgressReport.objects.approved()
        .filter(project__group__column__plan=plan, year=year)
        .select_related("project__group__column")
        .prefetch_related("delivered_quantities", "project__deliverables")
    )
    rows = [ReportRow(report, quantities_in(report)) for report in reports]
    rows.sort(key=place_of)
    return ReportsPage(plan, year, plan.years, rows, KeyProject.objects.filter(group__column__plan=plan).count())


def quantities_in(report: ProgressReport) -> list[ReportedQuantity]:
    """What the report says of each deliverable of its project."""
    stated = quantities_of(report)
    return [ReportedQuantity(each, stated.get(each.pk)) for each in report.project.deliverables.all()]


def place_of(row: ReportRow) -> tuple[int, int, int, int, int]:
    """By the order of the document, then by time."""
    project = row.project
    column = project.group.column
    return column.number, project.group.position, project.position, project.pk, Quarter(row.report.quarter).rank

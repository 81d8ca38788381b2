"""Key projects as rows of a table: what the page of a plan's columns and the list of works show of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from indicators.core.figures import show_figure
from portal.dashboards.rows import Duties, duties_of
from projects.models import (
    Deliverable,
    KeyProject,
    ProgressReport,
    ProjectAssessment,
    ProjectProblem,
    ProjectResponsibility,
    ProjectStatus,
)

#: How a project without an approved report is called, and its code in addresses.
UNREPORTED = "unreported"
UNREPORTED_LABEL = "未报告"


@dataclass(frozen=True)
class DeliverableLine:
    """A promised quantity, and how much of it the newest report says is done; `total` is None before any report."""

    deliverable: Deliverable
    quantity: str
    total: Decimal | None

    @property
    def delivered(self) -> str:
        """The total as people read it; empty before any report."""
        return "" if self.total is None else show_figure(self.total)

    @property
    def percent(self) -> int | None:
        """How much of the promise is done, in whole per cent: 100 only when all of it is."""
        return None if self.total is None else percent_of(self.total, self.deliverable.quantity)

    @property
    def is_complete(self) -> bool:
        """Whether the promised quantity was delivered."""
        return self.total is not None and self.total >= self.deliverable.quantity


@dataclass(frozen=True)
class ProjectLine:
    """A project as a row: its newest approved report, its standing verdict and its open problems."""

    project: KeyProject
    duties: Duties
    deliverables: list[DeliverableLine]
    report: ProgressReport | None
    assessment: ProjectAssessment | None
    problems: list[ProjectProblem]

    @property
    def status(self) -> str:
        """The code of its status; UNREPORTED before any report."""
        return self.report.project_status if self.report else UNREPORTED

    @property
    def status_label(self) -> str:
        """Its status in words."""
        return status_label(self.status)


def status_label(code: str) -> str:
    """A project's status in words."""
    return UNREPORTED_LABEL if code == UNREPORTED else ProjectStatus(code).label


def for_lines(projects: QuerySet[KeyProject], year: int, *, until: int | None = None) -> QuerySet[KeyProject]:
    """Projects with all that a row shows: verdicts that stand in `year`, the last report, of whatever year or up to
    the end of `until`.

    Eight queries when evaluated: projects; places, deliverables, duties, reports, quantities, verdicts, problems.
    """
    reports = ProgressReport.objects.newest(until=until).prefetch_related("delivered_quantities")
    return projects.prefetch_related(
        "places",
        "deliverables",
        Prefetch("responsibilities", ProjectResponsibility.objects.select_related("department")),
        Prefetch("progress_reports", reports),
        Prefetch("assessments", ProjectAssessment.objects.standing_in(year).defer("inputs")),
        Prefetch("problems", ProjectProblem.objects.open()),
    )


def project_line(project: KeyProject) -> ProjectLine:
    """The row of a project of `for_lines`, whose group, column and plan with its coordinating department are loaded.
    Queries nothing."""
    report = next(iter(project.progress_reports.all()), None)
    done = {row.deliverable_id: row.quantity for row in report.delivered_quantities.all()} if report else {}
    return ProjectLine(
        project=project,
        duties=duties_of(project),
        deliverables=[
            DeliverableLine(each, quantity_text(each), done.get(each.pk)) for each in project.deliverables.all()
        ],
        report=report,
        assessment=next(iter(project.assessments.all()), None),
        problems=list(project.problems.all()),
    )


def quantity_text(deliverable: Deliverable) -> str:
    """The promised quantity, a range where the source prints one."""
    text = show_figure(deliverable.quantity)
    return text if deliverable.quantity_max is None else f"{text}—{show_figure(deliverable.quantity_max)}"


def percent_of(total: Decimal, promised: Decimal) -> int:
    """The share in whole per cent, at most 100, and 100 only when nothing is lacking."""
    return 100 if total >= promised else int(total * 100 / promised)

"""The page of a plan's project columns (专栏)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from indicators.core.figures import show_figure
from indicators.models import Plan
from projects.models import (
    Deliverable,
    KeyProject,
    ProgressReport,
    ProjectColumn,
    ProjectGroup,
    ProjectResponsibility,
    Quarter,
)
from regions.models import Department, DutyRole


@dataclass(frozen=True)
class DeliverableLine:
    """A promised quantity, and how much of it was reported as done; `delivered` is empty before any report."""

    deliverable: Deliverable
    quantity: str
    delivered: str


@dataclass(frozen=True)
class ProjectLine:
    """A project as a row."""

    project: KeyProject
    leads: list[Department]
    participating: list[Department]
    deliverables: list[DeliverableLine]
    report: ProgressReport | None


@dataclass(frozen=True)
class GroupLines:
    """A group with its projects."""

    group: ProjectGroup
    projects: list[ProjectLine]


@dataclass(frozen=True)
class ColumnLines:
    """A column with its groups."""

    column: ProjectColumn
    groups: list[GroupLines]

    @property
    def project_count(self) -> int:
        """Projects of all groups."""
        return sum(len(group.projects) for group in self.groups)


@dataclass(frozen=True)
class ColumnsPage:
    """What the page shows."""

    plan: Plan
    columns: list[ColumnLines]
    has_departments: bool
    has_reports: bool

    @property
    def project_count(self) -> int:
        """Projects of all columns."""
        return sum(column.project_count for column in self.columns)


def columns_page(plan: Plan) -> ColumnsPage:
    """The queries of `columns_with_projects`, nothing else."""
    columns = [
        ColumnLines(
            column,
            [
                GroupLines(group, [project_line(project) for project in group.projects.all()])
                for group in column.groups.all()
            ],
        )
        for column in columns_with_projects(plan)
    ]
    lines = [line for column in columns for group in column.groups for line in group.projects]
    return ColumnsPage(
        plan=plan,
        columns=columns,
        has_departments=any(line.leads or line.participating for line in lines),
        has_reports=any(line.report for line in lines),
    )


def columns_with_projects(plan: Plan) -> QuerySet[ProjectColumn]:
    """Columns with groups, projects and all that a project states. Eight queries when evaluated."""
    projects = KeyProject.objects.order_by("position").prefetch_related(
        "places",
        "deliverables",
        Prefetch("responsibilities", ProjectResponsibility.objects.select_related("department")),
        Prefetch("progress_reports", ProgressReport.objects.approved().prefetch_related("delivered_quantities")),
    )
    groups = ProjectGroup.objects.order_by("position").prefetch_related(Prefetch("projects", projects))
    return plan.project_columns.order_by("number").prefetch_related(Prefetch("groups", groups))


def project_line(project: KeyProject) -> ProjectLine:
    """The row of a project of `columns_with_projects`. Queries nothing."""
    duties = sorted(project.responsibilities.all(), key=lambda duty: duty.position)
    reports = sorted(project.progress_reports.all(), key=lambda report: (report.year, Quarter(report.quarter).rank))
    report = reports[-1] if reports else None
    done = {row.deliverable_id: row.quantity for row in report.delivered_quantities.all()} if report else {}
    return ProjectLine(
        project=project,
        leads=[duty.department for duty in duties if duty.role == DutyRole.LEAD],
        participating=[duty.department for duty in duties if duty.role == DutyRole.PARTICIPATING],
        deliverables=[
            DeliverableLine(
                deliverable,
                quantity_text(deliverable),
                show_figure(done[deliverable.pk]) if deliverable.pk in done else "",
            )
            for deliverable in project.deliverables.all()
        ],
        report=report,
    )


def quantity_text(deliverable: Deliverable) -> str:
    """The promised quantity, a range where the source prints one."""
    text = show_figure(deliverable.quantity)
    return text if deliverable.quantity_max is None else f"{text}—{show_figure(deliverable.quantity_max)}"

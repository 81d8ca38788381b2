"""The page of a plan's project columns (专栏)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from indicators.models import Plan
from portal.dashboards.projects.column_progress import ColumnProgress, column_progress
from portal.dashboards.projects.lines import ProjectLine, for_lines, project_line
from portal.dashboards.years import last_complete_year
from projects.models import KeyProject, ProjectColumn, ProjectGroup


@dataclass(frozen=True)
class GroupLines:
    """A group with its projects."""

    group: ProjectGroup
    projects: list[ProjectLine]


@dataclass(frozen=True)
class ColumnLines:
    """A column with its groups, and how its projects stand together."""

    column: ProjectColumn
    groups: list[GroupLines]
    progress: ColumnProgress

    @property
    def project_count(self) -> int:
        """Projects of all groups."""
        return sum(len(group.projects) for group in self.groups)


@dataclass(frozen=True)
class ColumnsPage:
    """What the page shows; verdicts are those of `year`, the newest complete one."""

    plan: Plan
    year: int
    columns: list[ColumnLines]
    has_departments: bool
    has_reports: bool

    @property
    def project_count(self) -> int:
        """Projects of all columns."""
        return sum(column.project_count for column in self.columns)


def columns_page(plan: Plan, *, today: date) -> ColumnsPage:
    """The queries of `columns_with_projects`, nothing else."""
    year = plan.nearest_year(last_complete_year(today))
    columns = [column_lines(column) for column in columns_with_projects(plan, year)]
    lines = [line for column in columns for group in column.groups for line in group.projects]
    return ColumnsPage(
        plan=plan,
        year=year,
        columns=columns,
        has_departments=any(line.duties.leads or line.duties.participating for line in lines),
        has_reports=any(line.report for line in lines),
    )


def columns_with_projects(plan: Plan, year: int) -> QuerySet[ProjectColumn]:
    """Columns with groups, projects and all that a project's row shows. Ten queries when evaluated."""
    projects = for_lines(KeyProject.objects.order_by("position", "pk"), year)
    groups = ProjectGroup.objects.order_by("position").prefetch_related(Prefetch("projects", projects))
    return plan.project_columns.order_by("number").prefetch_related(Prefetch("groups", groups))


def column_lines(column: ProjectColumn) -> ColumnLines:
    """A column of `columns_with_projects`. Queries nothing."""
    groups = [
        GroupLines(group, [project_line(project) for project in group.projects.all()]) for group in column.groups.all()
    ]
    return ColumnLines(column, groups, column_progress([line for group in groups for line in group.projects]))

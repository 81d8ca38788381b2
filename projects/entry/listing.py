"""What a person reports on in a plan and year: each project with the state of its reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from indicators.models import Plan, ReportingRound, ReviewStatus
from indicators.permissions import may_review
from projects.entry.report_page import report_address
from projects.models import KeyProject, ProgressReport, ProjectAssessment, ProjectColumn, Quarter
from projects.permissions import answered_projects
from projects.services.due import IN_COLUMN_ORDER, leading_departments, project_duties
from projects.services.files import ReportKey
from regions.models import Department
from regions.permissions import Person


class Choice(StrEnum):
    """Which projects are listed; the word stands in the address."""

    ALL = "all"
    MISSING = "missing"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


CHOICE_LABELS = {
    Choice.ALL: "全部",
    Choice.MISSING: "未填",
    Choice.DRAFT: "草稿",
    Choice.SUBMITTED: "待审核",
    Choice.RETURNED: "已退回",
    Choice.APPROVED: "已审定",
}


@dataclass(frozen=True)
class ChoiceLink:
    """A choice with the number of projects that it lists."""

    choice: Choice
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class ProjectLine:
    """A project with its reports. `last` is the newest that was handed in, of whatever year; `closing` the one that
    closes the year, in whatever state; `quarters` those of the year's first three quarters, and of the fourth where the
    whole year has its own."""

    project: KeyProject
    departments: tuple[Department, ...]
    year: int
    last: ProgressReport | None
    closing: ProgressReport | None
    quarters: list[ProgressReport]
    assessment: ProjectAssessment | None
    this_quarter: int | None

    @property
    def choice(self) -> Choice:
        """Under which choice the project stands beside ALL."""
        return Choice(self.closing.status) if self.closing else Choice.MISSING

    @property
    def address(self) -> str:
        """Where the report of the year is written, or that of the fourth quarter which closes it."""
        return report_address(
            ReportKey(self.project, self.year, self.closing.quarter if self.closing else Quarter.YEAR)
        )

    @property
    def quarter_address(self) -> str:
        """Where the report of this very quarter is written; empty where the year is another or it has one."""
        if self.this_quarter is None or any(each.quarter == self.this_quarter for each in self.reports):
            return ""
        return report_address(ReportKey(self.project, self.year, self.this_quarter))

    @property
    def reports(self) -> list[ProgressReport]:
        """All reports of the year."""
        return [*self.quarters, *([self.closing] if self.closing else [])]


@dataclass(frozen=True)
class ProjectList:
    """The projects of a choice, and how many every choice has. `this_quarter` is the quarter that is running."""

    plan: Plan
    year: int
    choice: Choice
    choices: list[ChoiceLink]
    lines: list[ProjectLine]
    total: int
    opened: ReportingRound | None
    is_reviewed: bool
    is_reviewer: bool
    today: date
    this_quarter: str

    @property
    def groups(self) -> list[tuple[ProjectColumn, list[ProjectLine]]]:
        """Lines by column."""
        by_column = groupby(self.lines, lambda line: line.project.group.column)
        return [(column, list(lines)) for column, lines in by_column]

    @property
    def open_count(self) -> int:
        """Projects whose report is not handed in."""
        waiting = (Choice.MISSING, Choice.DRAFT, Choice.RETURNED)
        return sum(each.count for each in self.choices if each.choice in waiting)

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, negative when it has passed; None without a round."""
        return (self.opened.deadline - self.today).days if self.opened else None

    @property
    def days_overdue(self) -> int:
        """Days since the deadline while something is still to be handed in; else 0."""
        return max(0, -(self.days_left or 0)) if self.open_count else 0


def choose(asked: str | None) -> Choice:
    """The choice that the address names, else all."""
    return Choice(asked) if asked in list(Choice) else Choice.ALL


def project_list(plan: Plan, year: int, choice: Choice, *, person: Person, today: date) -> ProjectList:
    """The person's projects of a plan and year.

    Seven queries, however many projects: the round, whether the person reviews, projects, duties, reports, verdicts;
    and what the person may see at all.
    """
    opened = ReportingRound.objects.filter(plan=plan, year=year).first()
    projects = list(
        answered_projects(person)
        .filter(group__column__plan=plan)
        .select_related("group__column__plan")
        .prefetch_related(project_duties())
        .order_by(*IN_COLUMN_ORDER)
    )
    reports: defaultdict[int, list[ProgressReport]] = defaultdict(list)
    for report in ProgressReport.objects.filter(project__in=projects).in_time():
        reports[report.project_id].append(report)
    assessments = {each.project_id: each for each in ProjectAssessment.objects.filter(project__in=projects, year=year)}
    this_quarter = (today.month + 2) // 3 if today.year == year else None
    lines = [
        build_line(project, plan, year, reports[project.pk], assessments.get(project.pk), this_quarter)
        for project in projects
    ]
    counts: Mapping[Choice, int] = Counter(line.choice for line in lines)
    return ProjectList(
        plan=plan,
        year=year,
        choice=choice,
        choices=[
            ChoiceLink(each, label, len(lines) if each is Choice.ALL else counts[each], each is choice)
            for each, label in CHOICE_LABELS.items()
        ],
        lines=[line for line in lines if choice in (Choice.ALL, line.choice)],
        total=len(lines),
        opened=opened,
        is_reviewed=plan.review_required or opened is not None,
        is_reviewer=may_review(person, plan),
        today=today,
        this_quarter=Quarter(this_quarter).label if this_quarter else "",
    )


def build_line(
    project: KeyProject,
    plan: Plan,
    year: int,
    reports: list[ProgressReport],
    assessment: ProjectAssessment | None,
    this_quarter: int | None,
) -> ProjectLine:
    """A project with its reports, in order of time. Queries nothing."""
    own = [each for each in reports if each.year == year]
    closing = own[-1] if own and Quarter(own[-1].quarter).closes_year else None
    handed_in = [each for each in reports if each.status in (ReviewStatus.SUBMITTED, ReviewStatus.APPROVED)]
    return ProjectLine(
        project=project,
        departments=leading_departments(project, plan.coordinating_department),
        year=year,
        last=handed_in[-1] if handed_in else None,
        closing=closing,
        quarters=[each for each in own if each is not closing],
        assessment=assessment,
        this_quarter=this_quarter,
    )

"""The queue of progress reports of one plan and year: by state, each with what a reviewer needs to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators.core.figures import show_figure
from indicators.models import AbstractStoredFile, Plan, ReportingRound, ReviewStatus
from indicators.review.queue import Queue, Tab, TabLink
from projects.entry.report_page import promised_in_words, report_address, share_in_words
from projects.models import Deliverable, KeyProject, ProgressFile, ProgressReport, Quarter
from projects.models.progress import ProgressReportQuerySet
from projects.services.due import IN_COLUMN_ORDER, leading_departments, project_duties
from projects.services.files import ReportKey
from projects.services.preview import ReportPreview, previews
from projects.services.reports import neighbours, quantities_of
from regions.models import Department
from regions.permissions import Person

TAB_LABELS = {
    Tab.SUBMITTED: "待审核",
    Tab.RETURNED: "已退回",
    Tab.MISSING: "未填报",
    Tab.APPROVED: "已审定",
}


@dataclass(frozen=True)
class Total:
    """Something that only grows, a quantity or the money: what was reported before and what is now, in `unit`."""

    name: str
    unit: str
    promised: str
    before: Decimal | None
    now: Decimal | None
    share: str = ""

    @property
    def grew(self) -> str:
        """By how much, with its sign; empty where either is unknown."""
        if self.before is None or self.now is None:
            return ""
        change = self.now - self.before
        return "未变" if change == 0 else f"{'+' if change > 0 else '−'}{show_figure(abs(change))}"


@dataclass(frozen=True)
class ReportRow:
    """A report to look at, with the photos that show it; `before` is the one that was handed in before it. `token` is
    what its checkbox sends: key and revision."""

    report: ProgressReport
    departments: tuple[Department, ...]
    before: ProgressReport | None
    totals: list[Total]
    preview: ReportPreview | None
    is_own: bool
    files: list[AbstractStoredFile]

    @property
    def token(self) -> str:
        """Key and revision of the report as seen."""
        return f"{self.report.pk}:{self.report.revision}"

    @property
    def address(self) -> str:
        """The form of the report with its photos."""
        return report_address(ReportKey(self.report.project, self.report.year, self.report.quarter))


@dataclass(frozen=True)
class MissingProject:
    """A project whose report of the year nobody handed in."""

    project: KeyProject
    departments: tuple[Department, ...]
    is_draft: bool
    address: str


@dataclass(frozen=True)
class ReportQueue(Queue):
    """One tab of the queue of progress reports."""

    projects: int
    rows: list[ReportRow]
    missing: list[MissingProject]

    @property
    def tab_label(self) -> str:
        """What the tab is called."""
        return TAB_LABELS[self.tab]


def report_queue(plan: Plan, year: int, tab: Tab, *, person: Person) -> ReportQueue:
    """Queries: round; projects with duties and deliverables (three); the plan's reports with their quantities (two) and
    the year's files; of a tab with reports also what they are judged by (four)."""
    projects: dict[int, KeyProject] = {
        each.pk: each
        for each in KeyProject.objects.filter(group__column__plan=plan)
        .select_related("group__column__plan")
        .prefetch_related("deliverables", project_duties())
        .order_by(*IN_COLUMN_ORDER)
    }
    reports = reports_by_project(
        ProgressReport.objects.filter(project__in=projects).select_related("submitted_by", "approved_by"), projects
    )
    own = [each for key in projects for each in reports[key] if each.year == year]
    counts = Counter(each.status for each in own)
    missing = [
        each for key, project in projects.items() if (each := missing_project(project, plan, year, reports[key]))
    ]
    numbers = {
        Tab.SUBMITTED: counts[ReviewStatus.SUBMITTED],
        Tab.RETURNED: counts[ReviewStatus.RETURNED],
        Tab.MISSING: sum(not each.is_draft for each in missing),
        Tab.APPROVED: counts[ReviewStatus.APPROVED],
    }
    return ReportQueue(
        plan=plan,
        year=year,
        round=ReportingRound.objects.filter(plan=plan, year=year).first(),
        tab=tab,
        tabs=[TabLink(each, TAB_LABELS[each], numbers[each], each is tab) for each in Tab],
        drafts=counts[ReviewStatus.DRAFT],
        projects=len(projects),
        rows=build_rows([each for each in own if each.status == tab], reports, plan, person),
        missing=missing if tab is Tab.MISSING else [],
    )


def reports_by_project(
    reports: ProgressReportQuerySet, projects: dict[int, KeyProject]
) -> defaultdict[int, list[ProgressReport]]:
    """The reports in order of time by project (key), with their quantities. Two queries."""
    found: defaultdict[int, list[ProgressReport]] = defaultdict(list)
    for report in reports.in_time().prefetch_related("delivered_quantities"):
        report.project = projects[report.project_id]
        found[report.project_id].append(report)
    return found


def missing_project(project: KeyProject, plan: Plan, year: int, reports: list[ProgressReport]) -> MissingProject | None:
    """The project where the report that closes the year is not begun, or a draft; else None. Queries nothing."""
    closing = [each for each in reports if each.year == year and Quarter(each.quarter).closes_year]
    if closing and closing[-1].status != ReviewStatus.DRAFT:
        return None
    return MissingProject(
        project,
        leading_departments(project, plan.coordinating_department),
        is_draft=bool(closing),
        address=report_address(ReportKey(project, year)),
    )


def build_rows(
    listed: list[ProgressReport],
    reports: dict[int, list[ProgressReport]],
    plan: Plan,
    person: Person,
) -> list[ReportRow]:
    """Rows of these reports. Five queries where there are any: files, and those of `previews`."""
    judged = previews(listed) if listed else {}
    files = files_by_report(ProgressFile.objects.filter(project__in=[each.project_id for each in listed]))
    return [
        build_row(
            report,
            neighbours(report.year, report.quarter, reports[report.project_id])[0],
            judged.get(report.pk),
            files.get((report.project_id, report.year, report.quarter), []),
            plan,
            person,
        )
        for report in listed
    ]


def files_by_report(files: QuerySet[ProgressFile]) -> dict[tuple[int, int, int], list[Any]]:
    """Files by project (key), year and quarter. One query."""
    found: defaultdict[tuple[int, int, int], list[ProgressFile]] = defaultdict(list)
    for each in files:
        found[each.project_id, each.year, each.quarter].append(each)
    return dict(found)


def build_row(
    report: ProgressReport,
    before: ProgressReport | None,
    preview: ReportPreview | None,
    files: list[AbstractStoredFile],
    plan: Plan,
    person: Person,
) -> ReportRow:
    """A report with its comparisons. Queries nothing."""
    now, last = quantities_of(report), quantities_of(before) if before else {}
    totals = [total_of(each, last.get(each.pk), now.get(each.pk)) for each in report.project.deliverables.all()]
    paid_before = before.investment_paid if before else None
    if report.investment_paid is not None or paid_before is not None:
        totals.append(Total("累计完成投资", "万元", "", paid_before, report.investment_paid))
    return ReportRow(
        report=report,
        departments=leading_departments(report.project, plan.coordinating_department),
        before=before,
        totals=totals,
        preview=preview,
        is_own=report.submitted_by_id == person.pk,
        files=files,
    )


def total_of(deliverable: Deliverable, before: Decimal | None, now: Decimal | None) -> Total:
    """The quantity of a deliverable."""
    return Total(
        deliverable.name,
        deliverable.unit,
        promised_in_words(deliverable),
        before,
        now,
        share_in_words(now, deliverable.quantity),
    )

"""What a template of progress reports holds: the projects that a person reports on, with what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from indicators.models import Plan, ReviewStatus
from indicators.services.judging import plain
from indicators.services.rounds import needs_review
from projects.models import KeyProject, ProgressReport, ProjectResponsibility, ProjectStatus
from projects.permissions import answered_projects, led_by
from projects.services.comparison import record_of
from projects.services.reports import neighbours, quantities_of
from projects.workbook.template import ReportTemplate, TemplateProject
from regions.models import Department, DutyRole
from regions.permissions import Person


def reporting_departments(plan: Plan, person: Person) -> QuerySet[Department]:
    """The departments that lead projects on which the person reports, the coordinating one where nobody leads. Two
    queries."""
    projects = answered_projects(person).filter(group__column__plan=plan)
    leads = ProjectResponsibility.objects.filter(project__in=projects, role=DutyRole.LEAD)
    found = Department.objects.filter(pk__in=leads.values("department"))
    coordinating = Department.objects.filter(pk=plan.coordinating_department_id)
    if projects.filter(led_by(coordinating)).exists():
        found |= coordinating
    return found.order_by("name", "pk")


def report_template(
    plan: Plan, year: int, quarter: int, *, department: Department | None, person: Person
) -> ReportTemplate:
    """The template of a person for a period; `department` narrows it to the projects of one. Six queries."""
    projects = (
        answered_projects(person)
        .filter(group__column__plan=plan)
        .select_related("group__column__plan__region")
        .prefetch_related("deliverables")
        .order_by("group__column__number", "group__position", "position", "pk")
    )
    if department is not None:
        projects = projects.filter(led_by(Department.objects.filter(pk=department.pk)))
    listed = list(projects)
    reports: defaultdict[int, list[ProgressReport]] = defaultdict(list)
    for report in ProgressReport.objects.filter(project__in=listed).in_time().prefetch_related("delivered_quantities"):
        reports[report.project_id].append(report)
    is_reviewed = needs_review(plan, year)
    return ReportTemplate(
        plan=plan.slug,
        title=plan.title,
        region=plan.region.name,
        year=year,
        quarter=quarter,
        projects=[template_project(each, reports[each.pk], year, quarter, is_reviewed=is_reviewed) for each in listed],
        statuses=ProjectStatus.labels,
        department=department.name if department else "",
        department_key=department.code if department else "",
    )


def template_project(
    project: KeyProject, reports: Sequence[ProgressReport], year: int, quarter: int, *, is_reviewed: bool
) -> TemplateProject:
    """The rows of one project; `reports` are its reports in order of time, with their quantities."""
    before, _ = neighbours(year, quarter, reports)
    known = TemplateProject(
        record_of(project),
        earlier_period=before.period if before else "",
        earlier={key: plain(quantity) for key, quantity in quantities_of(before).items()} if before else {},
    )
    stored = next((each for each in reports if (each.year, each.quarter) == (year, quarter)), None)
    return known if stored is None else with_report(known, stored, is_reviewed=is_reviewed)


def with_report(known: TemplateProject, stored: ProgressReport, *, is_reviewed: bool) -> TemplateProject:
    """The rows with what this period's report states so far."""
    state = stored.get_status_display()
    if stored.status == ReviewStatus.RETURNED and stored.review_comment:
        state = f"{state}：{stored.review_comment}"
    return TemplateProject(
        known.record,
        known.earlier_period,
        known.earlier,
        quantities={key: plain(quantity) for key, quantity in quantities_of(stored).items()},
        status=stored.get_project_status_display(),
        status_reason=stored.status_reason,
        investment_paid=None if stored.investment_paid is None else plain(stored.investment_paid),
        problems=stored.problems,
        next_step=stored.next_step,
        note=stored.note,
        state=state,
        is_open=not (is_reviewed and stored.status == ReviewStatus.APPROVED),
    )

"""May this person do this to this project? The one place that answers, for pages, admin, Excel and API alike; who
reviews a plan is asked of indicators.permissions."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.models import ReviewStatus
from indicators.permissions import may_review
from projects.models import KeyProject, ProgressFile, ProgressReport, ProjectProblem, ProjectResponsibility
from projects.models.progress import ProgressReportQuerySet
from regions.models import Department, DutyRole, Role
from regions.permissions import Person, departments_of, is_administrator


def led_by(departments: QuerySet[Department]) -> Q:
    """Projects that these departments lead: named as lead, or coordinating the plan where nobody is."""
    leads = ProjectResponsibility.objects.filter(project=OuterRef("pk"), role=DutyRole.LEAD)
    return Q(Exists(leads.filter(department__in=departments))) | (
        ~Q(Exists(leads)) & Q(group__column__plan__coordinating_department__in=departments)
    )


def answered_by(department: Department) -> Q:
    """Projects that the department leads or shares, and those without a lead in a plan that it coordinates."""
    duties = ProjectResponsibility.objects.filter(project=OuterRef("pk"))
    coordinated = ~Q(Exists(duties.filter(role=DutyRole.LEAD))) & Q(
        group__column__plan__coordinating_department=department
    )
    return Q(Exists(duties.filter(department=department))) | coordinated


def answered_projects(person: Person) -> QuerySet[KeyProject]:
    """Projects on which the person's departments report, or whose plan the person reviews."""
    if is_administrator(person):
        return KeyProject.objects.all()
    own = departments_of(person, Role.ENTRY)
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return KeyProject.objects.filter(led_by(own) | Q(group__column__plan__region__in=reviewed))


def may_report(person: Person, project: KeyProject) -> bool:
    """True when the person states the project's progress and adds photos. One query."""
    return answered_projects(person).filter(pk=project.pk).exists()


def visible_reports(person: Person) -> ProgressReportQuerySet:
    """Approved reports for everybody with an account; others for those who write or review them."""
    if not person.is_authenticated or not person.is_active:
        return ProgressReport.objects.none()
    counts = Q(status=ReviewStatus.APPROVED)
    return ProgressReport.objects.filter(counts | Q(project__in=answered_projects(person)))


def visible_progress_files(person: Person) -> QuerySet[ProgressFile]:
    """Photos of approved reports for everybody with an account; before approval for those who may add them."""
    if not person.is_authenticated or not person.is_active:
        return ProgressFile.objects.none()
    approved = ProgressReport.objects.approved().filter(
        project=OuterRef("project"), year=OuterRef("year"), quarter=OuterRef("quarter")
    )
    return ProgressFile.objects.filter(Exists(approved) | Q(project__in=answered_projects(person)))


def may_raise_problem(person: Person, project: KeyProject) -> bool:
    """True for those who report on the project and those who review its plan. One query."""
    return may_report(person, project)


def may_resolve_problem(person: Person, problem: ProjectProblem) -> bool:
    """True for those who report on the project, for staff of the department that owns the problem, and for reviewers.
    Two queries at most."""
    owns = departments_of(person, Role.ENTRY).filter(pk=problem.owner_id).exists()
    return owns or may_report(person, problem.project)


def may_move_deadline(person: Person, problem: ProjectProblem) -> bool:
    """True for reviewers of the plan: nobody gives themselves more time. One query."""
    return may_review(person, problem.project.plan)

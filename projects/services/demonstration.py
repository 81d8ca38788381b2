"""Progress and problems of demonstration: written where a project has nothing real, and removed without the rest.

A project that somebody reported on takes no made-up reports between the real ones: its verdicts would mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction

from indicators.services.demonstration import MARK
from indicators.services.recording import Standing
from projects.models import DeliveredQuantity, KeyProject, ProgressReport, ProjectProblem
from projects.services.judging import judge_projects, lock_projects
from projects.services.recording import ExaminedReport, record_of
from projects.services.reports import ReportEntry, check_report
from regions.history import attribute, record_changes
from regions.models import Department
from regions.rows import insert_unsaved


@dataclass(frozen=True)
class MadeUpProblem:
    """A problem of demonstration; `resolution` and `resolved_on` are empty while it is open."""

    project: KeyProject
    description: str
    owner: Department
    raised_on: date
    deadline: date
    resolution: str = ""
    resolved_on: date | None = None


def fill_reports(entries: Sequence[ReportEntry], *, now: datetime) -> int:
    """Store the entries as approved reports of demonstration, where their project has no real report and the period
    none at all. Gives their number. Expects plan and deliverables of the projects to be loaded.

    Raises ValidationError for what cannot be true. History names no person.
    """
    with transaction.atomic():
        projects = {entry.project.pk: entry.project for entry in entries}
        lock_projects(projects.keys())
        stored = ProgressReport.objects.filter(project__in=projects).order_by()
        real = set(stored.filter(is_demonstration=False).values_list("project", flat=True))
        filled = set(stored.values_list("project", "year", "quarter"))
        free = [
            entry
            for entry in entries
            if entry.project.pk not in real and (entry.project.pk, entry.year, entry.quarter) not in filled
        ]
        for entry in free:
            check_report(entry)
        records = [made_up(entry, now=now) for entry in free]
        insert_unsaved(records, unique=("project_id", "year", "quarter"))
        record_changes(records, created=True)
        quantities = [
            DeliveredQuantity(report_id=record.pk, deliverable_id=key, quantity=quantity)
            for record, entry in zip(records, free, strict=True)
            for key, quantity in entry.quantities.items()
        ]
        insert_unsaved(quantities, unique=("report_id", "deliverable_id"))
        record_changes(quantities, created=True)
        judge_projects([projects[key] for key in {record.project_id for record in records}], now=now)
    return len(records)


def made_up(entry: ReportEntry, *, now: datetime) -> ProgressReport:
    """The unsaved report that an entry becomes: approved, by nobody."""
    examined = ExaminedReport(entry, Standing.NEW, None, is_reviewed=False)
    return record_of(examined, None, person=AnonymousUser(), now=now, as_draft=False, is_demonstration=True)


def fill_problems(problems: Iterable[MadeUpProblem]) -> int:
    """Put the problems on the ledger, marked, where their project has none at all. Gives their number."""
    with transaction.atomic():
        wanted = list(problems)
        lock_projects({each.project.pk for each in wanted})
        kept = ProjectProblem.objects.filter(project__in=[each.project.pk for each in wanted])
        known = set(kept.order_by().values_list("project", flat=True))
        free = [each for each in wanted if each.project.pk not in known]
        for each in free:
            problem = ProjectProblem(
                project=each.project,
                description=each.description,
                owner=each.owner,
                raised_on=each.raised_on,
                deadline=each.deadline,
                resolution=each.resolution,
                resolved_on=each.resolved_on,
                is_demonstration=True,
            )
            problem.full_clean()
            attribute(problem, reason=MARK)
            problem.save()
    return len(free)


def remove(*, now: datetime) -> int:
    """Remove every report and problem of demonstration and judge their projects anew. Gives their number. A report that
    a person corrected is theirs and stays; a made-up problem goes, whatever was done about it."""
    with transaction.atomic():
        made_up_reports = ProgressReport.objects.filter(is_demonstration=True)
        projects = list(KeyProject.objects.filter(progress_reports__in=made_up_reports).distinct())
        lock_projects([project.pk for project in projects])
        reports = list(made_up_reports)
        problems = list(ProjectProblem.objects.filter(is_demonstration=True))
        delete(DeliveredQuantity.objects.filter(report__in=made_up_reports))
        delete(reports)
        delete(problems)
        judge_projects(projects, now=now)
    return len(reports) + len(problems)


def delete(rows: Iterable[models.Model]) -> None:
    """Delete rows, and keep in their history why."""
    for row in list(rows):
        attribute(row, reason=f"删除{MARK}")
        row.delete()

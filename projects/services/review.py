"""The way of progress reports through review: the steps of `indicators.services.review_steps` for reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from indicators.models import Plan
from indicators.services.review_steps import Workflow
from projects.models import ProgressReport, ProjectStatus
from projects.models.progress import ProgressReportQuerySet
from projects.permissions import may_report
from projects.services.judging import judge_projects, lock_projects
from regions.permissions import Person


class ReportWorkflow(Workflow[ProgressReport]):
    """Review of progress reports; the projects are judged anew when one counts."""

    noun, counted = "进展报告", "份进展报告"

    def records(self) -> ProgressReportQuerySet:
        """Reports with project and plan."""
        return ProgressReport.objects.select_related("project__group__column__plan__region")

    def lock(self, keys: Collection[int]) -> None:
        """Locks the projects of the reports."""
        lock_projects(list(ProgressReport.objects.filter(pk__in=keys).values_list("project", flat=True)))

    def plan_of(self, record: ProgressReport) -> Plan:
        """The plan whose column names the project."""
        return record.project.plan

    def may_enter(self, person: Person, record: ProgressReport) -> bool:
        """Who reports on the project. One query."""
        return may_report(person, record.project)

    def statement_of(self, record: ProgressReport) -> str:
        """The status and the quantities to date. One query."""
        quantities = record.delivered_quantities.select_related("deliverable").order_by("deliverable__position")
        return "，".join([ProjectStatus(record.project_status).label, *map(str, quantities)])

    def settle(self, records: list[ProgressReport], *, now: datetime) -> None:
        """Judges the projects anew."""
        judge_projects([record.project for record in records], now=now)


REPORTS = ReportWorkflow()
submit_reports, approve_reports = REPORTS.submit, REPORTS.approve
return_reports, reopen_reports = REPORTS.send_back, REPORTS.reopen

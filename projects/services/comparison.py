"""A workbook of progress reports held against what is stored: every report it states with how it stands, every problem
with its cell."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from indicators.core.verdicts import Verdict
from indicators.models import Plan
from indicators.services.comparison import HINDRANCES
from indicators.services.entry_rows import errors_by_field
from indicators.services.judging import plain
from indicators.services.recording import Standing
from indicators.workbook.refusals import WorkbookRefused
from projects.models import KeyProject, ProgressReport, ProjectStatus, Quarter
from projects.services.judging import Reported, approved_of, results_of, with_reports
from projects.services.recording import ExaminedReport, examine
from projects.services.reports import STATED, ReportEntry, quantities_of, statement_of
from projects.workbook.reading import ReportReading, StatedReport, read_reports
from projects.workbook.records import DeliverableRecord, ProjectRecord, StatusRecord
from projects.workbook.rows import StatedCell
from regions.permissions import Person

#: The statuses that a cell may name.
STATUSES = tuple(StatusRecord(code, label) for code, label in ProjectStatus.choices)


@dataclass(frozen=True)
class Complaint:
    """Why a report cannot be imported, at the cell that it is about."""

    sheet: str
    reference: str
    message: str


@dataclass(frozen=True)
class ComparedReport:
    """A report of the file and how it stands to what is stored."""

    stated: StatedReport
    examined: ExaminedReport

    @cached_property
    def complaints(self) -> list[Complaint]:
        """Why the report cannot be imported; empty when it can."""
        if self.examined.refusal is None or self.examined.standing is Standing.UNCHANGED:
            return []
        return [
            complaint_about(name, message, self.stated)
            for name, messages in errors_by_field(self.examined.refusal).items()
            for message in messages
        ]


@dataclass(frozen=True)
class FileReports:
    """What a file states, as entries: `stated` and `entries` belong together one by one."""

    reading: ReportReading
    stated: list[StatedReport]
    entries: list[ReportEntry]

    @property
    def has_errors(self) -> bool:
        """Whether some cell must be corrected before anything is imported."""
        return any(not problem.is_notice for problem in self.reading.problems)

    @property
    def stamp(self) -> str:
        """Changes whenever somebody changes a report that the file is about."""
        seen = [(entry.project.pk, entry.year, entry.quarter, entry.revision) for entry in self.entries]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


@dataclass(frozen=True)
class ReportComparison:
    """What an import would do with each report of a file."""

    file: FileReports
    reports: list[ComparedReport]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of reports by standing, and of cells to correct."""
        standings = Counter(each.examined.standing.value for each in self.reports)
        return {**standings, "problems": sum(not problem.is_notice for problem in self.file.reading.problems)}

    @property
    def is_clean(self) -> bool:
        """Whether nothing keeps the file from being imported as drafts."""
        return not self.file.has_errors and not any(each.examined.standing in HINDRANCES for each in self.reports)

    @property
    def changes(self) -> list[ComparedReport]:
        """Reports that an import would write."""
        return [each for each in self.reports if each.examined.standing in (Standing.NEW, Standing.CHANGED)]

    @property
    def lacks_reason(self) -> bool:
        """Whether approved reports would change and nobody said why."""
        refusals = (each.examined.refusal for each in self.reports if each.complaints)
        return any("reason" in errors_by_field(refusal) for refusal in refusals if refusal)

    @property
    def unexplained(self) -> list[ComparedReport]:
        """Reports that contradict others and say nothing about it: they may be drafts and cannot be handed in."""
        return [each for each in self.changes if each.examined.doubts and not each.examined.entry.note.strip()]


def compare(
    data: bytes, plan: Plan, *, year: int, quarter: int | None, reason: str = "", person: Person
) -> ReportComparison:
    """Read the file and hold it against what is stored, as drafts would be; nothing is written. As `read_entries`, and
    the queries of `examine`."""
    file = read_entries(data, plan, year=year, quarter=quarter, reason=reason)
    examined = examine(file.entries, person=person, as_draft=True)
    return ReportComparison(file, [ComparedReport(*pair) for pair in zip(file.stated, examined, strict=True)])


def read_entries(data: bytes, plan: Plan, *, year: int, quarter: int | None, reason: str = "") -> FileReports:
    """The entries that a file states for a plan and year.

    `quarter` holds for a table that is no template of ours, `reason` for approved reports that change. What the file
    leaves empty stays as it is stored. Four queries: projects, deliverables, stored reports, quantities. Raises
    WorkbookRefused for a file that cannot be read.
    """
    projects = {project.code: project for project in projects_of(plan)}
    records = [record_of(project) for project in projects.values()]
    reading = read_reports(data, records, statuses=STATUSES, year=year, quarter=quarter)
    if reading.mark is not None and reading.mark.plan != plan.slug:
        raise WorkbookRefused(
            f"这是另一份规划（{reading.mark.plan}）的模板，不能导入“{plan.title}”。请到那份规划导入。"
        )
    stored = stored_reports([projects[each.project] for each in reading.reports], year, reading.quarter)
    entries = [
        entry_of(each, projects[each.project], stored.get(projects[each.project].pk), year, reading.quarter, reason)
        for each in reading.reports
    ]
    return FileReports(reading, reading.reports, entries)


def projects_of(plan: Plan) -> list[KeyProject]:
    """The plan's projects in the order of the document, with group, column, plan and deliverables. Two queries."""
    return list(
        KeyProject.objects.filter(group__column__plan=plan)
        .select_related("group__column__plan__region")
        .prefetch_related("deliverables")
        .order_by("group__column__number", "group__position", "position", "pk")
    )


def record_of(project: KeyProject) -> ProjectRecord:
    """The project as the workbook knows it; expects group, column and deliverables to be loaded."""
    return ProjectRecord(
        project.code,
        project.name,
        project.group.title or project.group.column.title,
        tuple(
            DeliverableRecord(each.pk, each.name, each.unit, plain(each.quantity))
            for each in project.deliverables.all()
        ),
    )


def stored_reports(projects: Sequence[KeyProject], year: int, quarter: int) -> dict[int, ProgressReport]:
    """The stored reports of a period by project (primary key), with their quantities. Two queries."""
    reports = ProgressReport.objects.filter(project__in=projects, year=year, quarter=quarter)
    return {report.project_id: report for report in reports.prefetch_related("delivered_quantities")}


def entry_of(
    stated: StatedReport, project: KeyProject, stored: ProgressReport | None, year: int, quarter: int, reason: str
) -> ReportEntry:
    """What the file states of a project, with what is stored where it says nothing, and the revision that it would
    replace. The reason of a stop goes with the stop."""
    entry = ReportEntry(project, year, quarter, quantities=stated.quantities, reason=reason)
    if stored is not None:
        entry = replace(entry, revision=stored.revision, **statement_of(stored))
        entry = replace(entry, quantities={**quantities_of(stored), **stated.quantities})
    statements: dict[str, Any] = {**stated.statements}
    entry = replace(entry, **statements)
    halted = entry.project_status in ProjectStatus.values and ProjectStatus(entry.project_status).is_halted
    return entry if halted or "status_reason" in statements else replace(entry, status_reason="")


def complaint_about(name: str, message: str, stated: StatedReport) -> Complaint:
    """The message at the cell of its field; where the file has none, at the report's first cell and with the field's
    name."""
    cell: StatedCell | None = stated.places.get(name)
    if cell is not None:
        return Complaint(cell.sheet, cell.reference, message)
    label = label_of(name) if name in STATED else ""
    return Complaint(stated.sheet, stated.reference, f"{label}：{message}" if label else message)


def label_of(name: str) -> str:
    """What people call a field of the report."""
    label: str = getattr(ProgressReport._meta.get_field(name), "verbose_name", name)
    return label


@dataclass(frozen=True)
class VerdictChange:
    """The year's verdict on a project without and with the file."""

    before: Verdict
    after: Verdict


def verdicts_with(reports: Iterable[ComparedReport]) -> dict[int, VerdictChange]:
    """By project (primary key) the verdict of the year without the file, and as if all of it that can be imported
    counted. Four queries."""
    entries = {
        each.examined.entry.project.pk: each.examined.entry
        for each in reports
        if not each.complaints and Quarter(each.examined.entry.quarter).closes_year
    }
    changes = {}
    for project in with_reports([entry.project for entry in entries.values()]):
        entry = entries[project.pk]
        approved = approved_of(project)
        stated = Reported(entry.year, entry.quarter, {key: plain(figure) for key, figure in entry.quantities.items()})
        others = [each for each in approved if (each.year, each.quarter) != (entry.year, entry.quarter)]
        _, before = results_of(project, approved)
        _, after = results_of(
            project, sorted([*others, stated], key=lambda each: (each.year, Quarter(each.quarter).rank))
        )
        if entry.year in after:
            changes[project.pk] = VerdictChange(before[entry.year].verdict, after[entry.year].verdict)
    return changes


def place_in_time(reported: Reported) -> tuple[int, int]:
    """By year, the whole year after its quarters."""
    return reported.year, Quarter(reported.quarter).rank

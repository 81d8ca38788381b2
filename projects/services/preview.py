"""What a report would change: the verdict of its year without it and with it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.assessment import Result
from indicators.core.codes import Constraint
from indicators.core.verdicts import Severity, severity
from indicators.services.judging import plain
from projects.models import KeyProject, ProgressReport, Quarter
from projects.services.judging import Reported, approved_of, results_of, with_reports
from projects.services.reports import quantities_of


@dataclass(frozen=True)
class ReportPreview:
    """The verdicts of the report's own year beside the approved reports alone: without the report, and with it; `parts`
    are those with it on each deliverable (primary key)."""

    before: Result
    after: Result
    before_severity: Severity
    after_severity: Severity
    parts: Mapping[int, Result]

    @property
    def changes_verdict(self) -> bool:
        """Whether the report gives the year another verdict."""
        return self.before.verdict != self.after.verdict


def projects_for_preview(projects: Iterable[KeyProject]) -> dict[int, KeyProject]:
    """The projects, by key, with what `preview` needs. Four queries, however many."""
    return {project.pk: project for project in with_reports(projects)}


def preview(project: KeyProject, year: int, quarter: int, quantities: Mapping[int, Decimal]) -> ReportPreview | None:
    """What a report of that period with these quantities to date (by deliverable) would change. Queries nothing for a
    project of `projects_for_preview`.

    None where no report decides a verdict: a quarter before the last, a project that promises no quantity, a year that
    is not judged.
    """
    if not Quarter(quarter).closes_year:
        return None
    others = [each for each in approved_of(project) if (each.year, each.quarter) != (year, quarter)]
    stated = Reported(year, quarter, {key: plain(quantity) for key, quantity in quantities.items()})
    _, before = results_of(project, others)
    parts, after = results_of(project, sorted([*others, stated], key=place_in_time))
    if year not in after:
        return None
    return ReportPreview(
        before=before[year],
        after=after[year],
        before_severity=severity_of(project, before[year]),
        after_severity=severity_of(project, after[year]),
        parts={deliverable: result for (deliverable, each), result in parts.items() if each == year},
    )


def previews(reports: Iterable[ProgressReport]) -> dict[int, ReportPreview]:
    """The preview of each report by its key; one that decides no verdict has none. Each is judged by itself, beside the
    approved reports alone. Four queries; expects the quantities of the reports to be loaded."""
    listed = list(reports)
    projects = projects_for_preview({report.project_id: report.project for report in listed}.values())
    found = {}
    for report in listed:
        judged = preview(projects[report.project_id], report.year, report.quarter, quantities_of(report))
        if judged is not None:
            found[report.pk] = judged
    return found


def place_in_time(reported: Reported) -> tuple[int, int]:
    """By year, the whole year after its quarters."""
    return reported.year, Quarter(reported.quarter).rank


def severity_of(project: KeyProject, result: Result) -> Severity:
    """How loudly the verdict would be reported; columns name no kind of constraint."""
    return severity(
        result.verdict, Constraint.UNSPECIFIED, year=result.year, target_year=max(project.due_year, result.year)
    )

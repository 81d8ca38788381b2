"""The page of one import of progress reports: what the file states, how each report stands, what it would change."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from indicators.core.figures import show_figure
from indicators.imports.page import LABELS, ORDER, StandingLink
from indicators.services.recording import Standing
from indicators.workbook.reading import SheetOutcome
from indicators.workbook.template_guide import GUIDE_SHEET
from projects.models import Deliverable, ProgressReport, ProjectStatus, ReportImport
from projects.models.progress import period_in_words
from projects.services.comparison import ComparedReport, ReportComparison, VerdictChange, label_of, verdicts_with
from projects.services.reports import STATED, ReportEntry, quantities_of

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class Difference:
    """One thing that a report states otherwise than what is stored; `old` is "" where nothing is."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ReportLine:
    """A report of the file as people read it."""

    compared: ComparedReport
    label: str
    differences: list[Difference]
    verdicts: VerdictChange | None


@dataclass(frozen=True)
class ReportImportPage:
    """What the page shows of a comparison."""

    report_import: ReportImport
    comparison: ReportComparison
    links: list[StandingLink]
    lines: list[ReportLine]
    pages: Page[ComparedReport]
    query: str

    @property
    def period(self) -> str:
        """The period that the file is about."""
        return period_in_words(self.report_import.year, self.comparison.file.reading.quarter)

    @property
    def skipped(self) -> list[SheetOutcome]:
        """Sheets that were not read, save the guide that comes with our templates."""
        reading = self.comparison.file.reading
        return [sheet for sheet in reading.sheets if sheet.skipped and not (reading.mark and sheet.name == GUIDE_SHEET)]

    @property
    def may_save_drafts(self) -> bool:
        """Whether some of the reports go through review."""
        return any(each.examined.is_reviewed for each in self.comparison.changes)


def report_import_page(
    report_import: ReportImport, comparison: ReportComparison, *, shown: str, number: str | int
) -> ReportImportPage:
    """One page of the reports that stand as `shown` says, else of all, what needs attention first. Four queries."""
    counts = comparison.counts
    standing = Standing(shown) if shown in set(Standing) else None
    reports = sorted(
        (each for each in comparison.reports if standing in (None, each.examined.standing)),
        key=lambda each: ORDER.index(each.examined.standing),
    )
    pages = Paginator(reports, ROWS_PER_PAGE).get_page(number)
    verdicts = verdicts_with(pages.object_list)
    links = [StandingLink("", "全部", len(comparison.reports), standing is None)]
    links += [
        StandingLink(each.value, LABELS[each], count, standing is each)
        for each in ORDER
        if (count := counts.get(each, 0))
    ]
    return ReportImportPage(
        report_import,
        comparison,
        links,
        lines=[
            ReportLine(
                each,
                LABELS[each.examined.standing],
                differences_of(each),
                verdicts.get(each.examined.entry.project.pk),
            )
            for each in pages.object_list
        ],
        pages=pages,
        query=f"show={standing}&" if standing else "",
    )


def differences_of(compared: ComparedReport) -> list[Difference]:
    """What the report would change, quantities first. Queries nothing."""
    entry, stored = compared.examined.entry, compared.examined.stored
    deliverables = {each.pk: each for each in entry.project.deliverables.all()}
    former = quantities_of(stored) if stored else {}
    found = [
        Difference(
            deliverables[key].name,
            in_unit(show_figure(former[key]), deliverables[key]) if key in former else "",
            in_unit(show_figure(quantity), deliverables[key]),
        )
        for key, quantity in entry.quantities.items()
        if key in deliverables and former.get(key) != quantity
    ]
    for name in STATED:
        old, new = shown(stored, name), shown(entry, name)
        if old != new:
            found.append(Difference(label_of(name), old, new))
    return found


def in_unit(figure: str, deliverable: Deliverable) -> str:
    """A quantity with its unit."""
    return f"{figure}{deliverable.unit}"


def shown(stated: ReportEntry | ProgressReport | None, name: str) -> str:
    """What is stated, as people read it."""
    content = getattr(stated, name) if stated else None
    if content in (None, ""):
        return ""
    if name == "investment_paid":
        return show_figure(content)
    if name == "project_status":
        return ProjectStatus(content).label if content in ProjectStatus.values else str(content)
    return str(content)

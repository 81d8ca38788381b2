"""The page of one import: what the file states, how each value stands, and what it would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator

from indicators.assessment import assess
from indicators.core.verdicts import Verdict
from indicators.display import show_value
from indicators.models import ValueImport
from indicators.series import SeriesKey
from indicators.services.comparison import ComparedValue, Comparison
from indicators.services.judging import Counted, Evidence
from indicators.services.recording import Standing
from indicators.workbook.reading import SheetOutcome
from indicators.workbook.template_guide import GUIDE_SHEET

ROWS_PER_PAGE = 100

LABELS = {
    Standing.ERROR: "有错误",
    Standing.NOT_PERMITTED: "不由您填报",
    Standing.LOCKED: "已锁定",
    Standing.CHANGED: "修改",
    Standing.NEW: "新增",
    Standing.UNCHANGED: "未变",
}
ORDER = list(LABELS)


@dataclass(frozen=True)
class ImportLine:
    """A value of the file as people read it. `before` and `after` are the year's verdicts without and with the file."""

    compared: ComparedValue
    label: str
    old: str
    new: str
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class StandingLink:
    """A filter of the table with the number of what it shows."""

    code: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class ImportPage:
    """What the page shows of a comparison."""

    value_import: ValueImport
    comparison: Comparison
    links: list[StandingLink]
    lines: list[ImportLine]
    pages: Page[ComparedValue]
    query: str

    @property
    def skipped(self) -> list[SheetOutcome]:
        """Sheets that were not read, save the guide that comes with our templates."""
        reading = self.comparison.file.reading
        return [sheet for sheet in reading.sheets if sheet.skipped and not (reading.mark and sheet.name == GUIDE_SHEET)]

    @property
    def read(self) -> list[SheetOutcome]:
        """Sheets that were read, for people to see whether they were understood."""
        return [sheet for sheet in self.comparison.file.reading.sheets if sheet.layout]

    @property
    def may_save_drafts(self) -> bool:
        """Whether some of the values go through review."""
        return any(each.examined.is_reviewed for each in self.comparison.changes)


def import_page(value_import: ValueImport, comparison: Comparison, *, shown: str, number: str | int) -> ImportPage:
    """One page of the values that stand as `shown` says, else of all, what needs attention first. Queries nothing."""
    counts = comparison.counts
    standing = Standing(shown) if shown in set(Standing) else None
    values = sorted(
        (each for each in comparison.values if standing in (None, each.examined.standing)),
        key=lambda each: ORDER.index(each.examined.standing),
    )
    pages = Paginator(values, ROWS_PER_PAGE).get_page(number)
    expected = evidence_with(comparison)
    links = [StandingLink("", "全部", len(comparison.values), standing is None)]
    links += [
        StandingLink(each.value, LABELS[each], count, standing is each)
        for each in ORDER
        if (count := counts.get(each, 0))
    ]
    return ImportPage(
        value_import,
        comparison,
        links,
        lines=[line_of(each, expected) for each in pages.object_list],
        pages=pages,
        query=f"show={standing}&" if standing else "",
    )


def evidence_with(comparison: Comparison) -> dict[SeriesKey, Evidence]:
    """The evidence of each indicator and region as if everything that can be imported counted."""
    stated: defaultdict[SeriesKey, dict[int, Counted]] = defaultdict(dict)
    evidence = {}
    for each in importable(comparison.values):
        entry = each.examined.entry
        evidence[entry.series] = each.examined.evidence
        stated[entry.series][entry.year] = Counted(entry.value, entry.finding)
    return {
        key: replace(known, values={**known.values, **stated[key]})
        for key, known in evidence.items()
        if known is not None
    }


def importable(values: Iterable[ComparedValue]) -> Iterable[ComparedValue]:
    """Values that nothing speaks against."""
    return (each for each in values if not each.complaints)


def line_of(compared: ComparedValue, expected: dict[SeriesKey, Evidence]) -> ImportLine:
    """The line of a value, judged without and with the file."""
    examined = compared.examined
    entry, stored, evidence = examined.entry, examined.stored, examined.evidence
    indicator = entry.indicator
    judged = evidence is not None and not compared.complaints and entry.year in indicator.years
    after = expected.get(entry.series)
    return ImportLine(
        compared=compared,
        label=LABELS[examined.standing],
        old=show_value(indicator, stored.value, stored.finding) if stored else "—",
        new=show_value(indicator, entry.value, entry.finding),
        before=assess(evidence.subject(entry.year), entry.year).verdict if judged and evidence else None,
        after=assess(after.subject(entry.year), entry.year).verdict if judged and after else None,
    )

"""The page of one plan: its head, the counts of its verdicts, and every indicator by category."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from indicators.core.verdicts import Severity
from indicators.models import Category, Indicator, Origin, Plan
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from portal.dashboards.standing import conclusion_sentence


@dataclass(frozen=True)
class CategoryRows:
    """A group of the table with its rows."""

    category: Category
    rows: list[IndicatorRow]

    @property
    def declared_missing(self) -> int:
        """Number of headline rows that the source declares beyond those recorded."""
        return max(0, (self.category.declared_count or 0) - sum(not row.is_component for row in self.rows))


@dataclass(frozen=True)
class PlanPage:
    """What the page shows for one year."""

    plan: Plan
    year: int
    counts: VerdictCounts
    conclusion: str
    table: list[CategoryRows]
    prose: list[CategoryRows]
    warnings: list[IndicatorRow]
    footnotes: list[str]
    column_count: int

    @property
    def table_count(self) -> int:
        """Headline indicators of the plan's own table."""
        return headline_count(self.table)

    @property
    def prose_count(self) -> int:
        """Headline indicators found in the prose."""
        return headline_count(self.prose)

    @property
    def declared_missing(self) -> int:
        """Number of indicators that the plan declares beyond those recorded."""
        return max(0, (self.plan.declared_indicator_count or 0) - self.table_count)


def headline_count(groups: list[CategoryRows]) -> int:
    """Rows of the groups without components."""
    return sum(not row.is_component for group in groups for row in group.rows)


def plan_page(plan: Plan, year: int) -> PlanPage:
    """Eight queries: categories, number of project columns, and the six of `indicators_for_rows`."""
    footnotes = Footnotes()
    indicators = indicators_for_rows(Indicator.objects.filter(plan=plan), year)
    rows = [build_row(indicator, year, footnotes) for indicator in indicators]
    by_category: defaultdict[int, list[IndicatorRow]] = defaultdict(list)
    for row in rows:
        by_category[row.indicator.category_id].append(row)
    groups = [CategoryRows(category, by_category[category.pk]) for category in plan.categories.order_by("position")]
    counts = counts_of(rows)
    return PlanPage(
        plan=plan,
        year=year,
        counts=counts,
        conclusion=conclusion_sentence(counts, at_target_year=year == plan.target_year),
        table=[group for group in groups if group.category.origin == Origin.TABLE],
        prose=[group for group in groups if group.category.origin == Origin.PROSE and group.rows],
        warnings=warnings_of(rows),
        footnotes=footnotes.texts,
        column_count=plan.project_columns.count(),
    )


def counts_of(rows: list[IndicatorRow]) -> VerdictCounts:
    """The verdicts of headline rows, counted."""
    counts = VerdictCounts()
    for row in rows:
        if row.assessment is not None and not row.is_component:
            counts.take(row.assessment)
    return counts


def warnings_of(rows: list[IndicatorRow]) -> list[IndicatorRow]:
    """Headline rows with a red or yellow verdict, red first, each in order of the plan."""
    return [
        row
        for level in (Severity.CRITICAL, Severity.WARNING)
        for row in rows
        if row.assessment is not None and not row.is_component and row.assessment.severity == level
    ]

"""The page of one plan: its head, the counts of its verdicts, and every indicator by category."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from indicators.core.verdicts import Severity
from indicators.models import Category, Indicator, Origin, Plan
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.filters import FilterForm, Filters, filter_form
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from portal.dashboards.standing import Answer, answer, conclusion_sentence
from portal.dashboards.years import last_complete_year
from regions.moment import reading_day


@dataclass(frozen=True)
class CategoryRows:
    """A group of the table with those of its rows that are asked for. `recorded` are its headline indicators, asked
    for or not."""

    category: Category
    rows: list[IndicatorRow]
    recorded: int

    @property
    def declared_missing(self) -> int:
        """Number of headline rows that the source declares beyond those recorded."""
        return max(0, (self.category.declared_count or 0) - self.recorded)


@dataclass(frozen=True)
class PlanPage:
    """What the page shows for one year. Counts and conclusion are the whole plan's; tables and warnings are what is
    asked for."""

    plan: Plan
    year: int
    counts: VerdictCounts
    conclusion: str
    table: list[CategoryRows]
    prose: list[CategoryRows]
    warnings: list[IndicatorRow]
    footnotes: list[str]
    form: FilterForm
    table_count: int
    prose_count: int

    @property
    def answer(self) -> Answer:
        """Whether the plan will be fulfilled, by the verdicts of the year. Of the newest one the overview says the
        same."""
        newest = self.plan.nearest_year(last_complete_year(reading_day()))
        return answer(self.counts, plans=1, is_past=self.year < newest)

    @property
    def shown_count(self) -> int:
        """Headline indicators that are asked for."""
        return sum(not row.is_component for group in (*self.table, *self.prose) for row in group.rows)

    @property
    def declared_missing(self) -> int:
        """Number of indicators that the plan declares beyond those recorded."""
        return max(0, (self.plan.declared_indicator_count or 0) - self.table_count)


def plan_page(plan: Plan, year: int, filters: Filters) -> PlanPage:
    """Seven queries: categories and the six of `indicators_for_rows`."""
    indicators = list(indicators_for_rows(Indicator.objects.filter(plan=plan), year))
    footnotes = Footnotes()
    every = [build_row(indicator, year, Footnotes()) for indicator in indicators]
    asked = [build_row(row.indicator, year, footnotes) for row in every if filters.match(row.indicator, row.assessment)]
    by_category: defaultdict[int, list[IndicatorRow]] = defaultdict(list)
    for row in asked:
        by_category[row.indicator.category_id].append(row)
    recorded = Counter(indicator.category_id for indicator in indicators if indicator.parent_id is None)
    groups = [
        CategoryRows(category, by_category[category.pk], recorded[category.pk])
        for category in plan.categories.order_by("position")
        if filters.is_empty or by_category[category.pk]
    ]
    counts = counts_of(every)
    headline = Counter(indicator.category.origin for indicator in indicators if indicator.parent_id is None)
    return PlanPage(
        plan=plan,
        year=year,
        counts=counts,
        conclusion=conclusion_sentence(counts, at_target_year=year == plan.target_year),
        table=[group for group in groups if group.category.origin == Origin.TABLE],
        prose=[group for group in groups if group.category.origin == Origin.PROSE and group.rows],
        warnings=warnings_of(asked),
        footnotes=footnotes.texts,
        form=filter_form(indicators, filters),
        table_count=headline[Origin.TABLE],
        prose_count=headline[Origin.PROSE],
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

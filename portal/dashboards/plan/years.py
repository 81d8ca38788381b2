"""A plan over its years: every indicator's verdicts side by side, and how far each is on its way to the target."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Category, Indicator, Plan, Responsibility
from portal.charts.distance import Distance, distance_figure, distance_summary
from portal.dashboards.chart import Chart
from portal.dashboards.filters import FilterForm, Filters, filter_form
from portal.dashboards.marks import verdict_mark

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class YearsRow:
    """An indicator with a verdict for each year of the page; None where the year is not judged."""

    indicator: Indicator
    verdicts: list[Assessment | None]

    @property
    def is_component(self) -> bool:
        """Whether it is counted through its parent."""
        return self.indicator.parent_id is not None


@dataclass(frozen=True)
class YearsGroup:
    """A category with its rows."""

    category: Category
    rows: list[YearsRow]


@dataclass(frozen=True)
class YearsPage:
    """What the page shows. `chart` compares the indicators in `year`; `without_share` are those that it leaves out."""

    plan: Plan
    year: int
    years: list[int]
    form: FilterForm
    groups: list[YearsGroup]
    chart: Chart | None
    without_share: list[Indicator]

    @property
    def count(self) -> int:
        """Headline indicators shown."""
        return sum(not row.is_component for group in self.groups for row in group.rows)


def years_page(plan: Plan, year: int, filters: Filters) -> YearsPage:
    """Three queries: indicators with their categories, their departments, verdicts."""
    years = list(plan.years)
    own = Assessment.objects.of_own_region().defer("inputs", "reason")
    indicators = (
        Indicator.objects.filter(plan=plan)
        .select_related("category", "plan__coordinating_department")
        .order_by("category__position", "position", "code")
        .prefetch_related(
            Prefetch("responsibilities", Responsibility.objects.select_related("department")),
            Prefetch("assessments", own),
        )
    )
    by_category: defaultdict[Category, list[YearsRow]] = defaultdict(list)
    distances, without = [], []
    for indicator in indicators:
        verdicts = {each.year: each for each in indicator.assessments.all()}
        standing = verdicts.get(min(year, indicator.target_year))
        if not filters.match(indicator, standing):
            continue
        by_category[indicator.category].append(YearsRow(indicator, [verdicts.get(each) for each in years]))
        distance = distance_of(indicator, standing)
        if distance is not None:
            distances.append(distance)
        elif standing is not None:
            without.append(indicator)
    elapsed = HUNDRED * (year - plan.baseline_year) / (plan.target_year - plan.baseline_year)
    chart = Chart(
        "distance",
        f"{plan.title}：{year} 年各指标完成目标进程",
        distance_figure(distances, elapsed=elapsed),
        distance_summary(distances, year=year),
        is_demonstration=any(each.is_demonstration for each in distances),
    )
    return YearsPage(
        plan=plan,
        year=year,
        years=years,
        form=filter_form(indicators, filters),
        groups=[YearsGroup(category, rows) for category, rows in by_category.items()],
        chart=chart if distances else None,
        without_share=without,
    )


def distance_of(indicator: Indicator, standing: Assessment | None) -> Distance | None:
    """The indicator on the common scale; None where nothing says how far it is. One that keeps what it already had, or
    a finding, is at its target or not at all."""
    if standing is None:
        return None
    verdict, mark = Verdict.checked(standing.verdict), verdict_mark(standing.verdict)
    if standing.progress is not None:
        share = standing.progress * HUNDRED
    elif verdict.is_met:
        share = HUNDRED
    else:
        return None
    return Distance(
        f"{indicator.number} {indicator.name}".strip(),
        share,
        mark.symbol,
        mark.label,
        mark.tone,
        standing.is_demonstration,
    )

"""The mid-term and the final evaluation of a plan: every indicator in one year, with its two fixed comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from indicators.core.codes import Constraint
from indicators.models import Baseline, Category, Indicator, Plan
from indicators.models.target import in_effect
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.plan.fixed_comparisons import AgainstDue, Comparison, SinceStart, compared, evaluation_sentence
from portal.dashboards.plan.page import counts_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from portal.dashboards.standing import conclusion_sentence
from regions.moment import reading_day


class Evaluation(StrEnum):
    """When a plan is evaluated. The code stands in the address."""

    MIDTERM = "midterm"
    FINAL = "final"

    @property
    def label(self) -> str:
        """What offices call it."""
        return "中期评估" if self is Evaluation.MIDTERM else "期末评估"

    def year_of(self, plan: Plan) -> int | None:
        """The year that is evaluated: the middle one of the plan, 2023 of 2021 to 2025, or its target year; None for
        the middle of a plan that has none."""
        return plan.target_year if self is Evaluation.FINAL else plan.midterm_year


@dataclass(frozen=True)
class EvaluatedRow:
    """An indicator with its comparisons."""

    row: IndicatorRow
    comparison: Comparison

    @property
    def indicator(self) -> Indicator:
        """The indicator."""
        return self.row.indicator


@dataclass(frozen=True)
class EvaluatedGroup:
    """A category with its rows."""

    category: Category
    rows: list[EvaluatedRow]


@dataclass(frozen=True)
class Tally:
    """How many headline indicators compare in one way."""

    symbol: str
    label: str
    count: int


@dataclass(frozen=True)
class EvaluationPage:
    """What the page shows. `due` names what the second comparison holds figures against."""

    plan: Plan
    evaluation: Evaluation
    year: int
    due: str
    sentence: str
    conclusion: str
    groups: list[EvaluatedGroup]
    since_start: list[Tally]
    against_due: list[Tally]
    counts: VerdictCounts
    footnotes: list[str]

    @property
    def rows(self) -> list[EvaluatedRow]:
        """The rows of all groups."""
        return [row for group in self.groups for row in group.rows]


def evaluation_page(plan: Plan, evaluation: Evaluation, year: int) -> EvaluationPage:
    """Seven queries: baselines, and the six of `indicators_for_rows`."""
    printed = Baseline.objects.filter(in_effect(reading_day()), indicator__plan=plan, region=plan.region)
    baselines = dict(printed.order_by("version").values_list("indicator", "value"))
    footnotes = Footnotes()
    rows = []
    for indicator in indicators_for_rows(Indicator.objects.filter(plan=plan), year):
        row = build_row(indicator, year, footnotes)
        rows.append(EvaluatedRow(row, compared(indicator, row.assessment, baselines.get(indicator.pk))))
    rows.sort(key=lambda each: (each.indicator.category.position, each.indicator.category_id))
    headline = [each for each in rows if not each.row.is_component]
    due = "当年应达到的水平" if evaluation is Evaluation.MIDTERM else "目标"
    counts = counts_of([each.row for each in rows])
    pairs = [(Constraint.checked(each.indicator.constraint), each.comparison) for each in headline]
    return EvaluationPage(
        plan=plan,
        evaluation=evaluation,
        year=year,
        due=due,
        sentence=evaluation_sentence(pairs, year=year, due=due),
        conclusion=conclusion_sentence(counts, at_target_year=year == plan.target_year),
        groups=[
            EvaluatedGroup(category, list(group))
            for category, group in groupby(rows, key=lambda row: row.indicator.category)
        ],
        since_start=tallies(SinceStart, [each.comparison.since_start for each in headline]),
        against_due=tallies(AgainstDue, [each.comparison.against_due for each in headline]),
        counts=counts,
        footnotes=footnotes.texts,
    )


def tallies(kinds: type[SinceStart] | type[AgainstDue], found: Sequence[SinceStart | AgainstDue]) -> list[Tally]:
    """How often each outcome occurs, those that do not occur included."""
    numbers = Counter(found)
    return [Tally(kind.symbol, kind.label, numbers[kind]) for kind in kinds]

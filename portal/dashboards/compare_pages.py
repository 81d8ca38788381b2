"""Comparing plans (对标): one topic across plans and regions, each against its own target; and regions by topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from indicators.models import Assessment, Indicator, Plan, Topic
from indicators.services.judging import Evidence, gather
from portal.charts.distance import Distance, distance_figure, distance_summary
from portal.charts.multiples import multiples_figure
from portal.dashboards.chart import Chart
from portal.dashboards.indicator_way import way_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from portal.dashboards.years_page import distance_of

#: Plans side by side in the table of topics, and indicators of one topic on its page.
MOST_PLANS = 8
MOST_INDICATORS = 60
MOST_MULTIPLES = 12


@dataclass(frozen=True)
class TopicRow:
    """A topic with the verdicts of each plan of the table, several where a plan measures it more than once."""

    topic: Topic
    cells: list[list[Assessment]]


@dataclass(frozen=True)
class ComparePage:
    """The table of topics and plans. `others` are plans that have no room in it."""

    year: int
    plans: list[Plan]
    others: list[Plan]
    rows: list[TopicRow]


@dataclass(frozen=True)
class TopicLine:
    """An indicator of a topic in its place of the ranking; None where it cannot be ranked."""

    row: IndicatorRow
    rank: int | None
    distance: Distance | None


@dataclass(frozen=True)
class TopicPage:
    """A topic across plans: ranked by how far each is on its own way."""

    topic: Topic
    year: int
    lines: list[TopicLine]
    more: int
    distances: Chart | None
    ways: Chart | None


def compare_page(year: int, *, asked: Sequence[str], person_id: int | None) -> ComparePage:
    """Topics that at least two plans measure, by domain. `asked` are slugs of plans; without them those of the
    person's region come first. Four queries."""
    plans = list(Plan.objects.own_regions_first(person_id).filter(Exists(measured(OuterRef("pk")))))
    chosen = [plan for plan in plans if plan.slug in asked] or plans
    shown = chosen[:MOST_PLANS]
    topics = (
        Topic.objects.annotate(plans=Count("indicators__plan", distinct=True))
        .filter(plans__gte=2)
        .order_by("domain", "key")
    )
    standing = (
        Assessment.objects.standing_in(year)
        .filter(indicator__plan__in=shown, indicator__topic__isnull=False)
        .select_related("indicator")
        .defer("inputs", "reason")
        .order_by("indicator__position")
    )
    found: defaultdict[tuple[int, int], list[Assessment]] = defaultdict(list)
    for verdict in standing:
        found[verdict.indicator.topic_id or 0, verdict.indicator.plan_id].append(verdict)
    rows = [TopicRow(topic, [found[topic.pk, plan.pk] for plan in shown]) for topic in topics]
    return ComparePage(
        year=year,
        plans=shown,
        others=[plan for plan in plans if plan not in shown],
        rows=[row for row in rows if any(row.cells)],
    )


def measured(plan: OuterRef) -> QuerySet[Indicator]:
    """Indicators of the plan that belong to a topic."""
    return Indicator.objects.filter(plan=plan, topic__isnull=False)


def topic_page(topic: Topic, year: int) -> TopicPage:
    """The topic's indicators, the farthest on their way first. Ten queries: the six of `indicators_for_rows`, their
    number, and the three of `gather`."""
    indicators = Indicator.objects.filter(topic=topic)
    listed = list(indicators_for_rows(indicators, year)[:MOST_INDICATORS])
    footnotes = Footnotes()
    placed: list[tuple[IndicatorRow, Distance]] = []
    others: list[IndicatorRow] = []
    for indicator in listed:
        row = build_row(indicator, indicator.plan.nearest_year(year), footnotes)
        distance = distance_of(indicator, row.assessment)
        if distance is None:
            others.append(row)
        else:
            placed.append((row, replace(distance, name=title_of(indicator))))
    placed.sort(key=lambda pair: -pair[1].share)
    bars = [distance for _, distance in placed]
    lines = [TopicLine(row, rank, distance) for rank, (row, distance) in enumerate(placed, start=1)]
    lines += [TopicLine(row, None, None) for row in others]
    return TopicPage(
        topic=topic,
        year=year,
        lines=lines,
        more=max(0, indicators.count() - MOST_INDICATORS),
        distances=distances_chart(bars, year) if bars else None,
        ways=ways_chart([line.row.indicator for line in lines][:MOST_MULTIPLES]),
    )


def distances_chart(bars: Sequence[Distance], year: int) -> Chart:
    """How far each indicator is on its own way. Periods differ, so no line says how much time is over."""
    return Chart("distance", distance_figure(bars, elapsed=Decimal(0)), distance_summary(bars, year=year))


def title_of(indicator: Indicator) -> str:
    """Region and indicator, as short as they can be told apart."""
    return f"{indicator.plan.region} {indicator.name}"


def ways_chart(indicators: Sequence[Indicator]) -> Chart | None:
    """Small multiples of the indicators that have figures. Three queries."""
    evidence: dict[int, Evidence] = {each.indicator.pk: each for each in gather(indicators) if not each.is_county}
    ways = []
    for indicator in indicators:
        way = way_of(evidence[indicator.pk], judged=())
        if way is not None and way.has_figures:
            ways.append((title_of(indicator), way))
    if not ways:
        return None
    titles = "、".join(title for title, _ in ways)
    return Chart("ways", multiples_figure(ways), f"{titles}各自的数值、当年应达到的水平和目标；数字见上面的表。")

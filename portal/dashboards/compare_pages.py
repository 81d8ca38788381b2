"""Comparing plans (对标): one topic across plans and regions, each against its own target; and regions by topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from indicators.models import Assessment, Indicator, Plan, Topic
from indicators.services.judging import Evidence
from portal.charts.distance import Distance, distance_figure, distance_summary, percent
from portal.charts.multiples import multiples_figure
from portal.dashboards.chart import Chart
from portal.dashboards.indicator.series import series_of
from portal.dashboards.indicator.way import way_of
from portal.dashboards.plan.years import distance_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows

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
    """An indicator of a topic, in the plan's own region or in a county, in its place of the ranking; None where it
    cannot be ranked. `title` is the region and the indicator."""

    row: IndicatorRow
    rank: int | None
    distance: Distance | None
    title: str
    evidence: Evidence

    @property
    def share(self) -> Decimal:
        """The per cent of its way that is done; a line without a distance has none."""
        return self.distance.share if self.distance else Decimal("-Infinity")

    @property
    def done(self) -> str:
        """The same as people read it; empty where nothing is known."""
        return percent(self.distance.share) if self.distance else ""


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


def topic_page(topic: Topic, year: int, *, today: date) -> TopicPage:
    """The topic's indicators and the counties that they are broken down to, the farthest on their way first: equals
    share a rank, and those of which nothing is known come last. The six queries of `indicators_for_rows`."""
    counted = Indicator.objects.filter(topic=topic).annotate(together=Window(Count("pk")))
    loaded: list[Any] = list(indicators_for_rows(counted, year, whole=Q(indicator__topic=topic))[:MOST_INDICATORS])
    lines = [line for indicator in loaded for line in lines_of(indicator, year, today)]
    placed = sorted((line for line in lines if line.distance), key=lambda line: -line.share)
    ranked = [replace(line, rank=1 + sum(each.share > line.share for each in placed)) for line in placed]
    ranked += [line for line in lines if line.distance is None]
    bars = [line.distance for line in ranked if line.distance]
    return TopicPage(
        topic=topic,
        year=year,
        lines=ranked,
        more=loaded[0].together - len(loaded) if loaded else 0,
        distances=distances_chart(topic, bars, year) if bars else None,
        ways=ways_chart(topic, ranked),
    )


def lines_of(indicator: Indicator, year: int, today: date) -> list[TopicLine]:
    """The indicator's line for the plan's own region, and one for each county of which something is known: a value, or
    a verdict on one. Not ranked yet. Queries nothing."""
    footnotes = Footnotes()
    lines = []
    for evidence in series_of(indicator, today).values():
        if evidence.is_county and not evidence.values:
            continue
        row = build_row(indicator, indicator.plan.nearest_year(year), footnotes, evidence.region)
        distance = distance_of(indicator, row.assessment)
        title = f"{evidence.region} {indicator.name}"
        lines.append(TopicLine(row, None, replace(distance, name=title) if distance else None, title, evidence))
    return lines


def distances_chart(topic: Topic, bars: Sequence[Distance], year: int) -> Chart:
    """How far each indicator is on its own way. Periods differ, so no line says how much time is over."""
    return Chart(
        "distance",
        f"{topic.name}：{year} 年各地完成自己目标的进程",
        distance_figure(bars, elapsed=Decimal(0)),
        distance_summary(bars, year=year),
        is_demonstration=any(bar.is_demonstration for bar in bars),
    )


def ways_chart(topic: Topic, lines: Sequence[TopicLine]) -> Chart | None:
    """Small multiples of the first lines that have figures. Queries nothing."""
    found = ((line.title, way_of(line.evidence, judged=())) for line in lines)
    ways = [(title, way) for title, way in found if way is not None and way.has_figures][:MOST_MULTIPLES]
    if not ways:
        return None
    titles = "、".join(title for title, _ in ways)
    summary = f"{titles}各自的数值、当年应达到的水平和目标；数字见上面的表。"
    return Chart(
        "ways",
        f"{topic.name}：各地历年走势",
        multiples_figure(ways),
        summary,
        is_demonstration=any(way.is_demonstration for _, way in ways),
    )

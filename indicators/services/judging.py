"""From the database to the core and back: build subjects, judge them, store the verdicts.

A verdict depends on the targets and baseline in force, on the approved values up to its year, and on the plan's
settings. Every function works in batches with a fixed number of queries per batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from indicators.assessment import Result, Subject, assess, combine_components
from indicators.core.clauses import ClauseKind
from indicators.core.codes import Direction, Frequency
from indicators.core.figures import show_figure
from indicators.core.verdicts import severity
from indicators.models import Assessment, Baseline, Indicator, Plan, ReportingRound, Target, YearlyValue
from indicators.models.target import in_effect
from indicators.series import SeriesKey
from indicators.targets import TargetRule, parse_target
from regions.models import Region

BATCH = 500
SIX_PLACES = Decimal("0.000001")
FIGURES = ("value", "pace", "progress", "required", "gap", "projection", "needed_per_year", "cumulative", "remaining")
STORED = (
    *FIGURES,
    "target_id",
    "verdict",
    "severity",
    "rule_number",
    "worsened",
    "reason",
    "inputs",
)


@dataclass
class Evidence:
    """What the database holds about one indicator in one region: of each statement the version in force.

    `since` is the first year of a county's share; 0 where it has always been.
    """

    indicator: Indicator
    region: Region
    baseline: Baseline | None = None
    targets: dict[int, Target] = field(default_factory=dict)
    values: dict[int, YearlyValue] = field(default_factory=dict)
    since: int = 0

    @property
    def series(self) -> SeriesKey:
        """Indicator and region."""
        return SeriesKey(self.indicator.pk, self.region.pk)

    @property
    def is_county(self) -> bool:
        """Whether the region is one that the target was broken down to, not the plan's own."""
        return self.region.pk != self.indicator.plan.region_id

    @property
    def years(self) -> range:
        """The judged years: the indicator's, of a county from the year in which its share took effect."""
        years = self.indicator.years
        return range(max(years.start, self.since), years.stop)

    @cached_property
    def rule(self) -> TargetRule:
        """What the final target demands."""
        return rule_of(self.targets.get(self.indicator.target_year), self.indicator)

    def subject(self, year: int) -> Subject:
        """The core's view. A yearly commitment is judged for each year as if that year were its last."""
        indicator, plan = self.indicator, self.indicator.plan
        final = self.targets.get(indicator.target_year)
        yearly = indicator.frequency == Frequency.YEARLY
        return Subject(
            rule=self.rule,
            measure=indicator.measure,
            direction=indicator.direction,
            value_type=indicator.value_type,
            entry_basis=indicator.entry_basis,
            frequency=indicator.frequency,
            unit=indicator.unit,
            baseline=plain(self.baseline.value) if self.baseline and self.baseline.value is not None else None,
            baseline_year=plan.baseline_year,
            target_year=year if yearly else indicator.target_year,
            values={
                each: record.finding if record.value is None else plain(record.value)
                for each, record in self.values.items()
                if each <= year
            },
            annual_targets=self.annual_targets(),
            assigned_value=plain(final.assigned_value) if final and final.assigned_value is not None else None,
            target_version=str(final.version) if final else "",
            on_track_share=plan.on_track_from,
            behind_share=plan.behind_below,
            about_tolerance=plan.about_tolerance,
        )

    def annual_targets(self) -> dict[int, Decimal]:
        """Figures of the targets that hold before the target year; a wording without one figure sets no annual
        target."""
        figures = {
            year: target.assigned_value if target.assigned_value is not None else self.stated_figure(target)
            for year, target in self.targets.items()
            if year < self.indicator.target_year
        }
        return {year: figure for year, figure in figures.items() if figure is not None}

    def stated_figure(self, target: Target) -> Decimal | None:
        """The figure that an annual target's wording states; None where it states none or more than one."""
        return annual_figure(rule_of(target, self.indicator), self.indicator)


def plain(figure: Decimal) -> Decimal:
    """The figure without the zeros that the database column adds: 27.6000 reads 27.6 in a reason."""
    return Decimal(show_figure(figure))


def annual_figure(rule: TargetRule, indicator: Indicator) -> Decimal | None:
    """The figure or grade of an annual target: of a range the lenient bound (§1). None for wordings without one."""
    clause = rule.clause
    if clause is None:
        return None
    match clause.kind:
        case ClauseKind.THRESHOLD | ClauseKind.REACH | ClauseKind.ABOUT | ClauseKind.CUMULATIVE:
            return clause.value
        case ClauseKind.RANGE:
            return clause.value if indicator.direction == Direction.HIGHER else clause.upper
        case ClauseKind.GRADE:
            return None if clause.grade is None else Decimal(clause.grade)
    return None


def rule_of(target: Target | None, indicator: Indicator) -> TargetRule:
    """The stored rule of a target; an absent target is the explicit outcome `missing`."""
    if target is None or not target.rule:
        return parse_target("", direction=indicator.direction, unit=indicator.unit)
    return TargetRule.from_json(target.rule)


def gather(indicators: Iterable[Indicator], *, now: datetime | None = None) -> Iterator[Evidence]:
    """Evidence for the plan's region and for every county that an indicator is broken down to. Three queries.

    Of a target or baseline the newest version in force at `now` (else today) counts, not one that takes effect
    later. A county whose final target was withdrawn (TargetQuerySet.shares) is left out. Expects `plan__region` to be
    loaded with each indicator.
    """
    wanted = {indicator.pk: indicator for indicator in indicators}
    found: dict[tuple[int, int], Evidence] = {}

    def evidence(indicator_id: int, region: Region) -> Evidence:
        key = (indicator_id, region.pk)
        return found.setdefault(key, Evidence(wanted[indicator_id], region))

    for indicator in wanted.values():
        evidence(indicator.pk, indicator.plan.region)
    today = timezone.localdate(now)
    targets = list(
        Target.objects.filter(in_effect(today), indicator__in=wanted).select_related("region").order_by("version")
    )
    for target, since in shares_among(targets, wanted):
        evidence(target.indicator_id, target.region).since = since
    for target in targets:
        if known := found.get((target.indicator_id, target.region_id)):
            known.targets[target.year] = target
    for baseline in Baseline.objects.filter(in_effect(today), indicator__in=wanted).order_by("version"):
        if known := found.get((baseline.indicator_id, baseline.region_id)):
            known.baseline = baseline
    for record in YearlyValue.objects.approved().filter(indicator__in=wanted):
        if known := found.get((record.indicator_id, record.region_id)):
            known.values[record.year] = record
    yield from found.values()


def shares_among(targets: Iterable[Target], indicators: Mapping[int, Indicator]) -> list[tuple[Target, int]]:
    """The counties' shares among versions in rising order, each with its first year: TargetQuerySet.shares for what is
    loaded. Queries nothing."""
    newest: dict[tuple[int, int], Target] = {}
    since: dict[tuple[int, int], int] = {}
    for target in targets:
        indicator = indicators[target.indicator_id]
        if target.year == indicator.target_year and target.region_id != indicator.plan.region_id:
            key = (target.indicator_id, target.region_id)
            newest[key] = target
            if target.wording:
                since.setdefault(key, target.effective_on.year if target.effective_on else 0)
    return [(target, since[key]) for key, target in newest.items() if target.wording]


def judge_evidence(evidence: Evidence, years: Iterable[int]) -> Iterator[tuple[int, Result]]:
    """Results for those of the years that are judged for the indicator in the region."""
    for year in years:
        if year in evidence.years:
            yield year, assess(evidence.subject(year), year)


def fresh_assessments(indicators: Iterable[Indicator], *, now: datetime, from_year: int = 0) -> list[Assessment]:
    """Unsaved verdicts of indicators and their parents for all judged years from `from_year` on.

    Whole families are judged together: the given indicators' components and, for a component, its siblings and parent.
    """
    family = list(families(indicators))
    parents = {indicator.pk: indicator for indicator in family if indicator.parent_id is None}
    results: dict[tuple[int, int, int], Result] = {}
    regions: dict[int, Region] = {}
    components: defaultdict[tuple[int, int, int], list[tuple[str, Result]]] = defaultdict(list)
    targets: dict[tuple[int, int], Target | None] = {}
    have_components = {indicator.parent_id for indicator in family if indicator.parent_id}
    for evidence in gather(family, now=now):
        indicator, region = evidence.indicator, evidence.region
        regions[region.pk] = region
        targets[indicator.pk, region.pk] = evidence.targets.get(indicator.target_year)
        if indicator.pk in have_components:
            continue
        for year, result in judge_evidence(
            evidence, range(max(from_year, indicator.years.start), indicator.years.stop)
        ):
            results[indicator.pk, region.pk, year] = result
            if indicator.parent_id:
                components[indicator.parent_id, region.pk, year].append((indicator.name, result))
    for key, parts in components.items():
        if key[0] in parents:
            results[key] = combine_components(parts)
    by_pk = {indicator.pk: indicator for indicator in family}
    overdue = overdue_years({indicator.plan_id for indicator in family}, now=now)
    return [
        unsaved(
            by_pk[indicator_id],
            regions[region_id],
            result,
            targets.get((indicator_id, region_id)),
            now,
            past_deadline=(by_pk[indicator_id].plan_id, year) in overdue,
        )
        for (indicator_id, region_id, year), result in results.items()
    ]


def overdue_years(plans: set[int], *, now: datetime) -> set[tuple[int, int]]:
    """Plan and year of the reporting rounds whose deadline has passed. One query. Time alone changes the answer, so
    `manage.py assess` runs every night."""
    rounds = ReportingRound.objects.filter(plan__in=plans, deadline__lt=timezone.localdate(now))
    return set(rounds.values_list("plan", "year"))


def lock_families(indicators: Iterable[Indicator]) -> None:
    """Make other judgements of the same families wait until this transaction ends. One query.

    Two values saved at once would each be judged without the other; now the second sees the first.
    """
    heads = {indicator.parent_id or indicator.pk for indicator in indicators}
    list(Indicator.objects.select_for_update().filter(pk__in=heads).order_by("pk").values_list("pk"))


def families(indicators: Iterable[Indicator]) -> Iterator[Indicator]:
    """The headline indicators of the given ones with all their components, plans and regions loaded. One query."""
    heads = {indicator.parent_id or indicator.pk for indicator in indicators}
    yield from Indicator.objects.filter(Q(pk__in=heads) | Q(parent__in=heads)).select_related("plan__region")


def unsaved(
    indicator: Indicator, region: Region, result: Result, target: Target | None, now: datetime, *, past_deadline: bool
) -> Assessment:
    """The row that stores a result; derived figures are rounded here, after every comparison was made."""
    return Assessment(
        indicator=indicator,
        region=region,
        year=result.year,
        target=target,
        verdict=result.verdict,
        severity=severity(
            result.verdict,
            indicator.constraint,
            year=result.year,
            target_year=indicator.target_year,
            past_deadline=past_deadline,
        ),
        rule_number=result.rule_number,
        worsened=result.worsened_year_on_year,
        reason=result.reason,
        inputs=result.to_json(),
        judged_at=now,
        **{name: stored_figure(getattr(result, name)) for name in FIGURES},
    )


def stored_figure(figure: Decimal | None) -> Decimal | None:
    """A derived figure as the database keeps it."""
    return None if figure is None else figure.quantize(SIX_PLACES)


def store(assessments: list[Assessment]) -> None:
    """Insert or replace verdicts under indicator, region and year."""
    Assessment.objects.bulk_create(
        assessments,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["indicator", "region", "year"],
        update_fields=[name.removesuffix("_id") for name in STORED] + ["judged_at"],
    )


def judge_indicators(indicators: Collection[Indicator], *, now: datetime, from_year: int = 0) -> int:
    """Judge anew and store; verdicts of years no longer judged are removed. Gives the number of verdicts."""
    with transaction.atomic():
        lock_families(indicators)
        assessments = fresh_assessments(indicators, now=now, from_year=from_year)
        store(assessments)
        judged = {indicator.pk for indicator in families(indicators)}
        keys = {key_of(assessment) for assessment in assessments}
        stored = Assessment.objects.filter(indicator__in=judged, year__gte=from_year)
        stale = [pk for pk, *key in stored.values_list("pk", "indicator", "region", "year") if tuple(key) not in keys]
        Assessment.objects.filter(pk__in=stale).delete()
    return len(assessments)


def judge_from(indicator: Indicator, year: int, *, now: datetime) -> int:
    """Judge what a value of that year touches: the year itself, later years, and the parent."""
    return judge_indicators([indicator], now=now, from_year=year)


def judge_plans(plans: Iterable[Plan], *, now: datetime | None = None) -> int:
    """Judge every indicator of the plans, one plan at a time. Gives the number of verdicts."""
    moment = now or timezone.now()
    return sum(judge_indicators(list(plan.indicators.headline()), now=moment) for plan in plans)


def key_of(assessment: Assessment) -> tuple[int, int, int]:
    """Indicator, region and year: what a verdict is stored under."""
    return assessment.indicator_id, assessment.region_id, assessment.year


def differences(plan: Plan, *, now: datetime) -> list[str]:
    """Stored verdicts of a plan that a fresh judgement would change, described in Chinese; empty when all agree."""
    fresh = {key_of(row): row for row in fresh_assessments(plan.indicators.headline(), now=now)}
    stored = {
        key_of(row): row
        for row in Assessment.objects.filter(indicator__plan=plan).select_related("indicator", "region")
    }
    found = []
    for key in sorted(fresh.keys() | stored.keys()):
        new, old = fresh.get(key), stored.get(key)
        row = new or old
        if row is None:
            continue
        if new is None or old is None:
            found.append(f"{row.indicator.code} {row.region} {row.year}：{'缺少评价' if old is None else '多余评价'}")
        elif any(getattr(new, name) != getattr(old, name) for name in STORED):
            change = f"应为{new.get_verdict_display()}，存为{old.get_verdict_display()}"
            found.append(f"{row.indicator.code} {row.region} {row.year}：{change}")
    return found

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
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from indicators.assessment import Result, Subject, assess, combine_components
from indicators.core.clauses import ClauseKind
from indicators.core.codes import Direction, Frequency
from indicators.core.figures import show_figure
from indicators.core.subject import Value
from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Baseline, Indicator, Plan, ReportingRound, Target, ValueOrigin, YearlyValue
from indicators.models.target import in_effect
from indicators.series import SeriesKey
from indicators.services.stored_verdicts import (
    KEY,
    Changes,
    FreshVerdict,
    fresh_verdict,
    key_of,
    retire,
    standing_verdicts,
    stated_by,
    store,
)
from indicators.targets import TargetRule, parse_target
from regions.models import Region
from regions.moment import asked_moment
from regions.rows import chunks


class Counted(NamedTuple):
    """An approved value, as far as a verdict knows it: a figure or grade, else a finding."""

    value: Decimal | None
    finding: str
    is_demonstration: bool = False


@dataclass
class Evidence:
    """What the database holds about one indicator in one region: of each statement the version in force.

    `since` is the first year of a county's share; 0 where it has always been.
    """

    indicator: Indicator
    region: Region
    baseline: Baseline | None = None
    targets: dict[int, Target] = field(default_factory=dict)
    values: dict[int, Counted] = field(default_factory=dict)
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

    def has_demonstration(self, year: int) -> bool:
        """Whether a figure of demonstration counts in the verdict of the year."""
        return self.demonstrated_from is not None and self.demonstrated_from <= year

    @cached_property
    def demonstrated_from(self) -> int | None:
        """The first year with a figure of demonstration."""
        return min((year for year, counted in self.values.items() if counted.is_demonstration), default=None)

    @cached_property
    def rule(self) -> TargetRule:
        """What the final target demands."""
        return rule_of(self.targets.get(self.indicator.target_year), self.indicator)

    def subject(self, year: int) -> Subject:
        """The core's view. A yearly commitment is judged for each year as if that year were its last; else it is the
        same subject whatever the year."""
        yearly = self.indicator.frequency == Frequency.YEARLY
        return self.subject_until(year) if yearly else self.whole_subject

    @cached_property
    def whole_subject(self) -> Subject:
        """The core's view of all years. A year's verdict takes no notice of those after it."""
        return self.subject_until(self.indicator.target_year)

    def subject_until(self, target_year: int) -> Subject:
        """The core's view, with that year as the one in which the target is due."""
        indicator, plan = self.indicator, self.indicator.plan
        final = self.targets.get(indicator.target_year)
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
            target_year=target_year,
            values=self.entries,
            annual_targets=self.annual_targets,
            assigned_value=plain(final.assigned_value) if final and final.assigned_value is not None else None,
            target_version=str(final.version) if final else "",
            on_track_share=plan.on_track_from,
            behind_share=plan.behind_below,
            about_tolerance=plan.about_tolerance,
        )

    @cached_property
    def entries(self) -> dict[int, Value]:
        """The approved values as the core knows them."""
        return {
            year: counted.finding if counted.value is None else plain(counted.value)
            for year, counted in self.values.items()
        }

    @cached_property
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
    """Evidence for the plan's region and for every county that an indicator is broken down to. Three queries, and one
    for the counties where there are any.

    Of a target or baseline the newest version in force at `now` (else on the day that is read) counts, not one that
    takes effect later. A county whose final target was withdrawn (TargetQuerySet.shares) is left out. Expects
    `plan__region` to be loaded with each indicator.
    """
    wanted = {indicator.pk: indicator for indicator in indicators}
    found: dict[tuple[int, int], Evidence] = {}

    def evidence(indicator_id: int, region: Region) -> Evidence:
        key = (indicator_id, region.pk)
        return found.setdefault(key, Evidence(wanted[indicator_id], region))

    for indicator in wanted.values():
        evidence(indicator.pk, indicator.plan.region)
    today = timezone.localdate(now or asked_moment())
    targets = list(Target.objects.filter(in_effect(today), indicator__in=wanted).order_by("version"))
    shares = shares_among(targets, wanted)
    counties = Region.objects.in_bulk({target.region_id for target, _ in shares})
    for target, since in shares:
        evidence(target.indicator_id, counties[target.region_id]).since = since
    for target in targets:
        if known := found.get((target.indicator_id, target.region_id)):
            known.targets[target.year] = target
    for baseline in Baseline.objects.filter(in_effect(today), indicator__in=wanted).order_by("version"):
        if known := found.get((baseline.indicator_id, baseline.region_id)):
            known.baseline = baseline
    approved = YearlyValue.objects.approved().filter(indicator__in=wanted).order_by()
    for indicator_id, region_id, year, value, finding, origin in approved.values_list(
        *KEY, "value", "finding", "origin"
    ):
        if known := found.get((indicator_id, region_id)):
            known.values[year] = Counted(value, finding, origin == ValueOrigin.DEMONSTRATION)
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
    judged = evidence.years
    for year in years:
        if year in judged:
            yield year, assess(evidence.subject(year), year)


def fresh_verdicts(family: Collection[Indicator], *, now: datetime, from_year: int = 0) -> Iterator[FreshVerdict]:
    """Verdicts of whole families, as `families` gives them, for all judged years from `from_year` on: those of
    parents last. The queries of `gather`, and one for reporting rounds."""
    by_pk = {indicator.pk: indicator for indicator in family}
    have_components = {indicator.parent_id for indicator in family if indicator.parent_id}
    components: defaultdict[tuple[int, int, int], list[tuple[str, Result]]] = defaultdict(list)
    targets: dict[tuple[int, int], Target | None] = {}
    overdue = overdue_years({indicator.plan_id for indicator in family}, now=now)

    demonstrated: set[tuple[int, int, int]] = set()

    def verdict(
        indicator: Indicator, region_id: int, result: Result, target: Target | None, *, is_demonstration: bool
    ) -> FreshVerdict:
        past_deadline = (indicator.plan_id, result.year) in overdue
        return fresh_verdict(
            indicator,
            region_id,
            result,
            target,
            now,
            past_deadline=past_deadline,
            is_demonstration=is_demonstration,
        )

    for evidence in gather(family, now=now):
        indicator, region_id = evidence.indicator, evidence.region.pk
        target = evidence.targets.get(indicator.target_year)
        if indicator.pk in have_components:
            targets[indicator.pk, region_id] = target
            continue
        years = indicator.years
        for year, result in judge_evidence(evidence, range(max(from_year, years.start), years.stop)):
            is_demonstration = evidence.has_demonstration(year)
            yield verdict(indicator, region_id, result, target, is_demonstration=is_demonstration)
            if indicator.parent_id:
                key = (indicator.parent_id, region_id, year)
                components[key].append((indicator.name, result))
                if is_demonstration:
                    demonstrated.add(key)
    for key, parts in components.items():
        parent_id, region_id, _ = key
        target = targets.get((parent_id, region_id))
        combined = combine_components(parts)
        yield verdict(by_pk[parent_id], region_id, combined, target, is_demonstration=key in demonstrated)


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


def families(indicators: Iterable[Indicator]) -> list[Indicator]:
    """The headline indicators of the given ones with all their components, plans and regions loaded. Two queries: a
    plan is the same object for all its indicators."""
    heads = {indicator.parent_id or indicator.pk for indicator in indicators}
    family = list(Indicator.objects.filter(Q(pk__in=heads) | Q(parent__in=heads)))
    plans = Plan.objects.select_related("region").in_bulk({indicator.plan_id for indicator in family})
    for indicator in family:
        indicator.plan = plans[indicator.plan_id]
    return family


def judge_indicators(indicators: Collection[Indicator], *, now: datetime, from_year: int = 0) -> int:
    """Judge anew and store what changes; verdicts of years no longer judged end. Gives the number of verdicts."""
    with transaction.atomic():
        # Nobody else judges the families meanwhile, so that what is stored can be looked up before it is written.
        lock_families(indicators)
        family = families(indicators)
        standing = standing_verdicts(Assessment.objects.filter(indicator__in=family, year__gte=from_year))
        changes, number = Changes(now), 0
        for verdicts in chunks(fresh_verdicts(family, now=now, from_year=from_year)):
            store(verdicts, standing, changes)
            number += len(verdicts)
        retire([row.pk for row in standing.values()], changes)
    return number


def judge_from(indicator: Indicator, year: int, *, now: datetime) -> int:
    """Judge what a value of that year touches: the year itself, later years, and the parent."""
    return judge_indicators([indicator], now=now, from_year=year)


def judge_plans(plans: Iterable[Plan], *, now: datetime | None = None) -> int:
    """Judge every indicator of the plans, one plan at a time. Gives the number of verdicts."""
    moment = now or timezone.now()
    return sum(judge_indicators(list(plan.indicators.headline()), now=moment) for plan in plans)


def differences(plan: Plan, *, now: datetime) -> list[str]:
    """Stored verdicts of a plan that a fresh judgement would change, described in Chinese; empty when all agree."""
    indicators = {indicator.pk: indicator for indicator in families(plan.indicators.headline())}
    fresh = {key_of(row): row for row in fresh_verdicts(indicators.values(), now=now)}
    stored = {key_of(row): row for row in Assessment.objects.filter(indicator__plan=plan)}
    keys = sorted(fresh.keys() | stored.keys())
    regions = Region.objects.in_bulk({region_id for _, region_id, _ in keys})
    found = []
    for key in keys:
        new, old = fresh.get(key), stored.get(key)
        if old is None:
            change = "缺少评价"
        elif new is None:
            change = "多余评价"
        elif stated_by(new) != stated_by(old):
            change = f"应为{Verdict.checked(new.verdict).label}，存为{old.get_verdict_display()}"
        else:
            continue
        indicator_id, region_id, year = key
        found.append(f"{indicators[indicator_id].code} {regions[region_id]} {year}：{change}")
    return found

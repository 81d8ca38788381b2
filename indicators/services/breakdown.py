"""Breaking a target down to counties (分解到县区): a final target of its own, a share, for every county that has one.

Shares are targets like others, kept as versions. A county with a share in force reports figures of its own and is
judged by them; one whose share is withdrawn is not reported on any more, and its versions and figures stay in history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from indicators.core.clauses import ClauseKind
from indicators.core.codes import Direction, MeasureKind, ValueType
from indicators.core.goals import Waiting, goal_of
from indicators.core.verdicts import Verdict
from indicators.display import show_value
from indicators.models import Baseline, Indicator, Target
from indicators.services.judging import Evidence, annual_figure, gather, rule_of
from indicators.services.target_versions import baseline_text, next_versions
from indicators.services.targets import next_version, save_versions
from indicators.targets import TargetRule, parse_target
from regions.models import Region
from regions.permissions import Person

#: What a baseline says that was withdrawn.
NO_BASELINE = "—"


@dataclass(frozen=True)
class Share:
    """What a county is to reach. Without a wording nothing is broken down to it; `baseline` None is no baseline."""

    wording: str = ""
    baseline: Decimal | None = None


@dataclass(frozen=True)
class Breakdown:
    """How an indicator is broken down. `shares` are those in force by the county's key; `goal` is the figure that the
    shares of an additive measure have to add up to, None where the target states none."""

    indicator: Indicator
    counties: list[Region]
    goal: Decimal | None
    shares: dict[int, Share] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether the counties' figures have to add up to the plan's."""
        return self.indicator.measure == MeasureKind.ADDITIVE

    @property
    def has_baselines(self) -> bool:
        """Whether a county's baseline is where it starts from: of levels only."""
        return self.indicator.measure == MeasureKind.LEVEL and self.indicator.value_type != ValueType.FINDING

    @property
    def complaint(self) -> str:
        """How far the shares in force are from the goal, which may have moved since; empty where all is well."""
        if not self.adds_up or not self.shares:
            return ""
        figures = [figure_of(self.indicator, share.wording) for share in self.shares.values()]
        return sum_complaint(self.indicator, self.goal, [figure for figure in figures if figure is not None])


def reporting_counties(indicator: Indicator) -> list[Region]:
    """The counties that the indicator is broken down to today. One query."""
    shares = Target.objects.shares(timezone.localdate()).filter(indicator=indicator)
    return list(Region.objects.filter(pk__in=shares.values("region")))


def offered_counties(indicator: Indicator) -> list[Region]:
    """The counties that the indicator can be broken down to: those of the plan's region, and any that has a share. One
    query."""
    shares = Target.objects.shares(timezone.localdate()).filter(indicator=indicator)
    return list(Region.objects.filter(Q(parent=indicator.plan.region_id) | Q(pk__in=shares.values("region"))))


def no_breakdown(indicator: Indicator, counties: list[Region]) -> str:
    """Why the indicator cannot be broken down, in Chinese; empty where it can. One query."""
    if indicator.components.exists():
        return "本指标由各分项决定，请在分项指标上分解。"
    if not counties:
        return f"{indicator.plan.region}没有登记下级地区，不能分解。"
    return ""


def breakdown_of(indicator: Indicator, counties: list[Region], evidence: Iterable[Evidence]) -> Breakdown:
    """How the indicator is broken down, from the evidence of its regions. Queries nothing."""
    goal, shares = None, {}
    for each in evidence:
        final = each.targets.get(indicator.target_year)
        if not each.is_county:
            goal = final_figure(each)
        elif final is not None:
            shares[each.region.pk] = Share(final.wording, each.baseline.value if each.baseline else None)
    return Breakdown(indicator, counties, goal, shares)


def record_breakdown(
    indicator: Indicator,
    *,
    shares: Mapping[int, Share],
    document: str,
    effective_on: date | None,
    note: str = "",
    seen: str,
    person: Person,
    now: datetime,
) -> list[Target | Baseline]:
    """The shares of counties by the county's key; counties that are left out keep theirs. A share without a wording is
    withdrawn, and its baseline with it.

    Counties whose target or baseline stays the same get no new version; the indicator is judged once. Raises
    PermissionDenied for others than the plan's reviewers and ValidationError in Chinese, at `target_<key>` and
    `baseline_<key>` for what a county cannot have; then nothing is written. `seen` as in services.target_versions.
    Expects `plan__region` to be loaded.
    """
    with next_versions(indicator, seen=seen, person=person):
        counties = offered_counties(indicator)
        if refusal := no_breakdown(indicator, counties):
            raise ValidationError(refusal)
        now_in_force = breakdown_of(indicator, counties, gather([indicator], now=now))
        plain = {key: Share(share.wording.strip(), share.baseline) for key, share in shares.items()}
        check_shares(now_in_force, plain)
        versions: list[Target | Baseline] = []
        for county in counties:
            old, new = now_in_force.shares.get(county.pk, Share()), plain.get(county.pk)
            if new is None or new == old:
                continue
            baseline = new.baseline if new.wording else None
            if new.wording != old.wording:
                versions.append(target_version(indicator, county, new.wording))
            if baseline != old.baseline:
                versions.append(baseline_version(indicator, county, baseline))
        if not versions:
            raise ValidationError("各县区的目标和基期值没有变化，没有保存新版本。")
        for version in versions:
            version.document, version.effective_on, version.note = document.strip(), effective_on, note.strip()
        save_versions(versions, person=person, now=now)
    return versions


def check_shares(standing: Breakdown, shares: Mapping[int, Share]) -> None:
    """Raise ValidationError unless every share can be one and, of an additive measure, all together make the goal."""
    indicator, errors = standing.indicator, {}
    figures: list[Decimal] = []
    for county in standing.counties:
        old = standing.shares.get(county.pk, Share())
        share = shares.get(county.pk, old)
        if share != old and (complaint := share_complaint(indicator, county, share.wording)):
            errors[f"target_{county.pk}"] = complaint
        if share.baseline is not None and share.baseline != old.baseline:
            if not share.wording:
                errors[f"baseline_{county.pk}"] = f"没有分解到{county}，请先填写它的目标，或清空基期值。"
            elif not standing.has_baselines:
                errors[f"baseline_{county.pk}"] = "本指标从零累计或由审核人员评定，各县区不填基期值。"
            elif impossible := indicator.complaint(share.baseline):
                errors[f"baseline_{county.pk}"] = impossible
        figure = figure_of(indicator, share.wording)
        if figure is not None:
            figures.append(figure)
    if errors:
        raise ValidationError(errors)
    if standing.adds_up and figures and (complaint := sum_complaint(indicator, standing.goal, figures)):
        raise ValidationError(complaint)


def share_complaint(indicator: Indicator, county: Region, wording: str) -> str:
    """Why a wording cannot be a county's target, in Chinese; empty where it can. Queries nothing."""
    if not wording:
        return ""
    rule = share_rule(indicator, wording)
    if not rule.understood:
        return f"“{wording}”未能识别。请照文件填写，例如“95”“≥95”“Ⅲ类”。"
    if rule.problems:
        return "".join(rule.problems)
    version = Target(indicator=indicator, region=county, wording=wording, rule=rule.to_json())
    subject = Evidence(indicator, county, targets={indicator.target_year: version}).subject(indicator.target_year)
    for clause in rule.clauses:
        if clause.kind not in (ClauseKind.TREND, ClauseKind.FINDING):
            goal = goal_of(clause, subject)
            if isinstance(goal, Waiting) and goal.verdict is Verdict.AWAITING_RULE:
                return f"“{wording}”不能作这项指标的目标：{goal.lacking}。"
    figure = figure_of(indicator, wording)
    if indicator.measure == MeasureKind.ADDITIVE and figure is None:
        return "累计工程量的各县区之和要与总目标核对，请写成一个数，例如“120”。"
    return (indicator.complaint(figure) or "") if figure is not None else ""


def share_rule(indicator: Indicator, wording: str) -> TargetRule:
    """The rule of a county's wording. More reduction is better, whichever way the indicator itself should go."""
    is_rate = indicator.measure == MeasureKind.CUMULATIVE_RATE
    way = Direction.HIGHER if is_rate else Direction.checked(indicator.direction)
    return parse_target(wording, direction=way, unit=indicator.unit)


def figure_of(indicator: Indicator, wording: str) -> Decimal | None:
    """The one figure or grade that a county's wording states."""
    return annual_figure(share_rule(indicator, wording), indicator) if wording else None


def final_figure(evidence: Evidence) -> Decimal | None:
    """The one figure that the final target states or an upper level assigned."""
    final = evidence.targets.get(evidence.indicator.target_year)
    if final is not None and final.assigned_value is not None:
        return final.assigned_value
    return annual_figure(rule_of(final, evidence.indicator), evidence.indicator)


def sum_complaint(indicator: Indicator, goal: Decimal | None, figures: Iterable[Decimal]) -> str:
    """Both sums and their difference where the counties' figures do not make the plan's, in Chinese; else empty."""
    total = sum(figures, Decimal(0))
    if goal is None:
        return "本规划的目标没有一个确定的数，各县区之和无从核对。请先登记上级下达数，或调整目标。"
    if total == goal:
        return ""
    difference = show_value(indicator, abs(total - goal))
    return (
        f"各县区合计 {show_value(indicator, total)}，本规划的目标是 {show_value(indicator, goal)}，"
        f"{'多' if total > goal else '少'} {difference}。累计工程量的各县区之和须等于目标，请调整。"
    )


def target_version(indicator: Indicator, county: Region, wording: str) -> Target:
    """The county's next final target, unsaved. The rule of a reduction is set by hand, see `share_rule`."""
    version = Target(
        indicator=indicator,
        region=county,
        year=indicator.target_year,
        wording=wording,
        rule=share_rule(indicator, wording).to_json(),
        rule_by_hand=bool(wording) and indicator.measure == MeasureKind.CUMULATIVE_RATE,
    )
    version.version = next_version(version)
    return version


def baseline_version(indicator: Indicator, county: Region, figure: Decimal | None) -> Baseline:
    """The county's next baseline, unsaved; without a figure it says that there is none any more."""
    version = Baseline(
        indicator=indicator,
        region=county,
        year=indicator.plan.baseline_year,
        value=figure,
        text=NO_BASELINE if figure is None else baseline_text(indicator, figure),
    )
    version.version = next_version(version)
    return version

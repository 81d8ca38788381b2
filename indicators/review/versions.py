"""The page of an indicator's targets over time: what is in force, and every version with who recorded it and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Baseline, Indicator, Target, TargetDocumentFile
from indicators.services.breakdown import Breakdown, breakdown_of, no_breakdown, offered_counties
from indicators.services.judging import Evidence, gather, rule_of
from indicators.services.target_versions import no_annual_targets, stamp
from indicators.targets import TargetRule
from regions.models import Region


@dataclass(frozen=True)
class VersionLine:
    """One version. `who` and `when` are those of its first record; fixtures have no person. `target` is the key of a
    target's version, to which documents are attached; a baseline has none."""

    title: str
    version: int
    is_current: bool
    wording: str
    understood: str
    assigned: str
    effective_on: date | None
    document: str
    note: str
    who: str
    when: datetime | None
    target: int | None = None
    files: list[TargetDocumentFile] = field(default_factory=list)


@dataclass(frozen=True)
class TargetsPage:
    """What the page shows. `annual` are the annual targets of `annual_county`, or of the plan's own region. `no_annual`
    and `no_breakdown` say why these are not offered; empty where they are."""

    indicator: Indicator
    target: Target | None
    rule: TargetRule
    baseline: Baseline | None
    annual: dict[int, Decimal]
    annual_county: Region | None
    no_annual: str
    breakdown: Breakdown
    no_breakdown: str
    seen: str
    lines: list[VersionLine]

    @property
    def assigned(self) -> str:
        """The assigned number in force, empty without one."""
        if self.target is None or self.target.assigned_value is None:
            return ""
        return show_value(self.indicator, self.target.assigned_value)

    @property
    def annual_counties(self) -> list[Region]:
        """The counties that can have annual targets: those with a share in force."""
        return [county for county in self.breakdown.counties if county.pk in self.breakdown.shares]

    @property
    def annual_years(self) -> range:
        """The years before the target year."""
        return range(self.indicator.years.start, self.indicator.target_year)


def targets_page(indicator: Indicator, county: str = "") -> TargetsPage:
    """`county` is the identifier of the one whose annual targets are asked for; one without a share is passed over.

    Expects `plan__region` to be loaded. Queries: evidence (three), counties, components (two), stamp (two), targets
    and baselines with the history of each (four), documents."""
    by_region = {each.region.pk: each for each in gather([indicator])}
    own = by_region[indicator.plan.region_id]
    target = own.targets.get(indicator.target_year)
    counties = offered_counties(indicator)
    asked = next((each for each in by_region.values() if each.is_county and each.region.slug == county), own)
    return TargetsPage(
        indicator=indicator,
        target=target,
        rule=rule_of(target, indicator),
        baseline=own.baseline,
        annual=asked.annual_targets,
        annual_county=asked.region if asked.is_county else None,
        no_annual=no_annual_targets(indicator),
        breakdown=breakdown_of(indicator, counties, by_region.values()),
        no_breakdown=no_breakdown(indicator, counties),
        seen=stamp(indicator),
        lines=[*target_lines(indicator, by_region), *baseline_lines(indicator, by_region)],
    )


def target_lines(indicator: Indicator, by_region: Mapping[int, Evidence]) -> list[VersionLine]:
    """Versions of the final and annual targets, those of counties last, the last year and newest version first. Three
    queries."""
    targets = Target.objects.filter(indicator=indicator).select_related("region")
    authors = first_records(Target.history.filter(indicator_id=indicator.pk))
    files = TargetDocumentFile.objects.filter(target__indicator=indicator).grouped()
    return [
        target_line(
            target, indicator, by_region.get(target.region_id), authors.get(target.pk), files.get(target.pk, [])
        )
        for target in counties_last(targets.order_by("region", "-year", "-version"), indicator)
    ]


def target_line(
    target: Target, indicator: Indicator, evidence: Evidence | None, author: Any, files: list[TargetDocumentFile]
) -> VersionLine:
    """One version of a target; `evidence` is None for a county that is not broken down to any more."""
    county = county_of(target, indicator)
    withdrawn = bool(county) and not target.wording and target.year == indicator.target_year
    return VersionLine(
        title=f"{county}{target.year} 年{'目标' if target.year == indicator.target_year else '年度目标'}",
        version=target.version,
        is_current=evidence is not None and evidence.targets.get(target.year) == target,
        wording=target.wording or ("（不再分解）" if withdrawn else "（无）"),
        understood="—" if withdrawn else rule_of(target, indicator).describe(),
        assigned=show_value(indicator, target.assigned_value) if target.assigned_value is not None else "—",
        effective_on=target.effective_on,
        document=target.document,
        note=target.note,
        target=target.pk,
        files=files,
        **author_of(author),
    )


def baseline_lines(indicator: Indicator, by_region: Mapping[int, Evidence]) -> list[VersionLine]:
    """Versions of the baseline, those of counties last, newest first. Two queries."""
    baselines = Baseline.objects.filter(indicator=indicator).select_related("region")
    authors = first_records(Baseline.history.filter(indicator_id=indicator.pk))
    in_force = [evidence.baseline for evidence in by_region.values()]
    return [
        VersionLine(
            title=f"{county_of(baseline, indicator)}{baseline.year} 年基期值",
            version=baseline.version,
            is_current=baseline in in_force,
            wording=baseline.text or show_figure(baseline.value),
            understood=show_value(indicator, baseline.value),
            assigned="—",
            effective_on=baseline.effective_on,
            document=baseline.document or baseline.source,
            note=baseline.note,
            **author_of(authors.get(baseline.pk)),
        )
        for baseline in counties_last(baselines.order_by("region", "-version"), indicator)
    ]


def county_of(version: Target | Baseline, indicator: Indicator) -> str:
    """The county of a version with a blank behind it; empty for the plan's own region."""
    return "" if version.region_id == indicator.plan.region_id else f"{version.region} "


def counties_last(versions: QuerySet[Any], indicator: Indicator) -> list[Any]:
    """The versions of the plan's own region in front. One query."""
    return sorted(versions, key=lambda version: version.region_id != indicator.plan.region_id)


def first_records(history: QuerySet[Any]) -> dict[int, Any]:
    """The record that made each version, by the version's key. One query."""
    made = history.filter(history_type="+").select_related("history_user").order_by("history_id")
    return {record.id: record for record in made}


def author_of(record: Any) -> dict[str, Any]:
    """Who made a version and when."""
    if record is None:
        return {"who": "—", "when": None}
    return {"who": str(record.history_user or "系统（规划原文）"), "when": record.history_date}

"""The counties of an indicator, as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Assessment, Indicator
from indicators.services.judging import Evidence
from portal.dashboards.indicator.series import verdicts_in
from portal.dashboards.indicator.targets import TargetVersion
from regions.models import Region


@dataclass(frozen=True)
class CountyRow:
    """A county that the indicator is broken down to. `value` is its last one; `value_year` is set where that is an
    earlier year's than the page's."""

    county: Region
    target: TargetVersion
    baseline: str
    value: str
    value_year: int | None
    assessment: Assessment | None


@dataclass(frozen=True)
class ComponentCounties:
    """A component that is broken down, with its counties."""

    indicator: Indicator
    counties: list[CountyRow]


@dataclass(frozen=True)
class CombinedCounty:
    """A county's verdict on a composite indicator: the worst of those on the components."""

    county: Region
    assessment: Assessment


def county_rows(
    indicator: Indicator, series: Iterable[Evidence], versions: Mapping[int, TargetVersion], *, year: int
) -> list[CountyRow]:
    """The counties among the series, by identifier. `versions` by the target's primary key. Queries nothing."""
    rows = []
    for evidence in series:
        if not evidence.is_county:
            continue
        start = evidence.baseline
        known = [each for each in sorted(evidence.values) if each <= year and each in indicator.years]
        last = evidence.values[known[-1]] if known else None
        rows.append(
            CountyRow(
                county=evidence.region,
                target=versions[evidence.targets[indicator.target_year].pk],
                baseline=(start.text or show_figure(start.value)) if start else "—",
                value=show_value(indicator, last.value, last.finding) if last else "—",
                value_year=known[-1] if known and known[-1] != year else None,
                assessment=verdicts_in(indicator, evidence.region.pk).get(year),
            )
        )
    return rows


def combined_counties(
    indicator: Indicator, components: Iterable[ComponentCounties], *, year: int
) -> list[CombinedCounty]:
    """The counties of the components, by identifier, with their verdicts on the whole. Queries nothing."""
    counties = {row.county.pk: row.county for each in components for row in each.counties}
    judged = {each.region_id: each for each in indicator.assessments.all() if each.year == year}
    return [
        CombinedCounty(county, judged[county.pk])
        for county in sorted(counties.values(), key=lambda county: county.slug)
        if county.pk in judged
    ]

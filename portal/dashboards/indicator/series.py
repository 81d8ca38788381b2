"""What is in force and approved of an indicator that is loaded whole, for the plan's region and for its counties."""

from __future__ import annotations

from datetime import date

from indicators.models import Assessment, Indicator
from indicators.services.judging import Counted, Evidence, shares_among


def series_of(indicator: Indicator, today: date) -> dict[int, Evidence]:
    """The evidence by region: the plan's own first, then the counties that the indicator is broken down to, by
    identifier; the same as `judging.gather`. Expects `indicators_for_rows(whole=…)`. Queries nothing."""
    targets = [target for target in indicator.targets.all() if target.is_in_effect(today)]
    own = Evidence(indicator, indicator.plan.region)
    counties = [
        Evidence(indicator, share.region, since=since)
        for share, since in shares_among(targets, {indicator.pk: indicator})
    ]
    counties.sort(key=lambda each: each.region.slug)
    found = {each.region.pk: each for each in (own, *counties)}
    for target in targets:
        if known := found.get(target.region_id):
            known.targets[target.year] = target
    for baseline in indicator.baselines.all():
        if baseline.is_in_effect(today) and (known := found.get(baseline.region_id)):
            known.baseline = baseline
    for record in indicator.values.all():
        if known := found.get(record.region_id):
            known.values[record.year] = Counted(record.value, record.finding, record.is_demonstration)
    return found


def verdicts_in(indicator: Indicator, region_id: int) -> dict[int, Assessment]:
    """The verdicts of the region by year, of what is loaded."""
    return {each.year: each for each in indicator.assessments.all() if each.region_id == region_id}

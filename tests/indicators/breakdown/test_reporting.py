"""Who reports and is judged by what after a breakdown, and what withdrawing a share means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator, Target, YearlyValue
from indicators.services.breakdown import Share
from indicators.services.judging import differences, gather, judge_plans
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Region
from tests.factories import RegionFactory, TargetFactory
from tests.indicators.breakdown.steps import NOW, break_down, reported, verdict

pytestmark = pytest.mark.django_db


def test_a_county_is_judged_by_its_own_target_and_baseline(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    first, second, _ = counties
    break_down(level, reviewer, {first: Share("≥92", Decimal(90)), second: Share("≥98", Decimal(90))})
    for county in (first, second):
        record_value(ValueEntry(level, county, 2022, Decimal("91")), person=staff, now=NOW)
    assert (verdict(level, first), verdict(level, second)) == ("on_track", "behind")
    assert verdict(level, level.plan.region) == Verdict.AWAITING_VALUE


def test_a_withdrawn_share_ends_reporting_and_judging_and_keeps_its_history(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    first, second, _ = counties
    break_down(level, reviewer, {first: Share("≥96", Decimal(90)), second: Share("≥94")})
    record_value(ValueEntry(level, first, 2022, Decimal(91)), person=staff, now=NOW)
    break_down(level, reviewer, {first: Share("", Decimal(90))})
    assert reported(level) == ["乙县"]
    assert not Assessment.objects.filter(indicator=level, region=first).exists()
    assert [each.wording for each in Target.objects.filter(region=first).order_by("version")] == ["≥96", ""]
    assert YearlyValue.objects.get(region=first).value == 91
    with pytest.raises(ValidationError, match="没有分解到甲县"):
        record_value(ValueEntry(level, first, 2021, Decimal(90)), person=staff, now=NOW)
    break_down(level, reviewer, {first: "≥93"})
    assert verdict(level, first) == Verdict.AWAITING_BASELINE, "the old baseline was withdrawn with its share"


def test_a_share_counts_from_the_year_in_which_it_first_took_effect(
    level: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, third = counties
    break_down(level, reviewer, {first: "≥96"}, effective_on=date(2023, 2, 1))
    break_down(level, reviewer, {first: "≥97"}, effective_on=None)
    break_down(level, reviewer, {second: "≥94"}, effective_on=None)
    break_down(level, reviewer, {third: "≥94"}, effective_on=date(2024, 1, 1))
    judged = Assessment.objects.filter(indicator=level)
    assert set(judged.filter(region=first).values_list("year", flat=True)) == {2023, 2024, 2025}
    assert judged.filter(region=second).count() == 5
    assert not judged.filter(region=third).exists(), "not in force on the day"
    since = {share.region: share.since for share in Target.objects.shares(date(2024, 6, 1)).filter(indicator=level)}
    assert since == {first: 2023, second: 0, third: 2024}


def test_the_database_and_the_judge_agree_on_what_is_broken_down(
    level: Indicator, quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, third = counties
    break_down(level, reviewer, {first: "≥96", second: "≥94"}, effective_on=date(2022, 1, 1))
    break_down(level, reviewer, {first: "", third: "≥90"})
    break_down(quantity, reviewer, {second: "300"})
    TargetFactory.create(indicator=level, region=RegionFactory.create(), year=2023)
    for day in (date(2021, 6, 1), date(2023, 3, 1)):
        moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        shares = Target.objects.shares(day).filter(indicator__in=[level, quantity])
        in_database = {(share.indicator_id, share.region_id, share.since) for share in shares}
        judged = {(*each.series, each.since) for each in gather([level, quantity], now=moment) if each.is_county}
        assert in_database == judged


def test_stored_verdicts_of_counties_are_checked_too(level: Indicator, counties: list[Region], reviewer: User) -> None:
    break_down(level, reviewer, {counties[0]: "≥96"})
    assert differences(level.plan, now=NOW) == []
    Assessment.objects.filter(region=counties[0], year=2022).update(verdict="achieved")
    assert differences(level.plan, now=NOW) == ["the-level 甲县 2022：应为待填报，存为已完成"]


def test_county_verdicts_are_no_indicators_of_the_plan(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    """Counts, warnings and what was last known of the plan stay as they are, however its counties do."""

    def standing() -> list[Any]:
        verdicts = Assessment.objects.filter(indicator=level)
        warnings = verdicts.last_known_before(2025).with_warning()
        return [
            list(verdicts.standing_in(2025)),
            list(warnings),
            verdicts.standing_in(2025).headline().count(),
        ]

    judge_plans([level.plan], now=NOW)
    before = standing()
    break_down(level, reviewer, {county: Share("≥99", Decimal(95)) for county in counties})
    for county in counties:
        record_value(ValueEntry(level, county, 2022, Decimal(90)), person=staff, now=NOW)
    assert verdict(level, counties[0]) == "moving_away"
    assert standing() == before

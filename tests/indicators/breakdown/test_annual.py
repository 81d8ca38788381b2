"""Annual targets of a county: it is judged by them, and the plan's own stay what they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from indicators.models import Assessment, Indicator, Target
from indicators.services.recording import record_value
from indicators.services.target_versions import evidence_of, record_annual, spread, stamp
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Region
from tests.indicators.breakdown.steps import NOW, break_down

pytestmark = pytest.mark.django_db
PAGE = "/indicators/the-quantity/targets/"


@pytest.fixture
def shared(quantity: Indicator, counties: list[Region], reviewer: User) -> Indicator:
    """300 km by 2025, a hundred of them in each county."""
    break_down(quantity, reviewer, dict.fromkeys(counties, "100"))
    return quantity


def how(indicator: Indicator, person: User) -> dict[str, Any]:
    return {"seen": stamp(indicator), "person": person, "now": NOW}


def required(indicator: Indicator, region: Region) -> Decimal | None:
    return Assessment.objects.get(indicator=indicator, region=region, year=2022).required


def test_a_county_is_judged_by_its_own_annual_target(
    shared: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    first, second, _ = counties
    record_annual(shared, figures={2022: Decimal(60)}, county=first, **how(shared, reviewer))
    for region in (first, second, shared.plan.region):
        record_value(ValueEntry(shared, region, 2022, Decimal(50)), person=staff, now=NOW)
    assert [required(shared, first), required(shared, second)] == [60, 40]
    assert required(shared, shared.plan.region) == 120
    record_annual(shared, figures={2022: None}, county=first, **how(shared, reviewer))
    assert required(shared, first) == 40


def test_the_way_to_a_countys_share_is_spread_evenly(shared: Indicator, counties: list[Region]) -> None:
    assert spread(shared, counties[0]) == {2021: 20, 2022: 40, 2023: 60, 2024: 80}
    assert spread(shared) == {2021: 60, 2022: 120, 2023: 180, 2024: 240}


def test_a_county_without_a_share_has_no_annual_targets(
    quantity: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    with pytest.raises(ValidationError, match="没有分解到"):
        record_annual(quantity, figures={2022: Decimal(60)}, county=counties[0], **how(quantity, reviewer))
    break_down(quantity, reviewer, {counties[0]: "300"})
    with pytest.raises(PermissionDenied):
        record_annual(quantity, figures={2022: Decimal(60)}, county=counties[0], **how(quantity, staff))


class TestPage:
    def form(self, indicator: Indicator, **figures: str) -> dict[str, str]:
        return {"form": "annual", "seen": stamp(indicator), **figures}

    def test_the_targets_of_a_county_are_typed_and_shown_apart(
        self, signed_in: Client, shared: Indicator, counties: list[Region]
    ) -> None:
        address = f"{PAGE}?county={counties[0].slug}"
        page = signed_in.get(address).content.decode()
        assert "年度目标：甲县" in page
        assert signed_in.post(address, self.form(shared, year_2022="60")).status_code == 302
        assert 'value="60"' in signed_in.get(address).content.decode()
        assert 'value="60"' not in signed_in.get(PAGE).content.decode()
        assert "甲县 2022 年年度目标" in signed_in.get(PAGE).content.decode()
        assert evidence_of(shared).annual_targets == {}

    def test_a_county_withdrawn_meanwhile_is_said_and_nothing_goes_to_the_plan(
        self, signed_in: Client, shared: Indicator, counties: list[Region], reviewer: User
    ) -> None:
        address = f"{PAGE}?county={counties[0].slug}"
        break_down(shared, reviewer, {counties[0]: "", counties[1]: "200"})
        page = signed_in.post(address, self.form(shared, year_2022="61")).content.decode()
        assert "不再分解到这个县区" in page
        assert 'value="61"' in page
        assert not Target.objects.filter(indicator=shared, year=2022).exists()

"""Verdicts over time: what changes is kept, what stays is left alone, and every day can be looked at as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from indicators.models import Assessment, Indicator, YearlyValue
from indicators.services.judging import differences, judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry, delete_value
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, led_by, member_of

pytestmark = pytest.mark.django_db
MARCH = datetime(2022, 3, 1, tzinfo=UTC)
MAY = MARCH + timedelta(days=61)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY)


@pytest.fixture
def indicator(department: Department) -> Indicator:
    """At least 95 by 2025, judged on the first of March."""
    indicator = led_by(department)
    judge_indicators([indicator], now=MARCH)
    return indicator


@pytest.fixture
def value(indicator: Indicator, staff: User) -> YearlyValue:
    """96 for 2021, entered in May."""
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal(96))
    return record_value(entry, person=staff, now=MAY)


def in_2021(indicator: Indicator, moment: datetime | None) -> list[str]:
    found = Assessment.ever.as_of(moment).filter(indicator=indicator, year=2021)
    return list(found.values_list("verdict", flat=True))


def test_what_was_known_on_a_day_can_be_looked_up(indicator: Indicator, value: YearlyValue) -> None:
    assert in_2021(indicator, MARCH - timedelta(days=1)) == []
    assert in_2021(indicator, MARCH) == ["awaiting_value"]
    assert in_2021(indicator, MAY - timedelta(seconds=1)) == ["awaiting_value"]
    assert in_2021(indicator, MAY) == in_2021(indicator, None) == ["achieved_early"]


def test_a_verdict_that_stays_is_not_written_again(indicator: Indicator, value: YearlyValue) -> None:
    before = list(Assessment.ever.filter(indicator=indicator).order_by("pk").values())
    judge_indicators([indicator], now=MAY + timedelta(days=1))
    assert list(Assessment.ever.filter(indicator=indicator).order_by("pk").values()) == before
    assert differences(indicator.plan, now=MAY) == []


def test_change_numbers_rise_and_name_the_end_of_a_verdict(indicator: Indicator, value: YearlyValue) -> None:
    old, new = Assessment.ever.filter(indicator=indicator, year=2021).order_by("change_number")
    assert old.change_number < new.change_number == old.replacing_number
    assert (old.replaced_at, new.replaced_at) == (MAY, None)


def test_every_verdict_of_one_judgement_has_the_same_number(indicator: Indicator, staff: User) -> None:
    entries = [ValueEntry(indicator, indicator.plan.region, year, Decimal(96)) for year in (2021, 2022)]
    record_value(entries[0], person=staff, now=MAY)
    numbers = set(Assessment.objects.filter(indicator=indicator, judged_at=MAY).values_list("change_number", flat=True))
    assert len(numbers) == 1
    record_value(entries[1], person=staff, now=MAY + timedelta(days=1))
    later = Assessment.objects.get(indicator=indicator, year=2022)
    assert later.change_number > max(numbers)


def test_a_verdict_that_is_no_longer_judged_ends(indicator: Indicator, value: YearlyValue) -> None:
    indicator.target_year = 2023
    indicator.save()
    judge_indicators([indicator], now=MAY + timedelta(days=1))
    assert set(Assessment.objects.filter(indicator=indicator).values_list("year", flat=True)) == {2021, 2022, 2023}
    ended = Assessment.ever.filter(indicator=indicator, year=2025).exclude(replaced_at=None)
    assert ended.exists()


def test_a_removed_value_brings_the_old_verdict_back_as_a_new_one(
    indicator: Indicator, value: YearlyValue, staff: User
) -> None:
    delete_value(value, reason="填错", person=staff, now=MAY + timedelta(days=1))
    verdicts = Assessment.ever.filter(indicator=indicator, year=2021).order_by("judged_at")
    assert [each.verdict for each in verdicts] == ["awaiting_value", "achieved_early", "awaiting_value"]


def test_a_correction_without_effect_on_other_years_leaves_them(indicator: Indicator, staff: User) -> None:
    entry = ValueEntry(indicator, indicator.plan.region, 2025, Decimal(96))
    record_value(entry, person=staff, now=MAY)
    first = Assessment.objects.get(indicator=indicator, year=2024)
    record_value(
        replace(entry, value=Decimal(97), revision=1, reason="更正"), person=staff, now=MAY + timedelta(days=1)
    )
    assert Assessment.objects.get(indicator=indicator, year=2024) == first

"""Two people at one indicator in the same moment, on real transactions: nothing is lost and no verdict is stale."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from indicators.models import Indicator, YearlyValue
from indicators.services.judging import differences, judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Role
from tests.factories import DepartmentFactory, led_by, member_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> User:
    return member_of(DepartmentFactory.create(), Role.ENTRY)


@pytest.fixture
def indicator(staff: User) -> Indicator:
    return led_by(staff.memberships.get().department)


def at_once(*actions: Callable[[], object]) -> list[Exception]:
    """Run the actions in threads that start together; gives what they raised."""
    start = Barrier(len(actions))
    raised: list[Exception] = []

    def run(action: Callable[[], object]) -> None:
        start.wait()
        try:
            action()
        except ValidationError as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def entering(indicator: Indicator, staff: User, year: int, value: str) -> Callable[[], object]:
    """An action that enters a value."""
    entry = ValueEntry(indicator, indicator.plan.region, year, Decimal(value))
    return lambda: record_value(entry, person=staff, now=timezone.now())


def test_two_years_of_one_indicator(indicator: Indicator, staff: User) -> None:
    assert at_once(entering(indicator, staff, 2021, "90"), entering(indicator, staff, 2022, "91")) == []
    assert differences(indicator.plan, now=timezone.now()) == []


def test_two_components_of_one_parent(indicator: Indicator, staff: User) -> None:
    parts = [led_by(indicator.responsibilities.get().department, plan=indicator.plan, parent=indicator) for _ in "ab"]
    judge_indicators([indicator], now=timezone.now())
    assert at_once(*(entering(part, staff, 2025, value) for part, value in zip(parts, ("96", "90"), strict=True))) == []
    assert differences(indicator.plan, now=timezone.now()) == []


def test_the_same_value_twice(indicator: Indicator, staff: User) -> None:
    refused = at_once(entering(indicator, staff, 2021, "90"), entering(indicator, staff, 2021, "91"))
    assert len(refused) == 1
    assert YearlyValue.objects.filter(indicator=indicator).count() == 1

"""A reviewed indicator of each kind and three counties to break it down to."""

from __future__ import annotations

import pytest
from django.test import Client

from indicators.models import Indicator
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import DepartmentFactory, RegionFactory, led_by, member_of


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def counties(bureau: Department) -> list[Region]:
    """Three counties of the bureau's region."""
    return [RegionFactory.create(name=f"{name}县", parent=bureau.region) for name in "甲乙丙"]


@pytest.fixture
def level(bureau: Department) -> Indicator:
    """≥95 in 2025."""
    return led_by(bureau, code="the-level")


@pytest.fixture
def quantity(bureau: Department) -> Indicator:
    """300 km to be built by 2025, entered as totals to date."""
    return led_by(bureau, code="the-quantity", measure="additive", unit="公里", wording="300")


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client

"""A plan with an open round, and a quantity that three counties share."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from indicators.models import Indicator, Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    TargetFactory,
    led_by,
    member_of,
)
from tests.indicators.county_sheet.steps import NOW, break_down


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报", email="tianbao@example.org")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER)


@pytest.fixture
def opened(department: Department, reviewer: User) -> Plan:
    """A plan with its 2022 round open."""
    plan: Plan = PlanFactory.create(coordinating_department=department)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def counties(department: Department) -> list[Region]:
    return [RegionFactory.create(name=f"{name}县", parent=department.region) for name in "甲乙丙"]


@pytest.fixture
def quantity(department: Department, opened: Plan, counties: list[Region], reviewer: User) -> Indicator:
    """300 km by 2025, a hundred of them in each county."""
    indicator = led_by(
        department, plan=opened, name="新建管网", measure="additive", unit="公里", wording="300", position=1
    )
    break_down(indicator, reviewer, dict.fromkeys(counties, "100"))
    return indicator


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def composite(department: Department, opened: Plan) -> Indicator:
    """Two components of the department and one of another, each ≥95 from nothing known."""
    parent: Indicator = IndicatorFactory.create(plan=opened, name="水环境质量", unit="", position=1)
    TargetFactory.create(indicator=parent, wording="全面达标")
    other = DepartmentFactory.create(region=department.region)
    for position, (leader, name) in enumerate(((department, "国控"), (department, "省控"), (other, "市控")), start=2):
        led_by(leader, plan=opened, name=name, parent=parent, category=parent.category, position=position)
    return parent

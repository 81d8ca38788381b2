"""A plan with two measures, its round of 2022, and the people who state and review."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from indicators.models import Measure, Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, measure_led_by, member_of
from tests.indicators.measure_report_pages.steps import NOW


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市水利局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(bureau: Department) -> Plan:
    plan: Plan = PlanFactory.create(slug="the-plan", title="测试规划", coordinating_department=bureau)
    return plan


@pytest.fixture
def opened(plan: Plan, reviewer: User) -> Plan:
    """The plan with its 2022 round open; the deadline has long passed."""
    open_round(plan, 2022, deadline=date(2023, 3, 31), note="逐项写明", person=reviewer, now=NOW)
    return plan


@pytest.fixture
def measure(bureau: Department, plan: Plan) -> Measure:
    return measure_led_by(bureau, plan=plan, code="m-1", title="治理水土流失", deadline="2022年底", position=1)


@pytest.fixture
def other(bureau: Department, plan: Plan) -> Measure:
    return measure_led_by(bureau, plan=plan, code="m-2", title="保护饮用水源", chapter="第四章", position=2)


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def reviewing(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client

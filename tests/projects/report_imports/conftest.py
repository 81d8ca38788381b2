"""A plan with a project that promises quantities and one that does not, and the people who report and review."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from indicators.models import Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject
from regions.models import Department, Role
from tests.factories import DepartmentFactory, KeyProjectFactory, PlanFactory, member_of, project_led_by
from tests.projects.report_imports.steps import NOW


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(name="市发展改革委")


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(department: Department, reviewer: User) -> Plan:
    """Reports of 2022 go through review, those of other years count at once."""
    plan: Plan = PlanFactory.create(coordinating_department=department, slug="the-plan")
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def charging(department: Department, plan: Plan) -> KeyProject:
    """Promises 100 charging points and 10 stations by 2025."""
    project = project_led_by(department, quantity=Decimal(100), plan=plan, code="charging", name="公共充电设施")
    Deliverable.objects.create(
        project=project, name="充电站", quantity=10, unit="座", wording="建设充电站10座", position=2
    )
    return project


@pytest.fixture
def survey(department: Department, plan: Plan) -> KeyProject:
    """Promises no quantity, and nobody leads it: the coordinating department reports."""
    project: KeyProject = KeyProjectFactory.create(plan=plan, code="survey", name="土壤状况调查")
    return project


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client

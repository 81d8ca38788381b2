"""A county's department with a plan and project of its own beside the loaded plans."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from portal.accounts.models import User
from projects.models import KeyProject
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, RegionFactory, member_of, project_led_by


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    """A client that is signed in as leadership."""
    client.force_login(leader)
    return client


@pytest.fixture
def county(loaded_plans: None) -> Department:
    """A department of its own region."""
    return DepartmentFactory.create(region=RegionFactory.create(slug="small-county", name="小县"), code="small-bureau")


@pytest.fixture
def staff(county: Department) -> User:
    return member_of(county, Role.ENTRY)


@pytest.fixture
def project(county: Department) -> KeyProject:
    """Promises 100 charging points by 2025 in a plan of its own."""
    plan = PlanFactory.create(slug="small-plan", coordinating_department=county)
    return project_led_by(county, quantity=Decimal(100), plan=plan, code="piles")

"""A figure of which nobody said where it comes from is marked wherever it is shown, plainly and only then."""

from __future__ import annotations

import pytest
from django.test import Client

from indicators.models import Indicator, ReviewStatus, YearlyValue
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, YearlyValueFactory, led_by, member_of

pytestmark = pytest.mark.django_db
MARK = "未注明来源"


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(code="the-department")


@pytest.fixture
def indicator(department: Department) -> Indicator:
    plan = PlanFactory.create(slug="the-plan", coordinating_department=department, review_required=True)
    return led_by(department, plan=plan, code="the-indicator")


@pytest.fixture
def reviewer(client: Client, department: Department) -> User:
    """Signed in; also enters values for the department."""
    person = member_of(department, Role.REVIEWER)
    client.force_login(person)
    return person


def stated(indicator: Indicator, status: ReviewStatus = ReviewStatus.APPROVED, **source: str) -> YearlyValue:
    value: YearlyValue = YearlyValueFactory.create(indicator=indicator, year=2022, value=91, status=status, **source)
    return value


@pytest.mark.parametrize(
    "address",
    [
        "/plans/the-plan/?year=2022",
        "/departments/the-department/?year=2022",
        "/indicators/the-indicator/",
        "/review/the-plan/2022/?state=approved",
        "/entry/the-plan/2022/",
        "/entry/the-plan/2023/",
    ],
)
def test_an_approved_value_is_marked(client: Client, reviewer: User, indicator: Indicator, address: str) -> None:
    value = stated(indicator)
    assert MARK in client.get(address).content.decode()
    for source in ({"source": "2022年公报"}, {"source": "", "source_url": "https://example.com/bulletin"}):
        YearlyValue.objects.filter(pk=value.pk).update(**source)
        assert MARK not in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/review/the-plan/2022/?state=submitted", "/entry/the-plan/2022/"])
def test_a_submitted_value_is_marked(client: Client, reviewer: User, indicator: Indicator, address: str) -> None:
    stated(indicator, ReviewStatus.SUBMITTED)
    assert MARK in client.get(address).content.decode()


def test_a_draft_may_still_get_its_source(client: Client, reviewer: User, indicator: Indicator) -> None:
    stated(indicator, ReviewStatus.DRAFT)
    for year in (2022, 2023):
        assert MARK not in client.get(f"/entry/the-plan/{year}/").content.decode()


def test_a_year_without_a_value_has_nothing_to_mark(client: Client, reviewer: User, indicator: Indicator) -> None:
    for address in ("/plans/the-plan/?year=2022", "/indicators/the-indicator/", "/entry/the-plan/2022/"):
        assert MARK not in client.get(address).content.decode()

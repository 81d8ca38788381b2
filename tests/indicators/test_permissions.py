"""Who may do what: role × own or other department × own or other plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from indicators.models import Indicator
from indicators.permissions import enterable_indicators, may_enter_value, may_review
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, led_by, member_of

pytestmark = pytest.mark.django_db


def may_assign(person: User, indicator: Indicator) -> bool:
    """Whether the service lets the person assign the departments of the indicator; nothing is left changed."""
    try:
        with transaction.atomic():
            assign_departments(
                indicator, lead=[], participating=[], reason="职能调整", seen=stamp(indicator), person=person
            )
            transaction.set_rollback(True)
    except PermissionDenied:
        return False
    return True


ACTIONS = {
    "enter": may_enter_value,
    "review": lambda person, indicator: may_review(person, indicator.plan),
    "assign": may_assign,
}


@pytest.fixture
def world() -> dict[str, Any]:
    """Two departments of one county and one of another; an indicator that each leads."""
    own = DepartmentFactory.create()
    neighbour = DepartmentFactory.create(region=own.region)
    elsewhere = DepartmentFactory.create()
    indicator = led_by(own)
    return {
        "department": own,
        "own": indicator,
        "neighbour": led_by(neighbour, plan=indicator.plan),
        "elsewhere": led_by(elsewhere),
    }


@pytest.mark.parametrize(
    ("role", "action", "own", "neighbour", "elsewhere"),
    [
        (Role.ENTRY, "enter", True, False, False),
        (Role.ENTRY, "review", False, False, False),
        (Role.ENTRY, "assign", False, False, False),
        (Role.REVIEWER, "enter", True, True, False),
        (Role.REVIEWER, "review", True, True, False),
        (Role.REVIEWER, "assign", True, True, False),
        (Role.LEADER, "enter", False, False, False),
        (Role.LEADER, "review", False, False, False),
        (Role.LEADER, "assign", False, False, False),
        (Role.ADMINISTRATOR, "enter", True, True, True),
        (Role.ADMINISTRATOR, "review", True, True, True),
        (Role.ADMINISTRATOR, "assign", True, True, True),
    ],
)
def test_roles(world: dict[str, Any], role: Role, action: str, own: bool, neighbour: bool, elsewhere: bool) -> None:
    person = member_of(world["department"], role)
    answers = {place: ACTIONS[action](person, world[place]) for place in ("own", "neighbour", "elsewhere")}
    assert answers == {"own": own, "neighbour": neighbour, "elsewhere": elsewhere}


def test_nobody_without_an_account_enters(world: dict[str, Any]) -> None:
    assert not may_enter_value(AnonymousUser(), world["own"])
    assert not may_review(AnonymousUser(), world["own"].plan)


@pytest.mark.parametrize("role", Role.values)
def test_a_deactivated_person_may_nothing(world: dict[str, Any], role: Role) -> None:
    person: User = member_of(world["department"], role, is_active=False)
    assert not may_enter_value(person, world["own"])
    assert not may_review(person, world["own"].plan)


def test_staff_of_two_departments_enter_for_both(world: dict[str, Any]) -> None:
    person = member_of(world["department"], Role.ENTRY)
    other: Department = world["elsewhere"].responsibilities.get().department
    person.memberships.create(department=other, role=Role.ENTRY)
    expected: set[Indicator] = {world["own"], world["elsewhere"]}
    assert set(enterable_indicators(person).filter(pk__in=[each.pk for each in expected])) == expected

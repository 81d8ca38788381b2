"""Who may do what: role × own or other department × own or other plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from indicators.models import EvidenceFile, Indicator, TargetDocumentFile
from indicators.permissions import (
    enterable_indicators,
    may_add_evidence,
    may_enter_value,
    may_review,
    may_see_evidence,
    visible_target_documents,
)
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import (
    DepartmentFactory,
    EvidenceFileFactory,
    TargetDocumentFileFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

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


ACTIONS: dict[str, Callable[[User, Indicator], bool]] = {
    "enter": may_enter_value,
    "review": lambda person, indicator: may_review(person, indicator.plan),
    "assign": may_assign,
    "add evidence": may_add_evidence,
    "see evidence before approval": lambda person, indicator: may_see_evidence(person, evidence(indicator)),
    "see evidence of an approved value": lambda person, indicator: may_see_evidence(
        person, evidence(approved(indicator))
    ),
    "see a target's document": lambda person, indicator: visible_target_documents(person).contains(document(indicator)),
}


def evidence(indicator: Indicator) -> EvidenceFile:
    """A file for the value of 2021."""
    file: EvidenceFile = EvidenceFileFactory.create(indicator=indicator)
    return file


def approved(indicator: Indicator) -> Indicator:
    """The indicator with its value of 2021 approved."""
    YearlyValueFactory.create(indicator=indicator, value=91)
    return indicator


def document(indicator: Indicator) -> TargetDocumentFile:
    """The document of its target."""
    file: TargetDocumentFile = TargetDocumentFileFactory.create(target=indicator.targets.get())
    return file


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
        (Role.ENTRY, "add evidence", True, False, False),
        (Role.REVIEWER, "add evidence", True, True, False),
        (Role.LEADER, "add evidence", False, False, False),
        (Role.ADMINISTRATOR, "add evidence", True, True, True),
        (Role.ENTRY, "see evidence before approval", True, False, False),
        (Role.REVIEWER, "see evidence before approval", True, True, False),
        (Role.LEADER, "see evidence before approval", False, False, False),
        (Role.ADMINISTRATOR, "see evidence before approval", True, True, True),
        *((role, "see evidence of an approved value", True, True, True) for role in Role),
        *((role, "see a target's document", True, True, True) for role in Role),
    ],
)
def test_roles(world: dict[str, Any], role: Role, action: str, own: bool, neighbour: bool, elsewhere: bool) -> None:
    person = member_of(world["department"], role)
    answers = {place: ACTIONS[action](person, world[place]) for place in ("own", "neighbour", "elsewhere")}
    assert answers == {"own": own, "neighbour": neighbour, "elsewhere": elsewhere}


def test_nobody_without_an_account_enters(world: dict[str, Any]) -> None:
    assert not may_enter_value(AnonymousUser(), world["own"])
    assert not may_review(AnonymousUser(), world["own"].plan)
    assert not may_see_evidence(AnonymousUser(), evidence(approved(world["own"])))
    assert not visible_target_documents(AnonymousUser()).contains(document(world["own"]))


def test_staff_add_evidence_for_a_finding_that_only_reviewers_record(world: dict[str, Any]) -> None:
    finding = led_by(world["department"], plan=world["own"].plan, value_type="finding", wording="基本建立体系")
    person = member_of(world["department"], Role.ENTRY)
    assert may_add_evidence(person, finding)
    assert not may_enter_value(person, finding)
    assert not may_add_evidence(member_of(world["neighbour"].responsibilities.get().department, Role.ENTRY), finding)


def test_a_parent_takes_no_evidence_of_its_own(world: dict[str, Any]) -> None:
    led_by(world["department"], plan=world["own"].plan, parent=world["own"])
    assert not may_add_evidence(member_of(world["department"], Role.ENTRY), world["own"])


@pytest.mark.parametrize("role", Role.values)
def test_a_deactivated_person_may_nothing(world: dict[str, Any], role: Role) -> None:
    person: User = member_of(world["department"], role, is_active=False)
    assert not may_enter_value(person, world["own"])
    assert not may_review(person, world["own"].plan)
    assert not may_add_evidence(person, world["own"])
    assert not may_see_evidence(person, evidence(approved(world["own"])))
    assert not visible_target_documents(person).contains(document(world["own"]))


def test_staff_of_two_departments_enter_for_both(world: dict[str, Any]) -> None:
    person = member_of(world["department"], Role.ENTRY)
    other: Department = world["elsewhere"].responsibilities.get().department
    person.memberships.create(department=other, role=Role.ENTRY)
    expected: set[Indicator] = {world["own"], world["elsewhere"]}
    assert set(enterable_indicators(person).filter(pk__in=[each.pk for each in expected])) == expected

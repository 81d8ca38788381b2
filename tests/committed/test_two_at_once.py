"""Two people at one indicator in the same moment, on real transactions: nothing is lost and no verdict is stale."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from indicators.models import Indicator, YearlyValue
from indicators.services.duties import Assignment, assign_together, stamp
from indicators.services.evidence import EvidenceKey, add_evidence
from indicators.services.judging import differences, judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, led_by, member_of
from tests.indicators.uploads import pdf

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


def uploading(indicator: Indicator, staff: User, name: str) -> Callable[[], object]:
    """An action that uploads the same content under some name as evidence for 2021."""
    key = EvidenceKey(indicator, indicator.plan.region, 2021)
    return lambda: add_evidence(key, pdf(name), person=staff, now=timezone.now())


def test_the_same_file_twice(indicator: Indicator, staff: User, evidence_directory: Path) -> None:
    refused = at_once(uploading(indicator, staff, "甲.pdf"), uploading(indicator, staff, "乙.pdf"))
    assert "已经上传过" in str(refused)
    assert indicator.evidence_files.count() == 1
    assert sum(path.is_file() for path in evidence_directory.rglob("*")) == 1


def test_a_file_while_the_value_is_entered_and_judged(indicator: Indicator, staff: User) -> None:
    entering(indicator, staff, 2021, "90")()
    value = indicator.values.get()
    entry = ValueEntry(indicator, value.region, 2021, Decimal(91), reason="更正", revision=value.revision)
    correcting = partial(record_value, entry, person=staff, now=timezone.now())
    assert at_once(uploading(indicator, staff, "甲.pdf"), correcting) == []


def test_two_reviewers_at_the_same_duties(indicator: Indicator, staff: User) -> None:
    """Whoever is second is told of both indicators; in whichever order they come, nobody waits for ever."""
    other = led_by(indicator.responsibilities.get().department, plan=indicator.plan)
    departments = DepartmentFactory.create_batch(2, region=indicator.plan.region)
    reviewer = member_of(departments[0], Role.REVIEWER)

    def assigning(department: Department, *indicators: Indicator) -> Callable[[], object]:
        assignments = [Assignment(each, [department], [], stamp(each)) for each in indicators]
        return partial(assign_together, assignments, reason="机构改革", person=reviewer)

    refused = at_once(
        assigning(departments[0], indicator, other),
        assigning(departments[1], other, indicator),
    )
    assert len(refused) == 1
    assert isinstance(refused[0], ValidationError)
    assert refused[0].message_dict.keys() == {str(indicator.pk), str(other.pk)}
    assert indicator.responsibilities.get().department == other.responsibilities.get().department

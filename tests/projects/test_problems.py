"""The ledger of problems: who raises, resolves, moves and reopens one, and what the services refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.accounts.models import User
from projects.models import KeyProject, ProjectProblem
from projects.services.problems import (
    ProblemEntry,
    move_problem_deadline,
    raise_problem,
    reopen_problem,
    resolve_problem,
)
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of, project_led_by

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 5, 10, 9, 0, tzinfo=UTC)
SOON = date(2023, 6, 30)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def roads(bureau: Department) -> Department:
    """Another department of the same county."""
    return DepartmentFactory.create(region=bureau.region)


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def project(bureau: Department) -> KeyProject:
    return project_led_by(bureau, quantity=Decimal(100))


@pytest.fixture
def entry(project: KeyProject, roads: Department) -> ProblemEntry:
    return ProblemEntry(project, "施工用地手续没有办完", roads, SOON)


@pytest.fixture
def problem(entry: ProblemEntry, staff: User) -> ProjectProblem:
    return raise_problem(entry, person=staff, now=NOW)


def messages(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return "".join(refused.value.messages)


def test_a_problem_stands_on_the_ledger_at_once(problem: ProjectProblem, staff: User) -> None:
    assert (problem.is_open, problem.raised_on, problem.raised_by) == (True, date(2023, 5, 10), staff)
    assert problem.days_over(date(2023, 7, 5)) == 5
    assert list(ProjectProblem.objects.open()) == [problem]
    assert list(ProjectProblem.objects.overdue(SOON)) == []
    assert list(ProjectProblem.objects.overdue(date(2023, 7, 1))) == [problem]
    assert problem.history.get().history_user == staff


@pytest.mark.parametrize("role", [Role.LEADER, Role.ENTRY])
def test_others_raise_none(entry: ProblemEntry, roads: Department, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        raise_problem(entry, person=member_of(roads, role), now=NOW)


def test_what_cannot_be_is_refused_by_field(entry: ProblemEntry, staff: User) -> None:
    elsewhere = replace(entry, owner=DepartmentFactory.create(), deadline=date(2023, 5, 9))
    with pytest.raises(ValidationError) as refused:
        raise_problem(elsewhere, person=staff, now=NOW)
    assert refused.value.message_dict.keys() == {"owner", "deadline"}
    with pytest.raises(ValidationError) as refused:
        raise_problem(replace(entry, description=" "), person=staff, now=NOW)
    assert refused.value.message_dict.keys() == {"description"}
    with pytest.raises(ValidationError):
        raise_problem(replace(entry, description="难" * 501), person=staff, now=NOW)
    assert not ProjectProblem.objects.exists()


def test_the_owner_resolves_what_it_solved(problem: ProjectProblem, roads: Department) -> None:
    person = member_of(roads, Role.ENTRY)
    resolved = resolve_problem(problem, resolution="手续已办完 ", revision=1, person=person, now=NOW)
    assert (resolved.resolution, resolved.resolved_on) == ("手续已办完", date(2023, 5, 10))
    assert not ProjectProblem.objects.open().exists()
    assert resolved.history.latest().history_user == person
    with pytest.raises(ValidationError, match="已经销号"):
        resolve_problem(problem, resolution="再办", revision=2, person=person, now=NOW)


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REVIEWER])
def test_those_who_report_or_review_resolve_too(problem: ProjectProblem, bureau: Department, role: Role) -> None:
    resolve_problem(problem, resolution="已解决", revision=1, person=member_of(bureau, role), now=NOW)


def test_others_do_not_resolve(problem: ProjectProblem, bureau: Department, roads: Department) -> None:
    third = DepartmentFactory.create(region=bureau.region)
    for person in (member_of(bureau, Role.LEADER), member_of(roads, Role.LEADER), member_of(third, Role.ENTRY)):
        with pytest.raises(PermissionDenied):
            resolve_problem(problem, resolution="已解决", revision=1, person=person, now=NOW)


def test_resolving_says_how(problem: ProjectProblem, staff: User) -> None:
    with pytest.raises(ValidationError, match="请写明解决情况"):
        resolve_problem(problem, resolution="  ", revision=1, person=staff, now=NOW)


def test_only_reviewers_give_more_time(problem: ProjectProblem, staff: User, reviewer: User) -> None:
    later = date(2023, 9, 30)
    with pytest.raises(PermissionDenied):
        move_problem_deadline(problem, deadline=later, reason="雨季", revision=1, person=staff)
    with pytest.raises(ValidationError, match="请写明调整期限的原因"):
        move_problem_deadline(problem, deadline=later, reason="", revision=1, person=reviewer)
    with pytest.raises(ValidationError, match="与现在的整改期限相同"):
        move_problem_deadline(problem, deadline=SOON, reason="雨季", revision=1, person=reviewer)
    with pytest.raises(ValidationError, match="不能早于登记日期"):
        move_problem_deadline(problem, deadline=date(2023, 5, 9), reason="雨季", revision=1, person=reviewer)
    moved = move_problem_deadline(problem, deadline=later, reason="雨季停工", revision=1, person=reviewer)
    assert (moved.deadline, moved.revision) == (later, 2)
    assert moved.history.latest().history_change_reason == "雨季停工"


def test_a_resolved_problem_is_reopened_with_a_reason(problem: ProjectProblem, staff: User, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="没有销号"):
        reopen_problem(problem, reason="复发", revision=1, person=reviewer)
    resolve_problem(problem, resolution="已解决", revision=1, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="已销号，期限不用再调整"):
        move_problem_deadline(problem, deadline=date(2023, 9, 30), reason="雨季", revision=2, person=reviewer)
    with pytest.raises(PermissionDenied):
        reopen_problem(problem, reason="复发", revision=2, person=staff)
    with pytest.raises(ValidationError, match="请写明重新列入台账的原因"):
        reopen_problem(problem, reason="", revision=2, person=reviewer)
    reopened = reopen_problem(problem, reason="复查发现没有解决", revision=2, person=reviewer)
    assert (reopened.is_open, reopened.resolution) == (True, "")


def test_whoever_is_slower_is_told_by_whom(problem: ProjectProblem, staff: User, reviewer: User) -> None:
    move_problem_deadline(problem, deadline=date(2023, 9, 30), reason="雨季", revision=1, person=reviewer)
    with pytest.raises(ValidationError) as refused:
        resolve_problem(problem, resolution="已解决", revision=1, person=staff, now=NOW)
    assert f"{reviewer}在您打开本页之后处理过这个问题" in messages(refused)
    assert problem.project.problems.get().is_open


def test_a_problem_that_is_gone_says_so(problem: ProjectProblem, staff: User) -> None:
    ProjectProblem.objects.all().delete()
    with pytest.raises(ValidationError, match="已被删除"):
        resolve_problem(problem, resolution="已解决", revision=1, person=staff, now=NOW)

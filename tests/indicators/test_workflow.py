"""From draft to approved: who may take which step from which state, and what counts afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from indicators.models import Assessment, Indicator, ReviewStatus, YearlyValue
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.rounds import move_deadline, needs_review, open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values, reopen_values, return_values, submit_values
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
DEADLINE = date(2022, 3, 31)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def indicator(bureau: Department, reviewer: User) -> Indicator:
    """An indicator of a plan whose 2021 round is open."""
    indicator = led_by(bureau)
    open_round(indicator.plan, 2021, deadline=DEADLINE, person=reviewer, now=NOW)
    return indicator


@pytest.fixture
def entry(indicator: Indicator) -> ValueEntry:
    return ValueEntry(indicator, indicator.plan.region, 2021, Decimal("96.7"))


@pytest.fixture
def draft(entry: ValueEntry, staff: User) -> YearlyValue:
    return record_value(entry, person=staff, now=NOW, as_draft=True)


@pytest.fixture
def submitted(draft: YearlyValue, staff: User) -> YearlyValue:
    return submit_values([draft], person=staff, now=NOW)[0]


@pytest.fixture
def approved(submitted: YearlyValue, reviewer: User) -> YearlyValue:
    return approve_values([submitted], person=reviewer, now=NOW)[0]


def verdict(indicator: Indicator) -> str:
    return Assessment.objects.get(indicator=indicator, year=2021).verdict


def test_a_round_brings_review_for_its_year_only(indicator: Indicator) -> None:
    assert needs_review(indicator.plan, 2021)
    assert not needs_review(indicator.plan, 2022)


def test_a_value_counts_from_its_approval_on(submitted: YearlyValue, indicator: Indicator, reviewer: User) -> None:
    judge_indicators([indicator], now=NOW)
    assert verdict(indicator) == "awaiting_value"
    approved = approve_values([submitted], person=reviewer, now=NOW)[0]
    assert (approved.status, approved.approved_by) == (ReviewStatus.APPROVED, reviewer)
    assert verdict(indicator) == "achieved_early"


def test_an_approved_value_is_locked(approved: YearlyValue, entry: ValueEntry, staff: User) -> None:
    with pytest.raises(ValidationError, match="已审定并锁定"):
        record_value(
            replace(entry, value=Decimal(90), revision=approved.revision, reason="更正"), person=staff, now=NOW
        )


def test_reopening_needs_a_reason_and_stops_the_value_from_counting(
    approved: YearlyValue, indicator: Indicator, reviewer: User
) -> None:
    with pytest.raises(ValidationError, match="重新打开的原因"):
        reopen_values([approved], reason=" ", person=reviewer, now=NOW)
    reopened = reopen_values([approved], reason="公报更正", person=reviewer, now=NOW)[0]
    assert (reopened.status, reopened.approved_at) == (ReviewStatus.RETURNED, None)
    assert verdict(indicator) == "awaiting_value"
    assert reopened.history.latest().history_change_reason == "公报更正"


def test_a_returned_value_carries_the_comment_until_it_is_submitted_again(
    submitted: YearlyValue, entry: ValueEntry, reviewer: User, staff: User
) -> None:
    with pytest.raises(ValidationError, match="请写明退回意见"):
        return_values([submitted], comment="", person=reviewer, now=NOW)
    returned = return_values([submitted], comment="与公报不一致", person=reviewer, now=NOW)[0]
    assert (returned.status, returned.review_comment) == (ReviewStatus.RETURNED, "与公报不一致")
    corrected = record_value(
        replace(entry, value=Decimal("96.5"), revision=returned.revision), person=staff, now=NOW, as_draft=True
    )
    assert submit_values([corrected], person=staff, now=NOW)[0].review_comment == ""


def test_nobody_approves_what_they_submitted_themselves(entry: ValueEntry, reviewer: User) -> None:
    own = record_value(entry, person=reviewer, now=NOW)
    with pytest.raises(PermissionDenied, match="由您本人提交"):
        approve_values([own], person=reviewer, now=NOW)


@pytest.mark.parametrize("role", [Role.ENTRY, Role.LEADER])
def test_only_reviewers_decide(submitted: YearlyValue, bureau: Department, role: Role) -> None:
    person = member_of(bureau, role)
    with pytest.raises(PermissionDenied, match="您不能审定"):
        approve_values([submitted], person=person, now=NOW)
    with pytest.raises(PermissionDenied, match="您不能退回"):
        return_values([submitted], comment="改", person=person, now=NOW)


def test_a_reviewer_of_another_region_decides_nothing(submitted: YearlyValue) -> None:
    with pytest.raises(PermissionDenied):
        approve_values([submitted], person=member_of(DepartmentFactory.create(), Role.REVIEWER), now=NOW)


def test_another_department_does_not_submit(draft: YearlyValue) -> None:
    stranger = member_of(DepartmentFactory.create(region=draft.region), Role.ENTRY)
    with pytest.raises(PermissionDenied, match="您不能提交"):
        submit_values([draft], person=stranger, now=NOW)


def test_a_step_from_the_wrong_state_is_refused(draft: YearlyValue, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="现在是“草稿”，不能审定"):
        approve_values([draft], person=reviewer, now=NOW)


def test_many_are_approved_together_or_not_at_all(submitted: YearlyValue, staff: User, reviewer: User) -> None:
    indicator = led_by(staff.memberships.get().department, plan=submitted.indicator.plan)
    entry = ValueEntry(indicator, submitted.region, 2021, Decimal(95))
    second = record_value(entry, person=staff, now=NOW, as_draft=True)
    with pytest.raises(ValidationError):
        approve_values([submitted, second], person=reviewer, now=NOW)
    submitted.refresh_from_db()
    assert submitted.status == ReviewStatus.SUBMITTED
    submit_values([second], person=staff, now=NOW)
    approve_values([submitted, second], person=reviewer, now=NOW)
    assert verdict(indicator) == verdict(submitted.indicator) == "achieved_early"


def test_a_round_is_opened_once_by_a_reviewer_for_a_year_of_the_plan(
    indicator: Indicator, staff: User, reviewer: User
) -> None:
    with pytest.raises(PermissionDenied, match="由本规划的审核人员"):
        open_round(indicator.plan, 2022, deadline=DEADLINE, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="已有填报任务"):
        open_round(indicator.plan, 2021, deadline=DEADLINE, person=reviewer, now=NOW)
    with pytest.raises(ValidationError, match="年度应在 2021 至 2025"):
        open_round(indicator.plan, 2020, deadline=DEADLINE, person=reviewer, now=NOW)


def test_a_moved_deadline_says_why_in_its_history(indicator: Indicator, reviewer: User, staff: User) -> None:
    opened = indicator.plan.reporting_rounds.get()
    with pytest.raises(PermissionDenied):
        move_deadline(opened, deadline=date(2022, 4, 15), reason="清明假期", person=staff)
    move_deadline(opened, deadline=date(2022, 4, 15), reason="清明假期", person=reviewer)
    newest = opened.history.latest()
    assert (newest.deadline, newest.history_change_reason) == (date(2022, 4, 15), "清明假期")

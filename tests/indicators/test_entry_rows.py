"""Saving many rows at once, and what a value would mean before it is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator, Plan, ReviewStatus, YearlyValue
from indicators.services.entry_rows import save_rows, submit_rows
from indicators.services.preview import preview, required_in
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.target_versions import evidence_of
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, YearlyValueFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def plan(department: Department) -> Plan:
    """A plan whose 2022 round is open."""
    plan: Plan = PlanFactory.create(coordinating_department=department)
    reviewer = member_of(department, Role.REVIEWER)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


def entry(indicator: Indicator, figure: str | None, **values: object) -> ValueEntry:
    stated = ValueEntry(indicator, indicator.plan.region, 2022, None if figure is None else Decimal(figure))
    return replace(stated, **values)  # type: ignore[arg-type]


def stored(plan: Plan) -> QuerySet[YearlyValue]:
    return YearlyValue.objects.filter(indicator__plan=plan)


def test_right_rows_are_saved_and_wrong_ones_reported(department: Department, staff: User, plan: Plan) -> None:
    right, wrong, foreign = (
        led_by(department, plan=plan),
        led_by(department, plan=plan),
        led_by(DepartmentFactory.create(region=plan.region), plan=plan),
    )
    entries = [entry(right, "96"), entry(wrong, "967"), entry(foreign, "96")]
    outcomes = save_rows(entries, person=staff, now=NOW, as_draft=True)
    assert [outcome.series for outcome in outcomes] == [entry.series for entry in entries]
    assert outcomes[0].record is not None
    assert outcomes[0].record.status == ReviewStatus.DRAFT
    assert "是否漏了小数点（96.7）" in outcomes[1].errors["value"][0]
    assert "不是该指标的牵头单位" in outcomes[2].errors[""][0]
    assert stored(plan).get().indicator == right


def test_an_odd_figure_may_be_a_draft_and_needs_a_note_to_be_submitted(
    department: Department, staff: User, plan: Plan
) -> None:
    indicator = led_by(department, plan=plan)
    YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal("96.1"))
    odd = entry(indicator, "0.967")
    (refused,) = save_rows([odd], person=staff, now=NOW)
    assert "应填 96.7" in refused.errors["note"][0]
    (draft,) = save_rows([odd], person=staff, now=NOW, as_draft=True)
    assert draft.record is not None
    (unsubmitted,) = submit_rows([draft.record], person=staff, now=NOW)
    assert "应填 96.7" in unsubmitted.errors["note"][0]
    explained = entry(indicator, "0.967", note="仅统计新增面积", revision=draft.record.revision)
    (submitted,) = save_rows([explained], person=staff, now=NOW)
    assert submitted.record is not None
    assert submitted.record.status == ReviewStatus.SUBMITTED


def test_a_conflict_names_the_other_person_and_both_figures(department: Department, staff: User, plan: Plan) -> None:
    indicator = led_by(department, plan=plan)
    colleague = member_of(department, Role.ENTRY, full_name="李同事")
    first = record_value(entry(indicator, "96"), person=staff, now=NOW, as_draft=True)
    record_value(entry(indicator, "95.5", revision=first.revision), person=colleague, now=NOW, as_draft=True)
    (outcome,) = save_rows([entry(indicator, "96.8", revision=first.revision)], person=staff, now=NOW, as_draft=True)
    (message,) = outcome.errors[""]
    for part in ("李同事", "95.5%", "您填的是 96.8%"):
        assert part in message
    assert stored(plan).get().value == Decimal("95.5")


def test_a_preview_says_what_storing_would_say_and_stores_nothing(
    department: Department, staff: User, plan: Plan
) -> None:
    indicator = led_by(department, plan=plan)
    evidence = evidence_of(indicator)
    result = preview(evidence, 2021, value=Decimal("96.7"))
    assert result.verdict == Verdict.ACHIEVED_EARLY
    assert not stored(plan).exists()
    assert 2021 not in evidence.values
    record_value(replace(entry(indicator, "96.7"), year=2021), person=staff, now=NOW)
    kept = Assessment.objects.get(indicator=indicator, year=2021)
    assert (kept.verdict, kept.reason, kept.required) == (result.verdict, result.reason, result.required)


def test_what_the_last_year_needs_is_known_before_its_value(department: Department, plan: Plan) -> None:
    indicator = led_by(department, plan=plan)
    assert required_in(evidence_of(indicator), 2025) == Decimal(95)
    unassigned = led_by(department, plan=plan, wording="完成省定目标")
    assert required_in(evidence_of(unassigned), 2025) is None

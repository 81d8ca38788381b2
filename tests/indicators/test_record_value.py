"""The one way to write a yearly value: permission, checks, history, re-judging, two people at one value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from indicators.models import Assessment, Indicator, ReviewStatus, YearlyValue
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry, delete_value
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, IndicatorFactory, PlanFactory, TargetFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def indicator(bureau: Department) -> Indicator:
    return led_by(bureau)


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王小明")


@pytest.fixture
def entry(indicator: Indicator) -> ValueEntry:
    return ValueEntry(indicator, indicator.plan.region, 2021, Decimal("96.7"), source="环境质量公报")


def verdict_of(indicator: Indicator, year: int) -> str:
    return Assessment.objects.get(indicator=indicator, year=year).verdict


def test_a_value_is_stored_approved_and_judged(entry: ValueEntry, staff: User) -> None:
    record = record_value(entry, person=staff, now=NOW)
    assert (record.value, record.status, record.approved_by) == (Decimal("96.7"), ReviewStatus.APPROVED, staff)
    assert verdict_of(entry.indicator, 2021) == "achieved_early"
    history = record.history.get()
    assert (history.history_user, history.value) == (staff, Decimal("96.7"))


def test_where_review_is_required_a_value_waits_and_does_not_count(entry: ValueEntry, staff: User) -> None:
    entry.indicator.plan.review_required = True
    judge_indicators([entry.indicator], now=NOW)
    record = record_value(entry, person=staff, now=NOW)
    assert (record.status, record.approved_at) == (ReviewStatus.SUBMITTED, None)
    assert verdict_of(entry.indicator, 2021) == "awaiting_value"


def test_a_correction_needs_a_reason_and_keeps_the_old_value(entry: ValueEntry, staff: User) -> None:
    record_value(entry, person=staff, now=NOW)
    correction = replace(entry, value=Decimal("90"), revision=1)
    with pytest.raises(ValidationError, match="请写明原因"):
        record_value(correction, person=staff, now=NOW)
    record = record_value(replace(correction, reason="公报更正"), person=staff, now=NOW)
    newest, first = record.history.all()
    assert (newest.value, newest.history_change_reason, first.value) == (Decimal("90"), "公报更正", Decimal("96.7"))
    assert verdict_of(entry.indicator, 2021) == "awaiting_baseline"


def test_the_second_person_is_told_who_saved_and_nothing_is_overwritten(
    entry: ValueEntry, staff: User, bureau: Department
) -> None:
    record_value(entry, person=staff, now=NOW)
    seen = replace(entry, revision=1, reason="更正")
    record_value(replace(seen, value=Decimal("95.5")), person=staff, now=NOW)
    colleague = member_of(bureau, Role.ENTRY)
    with pytest.raises(ValidationError, match=r"王小明在您打开之后已将数值改为 95\.5"):
        record_value(replace(seen, value=Decimal("97")), person=colleague, now=NOW)
    assert YearlyValue.objects.get(indicator=entry.indicator).value == Decimal("95.5")


def test_a_second_value_for_the_same_year_is_refused(entry: ValueEntry, staff: User) -> None:
    record_value(entry, person=staff, now=NOW)
    with pytest.raises(ValidationError, match=r"2021 年已有数值.*现有数值是 .*（王小明填报）"):
        record_value(entry, person=staff, now=NOW)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"year": 2020}, "年度应在 2021 至 2025 年之间"),
        ({"year": 2026}, "年度应在 2021 至 2025 年之间"),
        ({"value": Decimal(967)}, "是否漏了小数点"),
        ({"value": None}, "请填写数值"),
        ({"finding": "achieved"}, "该指标填数值"),
    ],
)
def test_what_cannot_be_true_is_refused(
    entry: ValueEntry, staff: User, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        record_value(replace(entry, **changes), person=staff, now=NOW)  # type: ignore[arg-type]
    assert not YearlyValue.objects.filter(indicator=entry.indicator).exists()


def test_a_grade_is_one_of_six(bureau: Department, staff: User) -> None:
    indicator = led_by(bureau, value_type="grade", unit="", direction="lower", wording="保持Ⅲ类水质")
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal(7))
    with pytest.raises(ValidationError, match="水质类别请填 1 至 6"):
        record_value(entry, person=staff, now=NOW)
    record_value(replace(entry, value=Decimal(3)), person=staff, now=NOW)
    assert verdict_of(indicator, 2025) == "awaiting_value"


def test_a_finding_is_the_reviewers(bureau: Department, staff: User) -> None:
    indicator = led_by(bureau, value_type="finding", unit="", direction="none", wording="建立")
    entry = ValueEntry(indicator, indicator.plan.region, 2021, finding="partly")
    with pytest.raises(PermissionDenied, match="由审核人员评定"):
        record_value(entry, person=staff, now=NOW)
    record_value(entry, person=member_of(bureau, Role.REVIEWER), now=NOW)
    assert verdict_of(indicator, 2021) == "slightly_behind"


def test_staff_of_another_department_may_not_enter(entry: ValueEntry) -> None:
    stranger = member_of(DepartmentFactory.create(region=entry.region), Role.ENTRY)
    with pytest.raises(PermissionDenied, match="不是该指标的牵头单位"):
        record_value(entry, person=stranger, now=NOW)


def test_the_coordinating_department_leads_where_the_source_names_nobody(bureau: Department, staff: User) -> None:
    indicator = IndicatorFactory.create(plan=PlanFactory.create(coordinating_department=bureau))
    TargetFactory.create(indicator=indicator)
    record_value(ValueEntry(indicator, indicator.plan.region, 2021, Decimal(95)), person=staff, now=NOW)
    assert verdict_of(indicator, 2021) == "achieved_early"


def test_only_the_year_and_later_years_are_judged_anew(entry: ValueEntry, staff: User) -> None:
    record_value(entry, person=staff, now=NOW)
    later = datetime(2024, 3, 1, tzinfo=UTC)
    record_value(replace(entry, year=2023, value=Decimal(94)), person=staff, now=later)
    judged = dict(Assessment.objects.filter(indicator=entry.indicator).values_list("year", "judged_at"))
    assert [judged[year] for year in (2021, 2022)] == [NOW, NOW]
    assert [judged[year] for year in (2023, 2024, 2025)] == [later, later, later]


def test_a_parent_takes_the_worst_of_its_components(bureau: Department, staff: User) -> None:
    parent = led_by(bureau, wording="")
    components = [led_by(bureau, plan=parent.plan, parent=parent, category=parent.category) for _ in range(2)]
    region = parent.plan.region
    record_value(ValueEntry(components[0], region, 2025, Decimal(96)), person=staff, now=NOW)
    assert verdict_of(parent, 2025) == "awaiting_value"
    record_value(ValueEntry(components[1], region, 2025, Decimal(90)), person=staff, now=NOW)
    assert verdict_of(parent, 2025) == "missed"


def test_a_parent_takes_no_value_of_its_own(bureau: Department, staff: User) -> None:
    parent = led_by(bureau, wording="")
    led_by(bureau, plan=parent.plan, parent=parent, category=parent.category)
    with pytest.raises(PermissionDenied):
        record_value(ValueEntry(parent, parent.plan.region, 2021, Decimal(96)), person=staff, now=NOW)


def test_a_deleted_value_stays_in_the_history_and_is_no_longer_judged(entry: ValueEntry, staff: User) -> None:
    record = record_value(entry, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="请写明删除原因"):
        delete_value(record, reason=" ", person=staff, now=NOW)
    delete_value(record, reason="填错年份", person=staff, now=NOW)
    assert verdict_of(entry.indicator, 2021) == "awaiting_value"
    gone = YearlyValue.history.filter(indicator=entry.indicator).latest()
    assert (gone.history_type, gone.history_user, gone.value) == ("-", staff, Decimal("96.7"))
    assert gone.history_change_reason == "填错年份"

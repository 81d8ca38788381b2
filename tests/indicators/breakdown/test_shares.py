"""Shares of counties: what is refused, what adds up, and who may break down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Baseline, Indicator, Target
from indicators.services.breakdown import Share, record_breakdown, sum_complaint
from indicators.services.judging import judge_plans
from indicators.services.target_versions import record_assigned, stamp
from indicators.services.targets import save_version
from indicators.services.values import ValueEntry, check_entry
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import DepartmentFactory, YearlyValueFactory, led_by, member_of
from tests.indicators.breakdown.steps import NOW, break_down, reported, verdict

pytestmark = pytest.mark.django_db


def test_shares_are_dated_versions_with_their_document(
    level: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, _ = counties
    shares = {first: Share("96", Decimal("91.5")), second: Share(" ≥94 ")}
    break_down(level, reviewer, shares, effective_on=date(2021, 5, 1))
    target = Target.objects.get(indicator=level, region=first)
    assert (target.year, target.version, target.document, target.effective_on) == (
        2025,
        1,
        "分解方案",
        date(2021, 5, 1),
    )
    assert target.history.get().history_user == reviewer
    assert Target.objects.get(region=second).wording == "≥94"
    assert Baseline.objects.get(region=first).value == Decimal("91.5")
    assert reported(level) == ["甲县", "乙县"], "a level may be broken down to some counties only"


def test_unchanged_counties_get_no_new_version(level: Indicator, counties: list[Region], reviewer: User) -> None:
    first, second, _ = counties
    both = {first: Share("≥96"), second: Share("≥94", Decimal(90))}
    break_down(level, reviewer, both)
    changed = break_down(level, reviewer, {**both, first: Share("≥97")})
    assert [(type(each), each.region, each.version) for each in changed] == [(Target, first, 2)]
    with pytest.raises(ValidationError, match="没有变化"):
        break_down(level, reviewer, {first: Share("≥97")})


def test_the_shares_of_a_quantity_make_the_plans_figure(
    quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, third = counties
    with pytest.raises(ValidationError, match="各县区合计 280公里，本规划的目标是 300公里，少 20公里"):
        break_down(quantity, reviewer, {first: "120", second: "100", third: "60公里"})
    assert reported(quantity) == []
    break_down(quantity, reviewer, {first: "120", second: "100", third: "80"})
    with pytest.raises(ValidationError, match="多 5公里"):
        break_down(quantity, reviewer, {third: "85"})
    break_down(quantity, reviewer, {first: "150", second: "150", third: ""})
    assert reported(quantity) == ["甲县", "乙县"]


def test_an_assigned_number_is_what_the_shares_make(bureau: Department, counties: list[Region], reviewer: User) -> None:
    indicator = led_by(bureau, measure="additive", unit="公里", wording="完成省定目标")
    with pytest.raises(ValidationError, match="请先登记上级下达数"):
        break_down(indicator, reviewer, {counties[0]: "200"})
    record_assigned(
        indicator,
        value=Decimal(200),
        document="川环函〔2023〕1号",
        effective_on=None,
        seen=stamp(indicator),
        person=reviewer,
        now=NOW,
    )
    break_down(indicator, reviewer, {counties[0]: "200"})
    assert reported(indicator) == ["甲县"]


@given(
    figures=st.lists(st.decimals(0, 10**9, places=4), min_size=1, max_size=20),
    goal=st.decimals(0, 10**9, places=4),
)
def test_sums_are_exact(figures: list[Decimal], goal: Decimal) -> None:
    indicator = Indicator(unit="公里")
    assert sum_complaint(indicator, sum(figures, Decimal(0)), figures) == ""
    assert bool(sum_complaint(indicator, goal, figures)) == (sum(figures, Decimal(0)) != goal)


@pytest.mark.parametrize(
    ("values", "wording", "words"),
    [
        ({}, "越来越好看", "未能识别"),
        ({}, "≥950", "是否漏了小数点"),
        ({}, "≤95", "与指标方向“越高越好”相反"),
        ({"unit": "吨"}, "95公里", "与指标单位“吨”不一致"),
        ({"measure": "additive", "unit": "公里"}, "完成市定目标", "请写成一个数"),
        ({"value_type": "grade", "unit": "", "direction": "lower"}, "95", "目标是数值，而指标按水质类别填报"),
        ({}, "Ⅲ类", "目标是水质类别，而指标按数值填报"),
    ],
)
def test_a_share_that_cannot_be_is_refused_at_its_county(
    bureau: Department, counties: list[Region], reviewer: User, values: dict[str, str], wording: str, words: str
) -> None:
    indicator = led_by(bureau, **values)
    with pytest.raises(ValidationError, match=words) as caught:
        break_down(indicator, reviewer, {counties[0]: wording, counties[1]: ""})
    assert list(caught.value.message_dict) == [f"target_{counties[0].pk}"]
    assert reported(indicator) == []


def test_a_reduction_may_be_written_either_way(bureau: Department, counties: list[Region], reviewer: User) -> None:
    rate = led_by(bureau, measure="cumulative_rate", direction="lower", wording="累计下降10%以上")
    break_down(rate, reviewer, {counties[0]: "≥12", counties[1]: "累计下降8%以上"})
    YearlyValueFactory.create(indicator=rate, region=counties[0], year=2025, value=13)
    judge_plans([rate.plan], now=NOW)
    assert verdict(rate, counties[0], 2025) == "achieved"
    assert "注意" not in Assessment.objects.get(indicator=rate, region=counties[0], year=2025).reason


def test_a_baseline_is_a_levels_and_needs_a_target(
    level: Indicator, quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    first = counties[0]
    for indicator, share, words in (
        (level, Share("", Decimal(90)), "没有分解到甲县"),
        (level, Share("96", Decimal(900)), "是否漏了小数点"),
        (quantity, Share("300", Decimal(1)), "从零累计"),
    ):
        with pytest.raises(ValidationError, match=words) as caught:
            break_down(indicator, reviewer, {first: share})
        assert list(caught.value.message_dict) == [f"baseline_{first.pk}"]


def test_composite_indicators_are_broken_down_by_component(
    level: Indicator, bureau: Department, counties: list[Region], reviewer: User
) -> None:
    component = led_by(bureau, plan=level.plan, parent=level)
    with pytest.raises(ValidationError, match="请在分项指标上分解"):
        break_down(level, reviewer, {counties[0]: "≥96"})
    break_down(component, reviewer, {counties[0]: "≥96"})
    assert verdict(level, counties[0]) == Verdict.AWAITING_VALUE


def test_a_region_without_counties_cannot_break_down(level: Indicator, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="没有登记下级地区"):
        break_down(level, reviewer, {})


def test_the_second_of_two_reviewers_is_told(level: Indicator, counties: list[Region], reviewer: User) -> None:
    seen = stamp(level)
    break_down(level, reviewer, {counties[0]: "≥96"})
    with pytest.raises(ValidationError, match="李审核在您打开本页之后"):
        record_breakdown(
            level,
            shares={counties[0].pk: Share("≥90")},
            document="文",
            effective_on=None,
            seen=seen,
            person=reviewer,
            now=NOW,
        )


def test_only_reviewers_of_the_plan_break_down(
    level: Indicator, bureau: Department, counties: list[Region], staff: User
) -> None:
    for person in (staff, member_of(bureau, Role.LEADER), member_of(DepartmentFactory.create(), Role.REVIEWER)):
        with pytest.raises(PermissionDenied):
            break_down(level, person, {counties[0]: "≥96"})


def test_one_share_of_a_quantity_is_not_changed_alone(
    level: Indicator, quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    alone = Target(indicator=quantity, region=counties[0], year=2025, wording="300")
    with pytest.raises(ValidationError, match="一并填写"):
        save_version(alone, person=reviewer, now=NOW)
    save_version(Target(indicator=level, region=counties[0], year=2025, wording="≥96"), person=reviewer, now=NOW)
    assert reported(level) == ["甲县"]


def test_values_of_other_regions_are_refused_with_those_that_report(
    level: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, _ = counties
    break_down(level, reviewer, {first: "≥96"})
    check_entry(ValueEntry(level, first, 2022, Decimal(91)))
    with pytest.raises(ValidationError) as caught:
        check_entry(ValueEntry(level, second, 2022, Decimal(91)))
    assert caught.value.message_dict == {"region": [f"该指标按{level.plan.region}、甲县填报，没有分解到乙县。"]}

"""Targets broken down to counties: what is refused, what adds up, who is judged by what, and what withdrawing means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Baseline, Indicator, Target, YearlyValue
from indicators.services.breakdown import Share, record_breakdown, reporting_counties, sum_complaint
from indicators.services.judging import differences, gather, judge_plans
from indicators.services.recording import record_value
from indicators.services.target_versions import record_assigned, restate_target, stamp
from indicators.services.targets import save_version
from indicators.services.values import ValueEntry, check_entry
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import DepartmentFactory, RegionFactory, TargetFactory, YearlyValueFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def counties(bureau: Department) -> list[Region]:
    """Three counties of the bureau's region."""
    return [RegionFactory.create(name=f"{name}县", parent=bureau.region) for name in "甲乙丙"]


@pytest.fixture
def level(bureau: Department) -> Indicator:
    """≥95 in 2025."""
    return led_by(bureau, code="the-level")


@pytest.fixture
def quantity(bureau: Department) -> Indicator:
    """300 km to be built by 2025, entered as totals to date."""
    return led_by(bureau, code="the-quantity", measure="additive", unit="公里", wording="300")


def break_down(
    indicator: Indicator, person: User, shares: Mapping[Region, Share | str], *, effective_on: date | None = None
) -> list[Target | Baseline]:
    stated = {region.pk: Share(each) if isinstance(each, str) else each for region, each in shares.items()}
    return record_breakdown(
        indicator,
        shares=stated,
        document="分解方案",
        effective_on=effective_on,
        seen=stamp(indicator),
        person=person,
        now=NOW,
    )


def reported(indicator: Indicator) -> list[str]:
    return [region.name for region in reporting_counties(indicator)]


def verdict(indicator: Indicator, region: Region, year: int = 2022) -> str:
    return Assessment.objects.get(indicator=indicator, region=region, year=year).verdict


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


def test_a_county_is_judged_by_its_own_target_and_baseline(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    first, second, _ = counties
    break_down(level, reviewer, {first: Share("≥92", Decimal(90)), second: Share("≥98", Decimal(90))})
    for county in (first, second):
        record_value(ValueEntry(level, county, 2022, Decimal("91")), person=staff, now=NOW)
    assert (verdict(level, first), verdict(level, second)) == ("on_track", "behind")
    assert verdict(level, level.plan.region) == Verdict.AWAITING_VALUE


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


def test_a_withdrawn_share_ends_reporting_and_judging_and_keeps_its_history(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    first, second, _ = counties
    break_down(level, reviewer, {first: Share("≥96", Decimal(90)), second: Share("≥94")})
    record_value(ValueEntry(level, first, 2022, Decimal(91)), person=staff, now=NOW)
    break_down(level, reviewer, {first: Share("", Decimal(90))})
    assert reported(level) == ["乙县"]
    assert not Assessment.objects.filter(indicator=level, region=first).exists()
    assert [each.wording for each in Target.objects.filter(region=first).order_by("version")] == ["≥96", ""]
    assert YearlyValue.objects.get(region=first).value == 91
    with pytest.raises(ValidationError, match="没有分解到甲县"):
        record_value(ValueEntry(level, first, 2021, Decimal(90)), person=staff, now=NOW)
    break_down(level, reviewer, {first: "≥93"})
    assert verdict(level, first) == Verdict.AWAITING_BASELINE, "the old baseline was withdrawn with its share"


def test_a_share_counts_from_the_year_in_which_it_first_took_effect(
    level: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, third = counties
    break_down(level, reviewer, {first: "≥96"}, effective_on=date(2023, 2, 1))
    break_down(level, reviewer, {first: "≥97"}, effective_on=None)
    break_down(level, reviewer, {second: "≥94"}, effective_on=None)
    break_down(level, reviewer, {third: "≥94"}, effective_on=date(2024, 1, 1))
    judged = Assessment.objects.filter(indicator=level)
    assert set(judged.filter(region=first).values_list("year", flat=True)) == {2023, 2024, 2025}
    assert judged.filter(region=second).count() == 5
    assert not judged.filter(region=third).exists(), "not in force on the day"
    since = {share.region: share.since for share in Target.objects.shares(date(2024, 6, 1)).filter(indicator=level)}
    assert since == {first: 2023, second: 0, third: 2024}


def test_the_database_and_the_judge_agree_on_what_is_broken_down(
    level: Indicator, quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    first, second, third = counties
    break_down(level, reviewer, {first: "≥96", second: "≥94"}, effective_on=date(2022, 1, 1))
    break_down(level, reviewer, {first: "", third: "≥90"})
    break_down(quantity, reviewer, {second: "300"})
    TargetFactory.create(indicator=level, region=RegionFactory.create(), year=2023)
    for day in (date(2021, 6, 1), date(2023, 3, 1)):
        moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        shares = Target.objects.shares(day).filter(indicator__in=[level, quantity])
        in_database = {(share.indicator_id, share.region_id, share.since) for share in shares}
        judged = {(*each.series, each.since) for each in gather([level, quantity], now=moment) if each.is_county}
        assert in_database == judged


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


def test_stored_verdicts_of_counties_are_checked_too(level: Indicator, counties: list[Region], reviewer: User) -> None:
    break_down(level, reviewer, {counties[0]: "≥96"})
    assert differences(level.plan, now=NOW) == []
    Assessment.objects.filter(region=counties[0], year=2022).update(verdict="achieved")
    assert differences(level.plan, now=NOW) == ["the-level 甲县 2022：应为待填报，存为已完成"]


def test_county_verdicts_are_no_indicators_of_the_plan(
    level: Indicator, counties: list[Region], reviewer: User, staff: User
) -> None:
    """Counts, warnings and what was last known of the plan stay as they are, however its counties do."""

    def standing() -> list[Any]:
        verdicts = Assessment.objects.filter(indicator=level)
        warnings = verdicts.last_known_before(2025).with_warning()
        return [
            list(verdicts.standing_in(2025).counts()),
            list(warnings),
            verdicts.standing_in(2025).headline().count(),
        ]

    judge_plans([level.plan], now=NOW)
    before = standing()
    break_down(level, reviewer, {county: Share("≥99", Decimal(95)) for county in counties})
    for county in counties:
        record_value(ValueEntry(level, county, 2022, Decimal(90)), person=staff, now=NOW)
    assert verdict(level, counties[0]) == "moving_away"
    assert standing() == before


ADDRESS = "/indicators/the-quantity/targets/"


def posted(indicator: Indicator, targets: Mapping[Region, str], **fields: str) -> dict[str, str]:
    cells = {f"target_{region.pk}": wording for region, wording in targets.items()}
    return {"form": "breakdown", "document": "分解方案", "seen": stamp(indicator), **cells, **fields}


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def test_the_page_refuses_a_wrong_sum_and_keeps_what_was_typed(
    signed_in: Client, quantity: Indicator, counties: list[Region]
) -> None:
    first, second, third = counties
    wrong = posted(quantity, {first: "120", second: "100", third: "60"})
    page = signed_in.post(ADDRESS, wrong).content.decode()
    assert "各县区合计 280公里，本规划的目标是 300公里，少 20公里" in page
    for figure in ("120", "100", "60", "分解方案"):
        assert f'value="{figure}"' in page
    assert signed_in.post(ADDRESS, posted(quantity, {first: "120", second: "100", third: "80"})).status_code == 302
    assert reported(quantity) == ["甲县", "乙县", "丙县"]
    page = signed_in.get(ADDRESS).content.decode()
    assert 'value="80"' in page
    assert "甲县 2025 年目标" in page


def test_the_page_says_when_the_plans_own_target_has_moved(
    signed_in: Client, quantity: Indicator, counties: list[Region], reviewer: User
) -> None:
    break_down(quantity, reviewer, {counties[0]: "300"})
    restate_target(
        quantity,
        wording="320",
        document="调整通知",
        effective_on=None,
        seen=stamp(quantity),
        person=reviewer,
        now=NOW,
    )
    assert "少 20公里" in signed_in.get(ADDRESS).content.decode()


def test_the_page_shows_a_countys_mistake_at_its_cell(
    signed_in: Client, level: Indicator, counties: list[Region]
) -> None:
    wrong = posted(level, {counties[0]: "很好"}, **{f"baseline_{counties[0].pk}": "九十"})
    page = signed_in.post("/indicators/the-level/targets/", wrong).content.decode()
    assert "中文数字" in page
    wrong = posted(level, {counties[0]: "很好"}, **{f"baseline_{counties[0].pk}": "90"})
    page = signed_in.post("/indicators/the-level/targets/", wrong).content.decode()
    cell = page[page.index("甲县目标</label>") :].split("</td>")[0]
    assert "未能识别" in cell
    assert 'value="很好"' in cell


def test_the_page_says_why_a_composite_is_not_broken_down(
    signed_in: Client, level: Indicator, bureau: Department, counties: list[Region]
) -> None:
    led_by(bureau, plan=level.plan, parent=level)
    assert "请在分项指标上分解" in signed_in.get("/indicators/the-level/targets/").content.decode()

"""Counties in 我的填报: their rows, and what their cells say to each other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from indicators.core.plausibility import sum_doubt
from indicators.models import Indicator, Plan, ReviewStatus, YearlyValue
from indicators.services.breakdown import Share, record_breakdown
from indicators.services.target_versions import stamp
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import (
    DepartmentFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)
from tests.indicators.county_sheet.steps import NOW, address, ask, break_down, enter, form, key, sheet_of

pytestmark = pytest.mark.django_db


def test_a_row_per_county_stands_below_its_indicator(
    opened: Plan, quantity: Indicator, counties: list[Region], department: Department, staff: User
) -> None:
    other = led_by(department, plan=opened, category=quantity.category, position=2)
    sheet = sheet_of(opened, staff)
    assert [row.series for row in sheet.rows] == [
        key(quantity),
        *(key(quantity, county) for county in counties),
        key(other),
    ]
    own, first, *_ = sheet.rows
    assert (own.name, first.name, first.target, first.required) == ("新建管网", "新建管网（甲县）", "100", "40")
    assert (sheet.county_count, sheet.open_count) == (3, 5)


def test_a_countys_row_is_held_against_its_own_past(
    signed_in: Client, opened: Plan, department: Department, counties: list[Region], staff: User, reviewer: User
) -> None:
    level = led_by(department, plan=opened)
    record_breakdown(
        level,
        shares={counties[0].pk: Share("≥92", Decimal(90))},
        document="分解方案",
        effective_on=None,
        seen=stamp(level),
        person=reviewer,
        now=NOW,
    )
    YearlyValueFactory.create(indicator=level, region=counties[0], year=2021, value=Decimal("90.3"))
    row = sheet_of(opened, staff).row_of[key(level, counties[0])]
    assert (row.baseline, row.target, [each.text for each in row.earlier]) == ("90", "≥92", ["90.3"])
    county = key(level, counties[0])
    assert ask(signed_in, opened, county, {county: "92.5"})["label"] == "提前达标"
    assert ask(signed_in, opened, key(level), {key(level): "92.5"})["label"] != "提前达标"
    assert "应填 90.5" in ask(signed_in, opened, county, {county: "0.905"})["warnings"][0]


def test_county_figures_are_saved_submitted_and_reported_row_by_row(
    signed_in: Client, opened: Plan, quantity: Indicator, counties: list[Region]
) -> None:
    first, second, third = (key(quantity, county) for county in counties)
    page = signed_in.post(address(opened), form({first: "40", second: "四十", third: "35"}), follow=True)
    text = page.content.decode()
    assert "已保存 2 项草稿" in text
    assert "1 项没有保存" in text
    assert f'<a href="#cell-{second}">新建管网（乙县）</a>' in text
    assert 'value="四十"' in text
    stored = YearlyValue.objects.filter(indicator=quantity).order_by("region__slug")
    assert [each.region for each in stored] == [counties[0], counties[2]]
    assert [each.value for each in stored] == [40, 35]
    assert {each.status for each in stored} == {ReviewStatus.DRAFT}


def test_a_plans_figure_that_its_counties_do_not_make_needs_a_word(
    signed_in: Client, opened: Plan, quantity: Indicator, counties: list[Region]
) -> None:
    figures = {key(quantity): "130", **{key(quantity, county): "40" for county in counties}}
    text = signed_in.post(address(opened), form(figures, "submit"), follow=True).content.decode()
    assert "已提交 3 项" in text
    assert "130 比各县区合计 120 多 10" in text
    assert not YearlyValue.objects.filter(region=opened.region).exists()
    again = form({key(quantity): "130"}, "submit") | {f"note-{key(quantity)}": "含市本级 10 公里"}
    assert "已提交 1 项" in signed_in.post(address(opened), again, follow=True).content.decode()


def test_a_draft_that_does_not_add_up_is_not_submitted_unexplained(
    signed_in: Client, opened: Plan, quantity: Indicator, counties: list[Region]
) -> None:
    figures = {key(quantity): "130", **{key(quantity, county): "40" for county in counties}}
    assert "已保存 4 项草稿" in signed_in.post(address(opened), form(figures), follow=True).content.decode()
    revisions = {f"revision-{series}": "1" for series in figures}
    text = signed_in.post(address(opened), form(figures, "submit") | revisions, follow=True).content.decode()
    assert "130 比各县区合计 120 多 10" in text
    assert YearlyValue.objects.get(region=opened.region).status == ReviewStatus.DRAFT


def test_the_answer_to_a_cell_carries_the_sum_of_what_is_typed(
    signed_in: Client, opened: Plan, quantity: Indicator, counties: list[Region], staff: User
) -> None:
    first, second, third = (key(quantity, county) for county in counties)
    enter(quantity, counties[2], staff, "30", as_draft=True)
    found = ask(signed_in, opened, first, {key(quantity): "120", first: "40", second: ""})["sum"]
    assert found == {"row": str(key(quantity)), "text": "各县区合计 70公里（3 个县区，已填 2 个）", "doubt": ""}
    found = ask(signed_in, opened, second, {key(quantity): "120", first: "40", second: "45", third: "30"})["sum"]
    assert found["text"] == "各县区合计 115公里（3 个县区，已填 3 个）"
    assert "120 比各县区合计 115 多 5" in found["doubt"]
    assert ask(signed_in, opened, first, {first: "四十"})["sum"]["text"] == "各县区合计 30公里（3 个县区，已填 1 个）"


@pytest.mark.parametrize(
    ("figure", "counties", "words"),
    [
        ("12", ["5", "7"], ""),
        ("12", ["5", None], ""),
        ("12", ["5", "7.5"], "12 比各县区合计 12.5 少 0.5"),
        ("0.3", ["0.1", "0.2"], ""),
    ],
)
def test_a_quantity_is_compared_with_its_counties(figure: str, counties: list[str | None], words: str) -> None:
    doubt = sum_doubt(Decimal(figure), [None if each is None else Decimal(each) for each in counties])
    assert doubt.startswith(words)
    assert bool(doubt) == bool(words)


def test_levels_have_no_sum(opened: Plan, department: Department, counties: list[Region], reviewer: User) -> None:
    level = led_by(department, plan=opened)
    break_down(level, reviewer, {counties[0]: "≥96"})
    assert all(row.county_sum is None for row in sheet_of(opened, reviewer).rows)


def test_a_county_withdrawn_meanwhile_is_said_and_spares_the_others(
    signed_in: Client, opened: Plan, department: Department, counties: list[Region], reviewer: User
) -> None:
    level = led_by(department, plan=opened)
    break_down(level, reviewer, {counties[0]: "≥96", counties[1]: "≥96"})
    break_down(level, reviewer, {counties[0]: ""})
    figures = {key(level, counties[0]): "95", key(level, counties[1]): "95"}
    text = signed_in.post(address(opened), form(figures), follow=True).content.decode()
    assert "已保存 1 项草稿" in text
    assert "1 行的县区已不再分解这项指标" in text
    assert ask(signed_in, opened, key(level, counties[0]), {}) == {
        "errors": ["该指标不由您填报，请联系本规划的审核人员。"]
    }


def test_staff_of_another_department_enter_no_county(
    client: Client, opened: Plan, quantity: Indicator, counties: list[Region], department: Department
) -> None:
    other = DepartmentFactory.create(region=department.region)
    led_by(other, plan=opened)
    client.force_login(member_of(other, Role.ENTRY))
    county = key(quantity, counties[0])
    assert client.post(address(opened), form({county: "40"})).status_code == 403
    assert client.post(address(opened, "entry_check"), {"row": str(county)}).status_code == 403
    assert not YearlyValue.objects.filter(indicator=quantity).exists()

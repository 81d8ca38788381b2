"""我的填报 with counties and composite indicators: their rows, what their cells say to each other, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.core.plausibility import sum_doubt
from indicators.entry.plans import my_plans
from indicators.entry.sheet import Sheet, build_sheet
from indicators.models import Indicator, Plan, ReportingRound, ReviewStatus, Target, YearlyValue
from indicators.review.queue import Tab, queue_page
from indicators.series import SeriesKey
from indicators.services.breakdown import Share, record_breakdown
from indicators.services.recording import record_value
from indicators.services.reminders import reminders
from indicators.services.round_progress import counts_by_state, outstanding
from indicators.services.rounds import open_round
from indicators.services.target_versions import stamp
from indicators.services.values import ValueEntry
from indicators.services.workflow import return_values
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    TargetFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报", email="tianbao@example.org")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER)


@pytest.fixture
def opened(department: Department, reviewer: User) -> Plan:
    """A plan with its 2022 round open."""
    plan: Plan = PlanFactory.create(coordinating_department=department)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def counties(department: Department) -> list[Region]:
    return [RegionFactory.create(name=f"{name}县", parent=department.region) for name in "甲乙丙"]


@pytest.fixture
def quantity(department: Department, opened: Plan, counties: list[Region], reviewer: User) -> Indicator:
    """300 km by 2025, a hundred of them in each county."""
    indicator = led_by(
        department, plan=opened, name="新建管网", measure="additive", unit="公里", wording="300", position=1
    )
    break_down(indicator, reviewer, dict.fromkeys(counties, "100"))
    return indicator


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def break_down(
    indicator: Indicator, person: User, wordings: Mapping[Region, str], effective_on: date | None = None
) -> None:
    record_breakdown(
        indicator,
        shares={region.pk: Share(wording) for region, wording in wordings.items()},
        document="分解方案",
        effective_on=effective_on,
        seen=stamp(indicator),
        person=person,
        now=NOW,
    )


def key(indicator: Indicator, region: Region | None = None) -> SeriesKey:
    return SeriesKey(indicator.pk, (region or indicator.plan.region).pk)


def sheet_of(plan: Plan, person: User, year: int = 2022) -> Sheet:
    return build_sheet(plan, year, person=person, today=date(2023, 3, 1))


def address(plan: Plan, name: str = "entry_sheet") -> str:
    return reverse(name, args=[plan.slug, 2022])


def form(figures: Mapping[SeriesKey, str], action: str = "draft", **fields: str) -> dict[str, str]:
    """What the sheet posts for rows that had no value."""
    cells = {f"value-{series}": figure for series, figure in figures.items()}
    notes = {f"note-{series}": "" for series in figures}
    return {"action": action, **cells, **notes, **{name.replace("_", "-", 1): text for name, text in fields.items()}}


def ask(client: Client, plan: Plan, series: SeriesKey, cells: Mapping[SeriesKey, str]) -> Any:
    posted = {"row": str(series), **{f"value-{each}": text for each, text in cells.items()}}
    return client.post(address(plan, "entry_check"), posted).json()


def enter(indicator: Indicator, region: Region, person: User, figure: str, *, as_draft: bool = False) -> YearlyValue:
    return record_value(ValueEntry(indicator, region, 2022, Decimal(figure)), person=person, now=NOW, as_draft=as_draft)


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


@pytest.fixture
def composite(department: Department, opened: Plan) -> Indicator:
    """Two components of the department and one of another, each ≥95 from nothing known."""
    parent: Indicator = IndicatorFactory.create(plan=opened, name="水环境质量", unit="", position=1)
    TargetFactory.create(indicator=parent, wording="全面达标")
    other = DepartmentFactory.create(region=department.region)
    for position, (leader, name) in enumerate(((department, "国控"), (department, "省控"), (other, "市控")), start=2):
        led_by(leader, plan=opened, name=name, parent=parent, category=parent.category, position=position)
    return parent


def component(name: str) -> SeriesKey:
    return key(Indicator.objects.select_related("plan__region").get(name=name))


def test_a_composite_stands_above_its_components_with_what_they_lack(
    signed_in: Client, opened: Plan, composite: Indicator, staff: User
) -> None:
    lines = sheet_of(opened, staff).lines
    assert [bool(line.composite) for line in lines] == [True, False]
    assert lines[0].composite is not None
    answer = lines[0].composite.answer
    assert (answer.missing, answer.label) == ("3 个分项中还缺 3 个：国控、省控、市控", "待填报")
    page = signed_in.get(address(opened)).content.decode()
    assert f'id="composite-{composite.pk}"' in page
    assert f'name="value-{key(composite)}"' not in page


def test_its_verdict_follows_the_components_as_typed_and_saved(
    signed_in: Client, opened: Plan, composite: Indicator, staff: User
) -> None:
    YearlyValueFactory.create(indicator=Indicator.objects.get(name="市控"), year=2022, value=99)
    first, second = component("国控"), component("省控")

    def above(**texts: str) -> Any:
        cells = {component(name): text for name, text in texts.items()}
        return ask(signed_in, opened, first, {first: "", **cells})["composite"]

    assert above(国控="96")["missing"] == "3 个分项中还缺 1 个：省控"
    typed = above(国控="96", 省控="97")
    assert (typed["row"], typed["label"], typed["missing"]) == (str(composite.pk), "提前达标", "各分项均已有数值")
    assert above(国控="96", 省控="967")["missing"] == "3 个分项中还缺 1 个：省控", "an impossible figure is none"
    signed_in.post(address(opened), form({second: "97"}))
    assert above(国控="96")["label"] == "提前达标", "what was saved as a draft counts here"
    lines = sheet_of(opened, staff).lines
    assert lines[0].composite is not None
    assert lines[0].composite.answer.missing == "3 个分项中还缺 1 个：国控"


def test_drafts_of_another_department_do_not_show_above_the_components(
    opened: Plan, composite: Indicator, staff: User, reviewer: User
) -> None:
    foreign = Indicator.objects.get(name="市控")
    YearlyValueFactory.create(indicator=foreign, year=2022, value=99, status=ReviewStatus.DRAFT, approved_at=None)
    first = sheet_of(opened, staff).lines[0].composite
    assert first is not None
    assert "市控" in first.answer.missing


def test_county_values_are_due_and_counted_everywhere(
    opened: Plan, quantity: Indicator, counties: list[Region], staff: User, reviewer: User
) -> None:
    rounds = ReportingRound.objects.filter(plan=opened)
    assert [(each.indicator, each.region) for each in outstanding(rounds)] == [
        (quantity, region) for region in (opened.region, *counties)
    ]
    enter(quantity, opened.region, staff, "120")
    enter(quantity, counties[0], staff, "40", as_draft=True)
    back = enter(quantity, counties[1], staff, "40")
    return_values([back], comment="请核对", person=reviewer, now=NOW)
    assert dict(counts_by_state(rounds)[rounds.get().pk]) == {
        ReviewStatus.SUBMITTED: 1,
        ReviewStatus.DRAFT: 1,
        ReviewStatus.RETURNED: 1,
        "": 1,
    }
    mine = my_plans(staff, today=date(2023, 3, 1))
    line = next(line for line in mine.plans[0].years if line.year == 2022)
    assert (line.total, line.missing, line.drafts, line.submitted, line.returned) == (4, 1, 1, 1, 1)
    assert [value.name for value in mine.returned] == ["新建管网（乙县）"]
    (mail,) = reminders(date(2023, 4, 1))
    assert [text.split("（", 1)[1].split("）")[0] for text in mail.parts[0].lines] == ["甲县", "乙县", "丙县"]
    tabs = {link.tab: link.count for link in queue_page(opened, 2022, Tab.SUBMITTED, person=reviewer).tabs}
    assert tabs == {Tab.SUBMITTED: 1, Tab.RETURNED: 1, Tab.MISSING: 1, Tab.APPROVED: 0}
    missing = queue_page(opened, 2022, Tab.MISSING, person=reviewer).missing
    assert [row.name for row in missing] == ["新建管网（甲县）", "新建管网（丙县）"]


def test_nothing_is_due_before_the_share_took_effect_or_after_it_was_withdrawn(
    opened: Plan, department: Department, counties: list[Region], staff: User, reviewer: User
) -> None:
    level = led_by(department, plan=opened)
    first, second, _ = counties
    break_down(level, reviewer, {first: "≥96"}, effective_on=date(2023, 1, 1))
    break_down(level, reviewer, {second: "≥96"})
    enter(level, second, staff, "95")
    break_down(level, reviewer, {second: ""})
    rounds = ReportingRound.objects.filter(plan=opened)
    assert [each.region for each in outstanding(rounds)] == [opened.region]
    assert counts_by_state(rounds)[rounds.get().pk].total() == 1
    assert [row.region for row in sheet_of(opened, staff).rows] == [opened.region]
    assert [row.region for row in sheet_of(opened, staff, 2023).rows] == [opened.region, first]
    totals = {line.year: line.total for line in my_plans(staff, today=date(2023, 3, 1)).plans[0].years}
    assert totals == {2023: 2, 2022: 1, 2021: 1}
    page = queue_page(opened, 2022, Tab.SUBMITTED, person=reviewer)
    assert (page.rows, page.tabs[0].count) == ([], 0)


def test_the_queue_names_the_county_and_its_own_verdict(
    client: Client, opened: Plan, quantity: Indicator, counties: list[Region], staff: User, reviewer: User
) -> None:
    value = enter(quantity, counties[1], staff, "40")
    client.force_login(reviewer)
    page = client.get(f"/review/{opened.slug}/2022/").content.decode()
    for words in ("新建管网（乙县）", "选择新建管网（乙县）", "符合序时进度"):
        assert words in page
    client.post(f"/review/{opened.slug}/2022/", {"step": "approve", "value": f"{value.pk}:{value.revision}"})
    value.refresh_from_db()
    assert value.status == ReviewStatus.APPROVED


def test_pages_take_the_same_queries_for_2_counties_and_for_16(
    signed_in: Client, opened: Plan, department: Department, composite: Indicator, staff: User, reviewer: User
) -> None:
    level = led_by(department, plan=opened)

    def add(count: int) -> None:
        for _ in range(count):
            county = RegionFactory.create(parent=department.region)
            Target.objects.create(indicator=level, region=county, year=2025, wording="≥96")
            enter(level, county, staff, "95", as_draft=True)

    def queries() -> list[int]:
        check = {"row": str(key(level)), f"value-{key(level)}": "96"}
        counts = []
        for visit in (
            lambda: signed_in.get(address(opened)),
            lambda: signed_in.get(reverse("entry")),
            lambda: signed_in.post(address(opened, "entry_check"), check),
            lambda: queue_page(opened, 2022, Tab.RETURNED, person=reviewer),
            lambda: outstanding(ReportingRound.objects.all()),
            lambda: signed_in.get(f"/indicators/{level.code}/"),
        ):
            with CaptureQueriesContext(connection) as captured:
                visit()
            counts.append(len(captured))
        return counts

    add(2)
    queries()  # the first request of a session also stamps it
    few = queries()
    add(14)
    assert queries() == few

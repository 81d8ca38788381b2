"""我的填报 as a person meets it, without JavaScript: what is listed, what a form saves, what it refuses and keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from indicators.entry.plans import my_plans
from indicators.entry.sheet import build_sheet
from indicators.models import Baseline, Indicator, Plan, ReviewStatus, YearlyValue
from indicators.series import SeriesKey
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values, return_values
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import (
    DepartmentFactory,
    EvidenceFileFactory,
    PlanFactory,
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
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(department: Department) -> Plan:
    plan: Plan = PlanFactory.create(coordinating_department=department)
    return plan


@pytest.fixture
def opened(plan: Plan, reviewer: User) -> Plan:
    """The plan with its 2022 round open; the deadline has long passed."""
    open_round(plan, 2022, deadline=date(2023, 3, 31), note="请附公报", person=reviewer, now=NOW)
    return plan


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def address(plan: Plan, name: str = "entry_sheet") -> str:
    return reverse(name, args=[plan.slug, 2022])


def row(indicator: Indicator, region: Region | None = None) -> SeriesKey:
    """What the cells of an indicator's row are named by."""
    return SeriesKey(indicator.pk, (region or indicator.plan.region).pk)


def cells(indicator: Indicator, value: str, region: Region | None = None, **fields: Any) -> dict[str, Any]:
    """What the form of the page posts for one row."""
    texts = {"value": value, "source": "", "url": "", "note": "", "revision": "", **fields}
    return {f"{name}-{row(indicator, region)}": text for name, text in texts.items()}


def asked(indicator: Indicator, text: str, region: Region | None = None) -> dict[str, Any]:
    """What the page's script posts to have one cell checked."""
    series = row(indicator, region)
    return {"row": str(series), f"value-{series}": text}


def post(client: Client, plan: Plan, *rows: dict[str, Any], action: str = "draft") -> str:
    """The page after the form was posted."""
    data = {"action": action}
    for each in rows:
        data |= each
    response = client.post(address(plan), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def stored(plan: Plan) -> QuerySet[YearlyValue]:
    return YearlyValue.objects.filter(indicator__plan=plan)


def test_drafts_are_saved_and_the_person_stays_on_the_sheet(
    signed_in: Client, department: Department, opened: Plan
) -> None:
    first, second = led_by(department, plan=opened), led_by(department, plan=opened)
    page = post(
        signed_in, opened, cells(first, "96.7%", source="公报", url="https://example.gov.cn/a"), cells(second, "")
    )
    assert "已保存 1 项草稿" in page
    value = stored(opened).get()
    assert (value.indicator, value.value, value.status) == (first, Decimal("96.7"), ReviewStatus.DRAFT)
    assert (value.source, value.source_url) == ("公报", "https://example.gov.cn/a")
    assert 'value="96.7"' in page
    assert "按此值评价" in page
    assert f'data-saved="{row(first)} {row(second)}"' in page
    assert 'data-saved=""' in signed_in.get(address(opened)).content.decode()


def test_a_wrong_row_is_reported_with_what_was_typed_while_the_others_are_saved(
    signed_in: Client, department: Department, opened: Plan
) -> None:
    rows = [led_by(department, plan=opened) for _ in range(3)]
    page = post(
        signed_in,
        opened,
        cells(rows[0], "96"),
        cells(rows[1], "九十六", note="月报<汇总>"),
        cells(rows[2], "95", url="不是网址"),
    )
    assert "已保存 1 项草稿" in page
    assert "2 项没有保存" in page
    for kept in ('value="九十六"', "月报&lt;汇总&gt;", "阿拉伯数字", 'value="不是网址"', "来源网址："):
        assert kept in page
    assert stored(opened).count() == 1


def test_submitting_hands_in_earlier_drafts_too(signed_in: Client, department: Department, opened: Plan) -> None:
    draft, fresh = led_by(department, plan=opened), led_by(department, plan=opened)
    post(signed_in, opened, cells(draft, "96"))
    page = post(signed_in, opened, cells(draft, "96.0", revision="1"), cells(fresh, "95.5"), action="submit")
    assert "已提交 2 项" in page
    assert {value.status for value in stored(opened).all()} == {ReviewStatus.SUBMITTED}
    page = post(signed_in, opened, cells(fresh, "95.4", revision="1"))
    assert "1 项原为待审核，现改回草稿" in page


def test_an_unchanged_row_is_not_saved_again(signed_in: Client, department: Department, opened: Plan) -> None:
    indicator = led_by(department, plan=opened)
    post(signed_in, opened, cells(indicator, "96"))
    assert "没有需要保存的改动" in post(signed_in, opened, cells(indicator, "96.00", revision="1"))
    assert stored(opened).get().revision == 1


def test_an_odd_figure_needs_a_note_to_be_submitted(signed_in: Client, department: Department, opened: Plan) -> None:
    indicator = led_by(department, plan=opened)
    YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal("96.1"))
    page = post(signed_in, opened, cells(indicator, "0.967"), action="submit")
    assert "应填 96.7 的请改为 96.7" in page
    assert 'value="0.967"' in page
    assert not YearlyValue.objects.filter(year=2022).exists()
    page = post(signed_in, opened, cells(indicator, "0.967", note="口径调整"), action="submit")
    assert "已提交 1 项" in page


def test_a_stored_value_is_not_emptied_by_an_empty_cell(
    signed_in: Client, department: Department, opened: Plan
) -> None:
    indicator = led_by(department, plan=opened)
    post(signed_in, opened, cells(indicator, "96"))
    assert "已存的数值是 96%，不能改成空白" in post(signed_in, opened, cells(indicator, "", revision="1"))
    assert stored(opened).get().value == 96


def test_an_approved_value_is_shown_locked(
    signed_in: Client, department: Department, opened: Plan, staff: User, reviewer: User
) -> None:
    indicator = led_by(department, plan=opened)
    entry = ValueEntry(indicator, opened.region, 2022, Decimal("96.7"))
    value = approve_values([record_value(entry, person=staff, now=NOW)], person=reviewer, now=NOW)[0]
    page = signed_in.get(address(opened)).content.decode()
    assert "已锁定" in page
    assert f'name="value-{row(indicator)}"' not in page
    page = post(signed_in, opened, cells(indicator, "90", revision=value.revision))
    assert "1 项没有保存" in page
    assert stored(opened).get().value == Decimal("96.7")


def test_a_returned_value_shows_the_comment_and_waits_for_a_change(
    signed_in: Client, department: Department, opened: Plan, staff: User, reviewer: User
) -> None:
    indicator = led_by(department, plan=opened)
    entry = ValueEntry(indicator, opened.region, 2022, Decimal("96.7"))
    value = return_values(
        [record_value(entry, person=staff, now=NOW)], comment="与公报不一致", person=reviewer, now=NOW
    )[0]
    assert "与公报不一致" in signed_in.get(address(opened)).content.decode()
    assert "与公报不一致" in signed_in.get(reverse("entry")).content.decode()
    unchanged = cells(indicator, "96.7", revision=value.revision)
    assert "1 项退回的数值没有改动" in post(signed_in, opened, unchanged, action="submit")
    changed = cells(indicator, "96.5", revision=value.revision)
    assert "已提交 1 项" in post(signed_in, opened, changed, action="submit")


def test_a_conflict_shows_both_figures_and_spares_rows_that_the_person_left_alone(
    signed_in: Client, department: Department, opened: Plan, staff: User
) -> None:
    touched, left_alone = led_by(department, plan=opened), led_by(department, plan=opened)
    colleague = member_of(department, Role.ENTRY, full_name="张同事")
    post(signed_in, opened, cells(touched, "96"), cells(left_alone, "95"))
    for indicator, figure in ((touched, "95.5"), (left_alone, "94.4")):
        entry = ValueEntry(indicator, opened.region, 2022, Decimal(figure), revision=1)
        record_value(entry, person=colleague, now=NOW, as_draft=True)
    page = post(signed_in, opened, cells(touched, "96.8", revision="1"), cells(left_alone, "95", revision="1"))
    for part in ("张同事", "95.5%", "您填的是 96.8%", "1 项没有保存", 'value="96.8"', 'value="94.4"'):
        assert part in page
    assert YearlyValue.objects.get(indicator=touched).value == Decimal("95.5")


def test_without_a_round_values_count_at_once_and_corrections_say_why(
    signed_in: Client, department: Department, plan: Plan
) -> None:
    indicator = led_by(department, plan=plan)
    assert "保存后直接计入评价" in signed_in.get(address(plan)).content.decode()
    assert "已保存 1 项，已计入评价" in post(signed_in, plan, cells(indicator, "96"))
    assert stored(plan).get().status == ReviewStatus.APPROVED
    assert "请写明原因" in post(signed_in, plan, cells(indicator, "95", revision="1"))
    page = post(signed_in, plan, cells(indicator, "95", revision="1", reason="公报更正"))
    assert "已保存 1 项" in page
    assert stored(plan).get().history.latest().history_change_reason == "公报更正"


def test_findings_are_the_reviewers(
    client: Client, department: Department, opened: Plan, staff: User, reviewer: User
) -> None:
    finding = led_by(department, plan=opened, value_type="finding", unit="", wording="建立")
    grade = led_by(department, plan=opened, value_type="grade", unit="", direction="lower", wording="Ⅲ类")
    client.force_login(staff)
    page = client.get(address(opened)).content.decode()
    assert "由审核人员评定" in page
    assert f'name="value-{row(finding)}"' not in page
    assert "劣Ⅴ类" in page
    assert "由审核人员评定" in post(client, opened, cells(finding, "achieved"))
    assert "已保存 1 项" in post(client, opened, cells(grade, "3"))
    client.force_login(reviewer)
    assert "部分达成" in client.get(address(opened)).content.decode()
    assert "已保存 1 项" in post(client, opened, cells(finding, "achieved"))
    assert YearlyValue.objects.get(indicator=finding).finding == "achieved"


def test_the_cell_says_what_kind_of_figure_it_takes(signed_in: Client, department: Department, opened: Plan) -> None:
    rate = led_by(department, plan=opened, measure="cumulative_rate", entry_basis="annual", wording="≥10")
    Baseline.objects.create(indicator=rate, region=opened.region, year=2020, text="27.4", value=Decimal("27.4"))
    led_by(department, plan=opened, measure="additive", unit="公里", wording="300")
    led_by(department, plan=opened, frequency="yearly")
    page = signed_in.get(address(opened)).content.decode()
    for words in ("填 2022 年当年数", "上一规划期结果", "填累计数：2021 年至 2022 年合计", "每年都须达到"):
        assert words in page


def test_a_form_with_another_departments_indicator_saves_nothing(
    signed_in: Client, department: Department, opened: Plan
) -> None:
    own = led_by(department, plan=opened)
    foreign = led_by(DepartmentFactory.create(region=opened.region), plan=opened)
    assert signed_in.post(address(opened), cells(own, "96") | cells(foreign, "96")).status_code == 403
    assert signed_in.post(address(opened), cells(own, "96") | {f"note-{row(foreign)}": "x"}).status_code == 403
    answer = signed_in.post(address(opened, "entry_check"), asked(foreign, "96"))
    assert answer.status_code == 403
    assert "不由您填报" in answer.json()["errors"][0]
    assert not stored(opened).exists()


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REVIEWER, Role.LEADER])
def test_people_of_another_region_open_no_sheet(
    client: Client, department: Department, opened: Plan, role: Role
) -> None:
    led_by(department, plan=opened)
    client.force_login(member_of(DepartmentFactory.create(), role))
    assert client.get(address(opened)).status_code == 403
    assert client.post(address(opened), {"action": "draft"}).status_code == 403


def test_unknown_plans_and_years_are_not_found(signed_in: Client, department: Department, opened: Plan) -> None:
    led_by(department, plan=opened)
    for slug, year in (("nowhere", 2022), (opened.slug, 2020), (opened.slug, 2026)):
        assert signed_in.get(reverse("entry_sheet", args=[slug, year])).status_code == 404


def test_the_answer_to_a_cell(signed_in: Client, department: Department, opened: Plan) -> None:
    indicator = led_by(department, plan=opened)
    YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal("96.1"))

    def ask(text: str) -> Any:
        return signed_in.post(address(opened, "entry_check"), asked(indicator, text)).json()

    good = ask(" ９６．７% ")
    assert (good["figure"], good["verdict"], good["label"]) == ("96.7%", "achieved_early", "提前达标")
    assert good["reason"]
    assert good["tone"] == "fine"
    assert "是否漏了小数点" in ask("967")["errors"][0]
    assert "应填 96.7" in ask("0.967")["warnings"][0]
    assert ask("")["errors"] == []
    for unknown in ("", "x", "9" * 5000, f"{indicator.pk}", f"{indicator.pk}-0", f"{'9' * 5000}-1"):
        assert signed_in.post(address(opened, "entry_check"), {"row": unknown}).status_code == 403
    assert not YearlyValue.objects.filter(year=2022).exists()


def test_my_plans_count_what_stands_where(signed_in: Client, department: Department, opened: Plan, staff: User) -> None:
    indicators = [led_by(department, plan=opened) for _ in range(3)]
    led_by(department, plan=opened, value_type="finding", unit="", wording="建立")
    led_by(DepartmentFactory.create(region=opened.region), plan=opened)
    for indicator, as_draft in zip(indicators, (True, False), strict=False):
        entry = ValueEntry(indicator, opened.region, 2022, Decimal(96))
        record_value(entry, person=staff, now=NOW, as_draft=as_draft)
    response = signed_in.get(reverse("entry"))
    (lines,) = response.context["page"].plans
    line = next(line for line in lines.years if line.year == 2022)
    assert (line.total, line.missing, line.drafts, line.submitted, line.approved) == (3, 1, 1, 1, 0)
    assert line.days_overdue > 0
    assert "已逾期" in response.content.decode()


def test_a_person_without_indicators_is_told_whom_to_ask(client: Client, leader: User) -> None:
    client.force_login(leader)
    assert "目前没有由您填报的指标" in client.get(reverse("entry")).content.decode()


def test_pages_take_the_same_queries_for_2_and_for_20_rows(
    signed_in: Client,
    department: Department,
    opened: Plan,
    staff: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            indicator = led_by(department, plan=opened)
            YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal("96.1"))
            entry = ValueEntry(indicator, opened.region, 2022, Decimal(96))
            record_value(entry, person=staff, now=NOW, as_draft=True)
            EvidenceFileFactory.create(indicator=indicator, year=2022)

    def queries(path: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(path).status_code == 200
        return [query["sql"] for query in captured]

    paths = [address(opened), reverse("entry")]
    add(2)
    queries(paths[0])  # the first request of a session also stamps it
    few = [len(queries(path)) for path in paths]
    add(18)
    many = [queries(path) for path in paths]
    assert few == [len(each) for each in many], "\n".join(many[0] + many[1])
    today = date(2023, 3, 1)
    # Round; whether the person reviews; indicators; targets; baselines; approved values; values of the shown years;
    # files.
    with django_assert_num_queries(8):
        sheet = build_sheet(opened, 2022, person=staff, today=today)
        assert all(row.required and row.answer.label for row in sheet.rows)
    # Regions reviewed; indicators; shares; values; rounds; plans; returned values.
    with django_assert_num_queries(7):
        my_plans(staff, today=today)

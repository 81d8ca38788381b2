"""The reviewers' pages: rounds, the queue, and deciding on what is there; refused steps lose nothing that was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Assessment, Baseline, Indicator, Plan, ReportingRound, ReviewStatus, YearlyValue
from indicators.permissions import may_review, reviewed_plans
from indicators.review.queue import Tab, queue_page
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import (
    DepartmentFactory,
    EvidenceFileFactory,
    PlanFactory,
    TargetDocumentFileFactory,
    TargetFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
QUEUE = "/review/the-plan/2022/"


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市林业局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(bureau: Department, reviewer: User) -> Plan:
    """A plan whose 2022 round is open."""
    plan: Plan = PlanFactory.create(slug="the-plan", title="测试规划", coordinating_department=bureau)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def due(plan: Plan, **values: object) -> Indicator:
    """≥95 from 90, with 91 approved for 2021."""
    indicator = led_by(plan.coordinating_department, plan=plan, **values)
    Baseline.objects.create(indicator=indicator, region=plan.region, year=2020, value=90, text="90")
    YearlyValueFactory.create(indicator=indicator, year=2021, value=91)
    return indicator


def entered(indicator: Indicator, person: User, figure: str = "92", *, as_draft: bool = False) -> YearlyValue:
    entry = ValueEntry(indicator, indicator.plan.region, 2022, Decimal(figure), source="2022年公报", note="第3页")
    return record_value(entry, person=person, now=NOW, as_draft=as_draft)


def token(value: YearlyValue) -> str:
    return f"{value.pk}:{value.revision}"


def text(response: Any) -> str:
    return str(response.content.decode())


def status(value: YearlyValue) -> str:
    return YearlyValue.objects.get(pk=value.pk).status


def test_the_queue_shows_what_a_decision_needs(signed_in: Client, plan: Plan, staff: User) -> None:
    entered(due(plan, name="森林覆盖率"), staff)
    page = text(signed_in.get(QUEUE))
    shown = (
        "森林覆盖率",
        "市林业局",
        "92%",
        "91%",
        "+1 个百分点",
        "待填报",
        "符合序时进度",
        "2022年公报",
        "第3页",
        "王填报",
    )
    for words in shown:
        assert words in page


def test_the_preview_changes_nothing_that_is_stored(signed_in: Client, plan: Plan, staff: User) -> None:
    indicator = due(plan)
    judge_indicators([indicator], now=NOW)
    entered(indicator, staff)
    signed_in.get(QUEUE)
    assert Assessment.objects.get(indicator=indicator, year=2022).verdict == "awaiting_value"


@pytest.mark.parametrize(
    ("values", "last", "now", "change"),
    [
        ({"unit": "%"}, "91", "90.5", "−0.5 个百分点"),
        ({"unit": "吨"}, "80", "60", "−20吨（−25%）"),
        ({"unit": "吨"}, "0", "60", "+60吨"),
        ({"unit": "%"}, "91", "91", "持平"),
        ({"value_type": "grade", "unit": "", "wording": "Ⅲ类"}, "4", "3", "由Ⅳ类变为Ⅲ类"),
    ],
)
def test_the_change_is_said_in_the_units_words(
    plan: Plan, staff: User, reviewer: User, values: dict[str, str], last: str, now: str, change: str
) -> None:
    indicator = led_by(plan.coordinating_department, plan=plan, **values)
    YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal(last))
    entered(indicator, staff, now)
    [row] = queue_page(plan, 2022, Tab.SUBMITTED, person=reviewer).rows
    assert row.change == change


def test_many_are_approved_at_once(signed_in: Client, plan: Plan, staff: User) -> None:
    values = [entered(due(plan), staff) for _ in range(3)]
    response = signed_in.post(QUEUE, {"step": "approve", "value": [token(each) for each in values]}, follow=True)
    assert "已审定 3 项数值" in text(response)
    assert {status(each) for each in values} == {ReviewStatus.APPROVED}


def test_returning_needs_a_comment_and_keeps_the_choice(signed_in: Client, plan: Plan, staff: User) -> None:
    value = entered(due(plan), staff)
    page = text(signed_in.post(QUEUE, {"step": "return", "value": [token(value)], "comment": " "}))
    assert "请写明退回意见" in page
    assert f'value="{token(value)}" aria-label="选择{value.indicator.name}" checked' in page
    signed_in.post(QUEUE, {"step": "return", "value": [token(value)], "comment": "与公报不一致"})
    value.refresh_from_db()
    assert (value.status, value.review_comment) == (ReviewStatus.RETURNED, "与公报不一致")
    assert "审核意见：与公报不一致" in text(signed_in.get(f"{QUEUE}?state=returned"))


def test_one_that_cannot_be_approved_stops_all_and_is_named(
    signed_in: Client, plan: Plan, staff: User, reviewer: User
) -> None:
    value, own = entered(due(plan), staff), entered(due(plan, name="水土保持率"), reviewer)
    posted = {"step": "approve", "value": [token(value), token(own)], "comment": "已核对公报"}
    page = text(signed_in.post(QUEUE, posted))
    assert "“水土保持率”2022年的数值由您本人提交" in page
    assert "本人提交</span>" in page
    assert "已核对公报</textarea>" in page
    assert status(value) == status(own) == ReviewStatus.SUBMITTED


def test_a_value_that_changed_since_is_not_decided_unseen(signed_in: Client, plan: Plan, staff: User) -> None:
    value = entered(due(plan, name="森林覆盖率"), staff)
    seen = token(value)
    entry = ValueEntry(value.indicator, value.region, 2022, Decimal(93), revision=value.revision)
    record_value(entry, person=staff, now=NOW)
    page = text(signed_in.post(QUEUE, {"step": "approve", "value": [seen]}))
    assert "由王填报处理过，现在是 93%（待审核）" in page
    assert status(value) == ReviewStatus.SUBMITTED


def test_an_approved_value_is_reopened_with_a_reason(signed_in: Client, plan: Plan, staff: User) -> None:
    value = entered(due(plan), staff)
    signed_in.post(QUEUE, {"step": "approve", "value": [token(value)]})
    value.refresh_from_db()
    address = f"{QUEUE}?state=approved"
    assert "请写明重新打开的原因" in text(signed_in.post(address, {"step": "reopen", "value": [token(value)]}))
    assert status(value) == ReviewStatus.APPROVED
    signed_in.post(address, {"step": "reopen", "value": [token(value)], "comment": "公报更正"})
    value.refresh_from_db()
    assert (value.status, value.history.latest().history_change_reason) == (ReviewStatus.RETURNED, "公报更正")


def test_what_is_missing_is_listed_with_who_leads(signed_in: Client, plan: Plan, staff: User) -> None:
    due(plan, name="森林覆盖率")
    entered(due(plan, name="水土保持率"), staff, as_draft=True)
    led_by(plan.coordinating_department, plan=plan, name="体系建立", value_type="finding", wording="基本建立体系")
    page = text(signed_in.get(f"{QUEUE}?state=missing"))
    for words in ("森林覆盖率", "市林业局", "未填报", "草稿，尚未提交", "待审核人员评定", "另有草稿 1 项"):
        assert words in page
    assert "92%" not in page, "drafts are the department's own"


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"step": "approve"}, "没有选中任何数值"),
        ({"step": "burn", "value": ["1:1"]}, "没有看懂这项操作"),
        ({"step": "submit", "value": ["1:1"]}, "不属于这个规划"),
        ({"step": "approve", "value": ["x"]}, "没有看懂这项操作"),
        ({"step": "approve", "value": ["999999:1"]}, "不属于这个规划"),
        ({"step": "return", "value": ["1:1"], "comment": "改" * 501}, "最多 500 字"),
    ],
)
def test_a_request_that_makes_no_sense_is_explained(
    signed_in: Client, plan: Plan, posted: dict[str, object], words: str
) -> None:
    assert words in text(signed_in.post(QUEUE, posted))


def test_values_of_another_plan_are_not_decided_here(signed_in: Client, plan: Plan, staff: User) -> None:
    other: Plan = PlanFactory.create(coordinating_department=plan.coordinating_department, review_required=True)
    value = entered(due(other), staff)
    assert "不属于这个规划" in text(signed_in.post(QUEUE, {"step": "approve", "value": [token(value)]}))
    assert status(value) == ReviewStatus.SUBMITTED


def test_the_pages_are_the_reviewers(client: Client, plan: Plan, staff: User, bureau: Department) -> None:
    stranger = member_of(DepartmentFactory.create(), Role.REVIEWER)
    for person, review in ((staff, 403), (member_of(bureau, Role.LEADER), 403), (stranger, 200)):
        client.force_login(person)
        assert client.get("/review/").status_code == review
        assert client.get(QUEUE).status_code == 403
        assert client.post(QUEUE, {"step": "approve", "value": ["1:1"]}).status_code == 403
    assert "测试规划" not in text(client.get("/review/"))


def test_a_year_or_plan_that_does_not_exist_is_not_found(signed_in: Client, plan: Plan) -> None:
    for address in ("/review/the-plan/2019/", "/review/no-plan/2022/"):
        assert signed_in.get(address).status_code == 404


def test_the_set_of_plans_agrees_with_the_permission_on_each(plan: Plan, reviewer: User, bureau: Department) -> None:
    PlanFactory.create()
    leader, administrator = member_of(bureau, Role.LEADER), member_of(bureau, Role.ADMINISTRATOR)
    for person in (reviewer, leader, administrator):
        allowed = {each for each in Plan.objects.all() if may_review(person, each)}
        assert set(reviewed_plans(person)) == allowed


def test_the_rounds_say_how_far_they_are_and_who_owes(signed_in: Client, plan: Plan, staff: User) -> None:
    due(plan)
    entered(due(plan), staff)
    led_by(DepartmentFactory.create(region=plan.region, name="市水利局"), plan=plan)
    page = text(signed_in.get("/review/"))
    late = (timezone.localdate() - date(2023, 3, 31)).days
    for words in (f"已逾期 {late} 天", "审核 1 项", "市林业局</a> 1 项", "市水利局</a> 1 项"):
        assert words in page


def test_a_round_is_opened_from_the_page(signed_in: Client, plan: Plan) -> None:
    deadline = timezone.localdate() + timedelta(days=20)
    typed = {"form": "open", "plan": plan.pk, "year": "2023", "deadline": deadline.isoformat(), "note": "附公报"}
    assert "已发起" in text(signed_in.post("/review/", typed, follow=True))
    assert "还有 20 天" in text(signed_in.get("/review/"))
    again = text(signed_in.post("/review/", typed))
    assert "已有填报任务" in again
    assert "附公报</textarea>" in again
    assert "年度应在 2021 至 2025" in text(signed_in.post("/review/", {**typed, "year": "2020"}))


def test_a_round_is_not_opened_for_a_plan_of_another_region(signed_in: Client, plan: Plan) -> None:
    other: Plan = PlanFactory.create()
    typed = {"form": "open", "plan": other.pk, "year": "2022", "deadline": "2023-03-31"}
    assert "您不能为这个规划发起填报任务" in text(signed_in.post("/review/", typed))
    assert not other.reporting_rounds.exists()


def test_a_deadline_is_moved_with_a_reason(signed_in: Client, plan: Plan) -> None:
    opened = plan.reporting_rounds.get()
    typed = {"form": "deadline", "round": opened.pk, "deadline": "2023-04-15"}
    page = text(signed_in.post("/review/", typed))
    assert "请写明调整原因" in page
    assert 'value="2023-04-15"' in page
    signed_in.post("/review/", {**typed, "reason": "清明假期"})
    opened.refresh_from_db()
    assert (opened.deadline, opened.history.latest().history_change_reason) == (date(2023, 4, 15), "清明假期")
    assert signed_in.post("/review/", {**typed, "round": "0"}).status_code == 404


def test_a_deadline_of_another_region_is_not_moved(client: Client, plan: Plan) -> None:
    client.force_login(member_of(DepartmentFactory.create(), Role.REVIEWER))
    opened = plan.reporting_rounds.get()
    posted = {"form": "deadline", "round": opened.pk, "deadline": "2023-04-15", "reason": "改"}
    assert client.post("/review/", posted).status_code == 403
    opened.refresh_from_db()
    assert opened.deadline == date(2023, 3, 31)


def test_rounds_are_read_only_in_the_admin(signed_in: Client, plan: Plan) -> None:
    opened = plan.reporting_rounds.get()
    assert "测试规划" in text(signed_in.get("/admin/indicators/reportinground/?q=测试"))
    assert signed_in.get(f"/admin/indicators/reportinground/{opened.pk}/change/").status_code == 200
    assert signed_in.get("/admin/indicators/reportinground/add/").status_code == 403
    assert signed_in.post(f"/admin/indicators/reportinground/{opened.pk}/delete/", {"post": "yes"}).status_code == 403


def assert_constant(client: Client, address: str, add: Callable[[], object], expected: int) -> None:
    """The page takes `expected` queries for 2 objects and for 20."""
    counts = []
    for number in (2, 18):
        for _ in range(number):
            add()
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts == [expected, expected], [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        # session, user, plan, roles, permission; indicators, duties, shares, states; files; round; values; what they
        # are judged by (three); needs review
        ("submitted", 15),
        # the same without values and what they are judged by
        ("missing", 11),
    ],
)
def test_the_queue_costs_the_same_for_many(
    signed_in: Client, plan: Plan, staff: User, state: str, expected: int
) -> None:
    def add() -> None:
        for indicator in (due(plan), due(plan)):
            EvidenceFileFactory.create(indicator=indicator, year=2022)
        entered(indicator, staff)

    assert_constant(signed_in, f"{QUEUE}?state={state}", add, expected)


def test_the_rounds_cost_the_same_for_many(signed_in: Client, plan: Plan, reviewer: User, staff: User) -> None:
    def add() -> None:
        other: Plan = PlanFactory.create(coordinating_department=plan.coordinating_department)
        ReportingRound.objects.create(
            plan=other, year=2022, deadline=date(2023, 3, 31), opened_by=reviewer, opened_at=NOW
        )
        due(other)
        entered(due(other), staff)

    # session, user, roles, permission; number of plans, plans; plans to choose from; rounds; counts (two); outstanding
    # (four); progress reports (two)
    assert_constant(signed_in, "/review/", add, 16)


def test_the_versions_cost_the_same_for_many(signed_in: Client, plan: Plan) -> None:
    indicator = due(plan, code="the-indicator")

    def add() -> None:
        number = indicator.baselines.count() + 1
        Baseline.objects.create(
            indicator=indicator, region=plan.region, year=2020, value=number, text="x", version=number
        )
        TargetDocumentFileFactory.create(target=TargetFactory.create(indicator=indicator, version=number + 1))

    # session, user, indicator, roles, permission; evidence (three), counties, components (for annual targets, for the
    # breakdown), stamp (two), versions and their authors (four), documents
    assert_constant(signed_in, "/indicators/the-indicator/targets/", add, 18)

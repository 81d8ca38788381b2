"""The pages of statements on measures without JavaScript: who gets in, what is saved, what is refused and kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.models import Measure, MeasureReport, Plan, ReviewStatus
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from indicators.services.measure_review import MEASURE_REPORTS
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject
from regions.models import Department, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    KeyProjectFactory,
    PlanFactory,
    measure_led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
LIST = "/entry/the-plan/2022/measures/"
QUEUE = "/review/the-plan/2022/measures/"


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市水利局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(bureau: Department) -> Plan:
    plan: Plan = PlanFactory.create(slug="the-plan", title="测试规划", coordinating_department=bureau)
    return plan


@pytest.fixture
def opened(plan: Plan, reviewer: User) -> Plan:
    """The plan with its 2022 round open; the deadline has long passed."""
    open_round(plan, 2022, deadline=date(2023, 3, 31), note="逐项写明", person=reviewer, now=NOW)
    return plan


@pytest.fixture
def measure(bureau: Department, plan: Plan) -> Measure:
    return measure_led_by(bureau, plan=plan, code="m-1", title="治理水土流失", deadline="2022年底", position=1)


@pytest.fixture
def other(bureau: Department, plan: Plan) -> Measure:
    return measure_led_by(bureau, plan=plan, code="m-2", title="保护饮用水源", chapter="第四章", position=2)


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def reviewing(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def row(measure: Measure, progress: str = "ongoing", statement: str = "治理12处。", **fields: Any) -> dict[str, Any]:
    """What the list posts for one measure."""
    texts = {"progress": progress, "statement": statement, "reason": "", "revision": "", **fields}
    return {f"{name}-{measure.pk}": text for name, text in texts.items()}


def text(response: Any) -> str:
    return str(response.content.decode())


def stated(measure: Measure, person: User, statement: str = "治理12处。", **options: Any) -> MeasureReport:
    entry = MeasureReportEntry(measure, 2022, progress="ongoing", statement=statement, **options.pop("fields", {}))
    return record_measure_report(entry, person=person, now=NOW, **options)


class TestWhoGetsIn:
    """Each page by role."""

    @pytest.mark.parametrize(
        ("role", "own", "answers"),
        [
            (Role.ENTRY, True, (200, 200, 403)),
            (Role.LEADER, True, (403, 403, 403)),
            (Role.ENTRY, False, (403, 403, 403)),
            (Role.REVIEWER, True, (200, 200, 200)),
            (Role.REVIEWER, False, (403, 403, 403)),
            (Role.ADMINISTRATOR, False, (200, 200, 200)),
        ],
    )
    def test_by_role(
        self, client: Client, measure: Measure, bureau: Department, role: Role, own: bool, answers: tuple[int, ...]
    ) -> None:
        client.force_login(member_of(bureau if own else DepartmentFactory.create(), role))
        pages = (LIST, "/entry/measures/m-1/2022/", QUEUE)
        assert tuple(client.get(page).status_code for page in pages) == answers
        assert tuple(client.post(page, {}).status_code for page in pages if client.get(page).status_code == 403) == (
            403,
        ) * answers.count(403)

    def test_what_there_is_not(self, signed_in: Client, measure: Measure) -> None:
        for page in (
            "/entry/none/2022/measures/",
            "/entry/the-plan/2031/measures/",
            "/entry/measures/none/2022/",
            "/entry/measures/m-1/2031/",
            "/review/the-plan/2031/measures/",
            f"{LIST}?format=pdf",
        ):
            assert signed_in.get(page).status_code == 404, page

    def test_nothing_is_written_to_the_measure_of_others(self, signed_in: Client, measure: Measure) -> None:
        theirs = measure_led_by(DepartmentFactory.create(region=measure.plan.region), plan=measure.plan)
        assert signed_in.post(LIST, {**row(measure), **row(theirs)}).status_code == 403
        assert not MeasureReport.objects.exists()


class TestList:
    """The list of a plan and year."""

    def test_it_shows_measure_deadline_and_state(
        self, signed_in: Client, opened: Plan, measure: Measure, other: Measure, staff: User, reviewer: User
    ) -> None:
        last = record_measure_report(
            MeasureReportEntry(measure, 2021, progress="not_started", statement="未开展。"), person=staff, now=NOW
        )
        assert last.status == ReviewStatus.APPROVED
        MEASURE_REPORTS.send_back([stated(measure, staff)], comment="写明地点", person=reviewer, now=NOW)
        page = text(signed_in.get(LIST))
        shown = (
            "治理水土流失",
            "2022年底",
            "未启动",
            "已退回",
            "写明地点",
            "逐项写明",
            "第四章",
            "保护饮用水源",
            "未填",
        )
        for words in (*shown, "已过"):
            assert words in page, words

    def test_many_are_stated_and_submitted_together(
        self, signed_in: Client, opened: Plan, measure: Measure, other: Measure
    ) -> None:
        empty = {"progress": "", "statement": ""}
        answer = signed_in.post(LIST, {**row(measure), **row(other, **empty), "action": "draft"}, follow=True)
        assert "已保存 1 项草稿" in text(answer)
        assert MeasureReport.objects.get().status == ReviewStatus.DRAFT
        posted = {**row(measure, revision="1"), **row(other, "completed", "划定保护区。"), "action": "submit"}
        answer = signed_in.post(LIST, posted, follow=True)
        assert "已提交 2 项，等待审核" in text(answer)
        assert set(MeasureReport.objects.values_list("status", flat=True)) == {ReviewStatus.SUBMITTED}

    def test_what_is_refused_keeps_its_text_and_the_rest_is_saved(
        self, signed_in: Client, opened: Plan, measure: Measure, other: Measure
    ) -> None:
        answer = signed_in.post(LIST, {**row(measure, ""), **row(other), "action": "submit"})
        page = text(answer)
        assert "1 项没有保存" in page
        assert "请选择进展" in page
        assert "治理12处。" in page
        assert MeasureReport.objects.get().measure == other

    def test_a_refused_row_stays_in_sight_of_every_filter(
        self, signed_in: Client, opened: Plan, measure: Measure, other: Measure
    ) -> None:
        page = text(signed_in.post(f"{LIST}?chapter=第四章&state=approved", row(measure, "")))
        assert "请选择进展" in page
        assert "保护饮用水源" not in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("state=draft", ["治理水土流失"]),
            ("state=missing", ["保护饮用水源"]),
            ("chapter=第四章", ["保护饮用水源"]),
            ("state=returned", []),
            ("state=nonsense", ["治理水土流失", "保护饮用水源"]),
        ],
    )
    def test_filters(
        self,
        signed_in: Client,
        opened: Plan,
        measure: Measure,
        other: Measure,
        staff: User,
        query: str,
        found: list[str],
    ) -> None:
        stated(measure, staff, as_draft=True)
        page = text(signed_in.get(f"{LIST}?{query}"))
        assert [title for title in ("治理水土流失", "保护饮用水源") if title in page] == found
        assert ("没有符合条件的任务" in page) is not bool(found)

    def test_somebody_was_faster(self, signed_in: Client, opened: Plan, measure: Measure, bureau: Department) -> None:
        colleague = member_of(bureau, Role.ENTRY, full_name="赵同事")
        stated(measure, colleague, "治理15处。")
        page = text(signed_in.post(LIST, {**row(measure), "action": "submit"}))
        for words in ("赵同事在您打开之后已填报或修改了2022年的落实情况", "治理12处。", "现在保存的是", "治理15处。"):
            assert words in page
        assert f'name="revision-{measure.pk}" value="1"' in page
        signed_in.post(LIST, {**row(measure, revision="1"), "action": "submit"})
        assert MeasureReport.objects.get().statement == "治理12处。"

    def test_a_row_that_was_only_looked_at_is_nobodys_conflict(
        self, signed_in: Client, opened: Plan, measure: Measure, other: Measure, staff: User
    ) -> None:
        first = stated(measure, staff, as_draft=True)
        stated(measure, staff, "治理15处。", as_draft=True, fields={"revision": first.revision})
        posted = {**row(measure, revision="1"), **row(other), "action": "draft"}
        assert "已保存 1 项草稿" in text(signed_in.post(LIST, posted, follow=True))
        assert MeasureReport.objects.get(measure=measure).statement == "治理15处。"

    def test_a_returned_one_without_a_change_is_not_handed_in_again(
        self, signed_in: Client, opened: Plan, measure: Measure, staff: User, reviewer: User
    ) -> None:
        [returned] = MEASURE_REPORTS.send_back([stated(measure, staff)], comment="补充", person=reviewer, now=NOW)
        posted = {**row(measure, revision=str(returned.revision)), "action": "submit"}
        assert "1 项退回的没有改动" in text(signed_in.post(LIST, posted, follow=True))
        assert MeasureReport.objects.get().status == ReviewStatus.RETURNED

    def test_a_locked_one_shows_no_fields(
        self, signed_in: Client, opened: Plan, measure: Measure, staff: User, reviewer: User
    ) -> None:
        MEASURE_REPORTS.approve([stated(measure, staff)], person=reviewer, now=NOW)
        page = text(signed_in.get(LIST))
        assert "已锁定" in page
        assert f"statement-{measure.pk}" not in page
        late = text(signed_in.post(LIST, {**row(measure, statement="治理15处。", revision="2"), "action": "draft"}))
        assert "已审定并锁定" in late
        assert "治理15处。" in late
        posted = {"progress": "ongoing", "statement": "治理18处。", "revision": "2", "action": "draft"}
        late = text(signed_in.post("/entry/measures/m-1/2022/", posted))
        assert "已审定并锁定" in late
        assert "治理18处。" in late

    def test_without_a_round_a_correction_says_why(self, signed_in: Client, measure: Measure, staff: User) -> None:
        stated(measure, staff)
        changed = row(measure, statement="治理15处。", revision="1")
        assert "修改时请写明原因" in text(signed_in.post(LIST, changed))
        answer = signed_in.post(LIST, {**changed, f"reason-{measure.pk}": "补报"}, follow=True)
        assert "已保存 1 项，所有登录人员都可以看到" in text(answer)

    def test_what_is_stored_does_not_become_empty(
        self, signed_in: Client, opened: Plan, measure: Measure, staff: User
    ) -> None:
        stated(measure, staff, as_draft=True)
        page = text(signed_in.post(LIST, row(measure, "", "", revision="1")))
        assert "不能改成空白" in page

    def test_problems_and_next_step_survive_the_list(
        self, signed_in: Client, opened: Plan, measure: Measure, staff: User
    ) -> None:
        stated(measure, staff, as_draft=True, fields={"problems": "资金不足", "next_step": "申请资金"})
        signed_in.post(LIST, {**row(measure, statement="治理15处。", revision="1"), "action": "draft"})
        report = MeasureReport.objects.get()
        assert (report.statement, report.problems, report.next_step) == ("治理15处。", "资金不足", "申请资金")

    def test_as_a_file(self, signed_in: Client, opened: Plan, measure: Measure, other: Measure, staff: User) -> None:
        stated(measure, staff, "=1+1")
        lines = b"".join(signed_in.get(f"{LIST}?state=submitted&format=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "治理水土流失" in lines
        assert "'=1+1" in lines
        assert "保护饮用水源" not in lines


class TestOneMeasure:
    """The page of one measure and year."""

    PAGE = "/entry/measures/m-1/2022/"

    def test_it_shows_what_the_measure_serves(self, signed_in: Client, measure: Measure) -> None:
        measure.indicators.add(IndicatorFactory.create(plan=measure.plan, name="水土保持率"))
        project: KeyProject = KeyProjectFactory.create(plan=measure.plan, name="坡耕地治理工程")
        project.measures.add(measure)
        page = text(signed_in.get(self.PAGE))
        for words in ("水土保持率", "坡耕地治理工程", "2022年底", "市水利局", "第三章", "第一节"):
            assert words in page

    def test_it_says_who_leads_where_nobody_is_named(self, signed_in: Client, measure: Measure) -> None:
        measure.responsibilities.all().delete()
        assert "由统筹部门牵头" in text(signed_in.get(self.PAGE))

    def test_all_four_texts_are_stored_and_the_history_tells(
        self, signed_in: Client, opened: Plan, measure: Measure
    ) -> None:
        posted = {"progress": "ongoing", "statement": "治理12处。", "problems": "资金不足", "next_step": "申请资金"}
        answer = signed_in.post(self.PAGE, {**posted, "action": "draft"}, follow=True)
        assert "已保存草稿" in text(answer)
        posted |= {"statement": "治理15处。", "problems": "", "revision": "1", "action": "submit"}
        page = text(signed_in.post(self.PAGE, posted, follow=True))
        for words in ("已提交，等待审核", "王填报", "治理12处。", "资金不足", "（清空）", "途径：任务落实填报页面"):
            assert words in page
        report = MeasureReport.objects.get()
        assert (report.status, report.problems, report.next_step) == (ReviewStatus.SUBMITTED, "", "申请资金")

    def test_what_is_refused_keeps_its_text(self, signed_in: Client, opened: Plan, measure: Measure) -> None:
        page = text(signed_in.post(self.PAGE, {"progress": "", "statement": "治理12处。", "action": "submit"}))
        assert "请选择进展" in page
        assert "治理12处。" in page

    def test_somebody_was_faster(self, signed_in: Client, opened: Plan, measure: Measure, bureau: Department) -> None:
        stated(measure, member_of(bureau, Role.ENTRY, full_name="赵同事"), "治理15处。")
        posted = {"progress": "ongoing", "statement": "治理12处。", "action": "submit"}
        page = text(signed_in.post(self.PAGE, posted))
        for words in ("赵同事在您打开之后", "现在保存的内容", "治理15处。", "治理12处。", 'name="revision" value="1"'):
            assert words in page
        signed_in.post(self.PAGE, {**posted, "revision": "1"})
        assert MeasureReport.objects.get().statement == "治理12处。"

    def test_it_is_removed_with_a_reason(self, signed_in: Client, opened: Plan, measure: Measure, staff: User) -> None:
        stated(measure, staff)
        assert "请写明删除原因" in text(signed_in.post(self.PAGE, {"action": "delete", "reason": ""}))
        page = text(signed_in.post(self.PAGE, {"action": "delete", "reason": "填错任务", "revision": "1"}, follow=True))
        for words in ("已删除这一年度的落实情况", "填错任务", "未填"):
            assert words in page
        assert "可能刚刚被他人删除" in text(
            signed_in.post(self.PAGE, {"action": "delete", "reason": "填错任务", "revision": "1"})
        )

    def test_other_years_stand_below(self, signed_in: Client, measure: Measure, staff: User) -> None:
        earlier = MeasureReportEntry(measure, 2021, progress="not_started", statement="尚未立项。")
        record_measure_report(earlier, person=staff, now=NOW)
        page = text(signed_in.get(self.PAGE))
        assert "其他年度" in page
        assert "尚未立项。" in page


class TestMine:
    """我的填报."""

    def test_who_leads_only_measures_finds_them(
        self, client: Client, opened: Plan, measure: Measure, bureau: Department, reviewer: User
    ) -> None:
        only = DepartmentFactory.create(region=bureau.region)
        person = member_of(only, Role.ENTRY)
        theirs = measure_led_by(only, plan=opened, title="推广节水器具")
        client.force_login(person)
        page = text(client.get("/entry/"))
        assert reverse("entry_measures", args=["the-plan", 2022]) in page
        MEASURE_REPORTS.send_back([stated(theirs, person)], comment="写明数量", person=reviewer, now=NOW)
        page = text(client.get("/entry/"))
        for words in ("退回给您的任务落实情况", "推广节水器具", "写明数量"):
            assert words in page
        lines = b"".join(client.get("/entry/?format=csv&table=任务落实").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "测试规划" in lines

    def test_without_anything_it_says_so(self, client: Client, bureau: Department) -> None:
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert "目前没有由您填报的指标、项目和任务" in text(client.get("/entry/"))


class TestQueue:
    """The reviewers' queue."""

    def test_it_shows_what_a_decision_needs(
        self, reviewing: Client, opened: Plan, measure: Measure, other: Measure, staff: User
    ) -> None:
        measure.indicators.add(IndicatorFactory.create(plan=opened, name="水土保持率"))
        fields = {"problems": "资金不足", "next_step": "申请资金"}
        stated(measure, staff, fields=fields)
        page = text(reviewing.get(QUEUE))
        for words in (
            "治理水土流失",
            "市水利局",
            "推进中",
            "治理12处。",
            "资金不足",
            "申请资金",
            "水土保持率",
            "王填报",
        ):
            assert words in page
        assert "保护饮用水源" in text(reviewing.get(f"{QUEUE}?state=missing"))

    def test_one_is_returned_and_many_are_approved(
        self, reviewing: Client, opened: Plan, measure: Measure, other: Measure, staff: User
    ) -> None:
        first, second = stated(measure, staff), stated(other, staff)
        answer = reviewing.post(QUEUE, {"value": [f"{first.pk}:1"], "step": "return", "comment": ""})
        assert "请写明退回意见" in text(answer)
        assert f'value="{first.pk}:1" aria-label="选择治理水土流失" checked' in text(answer)
        posted = {"value": [f"{first.pk}:1"], "step": "return", "comment": "写明地点"}
        assert "已退回 1 项落实情况" in text(reviewing.post(QUEUE, posted, follow=True))
        assert "写明地点" in text(reviewing.get(f"{QUEUE}?state=returned"))
        first = stated(measure, staff, "在巴州区治理12处。", fields={"revision": 2})
        chosen = [f"{first.pk}:{first.revision}", f"{second.pk}:1"]
        answer = reviewing.post(QUEUE, {"value": chosen, "step": "approve"}, follow=True)
        assert "已审定 2 项落实情况" in text(answer)
        approved = text(reviewing.get(f"{QUEUE}?state=approved"))
        assert "审定：李审核" in approved
        posted = {"value": [f"{second.pk}:2"], "step": "reopen", "comment": "数量有误"}
        assert "已重新打开 1 项落实情况" in text(reviewing.post(f"{QUEUE}?state=approved", posted, follow=True))

    @pytest.mark.parametrize(
        ("posted", "said"),
        [
            ({"step": "approve"}, "没有选中任何落实情况"),
            ({"step": "nonsense"}, "没有看懂这项操作"),
            ({"step": "approve", "value": "x"}, "没有看懂这项操作"),
            ({"step": "approve", "value": "0:1"}, "已被删除，或不属于这个规划"),
        ],
    )
    def test_what_cannot_be_decided_is_told(
        self, reviewing: Client, opened: Plan, measure: Measure, posted: dict[str, str], said: str
    ) -> None:
        page = text(reviewing.post(QUEUE, posted))
        assert said in page
        assert "没有执行" in page

    def test_nothing_to_decide_is_said_in_each_tab(self, reviewing: Client, plan: Plan) -> None:
        said = {
            "submitted": "没有等待审核的落实情况",
            "returned": "没有退回的落实情况",
            "approved": "还没有审定的落实情况",
            "missing": "没有逐项列出任务",
        }
        for state, words in said.items():
            page = text(reviewing.get(f"{QUEUE}?state={state}"))
            assert words in page
            assert "没有发起填报任务" in page

    def test_each_tab_as_a_file(
        self, reviewing: Client, opened: Plan, measure: Measure, other: Measure, staff: User
    ) -> None:
        stated(measure, staff)
        for state, found in (("submitted", "治理水土流失"), ("missing", "保护饮用水源")):
            answer = reviewing.get(f"{QUEUE}?state={state}&format=csv")
            assert found in b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
            assert reviewing.get(f"{QUEUE}?state={state}&format=xlsx").status_code == 200


class TestAdmin:
    """Read-only, with history."""

    def test_it_lists_what_the_person_may_see_and_changes_nothing(
        self, client: Client, opened: Plan, measure: Measure, staff: User
    ) -> None:
        report = stated(measure, staff)
        client.force_login(staff)
        listed = reverse("admin:indicators_measurereport_changelist")
        page = reverse("admin:indicators_measurereport_change", args=[report.pk])
        assert "治理水土流失" in text(client.get(listed))
        assert "治理12处。" in text(client.get(page))
        assert "王填报" in text(client.get(reverse("admin:indicators_measurereport_history", args=[report.pk])))
        assert client.post(page, {"statement": "改"}).status_code == 403
        assert client.get(reverse("admin:indicators_measurereport_add")).status_code == 403
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert "治理水土流失" not in text(client.get(listed))


def test_the_dates_of_rounds_are_told(signed_in: Client, plan: Plan, measure: Measure, reviewer: User) -> None:
    open_round(plan, 2022, deadline=timezone.localdate(), person=reviewer, now=NOW)
    assert "今天截止" in text(signed_in.get(LIST))


def test_pages_take_the_same_queries_for_2_and_for_20_measures(
    client: Client, opened: Plan, measure: Measure, bureau: Department, staff: User, reviewer: User
) -> None:
    measure.indicators.add(IndicatorFactory.create(plan=opened))

    def add(count: int) -> None:
        for _ in range(count):
            each = measure_led_by(bureau, plan=opened)
            each.indicators.add(IndicatorFactory.create(plan=opened))
            record_measure_report(
                MeasureReportEntry(each, 2021, progress="ongoing", statement="治理。"), person=staff, now=NOW
            )
            stated(each, staff)
            again = MeasureReportEntry(each, 2022, progress="ongoing", statement="治理2处。", revision=1)
            record_measure_report(again, person=staff, now=NOW)

    def queries(person: User, address: str) -> int:
        client.force_login(person)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    # Beside session, user and roles:
    # the list: plan; round; measures; statements
    # one measure: measure and duties; whether the person answers for it; round; statements; whether the person reviews;
    # indicators; history; projects
    # the queue: plan; whether the person reviews; round; measures, duties, indicators; statements
    expected = {
        (staff, LIST): 3 + 4,
        (staff, "/entry/measures/m-1/2022/"): 3 + 9,
        (reviewer, QUEUE): 3 + 7,
        (reviewer, f"{QUEUE}?state=missing"): 3 + 7,
        (reviewer, f"{QUEUE}?state=submitted&format=xlsx"): 3 + 7,
    }
    add(2)
    assert {each: queries(*each) for each in expected} == expected
    few = queries(staff, "/entry/")
    add(18)
    assert {each: queries(*each) for each in expected} == expected
    assert queries(staff, "/entry/") == few

"""The list of a plan and the page of one measure without JavaScript: what is saved, what is refused and kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Measure, MeasureReport, Plan, ReviewStatus
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from indicators.services.measure_review import MEASURE_REPORTS
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject
from regions.models import Department, Role
from tests.factories import IndicatorFactory, KeyProjectFactory, member_of
from tests.indicators.measure_report_pages.steps import LIST, NOW, row, stated, text

pytestmark = pytest.mark.django_db


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


def test_the_dates_of_rounds_are_told(signed_in: Client, plan: Plan, measure: Measure, reviewer: User) -> None:
    open_round(plan, 2022, deadline=timezone.localdate(), person=reviewer, now=NOW)
    assert "今天截止" in text(signed_in.get(LIST))

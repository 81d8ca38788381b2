"""The reviewers' queue of statements on measures: what it shows, and what is decided there."""

from __future__ import annotations

import pytest
from django.test import Client

from indicators.models import Measure, Plan
from portal.accounts.models import User
from tests.factories import IndicatorFactory
from tests.indicators.measure_report_pages.steps import QUEUE, stated, text

pytestmark = pytest.mark.django_db


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

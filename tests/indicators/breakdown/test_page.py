"""The page on which a target is broken down: what it refuses is said where it was typed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client

from indicators.models import Indicator
from indicators.services.target_versions import restate_target, stamp
from portal.accounts.models import User
from regions.models import Department, Region
from tests.factories import led_by
from tests.indicators.breakdown.steps import NOW, break_down, reported

pytestmark = pytest.mark.django_db


ADDRESS = "/indicators/the-quantity/targets/"


def posted(indicator: Indicator, targets: Mapping[Region, str], **fields: str) -> dict[str, str]:
    cells = {f"target_{region.pk}": wording for region, wording in targets.items()}
    return {"form": "breakdown", "document": "分解方案", "seen": stamp(indicator), **cells, **fields}


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

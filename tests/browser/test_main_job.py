"""The main job, as staff do it: sign in, enter a value in the admin, see it judged on the plan page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def choose_indicator(page: Page, words: str, code: str) -> None:
    """Open the indicator box, type some words of the name, and take the offer with the code."""
    page.locator(".field-indicator .select2-selection").click()
    page.get_by_role("searchbox", name="输入名称或代码查找").fill(words)
    page.get_by_role("option", name=code).click()


def test_a_value_entered_in_the_admin_is_judged_on_the_plan_page(visitor: Visitor, entry_staff: User) -> None:
    page = visitor.page
    visitor.sign_in_by_form(entry_staff)
    page.get_by_role("link", name="数据管理").first.click()
    page.get_by_role("link", name="年度数值").first.click()
    page.get_by_role("link", name=re.compile("增加 ?年度数值")).first.click()

    choose_indicator(page, "细颗粒物", "bazhong-02")
    page.get_by_label("年度:").fill("2021")
    page.get_by_label("数值:").fill("28.4")
    page.get_by_label("数据来源:").fill("巴中市生态环境状况公报")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="地级及以上城市细颗粒物(PM2.5)浓度")).to_be_visible()

    visitor.open("/plans/bazhong/?year=2021")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="地级及以上城市细颗粒物(PM2.5)浓度"))
    for shown in ("28.1", "28.4", "<27.0", "约束性", "市生态环境局", "反向变化", "红色预警"):
        expect(row).to_contain_text(shown)
    expect(row).to_contain_text("2021年为28.4μg/m3，差于基期的28.1μg/m3，背离目标（低于27.0μg/m3）")


def test_bad_input_is_explained_and_nothing_typed_is_lost(visitor: Visitor, entry_staff: User) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/admin/indicators/yearlyvalue/add/")
    choose_indicator(page, "优良天数", "bazhong-01")
    page.get_by_label("年度:").fill("2021")
    page.get_by_label("说明:").fill("监测站月报汇总")
    slips = {"96,7": "小数请用点，例如 96.7", "九十六": "阿拉伯数字", "967": "是否漏了小数点（96.7）"}
    for typed, advice in slips.items():
        page.get_by_label("数值:").fill(typed)
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_text(advice)).to_be_visible()
        expect(page.get_by_label("数值:")).to_have_value(typed)
        expect(page.get_by_label("说明:")).to_have_value("监测站月报汇总")

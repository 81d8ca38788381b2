"""A county's plan from its own table: an administrator creates it, a new member of staff enters the first value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from indicators.models import Indicator, YearlyValue
from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.factories import member_of
from tests.indicators.plan_tables import plan_table

pytestmark = pytest.mark.django_db(transaction=True)


def upload_the_table(page: Page) -> None:
    """Fill the first step for a new county and send its table."""
    page.get_by_label("规划名称").fill("示例县生态环境保护规划")
    page.get_by_label("新建地区的名称").fill("示例县")
    page.get_by_label("新建地区的上级地区").select_option(label="巴中市（四川省）")
    page.get_by_label("统筹部门").fill("示例县生态环境局")
    page.get_by_label("标识").fill("shili")
    page.get_by_label("指标表文件").set_input_files(
        {"name": "示例县指标表.xlsx", "mimeType": "application/octet-stream", "buffer": plan_table()}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="上传并核对").click()


def test_a_county_reports_from_its_own_table(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open("/")
    page.get_by_role("link", name="用指标表新建规划").click()
    assert visitor.findings_at(390) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    upload_the_table(page)

    third = page.get_by_role("row", name="第 3 行")
    expect(third).to_contain_text("没有看懂这个目标")
    assert visitor.findings_at(1280) == []
    assert visitor.findings_at(390) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    third.get_by_label("目标原文").fill("≥42")
    page.get_by_role("button", name="重新理解").click()
    expect(third).to_contain_text("系统理解为：不低于42")
    page.get_by_role("button", name="创建规划").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("示例县生态环境保护规划")
    page.get_by_role("link", name="开始填报").click()
    expect(page.get_by_label("规划", exact=True).locator("option:checked")).to_have_text("示例县生态环境保护规划")

    forestry = Department.objects.get(region__name="示例县", name="示例县林业局")
    staff = member_of(forestry, Role.ENTRY, username="shili-linye", full_name="示例填报人")
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    visitor.sign_in(staff)
    visitor.open("/entry/shili/2021/")
    forest = Indicator.objects.get(plan__slug="shili", name="示例覆盖率")
    page.locator(f"#cell-{forest.pk}-{forest.plan.region_id}").fill("41.5")
    page.get_by_role("button", name="保存", exact=False).first.click()
    expect(page.get_by_text("已保存 1 项")).to_be_visible()
    assert YearlyValue.objects.get(indicator=forest, year=2021).value == Decimal("41.5")


def test_a_session_that_ends_loses_nothing_of_the_second_step(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open("/plans/new/")
    offer = page.get_by_role("region", name="上次核对的指标表")
    expect(offer).to_have_count(0)
    upload_the_table(page)
    third = page.get_by_role("row", name="第 3 行")
    third.get_by_label("目标原文").fill("≥42")
    page.get_by_label("示例县林业局").uncheck()
    page.context.clear_cookies(name="sessionid")  # as after the idle time-out
    page.get_by_role("button", name="创建规划").click()
    page.wait_for_url("**/login/**")

    visitor.sign_in_by_form(administrator)
    expect(offer).to_contain_text("示例县生态环境保护规划")
    for width in (1280, 390):
        assert visitor.findings_at(width) == []
    offer.get_by_role("button", name="继续核对").click()
    expect(third.get_by_label("目标原文")).to_have_value("≥42")
    expect(page.get_by_label("示例县林业局")).not_to_be_checked()
    page.get_by_label("示例县林业局").check()
    page.get_by_role("button", name="创建规划").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例县生态环境保护规划")
    visitor.open("/plans/new/")
    expect(page.get_by_role("heading", name="用指标表新建规划")).to_be_visible()
    expect(offer).to_have_count(0)


def test_what_was_kept_can_be_given_up(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open("/plans/new/")
    upload_the_table(page)
    visitor.open("/plans/new/")
    page.get_by_role("button", name="不再保留").click()
    page.reload()
    expect(page.get_by_role("heading", name="用指标表新建规划")).to_be_visible()
    expect(page.get_by_role("button", name="不再保留")).to_have_count(0)

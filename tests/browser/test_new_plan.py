"""A county's plan from its own table: an administrator creates it, a new member of staff enters the first value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from indicators.models import Indicator, YearlyValue
from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.factories import member_of
from tests.indicators.plan_tables import plan_table

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_county_reports_from_its_own_table(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open("/")
    page.get_by_role("link", name="用指标表新建规划").click()
    assert visitor.findings_at(390) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("规划名称").fill("示例县生态环境保护规划")
    page.get_by_label("新建地区的名称").fill("示例县")
    page.get_by_label("新建地区的上级地区").select_option(label="巴中市（四川省）")
    page.get_by_label("统筹部门").fill("示例县生态环境局")
    page.get_by_label("标识").fill("shili")
    page.get_by_label("指标表文件").set_input_files(
        {"name": "示例县指标表.xlsx", "mimeType": "application/octet-stream", "buffer": plan_table()}
    )
    page.get_by_role("button", name="上传并核对").click()

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
    page.get_by_role("button", name="退出").click()
    visitor.sign_in(staff)
    visitor.open("/entry/shili/2021/")
    forest = Indicator.objects.get(plan__slug="shili", name="示例覆盖率")
    page.locator(f"#cell-{forest.pk}-{forest.plan.region_id}").fill("41.5")
    page.get_by_role("button", name="保存", exact=False).first.click()
    expect(page.get_by_text("已保存 1 项")).to_be_visible()
    assert YearlyValue.objects.get(indicator=forest, year=2021).value == Decimal("41.5")

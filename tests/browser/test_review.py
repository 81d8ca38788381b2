"""A whole round by three people, and an assigned number that brings a verdict."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.browser.test_main_job import choose_indicator
from tests.factories import member_of

pytestmark = pytest.mark.django_db(transaction=True)

DEPARTMENTS = "/review/indicators/bazhong-02/departments/"
PM25 = "地级及以上城市细颗粒物(PM2.5)浓度"


def change_person(visitor: Visitor, user: User) -> None:
    """Sign out and in as somebody else."""
    visitor.open("/")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="退出").click()
    visitor.sign_in_by_form(user)


def enter_in_admin(visitor: Visitor, figure: str) -> None:
    """Type the figure for PM2.5 and 2023 into the open admin form and save it."""
    visitor.page.get_by_label("数值:").fill(figure)
    visitor.page.get_by_label("数据来源:").fill("巴中市生态环境状况公报")
    visitor.page.get_by_role("button", name="保存", exact=True).click()
    expect(visitor.page.get_by_role("heading", name="历年数值与评价")).to_be_visible()


def test_a_whole_round_by_three_people(visitor: Visitor, reviewer: User, entry_staff: User, leader: User) -> None:
    page = visitor.page
    visitor.sign_in_by_form(reviewer)
    visitor.open("/review/")
    page.get_by_text("发起填报任务").first.click()
    page.get_by_label("规划", exact=True).select_option(label="巴中市“十四五”生态环境保护规划")
    page.get_by_label("年度", exact=True).fill("2023")
    page.get_by_label("截止日期", exact=True).fill("2099-03-31")
    page.get_by_role("button", name="发起填报任务").click()
    expect(page.get_by_role("status")).to_contain_text("已发起")
    expect(page.get_by_role("article", name="2023 年")).to_contain_text("截止 2099年3月31日")

    change_person(visitor, entry_staff)
    visitor.open("/admin/indicators/yearlyvalue/add/")
    choose_indicator(page, "细颗粒物", "bazhong-02")
    page.get_by_label("年度:").fill("2023")
    enter_in_admin(visitor, "21.4")

    change_person(visitor, reviewer)
    visitor.open("/review/bazhong/2023/")
    row = page.get_by_role("row").filter(has_text=PM25)
    for shown in ("21.4", "待填报", "提前达标", "巴中市生态环境状况公报"):
        expect(row).to_contain_text(shown)
    page.get_by_label(f"选择{PM25}").check()
    page.get_by_role("button", name="退回所选").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明退回意见")
    expect(page.get_by_label(f"选择{PM25}")).to_be_checked()
    page.get_by_label("审核意见").fill("与公报不一致，请核对")
    page.get_by_role("button", name="退回所选").click()
    expect(page.get_by_role("status")).to_contain_text("已退回 1 项数值")

    change_person(visitor, entry_staff)
    visitor.open("/admin/indicators/yearlyvalue/?status=returned")
    page.get_by_role("link", name=PM25).click()
    enter_in_admin(visitor, "27.4")

    change_person(visitor, reviewer)
    visitor.open("/review/bazhong/2023/")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审定所选").click()
    expect(page.get_by_role("status")).to_contain_text("已审定 1 项数值")

    change_person(visitor, leader)
    visitor.open("/plans/bazhong/?year=2023")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=PM25))
    expect(row).to_contain_text("27.4")
    expect(row).to_contain_text("符合序时进度")


def test_an_assigned_number_turns_waiting_into_a_verdict(visitor: Visitor, reviewer: User) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open("/plans/bazhong/?year=2023")
    name = page.locator("#bazhong-06 th a").inner_text()
    expect(page.locator("#bazhong-06")).to_contain_text("目标待下达")
    visitor.open("/admin/indicators/yearlyvalue/add/")
    choose_indicator(page, name, "bazhong-06")
    page.get_by_label("年度:").fill("2023")
    enter_in_admin(visitor, "0")

    visitor.open("/indicators/bazhong-06/targets/")
    form = page.locator("form").filter(has=page.get_by_role("button", name="保存下达数"))
    form.get_by_label("下达数").fill("0")
    form.get_by_role("button", name="保存下达数").click()
    expect(form).to_contain_text("请写明依据文件的名称和文号")
    expect(form.get_by_label("下达数")).to_have_value("0")
    form.get_by_label("依据文件").fill("川环函〔2023〕1号")
    form.get_by_role("button", name="保存下达数").click()
    expect(page.get_by_role("status")).to_contain_text("已记录上级下达数")
    expect(page.get_by_role("table").last).to_contain_text("第 2 版")

    visitor.open("/plans/bazhong/?year=2023")
    expect(page.locator("#bazhong-06")).to_contain_text("下达数：0")
    expect(page.locator("#bazhong-06")).to_contain_text("保持达标")


def test_another_department_is_assigned_and_the_sheets_follow(
    visitor: Visitor, reviewer: User, entry_staff: User
) -> None:
    page = visitor.page
    water = member_of(Department.objects.get(code="bazhong-water-resources"), Role.ENTRY)
    row = page.get_by_role("link", name=PM25, exact=True)

    visitor.sign_in(entry_staff)
    visitor.open("/entry/bazhong/2023/")
    expect(row).to_be_visible()

    visitor.sign_in(reviewer)
    visitor.open("/indicators/bazhong-02/")
    page.get_by_role("link", name="调整责任部门").click()
    page.get_by_label("市水利局 牵头").check()
    page.get_by_role("button", name="保存责任部门").click()
    expect(page.get_by_label("调整原因")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("市水利局 牵头")).to_be_checked()
    page.get_by_label("调整原因").fill("机构改革")
    page.get_by_label("依据文件").fill("巴府办〔2023〕1号")
    page.get_by_role("button", name="保存责任部门").click()
    expect(page.get_by_role("status")).to_contain_text("已保存新的责任部门")
    expect(page.get_by_role("table")).to_contain_text("巴府办〔2023〕1号")

    visitor.sign_in(entry_staff)
    visitor.open("/entry/bazhong/2023/")
    expect(page.get_by_role("heading", name="2023 年填报表")).to_be_visible()
    expect(row).to_have_count(0)

    visitor.sign_in(water)
    visitor.open("/entry/bazhong/2023/")
    expect(row).to_be_visible()
    visitor.open("/indicators/bazhong-02/")
    history = page.get_by_role("listitem").filter(has_text="修改 责任部门")
    for words in ("途径：责任部门页面", "未指定，由统筹部门牵头", "市水利局", "机构改革"):
        expect(history).to_contain_text(words)

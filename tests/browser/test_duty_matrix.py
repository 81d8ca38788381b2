"""A reviewer gives duties by clicking and by keyboard, saves them together, and finds them with their history."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from indicators.models import Indicator, Responsibility
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.factories import member_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/plans/bazhong-checklist/duties/"
COVER = "林草覆盖率"
BUREAU, FORESTRY, FINANCE = "市生态环境局", "市林业局", "市财政局"


def cell(page: Page, department: str, indicator: str = COVER) -> Locator:
    """The cell of a department and an indicator."""
    return page.get_by_role("button", name=f"{department}，{indicator}：")


def duties(name: str = COVER) -> list[str]:
    rows = Responsibility.objects.filter(indicator__plan__slug="bazhong-checklist", indicator__name=name)
    return [str(duty) for duty in rows if duty.department.name in (BUREAU, FORESTRY, FINANCE)]


def test_cells_are_clicked_saved_together_and_found_in_the_history(visitor: Visitor, reviewer: User) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open("/plans/bazhong-checklist/")
    page.get_by_role("navigation", name="本规划的页面").get_by_role("link", name="责任分工").click()
    save = page.get_by_role("button", name="保存")
    expect(save).to_have_count(0)

    cell(page, FINANCE).click()
    expect(cell(page, FINANCE)).to_have_accessible_name(f"{FINANCE}，{COVER}：牵头，已改，原为不承担")
    cell(page, FORESTRY).click()
    cell(page, FORESTRY).click()
    expect(cell(page, FORESTRY)).to_have_accessible_name(f"{FORESTRY}，{COVER}：不承担，已改，原为牵头")
    expect(page.get_by_role("status").filter(has_text="已改")).to_have_text("已改 2 项，涉及 1 个指标")
    save.click()
    expect(page.get_by_text("请写明调整原因")).to_be_visible()
    expect(cell(page, FINANCE)).to_have_accessible_name(f"{FINANCE}，{COVER}：牵头，已改，原为不承担")

    page.get_by_label("调整原因").fill("机构改革")
    page.get_by_label("依据文件").fill("巴府办〔2023〕1号")
    save.click()
    expect(page.get_by_text("已保存 1 项指标的责任部门")).to_be_visible()
    assert duties() == [f"牵头：{FINANCE}"]
    expect(save).to_have_count(0)
    page.reload()
    expect(cell(page, FINANCE)).to_have_accessible_name(f"{FINANCE}，{COVER}：牵头")
    history = page.get_by_role("listitem").filter(has_text=f"修改 {COVER}的责任部门")
    for words in (
        str(reviewer),
        "途径：责任分工表",
        "机构改革",
        FINANCE,
    ):
        expect(history).to_contain_text(words)


def test_the_keyboard_does_it_all(visitor: Visitor, reviewer: User) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open(PAGE)
    cell(page, BUREAU, "环境空气质量").focus()
    page.keyboard.press("ArrowDown")
    expect(cell(page, BUREAU, "优良天数比例")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    for shown in ("责任，已改，原为牵头", "不承担，已改，原为牵头", "牵头"):
        page.keyboard.press("Space")
        words = f"统筹、{shown}" if shown.startswith("责任") else shown.replace("不承担，", "统筹，")
        expect(cell(page, BUREAU, "优良天数比例")).to_have_accessible_name(f"{BUREAU}，优良天数比例：{words}")
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="放弃").press("Enter")
    expect(cell(page, BUREAU, "优良天数比例")).to_have_accessible_name(f"{BUREAU}，优良天数比例：牵头")
    expect(cell(page, BUREAU, "优良天数比例")).to_be_focused()

    page.set_viewport_size({"width": 390, "height": 900})  # a list for each indicator: only who answers
    expect(cell(page, FINANCE)).to_be_hidden()
    cell(page, FORESTRY).click()
    expect(page.get_by_role("status").filter(has_text="已改")).to_have_text("已改 1 项，涉及 1 个指标")
    page.get_by_role("link", name=f"调整{COVER}的责任部门").click()
    expect(page.get_by_role("heading", name=f"责任部门：{COVER}")).to_be_visible()


def test_what_was_clicked_survives_a_reload_and_another_column(visitor: Visitor, reviewer: User) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open(PAGE)
    cell(page, FINANCE).click()
    page.get_by_label("增加一列").select_option(label="市中级人民法院")
    page.get_by_role("button", name="增加", exact=True).click()
    expect(page.get_by_text("已恢复上次没有保存的 1 项改动")).to_be_visible()
    cell(page, "市中级人民法院").click()
    page.get_by_label("调整原因").fill("机构改革")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存 1 项指标的责任部门")).to_be_visible()
    expect(cell(page, "市中级人民法院")).to_have_accessible_name(f"市中级人民法院，{COVER}：牵头")
    assert duties() == [f"牵头：{FORESTRY}", f"牵头：{FINANCE}"]


def test_a_colleague_was_faster(visitor: Visitor, reviewer: User, bureau: Department) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open(PAGE)
    cell(page, FINANCE).click()
    indicator = Indicator.objects.select_related("plan__region").get(plan__slug="bazhong-checklist", name=COVER)
    colleague = member_of(bureau, Role.REVIEWER, full_name="王审核")
    assign_departments(
        indicator, lead=[bureau], participating=[], reason="更正", seen=stamp(indicator), person=colleague
    )
    page.get_by_label("调整原因").fill("机构改革")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("全部改动都没有保存")
    expect(page.get_by_role("row").filter(has=cell(page, FINANCE))).to_contain_text("王审核在您打开本页之后调整了")
    assert duties() == [f"牵头：{BUREAU}"]
    expect(page.get_by_label("调整原因")).to_have_value("机构改革")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存 1 项指标的责任部门")).to_be_visible()
    assert duties() == [f"牵头：{BUREAU}", f"牵头：{FINANCE}"]

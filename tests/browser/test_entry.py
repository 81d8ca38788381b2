"""我的填报 in Chromium: ten values by keyboard alone, a pasted column, nothing typed lost, nobody else's sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from indicators.models import Indicator, Plan, ReviewStatus, YearlyValue
from indicators.series import SeriesKey
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "/entry/bazhong/2021/"
#: The first ten indicators of Bazhong's table; the last four are cumulative rates, entered year by year.
FIGURES = ["96.7", "27.6", "100", "0", "0", "0", "3.5", "3.1", "2.2", "1.9"]


@pytest.fixture
def opened(loaded_plans: None, reviewer: User) -> Plan:
    """Bazhong's plan with the round of 2021 open."""
    plan = Plan.objects.select_related("region").get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    return plan


def indicator(number: int) -> Indicator:
    return Indicator.objects.select_related("plan__region").get(code=f"bazhong-{number:02}")


def row(number: int) -> SeriesKey:
    """What the cells of the indicator with that number are named by."""
    found = indicator(number)
    return SeriesKey(found.pk, found.plan.region_id)


def cell(page: Page, number: int) -> Locator:
    """The entry cell of the indicator with that number."""
    return page.locator(f"#cell-{row(number)}")


def answer(page: Page, number: int) -> Locator:
    """What the portal says beside the cell."""
    return page.locator(f"#answer-{row(number)}")


def test_ten_values_are_entered_by_keyboard_alone(visitor: Visitor, opened: Plan, entry_staff: User) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open(SHEET)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-cell]')"):
            break
    for figure in FIGURES:
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 10)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 9)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, 10)).to_be_focused()
    expect(answer(page, 2)).to_contain_text("按此值评价：符合序时进度")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存 10 项草稿")).to_be_visible()
    expect(cell(page, 10)).to_have_value("1.9")
    expect(page.get_by_text("行有未保存的内容")).to_have_count(0)
    drafts = YearlyValue.objects.filter(indicator__plan=opened, year=2021).order_by("indicator__position")
    assert [value.value for value in drafts] == [Decimal(figure) for figure in FIGURES]
    assert {value.status for value in drafts} == {ReviewStatus.DRAFT}
    assert visitor.serious_findings() == []
    for _ in range(2):  # from the top of the page back over its foot to its last button
        page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="保存并提交")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("等待审核")).to_be_visible()
    visitor.open("/entry/")
    expect(page.get_by_role("row", name="2021 年").first).to_contain_text("2099年3月31日")
    assert visitor.serious_findings() == []


def test_a_pasted_column_fills_the_cells_below_and_spares_locked_ones(
    visitor: Visitor, opened: Plan, entry_staff: User, reviewer: User
) -> None:
    page, now = visitor.page, timezone.now()
    locked = record_value(ValueEntry(indicator(2), opened.region, 2021, Decimal("27.6")), person=entry_staff, now=now)
    approve_values([locked], person=reviewer, now=now)
    visitor.sign_in(entry_staff)
    visitor.open(SHEET)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "96.7\t优\r\n99\t优\r\n九十\t良\r\n\r\n0\t优\r\n")
    cell(page, 1).focus()
    page.keyboard.press("Control+v")
    notice = page.locator("[data-entry-notice]")
    for words in ("已填入 3 格", "1 行已锁定或不由您填报", "只取了第一列"):
        expect(notice).to_contain_text(words)
    for number, text in ((1, "96.7"), (3, "九十"), (4, ""), (5, "0")):
        expect(cell(page, number)).to_have_value(text)
    expect(page.locator("[data-row].locked")).to_contain_text("27.6")
    expect(answer(page, 3)).to_contain_text("阿拉伯数字")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("已保存 2 项草稿")).to_be_visible()


def test_a_refused_cell_and_a_lost_session_keep_what_was_typed(
    visitor: Visitor, opened: Plan, entry_staff: User
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open(SHEET)
    cell(page, 1).fill("967")
    page.get_by_label("空气质量优良天数比率 说明").fill("监测站月报汇总")
    expect(answer(page, 1)).to_contain_text("是否漏了小数点（96.7）")
    cell(page, 2).fill("27.6")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_text("1 项没有保存")).to_be_visible()
    expect(page.get_by_text("已提交 1 项")).to_be_visible()
    expect(cell(page, 1)).to_have_value("967")
    expect(page.locator("tr", has=cell(page, 1)).locator("[data-row-errors]")).to_contain_text("是否漏了小数点")

    cell(page, 1).fill("96.7")
    page.context.clear_cookies(name="sessionid")  # as after the idle time-out
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/login/**")
    visitor.sign_in_by_form(entry_staff)
    visitor.open(SHEET)
    expect(page.get_by_text("已恢复您上次填写、尚未保存的 1 行")).to_be_visible()
    expect(cell(page, 1)).to_have_value("96.7")
    expect(page.get_by_label("空气质量优良天数比率 说明")).to_have_value("监测站月报汇总")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("已保存 1 项草稿")).to_be_visible()
    page.reload()
    expect(page.get_by_text("已恢复")).to_have_count(0)


def test_staff_of_another_city_cannot_open_the_sheet_by_its_address(
    visitor: Visitor, opened: Plan, other_entry_staff: User
) -> None:
    page = visitor.page
    visitor.sign_in(other_entry_staff)
    visitor.open(SHEET)
    expect(page.get_by_role("heading", name="没有权限")).to_be_visible()
    expect(page.locator("[data-cell]")).to_have_count(0)
    visitor.complaints.clear()  # Chromium reports the refused page itself
    visitor.open("/entry/")
    expect(page.get_by_role("heading", name="巴中", exact=False)).to_have_count(0)
    expect(page.get_by_role("heading", name="辽源", exact=False).first).to_be_visible()

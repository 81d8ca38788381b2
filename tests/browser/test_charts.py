"""Charts are drawn on this host alone, under the strict policy of every page, and can be saved as pictures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.models import Indicator
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loaded_plans")]


@pytest.fixture
def indicator(loaded_plans: None, entry_staff: User) -> Indicator:
    """细颗粒物浓度 of Bazhong with a value of 2023."""
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    entry = ValueEntry(indicator, indicator.plan.region, 2023, Decimal("27.8"), source="公报", note="已核对")
    record_value(entry, person=entry_staff, now=timezone.now())
    return indicator


def test_the_way_of_an_indicator_is_drawn_and_saved(visitor: Visitor, indicator: Indicator, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open(indicator.get_absolute_url())
    chart = page.locator("[data-chart]")
    page.wait_for_selector("[data-drawn]")
    for words in ("当年应达到", "目标", "实际完成"):
        assert chart.locator(".legendtext").filter(has_text=words).count() >= 1
    assert "2025年目标27μg/m3" in (chart.get_attribute("aria-label") or "")
    for button, ending in (("保存为图片（PNG）", ".png"), ("保存为矢量图（SVG）", ".svg")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=button).click()
        assert saved.value.suggested_filename.startswith("巴中市：")
        assert saved.value.suggested_filename.endswith(ending)
    picture = saved.value.path().read_text()
    for words in ("巴中市：", "来源：已审定的填报、规划文件。", "规划指标跟踪门户"):
        assert words in picture, "a picture that stands alone says what it shows and where it comes from"


def test_charts_fit_the_paper(visitor: Visitor, indicator: Indicator, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open(indicator.get_absolute_url())
    page.wait_for_selector("[data-drawn]")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("document.querySelector('[data-drawn] .main-svg').clientWidth < 700")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function("document.querySelector('[data-drawn] .main-svg').clientWidth > 900")


def test_a_filtered_plan_is_sent_as_a_link(visitor: Visitor, indicator: Indicator, leader: User) -> None:
    """Filter the table, send the address, and go on to the years with the same filter and to a cell by the keyboard."""
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/plans/bazhong/?year=2023")
    page.get_by_label("指标属性").select_option(label="约束性")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**constraint=binding**")
    visitor.open(page.url.removeprefix(visitor.address))
    assert page.get_by_label("指标属性").input_value() == "binding"
    assert page.locator("table.indicators td.constraint").count() > 0
    assert set(page.locator("table.indicators td.constraint").all_inner_texts()) == {"约束性"}
    page.get_by_label("本规划的页面").get_by_role("link", name="历年评价").click()
    page.wait_for_url("**/years/**constraint=binding**")
    cell = page.locator("#verdicts tbody a", has_text="2023 年").and_(page.locator("[href$='bazhong-02/#year-2023']"))
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/bazhong-02/#year-2023")
    assert visitor.findings_at(390) == []


@pytest.mark.parametrize("width", [1920, 390])
def test_charts_fit_the_screen(visitor: Visitor, indicator: Indicator, leader: User, width: int) -> None:
    visitor.sign_in(leader)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    for address in ("/plans/bazhong/years/?year=2023", "/compare/pm25-concentration/?year=2023"):
        visitor.open(address)
        visitor.page.wait_for_selector("[data-drawn]")
        assert visitor.too_wide() == []

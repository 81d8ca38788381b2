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
        assert saved.value.suggested_filename.endswith(ending)


@pytest.mark.parametrize("width", [1920, 390])
def test_charts_fit_the_screen(visitor: Visitor, indicator: Indicator, leader: User, width: int) -> None:
    visitor.sign_in(leader)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    for address in ("/plans/bazhong/years/?year=2023", "/compare/pm25-concentration/?year=2023"):
        visitor.open(address)
        visitor.page.wait_for_selector("[data-drawn]")
        assert visitor.too_wide() == []

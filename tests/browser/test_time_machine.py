"""Looking back, as a director does before the mid-term review: overview, plan, indicator, and back to today."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from indicators.models import Assessment, Indicator, YearlyValue
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from tests.browser.conftest import Visitor
from tests.factories import YearlyValueFactory

pytestmark = pytest.mark.django_db(transaction=True)

SPRING, AUTUMN = datetime(2024, 3, 15, tzinfo=UTC), datetime(2024, 9, 15, tzinfo=UTC)


@pytest.fixture
def corrected(loaded_plans: None) -> YearlyValue:
    """PM2.5 of 2023: 28.6 as of spring 2024, corrected to 27.2 in autumn."""
    indicator = Indicator.objects.get(code="bazhong-02")
    Assessment.ever.filter(indicator=indicator).delete()
    value: YearlyValue = YearlyValueFactory.build(indicator=indicator, region=indicator.plan.region, year=2023)
    for moment, figure in ((SPRING, "28.6"), (AUTUMN, "27.2")):
        value.value = Decimal(figure)
        value._history_date = moment  # type: ignore[attr-defined]  # simple-history reads it
        value.save()
        judge_indicators([indicator], now=moment)
    return value


def test_a_director_looks_back(visitor: Visitor, leader: User, corrected: YearlyValue) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/")
    page.get_by_label("回看本页截至这一天的情况").fill("2024-06-30")
    page.get_by_role("button", name="回看").click()
    expect(page.get_by_text("截至 2024-06-30 的情况")).to_be_visible()
    expect(page.get_by_role("heading", name="规划指标总览")).to_be_visible()

    page.locator("#plan-bazhong").get_by_role("link").click()
    expect(page).to_have_url(f"{visitor.address}/as-of/2024-06-30/plans/bazhong/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="地级及以上城市细颗粒物(PM2.5)浓度"))
    expect(row).to_contain_text("28.6")
    expect(row).to_contain_text("反向变化")

    row.get_by_role("link", name="地级及以上城市细颗粒物(PM2.5)浓度").click()
    expect(page).to_have_url(f"{visitor.address}/as-of/2024-06-30/indicators/bazhong-02/")
    expect(page.get_by_text("截至 2024-06-30 的情况")).to_be_visible()
    expect(page.locator("[data-drawn]").first).to_be_visible()
    assert visitor.findings_at(1280) == []
    assert visitor.findings_at(390) == []

    page.get_by_role("link", name="回到今天").click()
    expect(page).to_have_url(f"{visitor.address}/indicators/bazhong-02/")
    expect(page.get_by_text("27.2μg/m3").first).to_be_visible()
    assert page.get_by_text("截至 2024-06-30 的情况").count() == 0


def test_an_evaluation_is_read_and_printed(visitor: Visitor, leader: User, corrected: YearlyValue) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/plans/bazhong/")
    page.get_by_role("link", name="中期评估").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="地级及以上城市细颗粒物(PM2.5)浓度"))
    for shown in ("好于基期", "-0.9μg/m3", "达到"):
        expect(row).to_contain_text(shown)
    assert visitor.findings_at(1280) == []
    assert visitor.findings_at(390) == []
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")

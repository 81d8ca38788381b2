"""The morning of a director: the overview answers, shows what is red, and leads to who has to act; and the wall."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import Assessment, Indicator
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loaded_plans")]


@pytest.fixture
def red(loaded_plans: None, administrator: User) -> Indicator:
    """细颗粒物浓度 of Bazhong, reported today and missed; everything else is as it was a month ago."""
    Assessment.ever.update(judged_at=timezone.now() - timedelta(days=30))
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    entry = ValueEntry(indicator, indicator.plan.region, 2025, Decimal("27.8"), source="公报", note="已核对")
    record_value(entry, person=administrator, now=timezone.now())
    return indicator


def test_a_director_sees_what_is_red_what_changed_and_who_has_to_act(
    visitor: Visitor, red: Indicator, leader: User
) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/")
    expect(page.locator(".answer")).to_contain_text("项未完成，规划不能全部完成")
    first = page.locator("#attention tbody tr").first
    for width in (1920, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(first.get_by_role("link", name="细颗粒物")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(first).to_contain_text("红色预警")

    change = page.locator("#changes tbody tr").filter(has_text="细颗粒物")
    expect(change).to_contain_text("待填报")
    expect(change).to_contain_text("填报数值 27.8μg/m3")
    page.get_by_role("link", name="最近一次审定前").click()
    expect(page).to_have_url(f"{visitor.address}/?since=review#changes")
    expect(page.locator("#changes")).to_contain_text("还没有审定记录")

    owners = page.locator("#pending summary").first
    owners.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="市生态环境局的全部责任").first).to_be_visible()
    page.locator("#pending .owner-lines a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visitor.open("/")
    change.get_by_role("link", name="修改记录").click()
    expect(page).to_have_url(f"{visitor.address}/indicators/{red.code}/#history-heading")


def test_the_wall_turns_stops_and_fits(visitor: Visitor, red: Indicator, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.open("/screen/")
    seen = []
    for _ in range(page.locator(".panel").count()):
        panel = page.locator(".panel.is-shown")
        expect(panel).to_have_count(1)
        seen.append(panel.get_by_role("heading").inner_text().split()[0])
        assert page.evaluate("document.documentElement.scrollHeight") == 1080
        box = panel.bounding_box()
        last = panel.locator(":scope > :last-child").bounding_box()
        foot = page.locator(".screen-foot").bounding_box()
        assert box
        assert last
        assert foot
        assert last["y"] + last["height"] <= foot["y"]
        assert visitor.too_wide() == []
        page.keyboard.press("ArrowRight")
    assert seen == ["总体进展", "最需要关注的指标", "评价的变化", "各规划", "重点项目", "目标待下达和待填报"]
    expect(page.get_by_role("heading", name="总体进展")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="继续轮播")).to_be_visible()
    page.get_by_role("button", name="继续轮播").click()
    expect(page.get_by_role("button", name="暂停轮播")).to_be_visible()


def test_the_wall_goes_on_where_it_was_when_it_fetches_new_figures(
    visitor: Visitor, red: Indicator, leader: User
) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    page.clock.install()
    visitor.open("/screen/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.clock.run_for("05:01")
    expect(page.get_by_role("heading", name="最需要关注的指标")).to_be_visible()
    expect(page.get_by_role("button", name="继续轮播")).to_be_visible()

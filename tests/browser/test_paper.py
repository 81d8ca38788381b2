"""Pages on paper, and the board of departments: nothing is cut, controls are gone, the marks of demonstration stay."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("loaded_plans")]

#: An upright A4 sheet without its margins, in CSS pixels.
SHEET = 703


def test_a_chart_drawn_for_the_screen_fits_the_sheet(visitor: Visitor, leader: User) -> None:
    call_command("demo", verbosity=0)
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/indicators/bazhong-02/")
    page.wait_for_selector("[data-drawn]")
    page.emulate_media(media="print")
    # The drawing keeps the size of the screen it was made for, as it does when a page is printed.
    page.evaluate(f"document.body.style.setProperty('width', '{SHEET}px')")
    drawing = page.locator(".main-svg").first.bounding_box()
    assert drawing is not None
    assert drawing["width"] <= SHEET
    assert drawing["height"] > 100
    for gone in (".site-header", ".chart-actions", ".export-links"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator("thead").first.evaluate("(each) => getComputedStyle(each).display") == "table-header-group"
    assert page.locator(".tag-demonstration").first.is_visible()
    visitor.open("/")
    assert page.locator(".demonstration-note").is_visible()


@pytest.mark.parametrize("width", [1920, 1280, 390])
def test_the_board_of_departments(visitor: Visitor, leader: User, width: int) -> None:
    call_command("demo", verbosity=0)
    visitor.sign_in(leader)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.open("/departments/")
    visitor.page.get_by_label("规划").select_option("bazhong")
    visitor.page.get_by_label("排序").select_option("name")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="筛选").click()
    assert "plan=bazhong" in visitor.page.url
    assert visitor.page.get_by_role("link", name="市生态环境局").is_visible()
    assert visitor.too_wide() == []
    assert visitor.serious_findings() == []
    assert visitor.complaints == []

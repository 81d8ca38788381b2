"""Pages reached by keyboard and printed on paper. How they look to axe and on a phone is in test_access."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_keyboard_reaches_the_content_first(visitor: Visitor, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/plans/bazhong/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_plan_prints_on_a4(visitor: Visitor, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/plans/bazhong/")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")

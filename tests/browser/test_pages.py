"""Every page at office and phone width: readable, accessible, printable, and silent in the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/plans/bazhong/",
    "/plans/bazhong-checklist/",
    "/plans/banan/",
    "/plans/liaoyuan/",
    "/plans/qiandongnan/",
    "/plans/bazhong/projects/",
    "/plans/banan/projects/",
    "/indicators/bazhong-02/",
    "/indicators/bazhong-checklist-12/",
    "/departments/",
    "/departments/bazhong-ecology-environment/",
]
ADMIN_PAGES = [
    "/admin/",
    "/admin/indicators/yearlyvalue/",
    "/admin/indicators/yearlyvalue/add/",
    "/admin/indicators/indicator/",
]


def test_pages_at_office_and_phone_width(visitor: Visitor, entry_staff: User) -> None:
    page = visitor.page
    visitor.open("/login/")
    assert visitor.serious_findings() == []
    visitor.sign_in(entry_staff)
    for path in PAGES:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            visitor.open(path)
            assert visitor.serious_findings() == [], f"{path} at {width}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path} scrolls sideways at {width}"


def test_admin_pages_that_staff_use_are_accessible(visitor: Visitor, entry_staff: User) -> None:
    visitor.sign_in(entry_staff)
    for path in ADMIN_PAGES:
        visitor.open(path)
        assert visitor.serious_findings() == [], path


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

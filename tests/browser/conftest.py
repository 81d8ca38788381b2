"""Browser tests: a live server on the real database, Chromium, and a watch over console, hosts and accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer

from portal.accounts.models import User
from tests.browsers import chromium

PASSWORD = "a long enough password"

FIND_VIOLATIONS = """(contrast) => axe.run({
  resultTypes: ["violations"],
  rules: { "color-contrast": { enabled: contrast } },
}).then((found) => found.violations)"""

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(outer).overflowX)) return true;
    }
    return false;
  };
  const found = document.documentElement.scrollWidth > width ? ["the page"] : [];
  // plotly.js measures its texts in a drawing far outside of the page.
  for (const element of document.body.querySelectorAll("*:not(svg *, option, #js-plotly-tester)")) {
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || (box.left > -2 && box.right < width + 2)) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || scrolls(element)) continue;
    found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}"""


#: A chart follows the width of the screen a moment later.
DRAWINGS_FIT = """() => [...document.querySelectorAll(".chart .main-svg")].every(
  (drawing) => drawing.getBoundingClientRect().right <= document.documentElement.clientWidth
)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine; it asks nobody outside."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """An office screen."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}


class Visitor:
    """A person at the portal. What the pages asked of other hosts or wrote to the console is kept."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)

    def open(self, path: str) -> None:
        """Go to a page of the portal."""
        self.page.goto(self.address + path)

    def sign_in(self, user: User) -> None:
        """Be that person from now on. Quicker than the sign-in page; opens no page."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}])

    def sign_in_by_form(self, user: User) -> None:
        """Through the sign-in page, as a person does; from one that is open it goes on to where the person was."""
        if "/login/" not in self.page.url:
            self.open("/login/")
        self.page.get_by_label("账号").fill(user.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        with self.page.expect_navigation():  # a page that is left while it comes may never be done loading
            self.page.get_by_role("button", name="登录").click()

    def serious_findings(self, *, contrast: bool = True) -> list[str]:
        """What axe finds serious or critical on the page that is open. Looking at contrast takes half of its time."""
        self.page.evaluate("new Promise((done) => setTimeout(done))")  # let scripts that wait their turn have it
        before = len(self.complaints)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        violations: list[Any] = self.page.evaluate(FIND_VIOLATIONS, contrast)
        del self.complaints[before:]  # what axe itself tried under the policy
        return [
            f"{violation['id']}: {node['html']}"
            for violation in violations
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    def too_wide(self) -> list[str]:
        """What reaches past the sides of the screen and cannot be scrolled to inside a container of its own."""
        found: list[str] = self.page.evaluate(TOO_WIDE)
        return found

    def findings_at(self, width: int, *, contrast: bool = True) -> list[str]:
        """What is wrong with the open page on a screen of that width, everything on it unfolded."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_function(DRAWINGS_FIT)
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        return self.serious_findings(contrast=contrast) + [f"too wide: {each}" for each in self.too_wide()]

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"request to another host: {request.url}")


@pytest.fixture
def visitor(live_server: LiveServer, page: Page, loaded_plans: None) -> Iterator[Visitor]:
    """A browser at the portal with the five plans; fails when a page complained or asked another host."""
    person = Visitor(page, live_server.url)
    yield person
    assert person.complaints == []

"""`make pictures`: the pictures of the README taken anew, with figures of demonstration that are marked as such."""

from __future__ import annotations

import sys

from playwright.sync_api import Page

from bench.database import ROOT
from bench.portal_in_browser import Portal, served

FOLDER = ROOT / "docs" / "images"
#: By name of the picture the page that it shows, and where the picture begins; empty for the top of the page.
PICTURES = {
    "plan": ("/plans/bazhong/?year=2023", "#table-heading"),
    "overview": ("/", ""),
    "indicator": ("/indicators/bazhong-02/", ""),
    "years": ("/plans/bazhong/years/", ""),
}
WIDTH, HEIGHT = 1280, 900
#: A README that is opened on a slow line still shows its pictures.
MOST_BYTES = 250 * 1024


def main() -> None:
    """Take the pictures that are named on the command line, or all."""
    names = sys.argv[1:] or list(PICTURES)
    with served() as portal:
        for name in names:
            take(portal, name)


def take(portal: Portal, name: str) -> None:
    """Take one picture. Raises ValueError when it became too large."""
    address, place = PICTURES[name]
    target = FOLDER / f"{name}.png"
    with portal.visitor(width=WIDTH, height=HEIGHT) as context:
        page = context.new_page()
        page.goto(portal.address + address)
        settle(page)
        if place:
            page.locator(place).evaluate("(each) => each.scrollIntoView()")
        page.screenshot(path=target)
    if target.stat().st_size > MOST_BYTES:
        raise ValueError(f"{target.name} has {target.stat().st_size} bytes, {MOST_BYTES} at most")


def settle(page: Page) -> None:
    """Wait until every chart of the page is drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every((each) => each.dataset.drawn)")


if __name__ == "__main__":
    main()

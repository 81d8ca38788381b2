"""`make bench-browser`: time until the red list and the chart are there, bytes, requests and queries.

Chromium with its processor slowed down four times opens the pages of a portal that is served as `make run` serves it,
with figures of demonstration; first with an empty cache (cold), then with what earlier visits left behind (warm). What
a script became once it was compiled is kept by browsers from the second visit on, so the fourth visit is the warm one.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext

from bench.portal_in_browser import Portal, served

THROTTLING = 4
ROUNDS = 3
#: The visit that counts as warm.
WARM = 4
#: Marks the moment after the frame that first shows something at a place of the page.
WATCH = """(selector) => {
  const look = () => {
    const found = document.querySelector(selector);
    if (!found || !found.getBoundingClientRect().height) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => performance.mark("seen")));
  };
  requestAnimationFrame(look);
}"""
MOMENT = """(name) => new Promise((done) => {
  const look = () => {
    const [found] = performance.getEntriesByName(name);
    if (found) done(found.startTime); else setTimeout(look, 20);
  };
  look();
})"""


@dataclass(frozen=True)
class Measured:
    """A page and what is waited for: `name` says what, `mark` is its performance mark, `seen` where it is looked for
    when no script sets the mark."""

    page: str
    name: str
    mark: str = "seen"
    seen: str = ""


PAGES = [
    Measured("/", "red list", seen=".attention-table .severity-critical"),
    Measured("/indicators/bazhong-02/", "chart", mark="chart-drawn"),
]


@dataclass
class Visit:
    """One opening of a page: milliseconds until the server had answered and until what is waited for was there, bytes
    that travelled, requests sent."""

    milliseconds: float = 0
    answered: float = 0
    bytes: int = 0
    requests: int = 0
    kept: set[str] = field(default_factory=set)

    def listen(self, on: Callable[[str, Callable[[Any], None]], None]) -> None:
        """Count what the browser says of its network; what it has kept is not asked for again."""
        on("Network.requestWillBeSent", self.sent)
        on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        on("Network.loadingFinished", self.finished)

    def sent(self, event: Any) -> None:
        """A request, whether or not it leaves the browser."""
        if not event["request"]["url"].startswith(("data:", "blob:")):
            self.requests += 1

    def finished(self, event: Any) -> None:
        """A response with its head, as it travelled."""
        self.bytes += int(event["encodedDataLength"])


def main() -> None:
    """Measure and print a table."""
    with served() as portal:
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
        print(f"slowed {THROTTLING} times, median of {ROUNDS}; before: {load:.1f} busy processes for each core\n")
        print("| page | waits for | cache | answered ms | ms | KB | requests | queries |")
        print("|---|---|---|--:|--:|--:|--:|--:|")
        for measured in PAGES:
            queries = queries_of(measured.page)
            cold_and_warm(portal, measured)  # the server has everything in memory afterwards
            visits = [cold_and_warm(portal, measured) for _ in range(ROUNDS)]
            for cache, some in zip(("cold", "warm"), zip(*visits, strict=True), strict=True):
                print(f"| {measured.page} | {measured.name} | {cache} | {in_words(some)} | {queries} |")


def in_words(visits: tuple[Visit, ...]) -> str:
    """The medians as cells of the table."""
    answered = statistics.median(visit.answered for visit in visits)
    time = statistics.median(visit.milliseconds for visit in visits)
    size = statistics.median(visit.bytes for visit in visits)
    requests = statistics.median(visit.requests - len(visit.kept) for visit in visits)
    return f"{answered:.0f} | {time:.0f} | {size / 1024:.0f} | {requests:.0f}"


def cold_and_warm(portal: Portal, measured: Measured) -> tuple[Visit, Visit]:
    """The page with an empty cache and again with a filled one."""
    with portal.visitor() as context:
        visits = [visit(context, portal.address, measured) for _ in range(WARM)]
    return visits[0], visits[-1]


def visit(context: BrowserContext, address: str, measured: Measured) -> Visit:
    """Open the page in a tab of its own and wait until all of it is there."""
    page, visit = context.new_page(), Visit()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLING})
    visit.listen(tools.on)
    if measured.seen:
        page.add_init_script(f"({WATCH})({measured.seen!r})")
    page.goto(address + measured.page)
    visit.milliseconds = page.evaluate(MOMENT, measured.mark)
    visit.answered = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    page.wait_for_load_state("networkidle")
    page.close()
    return visit


def queries_of(page: str) -> int:
    """The number of queries of a page that has been asked for before."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="bench"))
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page)
    if response.status_code != 200:
        raise SystemExit(f"{page}: {response.status_code}")
    return len(captured)


if __name__ == "__main__":
    main()

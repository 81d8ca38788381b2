"""The portal as people meet it: gunicorn on a database of its own with figures of demonstration, and a Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, sync_playwright

from bench.database import ROOT, prepare

#: How long the server may take to answer for the first time, in seconds.
PATIENCE = 60
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True)
class Portal:
    """A portal that is being served; `cookie` is the session of somebody who may see everything."""

    address: str
    cookie: tuple[str, str]
    browser: BrowserType
    program: str

    @contextmanager
    def visitor(self, *, width: int = 1280, height: int = 900) -> Iterator[BrowserContext]:
        """Somebody who is signed in, and whose browser has a profile of its own and has seen nothing of the portal."""
        with tempfile.TemporaryDirectory() as profile:
            context = self.browser.launch_persistent_context(
                profile,
                executable_path=self.program,
                args=SWITCHES,
                viewport={"width": width, "height": height},
                locale="zh-CN",
            )
            name, value = self.cookie
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
            try:
                yield context
            finally:
                context.close()


@contextmanager
def served() -> Iterator[Portal]:
    """A portal with the five plans and figures of demonstration, gone afterwards. Takes about a minute to begin."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["DATABASE_URL"] = f"sqlite:///{directory}/portal.sqlite3"
        os.environ["EVIDENCE_DIR"] = directory
        cookie = filled_database()
        port = free_port()
        with server(port), sync_playwright() as playwright:
            from tests.browsers import chromium

            yield Portal(f"http://127.0.0.1:{port}", cookie, playwright.chromium, chromium())


def filled_database() -> tuple[str, str]:
    """Load the plans and fill them with figures of demonstration. Gives the cookie of a person who is signed in."""
    # Playwright runs an event loop in this thread; Django would refuse the ORM there.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    prepare("pages-in-browser")
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    for command in ("load_plans", "demo"):
        call_command(command, stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    person = get_user_model().objects.create(username="bench", full_name="王局长", is_superuser=True)
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def server(port: int) -> Iterator[None]:
    """gunicorn as `make run` starts it."""
    gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", "2", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    process = subprocess.Popen([*gunicorn, *options], cwd=ROOT)  # noqa: S603  our own command
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Return when the portal answers. Raises TimeoutError when it does not in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the portal does not answer")

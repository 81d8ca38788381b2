"""The Chromium that the browser tests drive: found, or installed; without one the run fails rather than skipping.

`python -m tests.browsers` makes sure that there is one and a Chinese font, before the tests start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PACKAGES = ("chromium", "fonts-wqy-microhei")


def installed_chromium() -> str | None:
    """The path of a Chromium on this machine, or None. CHROMIUM in the environment comes first."""
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def playwright_chromium() -> str | None:
    """The path of Playwright's own Chromium, or None where it was never downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def chromium() -> str:
    """The Chromium to use; raises RuntimeError with what to do when there is none."""
    found = installed_chromium() or playwright_chromium()
    if found is None:
        raise RuntimeError("No Chromium found: run `make browsers`, or name one in the environment variable CHROMIUM.")
    return found


def install() -> None:
    """Install Debian's Chromium where that is possible (root), else Playwright's own."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES]):
            subprocess.run(  # noqa: S603  Debian's own command with a fixed list of packages
                ["apt-get", "--quiet", *arguments],  # noqa: S607
                check=True,
                stdout=subprocess.DEVNULL,
                env=environment,
            )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if installed_chromium() is None and playwright_chromium() is None:
        install()
    sys.stdout.write(f"Chromium: {chromium()}\n")

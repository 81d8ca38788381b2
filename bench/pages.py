"""`make bench`: what a page costs on this machine, in one run: queries, server time, bytes.

The five plans are loaded into a database of their own under var/ (or the one that DATABASE_URL names), every page is
asked
for a number of times through Django's test client, and the median is printed. Figures are for comparing within one run:
machines differ and are noisy.
"""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import Any

from bench.database import prepare

ROUNDS = 30
PAGES = (
    "/",
    "/plans/bazhong/",
    "/plans/liaoyuan/",
    "/plans/bazhong/projects/",
    "/indicators/bazhong-02/",
    "/departments/",
    "/departments/bazhong-ecology-environment/",
    "/departments/liaoyuan-ecology-environment/",
    "/entry/bazhong/2024/",
    "/review/",
    "/admin/indicators/yearlyvalue/",
    "/admin/indicators/indicator/",
)


def main() -> None:
    """Prepare the database once, then measure."""
    prepare("bench-pages")
    from django.core.management import call_command

    call_command("load_plans", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    measure()


def measure() -> None:
    """Print a row per page."""
    from django.db import connection
    from django.test import Client

    from portal.accounts.models import User

    user, _ = User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    print(f"{connection.vendor}, median of {ROUNDS}\n")
    print(f"| {'page':45} | queries | ms | KB |\n|---|--:|--:|--:|")
    for page in PAGES:
        client.get(page)
        queries: list[str] = []
        with connection.execute_wrapper(partial(count, queries)):
            response = client.get(page)
        if response.status_code != 200:
            raise SystemExit(f"{page}: {response.status_code}")
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            client.get(page)
            times.append((time.perf_counter() - started) * 1000)
        size = len(response.content) / 1024
        print(f"| {page:45} | {len(queries)} | {statistics.median(times):.0f} | {size:.0f} |")


def count(queries: list[str], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """A wrapper around each query that keeps its text."""
    queries.append(sql)
    return execute(sql, params, many, context)


if __name__ == "__main__":
    main()

"""`make bench`: pages of the API against bare Django views that answer with the same bytes from the same rows.

Two gunicorn workers serve both from one database. A client with a few threads asks for one and the other in turn,
several times, so that what else the machine does falls on both; the median is printed. Both pass the same middleware
and let in who asks, the API a client by its token, the bare view a person by the session; the API also counts the
client's requests, reads the parameters, and hashes its answer for the ETag.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection

from bench.database import ROOT, prepare

THREADS, SECONDS, ROUNDS = 4, 4.0, 3
API, BARE = "/api/v1/status/", "/bench/status/"


def main() -> None:
    """Prepare the database, start the server, measure, and stop it."""
    prepare("bench-api")
    from django.core.management import call_command

    call_command("load_plans", verbosity=0)
    call_command("demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    allowed, port = {API: {"Authorization": token()}, BARE: {"Cookie": signed_in()}}, free_port()
    queries = {address: count_queries(address, allowed[API]) for address in (API, f"{API}?page_size=500")}
    server = subprocess.Popen(  # noqa: S603  this module
        [
            *(sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "2", "--log-level", "error", "--no-control-socket"),
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.api_settings"},
    )
    try:
        wait_for(port)
        if body(port, API, allowed[API]) != body(port, BARE, allowed[BARE]):
            raise SystemExit("the two views do not answer with the same bytes")
        rates: dict[str, list[float]] = {API: [], BARE: []}
        for _ in range(ROUNDS):
            for address, found in rates.items():
                found.append(rate(port, address, allowed[address]))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    api, bare = (statistics.median(rates[address]) for address in (API, BARE))
    lines = [
        f"| {'page of 100 rows':24} | requests/s | of bare | queries |",
        "|---|--:|--:|--:|",
        f"| {API:24} | {api:.1f} | {api / bare:.2f} | {queries[API]} (500 rows: {queries[f'{API}?page_size=500']}) |",
        f"| {'a bare view':24} | {bare:.1f} | 1 | {queries[API]} |",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def token() -> str:
    """The header of a client that reads all plans, as often as it likes."""
    from django.utils import timezone

    from portal.api.clients import Scope, issue_token, save_client
    from portal.api.models import HIGHEST_RATE, ApiClient

    client = ApiClient.objects.filter(name="bench").first() or ApiClient(name="bench", rate_per_minute=HIGHEST_RATE)
    save_client(client, Scope(all_plans=True), person=None)
    _, secret = issue_token(client, now=timezone.now(), person=None)
    return f"Token {secret}"


def signed_in() -> str:
    """The cookie of somebody who reads."""
    from django.conf import settings
    from django.test import Client

    from portal.accounts.models import User

    user, _ = User.objects.get_or_create(username="bench-api", defaults={"password": secrets.token_hex()})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def count_queries(address: str, headers: dict[str, str]) -> int:
    """How many queries the answer takes, that of the token included."""
    from django.db import connection
    from django.test import Client

    from bench.pages import count

    client = Client(headers={"host": "127.0.0.1", **headers})
    client.get(address)
    queries: list[str] = []
    with connection.execute_wrapper(partial(count, queries)):
        client.get(address)
    return len(queries)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def body(port: int, address: str, headers: dict[str, str]) -> bytes:
    """One answer, without what differs between the two addresses."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", address, headers=headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{address}: {response.status} {content[:200]!r}")
    return content


def rate(port: int, address: str, headers: dict[str, str]) -> float:
    """Answers per second to THREADS clients that each ask again at once."""
    until = time.perf_counter() + SECONDS

    def ask() -> int:
        number = 0
        while time.perf_counter() < until:
            body(port, address, headers)
            number += 1
        return number

    with ThreadPoolExecutor(THREADS) as threads:
        return sum(each.result() for each in [threads.submit(ask) for _ in range(THREADS)]) / SECONDS


if __name__ == "__main__":
    main()

"""Clients of the API over HTTP, on real transactions: the examples of the guide, the program that mirrors all verdicts,
and a submission that is sent twice at the same moment."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from string import Template
from threading import Event, Thread
from typing import Any

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from indicators.models import Assessment, Indicator, ValueSubmission, YearlyValue
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry, delete_value
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from tests.portal.api.clients import SUBMISSIONS, client_with, token_of

pytestmark = pytest.mark.django_db(transaction=True)

BUREAU = "bazhong-ecology-environment"
MIRROR = settings.BASE_DIR / "docs" / "api" / "mirror.py"


@pytest.fixture
def token(loaded_plans: None) -> str:
    """A token that reads all plans and submits for Bazhong's bureau."""
    return token_of(client_with(departments=(BUREAU,), rate_per_minute=6000))


class Examples(HTMLParser):
    """The examples of the guide, by their language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"curl": [], "python": []}
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre" and (language := dict(attrs).get("data-language")):
            self.language = language
            self.found[language].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.language = None

    def handle_data(self, data: str) -> None:
        if self.language:
            self.found[self.language][-1] += data


def examples(server: LiveServer) -> dict[str, list[str]]:
    """What the guide shows of this server, as a reader without an account gets it."""
    page = requests.get(f"{server.url}/api/guide/", timeout=30)
    assert page.status_code == 200
    reader = Examples()
    reader.feed(page.text)
    return reader.found


def run_curl(command: str, token: str) -> requests.Response:
    """What curl would do. An option that is not known here fails."""
    words = shlex.split(Template(command.replace("\\\n", " ")).substitute(PORTAL_TOKEN=token))
    assert words.pop(0) == "curl"
    method, body, headers, addresses = "GET", None, {}, []
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0).encode()
            case "-o":
                assert words.pop(0).endswith((".csv", ".xlsx"))
            case option if option.startswith("-"):
                pytest.fail(f"not known: {option}")
            case address:
                addresses.append(address)
    [address] = addresses
    return requests.request(method, address, headers=headers, data=body, timeout=60)


def test_every_curl_example_of_the_guide_works(live_server: LiveServer, token: str) -> None:
    commands = examples(live_server)["curl"]
    assert len(commands) >= 7
    answers = [run_curl(command, token) for command in commands]
    assert [answer.status_code for answer in answers] == [
        201 if "-X POST" in command else 200 for command in commands
    ], [answer.text[:300] for answer in answers]
    for command, answer in zip(commands, answers, strict=True):
        if "format=csv" in command:
            assert answer.text.count("\n") > 25
        elif "severity" not in command and "as_of" not in command:  # nothing may have been red, or known last year
            assert answer.json().get("results") or answer.json().get("values") or "submissions" in command
    assert ValueSubmission.objects.get().key == "pm25-2025-001"


def test_the_python_examples_of_the_guide_are_a_program_that_works(live_server: LiveServer, token: str) -> None:
    program = "\n".join(examples(live_server)["python"])
    done = subprocess.run(  # noqa: S603  our own examples
        [sys.executable, "-c", program],
        env={**os.environ, "PORTAL_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("bazhong-01 ")
    assert "304" in lines
    mirrored = next(line for line in lines if line.startswith(f"{Assessment.objects.count()} "))
    assert len(mirrored.split()) == 2
    assert lines[-1].startswith("bazhong-01 2025 ")
    assert YearlyValue.objects.get(indicator__code="bazhong-01", year=2025).value == Decimal("96.7")


def run_mirror(server: LiveServer, token: str, file: Path) -> str:
    """What the program that comes with the portal says of one run."""
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(MIRROR), server.url, str(file)],
        env={**os.environ, "PORTAL_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def mirrored(file: Path) -> dict[tuple[Any, ...], Any]:
    """What the program keeps, by indicator, region and year."""
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT indicator, region, year, row FROM status").fetchall()
    return {tuple(key): json.loads(row) for *key, row in rows}


def shown(server: LiveServer, token: str) -> dict[tuple[Any, ...], Any]:
    """What the portal says of every verdict, from its list."""
    address: str | None = f"{server.url}/api/v1/status/?page_size=500"
    rows = []
    while address:
        page = requests.get(address, headers={"Authorization": f"Token {token}"}, timeout=60).json()
        rows += page["results"]
        address = page["next"]
    assert len(rows) == Assessment.objects.count()
    return {(row["indicator"], row["region"], row["year"]): row for row in rows}


def test_a_mirror_that_runs_while_values_are_approved_ends_with_exactly_the_portals_data(
    live_server: LiveServer, token: str, entry_staff: User, reviewer: User, tmp_path: Path
) -> None:
    """Values are entered, approved, corrected and removed, and a year is no longer judged, while the program runs."""
    file = tmp_path / "status.sqlite3"
    indicators = list(
        Indicator.objects.select_related("plan__region").filter(code__in=["bazhong-01", "bazhong-02", "bazhong-03"])
    )
    plan = indicators[0].plan
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=timezone.now())
    started, problems = Event(), []

    def work() -> None:
        """An office at work."""
        try:
            for number, figure in enumerate(["26", "27", "28", "29", "30"] * 2):
                for indicator in indicators:
                    year = 2022 if number == 0 else 2021
                    stored = YearlyValue.objects.filter(indicator=indicator, year=year, region=plan.region).first()
                    entry = ValueEntry(
                        indicator,
                        plan.region,
                        year,
                        Decimal(figure),
                        note="核实",
                        reason="更正",
                        revision=stored.revision if stored else None,
                    )
                    value = record_value(entry, person=entry_staff, now=timezone.now())
                    if year == 2022:
                        approve_values([value], person=reviewer, now=timezone.now())
                started.set()
            for value in YearlyValue.objects.filter(indicator=indicators[1], year=2021):
                delete_value(value, reason="误填", person=entry_staff, now=timezone.now())
            Indicator.objects.filter(pk=indicators[2].pk).update(target_year=2024)
            judge_indicators(list(Indicator.objects.filter(pk=indicators[2].pk)), now=timezone.now())
        except Exception as error:
            problems.append(error)
        finally:
            started.set()
            connection.close()

    assert run_mirror(live_server, token, file).endswith(f" {Assessment.objects.count()} rows\n")
    worker = Thread(target=work)
    worker.start()
    started.wait()
    runs = 0
    while worker.is_alive():
        run_mirror(live_server, token, file)
        runs += 1
    worker.join()
    assert problems == []
    assert runs >= 1
    run_mirror(live_server, token, file)
    assert mirrored(file) == shown(live_server, token)
    assert ("bazhong-03", "bazhong", 2025) not in mirrored(file)
    assert run_mirror(live_server, token, file).startswith("0 changes")


def test_a_mirror_whose_token_reads_other_plans_than_before_begins_anew(
    live_server: LiveServer, token: str, tmp_path: Path
) -> None:
    file = tmp_path / "status.sqlite3"
    narrow = token_of(client_with("liaoyuan", name="辽源系统", rate_per_minute=6000))
    run_mirror(live_server, narrow, file)
    assert {row["plan"] for row in mirrored(file).values()} == {"liaoyuan"}
    run_mirror(live_server, token, file)
    assert mirrored(file) == shown(live_server, token)


def test_a_submission_sent_several_times_at_once_is_written_once(live_server: LiveServer, token: str) -> None:
    body = {"values": [{"indicator": "bazhong-02", "year": 2022, "value": "27.6"}]}

    def send(number: int) -> requests.Response:
        headers = {"Authorization": f"Token {token}", "Idempotency-Key": "once"}
        return requests.post(f"{live_server.url}{SUBMISSIONS}", json=body, headers=headers, timeout=60)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert ValueSubmission.objects.count() == 1
    assert YearlyValue.objects.get(indicator__code="bazhong-02", year=2022).history.count() == 1


def test_two_submissions_for_one_value_at_once(live_server: LiveServer, loaded_plans: None) -> None:
    """Different systems of one department: the second is told, and nothing is lost."""
    tokens = [token_of(client_with("bazhong", name=name, departments=(BUREAU,))) for name in ("甲", "乙")]

    def send(number: int) -> requests.Response:
        headers = {"Authorization": f"Token {tokens[number]}", "Idempotency-Key": "once"}
        body = {"values": [{"indicator": "bazhong-02", "year": 2022, "value": f"{27 + number}"}]}
        return requests.post(f"{live_server.url}{SUBMISSIONS}", json=body, headers=headers, timeout=60)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409], [answer.text for answer in answers]
    assert YearlyValue.objects.get(indicator__code="bazhong-02", year=2022).revision == 1

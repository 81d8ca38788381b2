"""Limits on requests, over minutes and processes."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from portal.api import rates
from portal.api.models import RequestCount
from portal.api.rates import seconds_to_wait

pytestmark = pytest.mark.django_db

START = 1_800_000_000.0  # the first second of a minute


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test moves."""
    now = [START]
    monkeypatch.setattr("portal.api.rates.time.time", lambda: now[0])
    return now


def granted(who: str, limit: int, asked: int) -> int:
    """How many of so many requests are granted."""
    return sum(seconds_to_wait(who, limit=limit) is None for _ in range(asked))


@pytest.mark.parametrize("limit", [1, 7, 10, 25, 300])
def test_exactly_the_limit_is_granted_in_a_minute(limit: int, clock: list[float]) -> None:
    assert granted("a", limit, limit + 5) == limit
    clock[0] += 59
    assert seconds_to_wait("a", limit=limit) == 1
    clock[0] += 1
    assert granted("a", limit, limit + 5) == limit


def test_everybody_has_a_limit_of_their_own(clock: list[float]) -> None:
    assert granted("a", 5, 9) == 5
    assert granted("b", 5, 9) == 5


def test_processes_share_the_limit(clock: list[float]) -> None:
    """A process that forgets is another process: what it leased and did not grant is lost to it."""
    assert granted("a", 100, 35) == 35
    rates.forget()
    assert granted("a", 100, 200) == 60
    rates.forget()
    assert granted("a", 100, 200) == 0


def test_requests_rarely_ask_the_database_and_refusals_never(clock: list[float]) -> None:
    granted("warm", 1, 1)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert granted("a", 300, 300) == 300
    assert len(captured) == 10
    with CaptureQueriesContext(connection) as captured:
        assert granted("a", 300, 100) == 0
    assert len(captured) == 1


def test_a_counter_that_does_not_answer_lets_requests_through(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(connection, "cursor", locked)
    assert granted("a", 5, 3) == 3


def test_what_nobody_used_for_an_hour_is_forgotten(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    granted("old", 5, 1)
    clock[0] += 2 * 3600
    granted("new", 5, 1)
    assert list(RequestCount.objects.values_list("who", flat=True)) == ["new"]
    monkeypatch.setattr(rates, "REMEMBERED", 1)
    clock[0] += 60
    granted("newer", 5, 1)
    assert list(rates._leases) == ["newer"]

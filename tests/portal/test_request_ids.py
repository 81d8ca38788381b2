"""Every request has an id, in its answer and in the log, and no secret is in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.request_ids import RequestIdFilter

LOGGING: Any = settings.LOGGING
LINE: str = LOGGING["formatters"]["line"]["format"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console shows, as the settings say."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter(LINE, style="{"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def test_every_answer_has_one_of_its_own(client: Client) -> None:
    first, second = (client.get("/login/")["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize("given", ["order-2025-0001", "a" * 64, "0f6d7c1e-3b8e-4a57-9a39-2b1a7f1a3c11"])
def test_one_that_the_client_gives_is_taken_over(given: str, client: Client) -> None:
    assert client.get("/login/", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "two words", "line\nbreak", "编号编号编号编号", "a<script>b"])
def test_one_that_is_not_well_formed_is_replaced(given: str, client: Client) -> None:
    assert client.get("/login/", headers={"x-request-id": given})["X-Request-ID"] != given


def test_it_is_in_the_log_of_the_request(client: Client, log: io.StringIO) -> None:
    client.get("/nowhere", headers={"x-request-id": "order-2025-0002"})
    client.get("/login/", headers={"x-request-id": "order-2025-0003"})
    logging.getLogger("portal.test").warning("said in the view")
    first, second = log.getvalue().splitlines()
    assert "[order-2025-0002]" in first
    assert "[order-2025-0003] said in the view" in second

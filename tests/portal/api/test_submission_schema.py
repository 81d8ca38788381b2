"""schemathesis submits what the schema allows and more, as a client that may: every answer is described."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from tests.portal.api.clients import SUBMISSIONS, client_with, token_of
from tests.portal.api.test_whole_schema import CHECKS, schema

submissions = schema.include(path=SUBMISSIONS)
_keys = itertools.count()


@pytest.fixture
def token(loaded_plans: None) -> Iterator[str]:
    """A token that may submit. The connection stays open between requests: it holds the transaction of the test."""
    secret = token_of(client_with(departments=("bazhong-ecology-environment",), rate_per_minute=6000))
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@submissions.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_described(case: Any, token: str) -> None:
    headers = {"Accept-Encoding": "identity", "Authorization": f"Token {token}"}
    if case.method == "POST" and (case.headers or {}).get("Idempotency-Key"):
        headers["Idempotency-Key"] = f"key-{next(_keys)}"  # or most would be refused for using one again
    case.call_and_validate(headers=headers, checks=CHECKS)

"""schemathesis asks every endpoint for everything that the schema allows and more: nothing breaks, and every answer is
one that the schema describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.accounts.models import User
from portal.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
# The session below is the one that asks; invented tokens and sessions would only be refused.
schema.config.generation.with_security_parameters = False


@pytest.fixture
def session(loaded_plans: None, leader: User) -> Iterator[dict[str, str]]:
    """The cookie of somebody who may read. The connection stays open between requests: it holds the transaction of the
    test."""
    client = Client()
    client.force_login(leader)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {name: morsel.value for name, morsel in client.cookies.items()}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=5, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_described(case: schemathesis.Case[Any], session: dict[str, str]) -> None:
    headers = {"Accept-Encoding": "identity"}  # schemathesis does not unpack what comes by WSGI
    case.call_and_validate(cookies=session, headers=headers, checks=CHECKS)

"""/healthz: for load balancers, without signing in."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client


@pytest.mark.django_db
def test_healthy_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_unhealthy_without_a_database_and_silent_about_why(client: Client) -> None:
    with patch("portal.health.connection.cursor", side_effect=DatabaseError("password=secret")):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"database unavailable")

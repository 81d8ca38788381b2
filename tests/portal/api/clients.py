"""Clients of the API for tests, and asking as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from indicators.models import Plan
from portal.api.clients import Scope, issue_token, save_client
from portal.api.models import ApiClient
from regions.models import Department

SUBMISSIONS = "/api/v1/values/submissions/"


def client_with(
    *plans: str, name: str = "市大数据局共享平台", departments: tuple[str, ...] = (), **values: Any
) -> ApiClient:
    """A client that reads these plans (all without any), and submits for these departments."""
    scope = Scope(
        plans=list(Plan.objects.filter(slug__in=plans)),
        all_plans=not plans,
        may_submit=values.pop("may_submit", bool(departments)),
        departments=list(Department.objects.filter(code__in=departments)),
    )
    return save_client(ApiClient(name=name, **values), scope, person=None)


def token_of(client: ApiClient, *, now: datetime | None = None, days: int = 365) -> str:
    """A new token of the client."""
    return issue_token(client, now=now or timezone.now(), person=None, days=days)[1]


def asking_as(client: ApiClient) -> Client:
    """An HTTP client that shows a token of the API client."""
    return Client(headers={"authorization": f"Token {token_of(client)}"})


def fill_submissions(count: int = 20) -> None:
    """So many submissions of a value each."""
    client = client_with("bazhong", departments=("bazhong-ecology-environment",))
    asking = asking_as(client)
    for number in range(count):
        body = {"values": [{"indicator": "bazhong-02", "year": 2023, "value": f"{30 + number}", "reason": "更正"}]}
        answer = asking.post(SUBMISSIONS, body, "application/json", headers={"idempotency-key": f"key-{number}"})
        assert answer.status_code == 201, answer.content.decode()


def fill_clients() -> None:
    """Twenty clients with a plan and a token each."""
    for number in range(20):
        token_of(client_with("bazhong", name=f"系统{number}"))

"""Submissions of a department's system, for the tests of the API."""

from __future__ import annotations

from typing import Any

from django.test import Client

from indicators.models import YearlyValue
from tests.portal.api.clients import SUBMISSIONS

BUREAU = "bazhong-ecology-environment"
YEAR = 2022


def row(value: Any = "27.6", indicator: str = "bazhong-02", year: Any = YEAR, **fields: Any) -> dict[str, Any]:
    """A row to submit."""
    return {"indicator": indicator, "year": year, "value": value, **fields}


_keys = iter(range(10**9))


def post(asking: Client, *rows: Any, key: str | None = None, **fields: Any) -> Any:
    """The answer to a submission, under a key of its own."""
    headers = {"idempotency-key": f"key-{next(_keys)}" if key is None else key}
    return asking.post(SUBMISSIONS, {"values": list(rows), **fields}, "application/json", headers=headers)


def submitted(asking: Client, **parameters: Any) -> list[dict[str, Any]]:
    """What the list says of the client's values."""
    answer = asking.get(SUBMISSIONS, parameters)
    assert answer.status_code == 200, answer.content.decode()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def stored(indicator: str = "bazhong-02", year: int = YEAR) -> YearlyValue:
    """The value that stands."""
    return YearlyValue.objects.get(indicator__code=indicator, year=year)


def problems(answer: Any) -> dict[str, str]:
    """What an error lists, by field."""
    return {each["field"]: each["message"] for each in answer.json()["detail"]}

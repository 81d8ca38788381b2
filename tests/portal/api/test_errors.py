"""Every error has one shape, says in Chinese what to do, and is never a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from rest_framework import exceptions

from portal.accounts.models import User
from regions.api.errors import MESSAGES, Conflict, TooLarge, Unprocessable, answer
from tests.api_clients import reader

pytestmark = pytest.mark.django_db
SHAPE = {"code", "message", "field", "detail", "request_id"}


@pytest.mark.parametrize(
    ("address", "parameters", "status", "code"),
    [
        ("/api/v1/status/", {"nonsense": "1"}, 400, "invalid"),
        ("/api/v1/status/", {"page": "x", "page_size": "-1"}, 400, "invalid"),
        ("/api/v1/status/", {"search": "a\x00b"}, 400, "invalid"),
        ("/api/v1/status/", {"plan": "a\x00b"}, 400, "invalid"),
        ("/api/v1/status/", {"year": "٢٠٢٥"}, 400, "invalid"),
        ("/api/v1/status/", {"year": "99999999999999999999"}, 400, "invalid"),
        ("/api/v1/status/", {"page": "999999"}, 404, "not_found"),
        ("/api/v1/status/", {"format": "xml"}, 406, "not_acceptable"),
        ("/api/v1/status/?format=json&format=csv", {}, 406, "not_acceptable"),
        ("/api/v1/status/?format=", {}, 406, "not_acceptable"),
        ("/api/v1/schema/?format=xml", {}, 406, "not_acceptable"),
        ("/api/v1/status/", {"format": "csv", "nonsense": "1"}, 400, "invalid"),
        ("/api/v1/status/nothing/nowhere/2025/", {}, 404, "not_found"),
        ("/api/v1/status/nothing/nowhere/20250/", {}, 404, "not_found"),
        ("/api/v1/plans/nothing/", {}, 404, "not_found"),
        ("/api/v1/plans/nothing/", {"year": "2025"}, 400, "invalid"),
        ("/api/v1/plans", {}, 404, "not_found"),
        ("/api/v2/plans/", {}, 404, "not_found"),
        ("/api/v1/plans/%00/", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_answered(address: str, parameters: dict[str, str], status: int, code: str) -> None:
    response = reader().get(address, parameters or None)
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    error = response.json()
    assert set(error) == SHAPE
    assert error["code"] == code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error["message"])


def test_every_problem_is_listed() -> None:
    asked = {"year": "x", "verdict": "y", "page": "0", "plan": "z", "as_of": "w", "ordering": "v", "extra": "u"}
    error = reader().get("/api/v1/status/", asked).json()
    assert {problem["field"] for problem in error["detail"]} == set(asked)
    assert error["field"] == ""


@pytest.mark.parametrize("accept", ["text/csv", "application/json", "*/*", "text/html,*/*;q=0.8"])
def test_an_error_is_json_whatever_was_asked_for(accept: str) -> None:
    response = reader().get("/api/v1/status/", {"year": "x"}, headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert reader().get("/api/v1/status/", headers={"accept": "text/html"}).status_code == 406


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_another_method_is_not_known(method: str) -> None:
    response = getattr(reader(), method)("/api/v1/plans/")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"]


def test_a_condition_that_does_not_hold_is_said_in_json() -> None:
    response = reader().get("/api/v1/plans/", headers={"if-match": '"another"'})
    assert (response.status_code, response["Content-Type"]) == (412, "application/json")
    assert set(response.json()) == SHAPE
    assert response.json()["code"] == "precondition_failed"


def test_options_say_what_an_address_is_and_nothing_that_the_schema_says_otherwise() -> None:
    answered = reader().options("/api/v1/values/submissions/").json()
    assert set(answered) == {"title", "methods", "documentation"}
    assert {"GET", "POST"} <= set(answered["methods"])


def test_a_request_that_django_refuses_is_answered_in_json(client: Client, leader: User) -> None:
    client.force_login(leader)
    for address, kind in (("/api/v1/plans/", "application/json"), ("/", "text/html; charset=utf-8")):
        response = client.get(address, headers={"host": "evil.example"})
        assert (response.status_code, response["Content-Type"]) == (400, kind)
    assert client.get("/api/v1/plans/", headers={"host": "evil.example"}).json()["code"] == "bad_request"


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (PermissionDenied("不能。"), 403, {"code": "permission_denied", "message": "不能。"}),
        (ValidationError({"value": ["太大。"]}), 400, {"field": "value", "message": "太大。"}),
        (Conflict("已被他人修改。"), 409, {"code": "conflict", "message": "已被他人修改。"}),
        (TooLarge("太大。"), 413, {"code": "too_large"}),
        (Unprocessable({"values": [{}, {"value": ["不对。"]}]}), 422, {"field": "values.1.value", "message": "不对。"}),
        (Unprocessable({"values": {"0": {"a": ["一"], "b": ["二"]}}}), 422, {"message": MESSAGES["unprocessable"]}),
        (Conflict({"a": ["一"], "b": ["二"]}), 409, {"message": MESSAGES["conflict"]}),
        (TooLarge({"a": ["一"], "b": ["二"]}), 413, {"message": MESSAGES["invalid"]}),
        (exceptions.Throttled(wait=3.2), 429, {"code": "throttled"}),
        (exceptions.UnsupportedMediaType("text/plain"), 415, {"code": "unsupported_media_type"}),
        (RuntimeError("password=secret"), 500, {"code": "error", "detail": []}),
    ],
)
def test_errors_of_views_have_the_shape(
    error: Exception, status: int, expected: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    response = answer(error, {})
    assert response is not None
    assert response.status_code == status
    assert set(response.data) == SHAPE
    assert response.data | expected == response.data
    assert "secret" not in str(response.data)
    assert (response.get("Retry-After") == "4") == (status == 429)

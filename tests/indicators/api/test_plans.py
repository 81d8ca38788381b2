"""/api/v1/plans/: what a plan says, and who is told of it."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.api_clients import reader, rows_of

pytestmark = pytest.mark.usefixtures("loaded_plans")

PLANS = "/api/v1/plans/"


def test_a_plan_says_what_its_document_says() -> None:
    row = reader().get(f"{PLANS}bazhong/").json()
    assert row == {
        "slug": "bazhong",
        "title": "巴中市“十四五”生态环境保护规划",
        "region": "bazhong",
        "period_start": 2021,
        "period_end": 2025,
        "baseline_year": 2020,
        "target_year": 2025,
        "document_number": "",
        "issuer": "巴中市生态环境局",
        "stage": "issued",
        "coordinating_department": "bazhong-ecology-environment",
        "declared_indicator_count": 25,
        "indicator_count": 25,
    }


def test_a_token_reads_the_plans_of_its_scope() -> None:
    assert [row["slug"] for row in rows_of(reader("liaoyuan", "bazhong"), PLANS)] == ["bazhong", "liaoyuan"]
    assert reader("liaoyuan").get(f"{PLANS}bazhong/").status_code == 404


def test_a_person_who_is_signed_in_reads_all_plans(client: Client, leader: User) -> None:
    client.force_login(leader)
    assert client.get(PLANS).json()["count"] == 5


def test_nobody_reads_without_a_token(client: Client, db: None) -> None:
    response = client.get(PLANS)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response.json() == {
        "code": "not_authenticated",
        "message": "请求没有带访问令牌。请在请求头写明 Authorization: Token <令牌>。",
        "field": "",
        "detail": [],
        "request_id": response["X-Request-ID"],
    }


def test_every_problem_of_the_parameters_is_told_at_once() -> None:
    response = reader().get(PLANS, {"stage": "isued", "page": "0", "ordering": "nonsense", "year": "2025"})
    assert response.status_code == 400
    answer = response.json()
    assert answer["code"] == "invalid"
    assert {problem["field"] for problem in answer["detail"]} == {"stage", "page", "ordering", "year"}
    assert "issued（已印发）" in next(each["message"] for each in answer["detail"] if each["field"] == "stage")


def test_an_unknown_address_is_told_of_in_json(client: Client) -> None:
    response = client.get("/api/v1/nothing/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"

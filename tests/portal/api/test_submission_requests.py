"""Requests that submit: bodies, keys against doing twice, and how long they are remembered."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from indicators.models import ReportingRound, ValueSubmission, YearlyValue
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from tests.portal.api.clients import SUBMISSIONS, asking_as, client_with
from tests.portal.api.submitting import BUREAU, YEAR, post, problems, row, stored, submitted

pytestmark = pytest.mark.django_db


#: By field what none takes.
UNTAKEN: dict[str, list[Any]] = {
    "value": ["", None, True, [], {}, "x", "1" * 50, "27.60001", 1e-9, 10**12, "NaN", "-", "1e5", "\0", "\ud800"],
    "year": [None, "2022", 2022.0, True, 0, -1, 10**30, []],
    "indicator": [None, 1, [], {}, "", "\0", "\ud800", "x" * 5000],
    "region": [1, [], {}, "\0", "\ud800", "x" * 5000],
    "revision": ["1", 0, -1, 1.5, True, 10**30, []],
    "source": [1, [], "字" * 301, "a\0b", "\ud800", "字" * 3000],
    "source_url": ["no address"],
    "note": ["字" * 501],
    "reason": ["字" * 501],
    "colour": ["red"],
    "\ud800": [1],
}


def test_a_parameter_that_there_is_not_is_no_dry_run(asking: Client) -> None:
    answer = asking.post(
        f"{SUBMISSIONS}?dry_run=true", {"values": [row()]}, "application/json", headers={"idempotency-key": "x"}
    )
    assert (answer.status_code, answer.json()["field"]) == (400, "dry_run")
    assert not YearlyValue.objects.filter(indicator__code="bazhong-02", year=YEAR).exists()


def test_a_body_in_pieces_is_not_taken_for_an_empty_one(asking: Client) -> None:
    headers = {"idempotency-key": "x", "transfer-encoding": "chunked"}
    answer = asking.post(SUBMISSIONS, {"values": [row()]}, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")
    assert not ValueSubmission.objects.exists()


class TestIdempotency:
    """A request that is sent again is answered again and writes nothing."""

    def test_the_same_answer_again(self, asking: Client, opened: ReportingRound, reviewer: User) -> None:
        first = post(asking, row(), key="2025-01")
        approve_values([stored()], person=reviewer, now=timezone.now())
        again = post(asking, row(), key="2025-01")
        assert (again.status_code, again.json()) == (201, first.json())
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        assert stored().revision == 2

    def test_the_same_content_written_otherwise(self, asking: Client) -> None:
        first = post(asking, row(), key="2025-01")
        spaced = json.dumps({"values": [dict(reversed(row().items()))]}, indent=4)
        again = asking.post(SUBMISSIONS, spaced, "application/json", headers={"idempotency-key": "2025-01"})
        assert again.json() == first.json()

    def test_another_content_under_the_same_key(self, asking: Client) -> None:
        post(asking, row(), key="2025-01")
        for answer in (post(asking, row("28"), key="2025-01"), post(asking, row(), key="2025-01", as_draft=True)):
            assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
        assert stored().value == Decimal("27.6")

    def test_a_refused_request_gives_the_key_back(self, asking: Client) -> None:
        assert post(asking, row("约28"), key="2025-01").status_code == 422
        assert post(asking, row("28"), key="2025-01").status_code == 201

    def test_keys_are_each_clients_own(self, asking: Client, loaded_plans: None) -> None:
        post(asking, row(), key="2025-01")
        other = asking_as(client_with("bazhong", name="另一系统", departments=(BUREAU,)))
        assert post(other, row(indicator="bazhong-01", value="95"), key="2025-01").status_code == 201

    @pytest.mark.parametrize("key", ["", "a" * 201, "two words", "钥匙"])
    def test_a_key_is_needed(self, key: str, asking: Client) -> None:
        answer = post(asking, row(), key=key.encode().decode("latin-1"))
        assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key")


class TestBodies:
    """What is sent is read strictly, and never brings an error of the portal."""

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b'{"values": [{"indicator": "bazhong-02", "year": 2022, "value": NaN}]}',
            b'{"values": [], "values": []}',
            b"[" * 100_000,
            b'{"values": [{"indicator": "bazhong-02", "year": ' + b"9" * 5000 + b"}]}",
        ],
    )
    def test_what_is_no_json(self, sent: bytes, asking: Client) -> None:
        answer = asking.post(SUBMISSIONS, sent, "application/json", headers={"idempotency-key": "k"})
        assert answer.status_code == (422 if sent == b"" else 400), answer.content
        assert is_chinese(answer.json()["message"])

    @pytest.mark.parametrize("body", [[], "x", 1, None, {}, {"values": None}, {"values": []}, {"values": {}}])
    def test_what_is_no_list_of_values(self, body: Any, asking: Client) -> None:
        answer = asking.post(SUBMISSIONS, json.dumps(body), "application/json", headers={"idempotency-key": "k"})
        assert answer.status_code == 422
        assert "values" in problems(answer)

    @pytest.mark.parametrize(("field", "sent"), [(name, each) for name, bad in UNTAKEN.items() for each in bad])
    def test_what_no_field_takes(self, field: str, sent: Any, asking: Client) -> None:
        answer = post(asking, row(**{field: sent}) if field not in row() else {**row(), field: sent})
        assert answer.status_code == 422, answer.content
        found = problems(answer)
        assert all(name.startswith("values.0.") and is_chinese(message) for name, message in found.items()), found

    def test_as_draft_is_yes_or_no(self, asking: Client) -> None:
        assert problems(post(asking, row(), as_draft="yes", draft=True)).keys() == {"as_draft", "draft"}

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    )
    def test_json_only(self, kind: str, asking: Client) -> None:
        answer = asking.post(SUBMISSIONS, b"values=1", kind, headers={"idempotency-key": "k"})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


class TestForgetting:
    """`manage.py prune_submissions`, run every day."""

    def test_a_key_is_forgotten_when_it_is_old_and_its_values_were_stated_again(self, asking: Client) -> None:
        post(asking, row("27.6"), key="first")
        post(asking, row("27.7", reason="更正"), key="second")
        call_command("prune_submissions")
        assert ValueSubmission.objects.count() == 2
        ValueSubmission.objects.update(submitted_at=timezone.now() - timedelta(days=91))
        call_command("prune_submissions")
        assert [each.key for each in ValueSubmission.objects.all()] == ["second"]
        assert [each["value"] for each in submitted(asking)] == ["27.7"]
        assert stored().history.count() == 2

    @pytest.mark.parametrize("days", ["89", "x", "-100", "9" * 30])
    def test_not_before_what_clients_are_promised(self, days: str, db: None) -> None:
        with pytest.raises(CommandError, match="至少保留 90 天"):
            call_command("prune_submissions", f"--days={days}")


def is_chinese(text: str) -> bool:
    """Whether a message is Chinese."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)

"""Who is let in, how often, and that no secret is told anywhere."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.views.debug import ExceptionReporter
from django.views.decorators.debug import sensitive_variables
from pytest_django import Settings
from rest_framework.request import Request

from portal.accounts.models import User
from portal.api.authentication import TokenAuthentication
from portal.api.clients import Scope, revoke_tokens, save_client
from portal.api.models import AccessToken
from portal.api.throttling import FAILURE_RATE
from tests.portal.api.clients import SUBMISSIONS, asking_as, client_with, token_of

pytestmark = pytest.mark.django_db

PLANS = "/api/v1/plans/"


def get(header: str | None, path: str = PLANS, **extra: Any) -> Any:
    """The answer to a request with this header."""
    return Client().get(path, headers={"authorization": header} if header is not None else {}, **extra)


@sensitive_variables()
def broken(*arguments: object) -> None:
    """Something that fails."""
    raise RuntimeError("broken")


class TestToken:
    """401 for whatever is no valid token."""

    def test_a_valid_one_reads_its_scope(self, loaded_plans: None) -> None:
        answer = get(f"Token {token_of(client_with('bazhong', 'liaoyuan'))}")
        assert [row["slug"] for row in answer.json()["results"]] == ["bazhong", "liaoyuan"]

    def test_every_refusal_looks_alike(self, administrator: User) -> None:
        client, inactive = client_with("bazhong"), client_with(name="停用的系统")
        expired = token_of(client, now=timezone.now() - timedelta(days=2), days=1)
        revoked = token_of(client)
        revoke_tokens(
            AccessToken.objects.filter(digest__gt="", expires_at__gt=timezone.now()),
            now=timezone.now(),
            person=administrator,
        )
        closed = token_of(inactive)
        inactive.is_active = False
        save_client(inactive, Scope(all_plans=True), person=None)
        said = {}
        for name, header in {
            "none": None,
            "other scheme": "Basic abc",
            "bare": "Token",
            "two": "Token a b",
            "unknown": "Token ghzb_" + "x" * 43,
            "not ascii": "Token 令牌".encode().decode("latin-1"),
            "long": "Token " + "x" * 5000,
            "expired": f"Token {expired}",
            "revoked": f"Token {revoked}",
            "inactive": f"Token {closed}",
        }.items():
            for path in (PLANS, SUBMISSIONS, f"{PLANS}bazhong/"):
                answer = get(header, path)
                assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token"), name
                assert answer.json().keys() == {"code", "message", "field", "detail", "request_id"}
            said[name] = answer.json()["message"]
        assert said["none"] == said["other scheme"]
        assert said["unknown"] == said["not ascii"] == said["long"]
        assert "Authorization: Token" in said["bare"]
        assert "到期" in said["expired"]
        assert "令牌已停用" in said["revoked"]
        assert "客户端已停用" in said["inactive"]

    def test_a_deactivated_account_lets_nobody_in(self, loaded_plans: None) -> None:
        client = client_with()
        secret = token_of(client)
        client.account.is_active = False
        client.account.save()
        assert get(f"Token {secret}").status_code == 401

    def test_revoking_counts_at_once(self, administrator: User) -> None:
        client = client_with()
        asking = asking_as(client)
        assert asking.get(PLANS).status_code == 200
        revoke_tokens(client.tokens.all(), now=timezone.now(), person=administrator)
        assert asking.get(PLANS).status_code == 401

    def test_it_opens_no_page(self, loaded_plans: None) -> None:
        assert asking_as(client_with()).get("/").status_code == 302
        assert asking_as(client_with(name="另一系统")).get("/admin/").status_code == 302

    def test_the_last_use_is_noted_once_a_minute(self, loaded_plans: None) -> None:
        client = client_with()
        asking = asking_as(client)
        asking.get(PLANS, REMOTE_ADDR="10.1.2.3")
        token = client.tokens.get()
        assert token.last_used_address == "10.1.2.3"
        assert token.last_used_at is not None
        assert timezone.now() - token.last_used_at < timedelta(minutes=1)
        with CaptureQueriesContext(connection) as captured:
            asking.get(PLANS, REMOTE_ADDR="10.9.9.9")
        assert not [each for each in captured if each["sql"].startswith("UPDATE")]
        earlier = timezone.now() - timedelta(seconds=61)
        client.tokens.update(last_used_at=earlier)
        asking.get(PLANS, REMOTE_ADDR="10.9.9.9")
        assert client.tokens.get().last_used_address == "10.9.9.9"

    def test_a_request_costs_one_query_for_its_token(self, loaded_plans: None) -> None:
        secret = token_of(client_with())
        request = HttpRequest()
        request.META["HTTP_AUTHORIZATION"] = f"Token {secret}"
        TokenAuthentication().authenticate(Request(request))
        with CaptureQueriesContext(connection) as captured:
            TokenAuthentication().authenticate(Request(request))
        assert len(captured) == 1


class TestLimits:
    """429 with Retry-After."""

    @pytest.fixture(autouse=True)
    def within_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The minute does not turn."""
        monkeypatch.setattr("portal.api.rates.time.time", lambda: 1_800_000_010.0)

    def test_each_client_has_its_own(self, loaded_plans: None) -> None:
        slow, fast = (asking_as(client_with(name=name, rate_per_minute=rate)) for name, rate in (("甲", 3), ("乙", 50)))
        assert [slow.get(PLANS).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
        answer = slow.get(PLANS)
        assert (answer.json()["code"], answer["Retry-After"]) == ("throttled", "50")
        assert fast.get(PLANS).status_code == 200

    def test_tokens_of_one_client_share_it(self, loaded_plans: None) -> None:
        client = client_with(rate_per_minute=3)
        first, second = asking_as(client), asking_as(client)
        assert [asking.get(PLANS).status_code for asking in (first, second, first, second)] == [200, 200, 200, 429]

    def test_failures_of_an_address(self, loaded_plans: None) -> None:
        secret = token_of(client_with())
        wrong = [get("Token wrong", REMOTE_ADDR="10.1.1.1").status_code for _ in range(FAILURE_RATE)]
        assert set(wrong) == {401}
        for header in ("Token wrong", None):
            answer = get(header, REMOTE_ADDR="10.1.1.1")
            assert (answer.status_code, answer["Retry-After"]) == (429, "50")
        assert get("Token wrong", REMOTE_ADDR="10.1.1.2").status_code == 401
        assert get(f"Token {secret}", REMOTE_ADDR="10.1.1.1").status_code == 200

    def test_one_subscriber_with_many_addresses(self, loaded_plans: None) -> None:
        for number in range(FAILURE_RATE):
            get("Token wrong", REMOTE_ADDR=f"2001:db8::{number + 1:x}")
        assert get("Token wrong", REMOTE_ADDR="2001:db8::ffff").status_code == 429
        assert get("Token wrong", REMOTE_ADDR="2001:db8:0:1::1").status_code == 401

    def test_people_have_one_too(self, client: Client, leader: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.api.throttling.PERSON_RATE", 2)
        client.force_login(leader)
        assert [client.get(PLANS).status_code for _ in range(3)] == [200, 200, 429]


class TestSecrets:
    """A token is in no log, no report and no answer."""

    def test_not_in_the_log(self, caplog: pytest.LogCaptureFixture, loaded_plans: None) -> None:
        caplog.set_level(logging.DEBUG)
        secret = token_of(client_with())
        for path in (PLANS, "/api/v1/nowhere/", "/nowhere", f"{PLANS}?wrong=1"):
            get(f"Token {secret}", path)
            get(f"Token {secret}x", path)
        assert "/api/v1/nowhere/" in caplog.text
        assert secret not in caplog.text

    def test_not_in_the_report_of_an_error(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where authentication itself breaks, with the token at hand: what a portal would mail of the error."""
        settings.DEBUG = False
        monkeypatch.setattr("portal.api.authentication.digest_of", broken)
        secret = f"ghzb_{'s' * 43}"
        request = RequestFactory().get(PLANS, headers={"authorization": f"Token {secret}"})
        with pytest.raises(RuntimeError) as raised:
            TokenAuthentication().authenticate(Request(request))
        ours = raised.tb.tb_next  # without this test, which knows the token
        reporter = ExceptionReporter(request, raised.type, raised.value, ours)
        for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
            assert PLANS in report
            assert secret not in report

    def test_an_error_of_the_portal_is_answered_without_a_trace(
        self, monkeypatch: pytest.MonkeyPatch, loaded_plans: None
    ) -> None:
        secret = token_of(client_with())
        monkeypatch.setattr("portal.api.authentication.complaint_about", broken)
        answer = Client(raise_request_exception=False).get(PLANS, headers={"authorization": f"Token {secret}"})
        assert (answer.status_code, answer.json()["code"]) == (500, "error")
        assert answer.json()["request_id"] == answer["X-Request-ID"]
        assert "RuntimeError" not in answer.content.decode()


class TestOtherHosts:
    """Scripts of other hosts are told nothing."""

    @pytest.mark.parametrize("method", ["get", "options", "post"])
    def test_no_cors(self, method: str, loaded_plans: None) -> None:
        asking = asking_as(client_with())
        headers = {"origin": "https://example.org", "access-control-request-method": "POST"}
        for path in (PLANS, SUBMISSIONS):
            answer = getattr(asking, method)(path, headers=headers)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")]

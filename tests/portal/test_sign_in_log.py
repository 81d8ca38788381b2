"""The sign-in log: every sign-in, failure, lock and sign-out is in it, and nobody changes it through the portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.accounts.management.commands import prune_sign_in_log
from portal.accounts.models import SignInRecord, User
from tests.portal.test_sign_in import fail, sign_in

pytestmark = pytest.mark.django_db

LOG = "/admin/accounts/signinrecord/"


def outcomes() -> list[str]:
    """What the log says, oldest first."""
    return list(SignInRecord.objects.order_by("pk").values_list("outcome", flat=True))


def test_signing_in_and_out(client: Client, leader: User) -> None:
    sign_in(client, leader.username, HTTP_USER_AGENT="Firefox", REMOTE_ADDR="10.1.2.3")
    client.post("/logout/")
    assert outcomes() == ["success", "signed_out"]
    record = SignInRecord.objects.get(outcome="success")
    assert (record.account, record.user, record.address, record.browser) == (
        leader.username,
        leader,
        "10.1.2.3",
        "Firefox",
    )


def test_a_wrong_password_is_kept_with_the_account_as_typed_and_never_the_password(
    client: Client, leader: User
) -> None:
    sign_in(client, leader.username, "a-secret-slip")
    sign_in(client, "nobody-here", "a-secret-slip")
    known, unknown = SignInRecord.objects.order_by("pk")
    assert (known.user, known.outcome) == (leader, "wrong_password")
    assert (unknown.user, unknown.account) == (None, "nobody-here")
    assert not any("a-secret-slip" in str(value) for row in SignInRecord.objects.values_list() for value in row)


def test_a_lock_and_what_it_refuses(client: Client, leader: User) -> None:
    fail(client, leader.username, 5)
    assert outcomes() == ["wrong_password"] * 5 + ["locked"]
    sign_in(client, leader.username)
    assert outcomes() == ["wrong_password"] * 5 + ["locked"] * 2


def test_a_deactivated_person_who_tries_is_recorded(client: Client, leader: User) -> None:
    leader.is_active = False
    leader.save()
    sign_in(client, leader.username)
    assert outcomes() == ["wrong_password"]


def test_what_a_visitor_sends_is_cut(client: Client, loaded_plans: None) -> None:
    sign_in(client, "x" * 150, "wrong", HTTP_USER_AGENT="b" * 5000)
    record = SignInRecord.objects.get()
    assert (len(record.account), len(record.browser)) == (150, 200)


def test_signing_in_leaves_no_line_in_the_history_of_the_account(client: Client, leader: User) -> None:
    before = leader.history.count()
    sign_in(client, leader.username)
    leader.refresh_from_db()
    assert leader.last_login is not None
    assert leader.history.count() == before


class TestPruning:
    """`manage.py prune_sign_in_log`, run every day."""

    def aged(self, *ages: int) -> None:
        """Lines that many days old."""
        for days in ages:
            SignInRecord.objects.create(account=f"{days}", outcome="success", at=timezone.now() - timedelta(days=days))

    def left(self) -> set[str]:
        return set(SignInRecord.objects.values_list("account", flat=True))

    def test_lines_older_than_the_limit_go_and_all_others_stay(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.aged(0, 399, 401, 900)
        call_command("prune_sign_in_log")
        assert self.left() == {"0", "399"}
        assert "已删除 2 条" in capsys.readouterr().out
        call_command("prune_sign_in_log", "--days", "184")
        assert self.left() == {"0"}

    @pytest.mark.parametrize("days", ["183", "0", "-400", "many"])
    def test_less_than_six_months_is_refused(self, days: str) -> None:
        self.aged(150, 900)
        with pytest.raises(CommandError, match="至少保留六个月"):
            call_command("prune_sign_in_log", f"--days={days}")
        assert self.left() == {"150", "900"}

    def test_many_lines_go_in_several_steps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prune_sign_in_log, "BATCH", 2)
        self.aged(10, 500, 501, 502, 503, 504)
        call_command("prune_sign_in_log")
        assert self.left() == {"10"}


class TestAdmin:
    def test_an_administrator_reads_filters_and_searches(self, client: Client, administrator: User) -> None:
        sign_in(Client(), "nobody-here", "wrong", REMOTE_ADDR="10.1.2.3")
        client.force_login(administrator)
        page = client.get(LOG, {"outcome": "wrong_password", "q": "10.1.2"}).content.decode()
        assert "nobody-here" in page
        assert "账号或密码错误" in page
        assert "nobody-here" not in client.get(LOG, {"outcome": "success"}).content.decode()
        assert client.get(f"{LOG}{SignInRecord.objects.first().pk}/change/").status_code == 200  # type: ignore[union-attr]

    def test_nobody_writes_it(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        record = SignInRecord.objects.get()
        before = SignInRecord.objects.values().get()
        answers: list[Any] = [
            client.post(f"{LOG}add/", {"account": "x", "outcome": "success"}),
            client.post(f"{LOG}{record.pk}/change/", {"account": "x", "outcome": "success"}),
            client.post(f"{LOG}{record.pk}/delete/", {"post": "yes"}),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403]
        client.post(LOG, {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"})
        assert SignInRecord.objects.values().get() == before

    @pytest.mark.parametrize("person", ["entry_staff", "reviewer", "leader"])
    def test_others_do_not_see_it(self, client: Client, request: pytest.FixtureRequest, person: str) -> None:
        client.force_login(request.getfixturevalue(person))
        assert client.get(LOG).status_code in (302, 403)
        assert LOG not in client.get("/admin/", follow=True).content.decode()

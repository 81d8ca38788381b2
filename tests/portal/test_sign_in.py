"""Signing in: the lock after wrong passwords, the end of idle sessions, people who left, and whose address counts."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from http.cookies import Morsel
from ipaddress import ip_network
from typing import Any
from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from indicators.models import Indicator
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.addresses import client_address
from portal.accounts.models import User
from regions.models import Membership

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


def sign_in(client: Client, account: str, password: str = PASSWORD, **headers: Any) -> Any:
    """Send the sign-in form."""
    return client.post("/login/", {"username": account, "password": password}, **headers)


def fail(client: Client, account: str, times: int, **headers: Any) -> Any:
    """Give a wrong password that often; gives the last answer."""
    for _ in range(times):
        response = sign_in(client, account, "wrong", **headers)
    return response


def signed_in(client: Client) -> bool:
    """Whether pages open."""
    return bool(client.get("/departments/").status_code == 200)


def let_pass(minutes: float) -> None:
    """Move stored sessions and wrong passwords into the past."""
    gone = timedelta(minutes=minutes)
    for session in Session.objects.all():
        session.expire_date -= gone
        session.save()
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - gone)


class TestLockout:
    def test_the_fifth_wrong_password_locks_and_the_page_says_so(self, client: Client, leader: User) -> None:
        assert "已锁定" not in fail(client, leader.username, 4).content.decode()
        response = fail(client, leader.username, 1)
        page = response.content.decode()
        until = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=15))
        assert response.status_code == 429
        assert f"登录已锁定，{until:%H:%M} 以后可以再试" in page
        assert "锁定 15 分钟" in page
        assert "联系本单位的系统管理员" in page
        assert f'value="{leader.username}"' in page

    def test_the_right_password_does_not_open_a_lock(self, client: Client, leader: User) -> None:
        fail(client, leader.username, 5)
        assert sign_in(client, leader.username).status_code == 429
        assert not signed_in(client)

    def test_the_page_warns_before_it_locks(self, client: Client, leader: User) -> None:
        assert "次不正确，将锁定" not in fail(client, leader.username, 2).content.decode()
        assert "再有 2 次不正确，将锁定 15 分钟" in fail(client, leader.username, 1).content.decode()
        assert "再有 1 次不正确，将锁定 15 分钟" in fail(client, leader.username, 1).content.decode()

    def test_a_lock_ends_after_fifteen_minutes_however_often_one_tries(self, client: Client, leader: User) -> None:
        fail(client, leader.username, 5)
        let_pass(14)
        assert fail(client, leader.username, 3).status_code == 429
        let_pass(1)
        assert sign_in(client, leader.username).status_code == 302
        assert signed_in(client)

    def test_changing_the_browser_does_not_help(self, client: Client, leader: User) -> None:
        for number in range(5):
            response = fail(client, leader.username, 1, HTTP_USER_AGENT=f"browser {number}")
        assert response.status_code == 429
        assert sign_in(client, leader.username, HTTP_USER_AGENT="another").status_code == 429

    def test_other_accounts_and_addresses_stay_open(self, client: Client, leader: User, reviewer: User) -> None:
        fail(client, leader.username, 5)
        assert sign_in(Client(), reviewer.username).status_code == 302
        assert sign_in(Client(), leader.username, REMOTE_ADDR="10.1.2.3").status_code == 302

    def test_signing_in_clears_the_count(self, client: Client, leader: User) -> None:
        fail(client, leader.username, 4)
        sign_in(client, leader.username)
        client.post("/logout/")
        assert fail(client, leader.username, 4).status_code == 200

    def test_an_unknown_account_is_treated_the_same(self, client: Client, leader: User) -> None:
        known = fail(client, leader.username, 5).content.decode()
        unknown = fail(Client(), "nobody-here", 5).content.decode()
        assert "登录已锁定" in known
        assert "登录已锁定" in unknown

    def test_an_administrator_sees_and_lifts_a_lock(self, client: Client, administrator: User, leader: User) -> None:
        fail(client, leader.username, 5, REMOTE_ADDR="10.1.2.3")
        keeper = Client()
        keeper.force_login(administrator)
        person = reverse("admin:accounts_user_change", args=[leader.pk])
        assert "从 10.1.2.3 登录已锁定至" in keeper.get(person).content.decode()
        chosen = {"action": "unlock", "_selected_action": [leader.pk]}
        page = keeper.post(reverse("admin:accounts_user_changelist"), chosen, follow=True).content.decode()
        assert "已解除 1 个账号的登录锁定" in page
        assert "未锁定" in keeper.get(person).content.decode()
        assert LogEntry.objects.get(object_id=leader.pk).change_message == "解除登录锁定"
        assert sign_in(client, leader.username, REMOTE_ADDR="10.1.2.3").status_code == 302


class TestIdleTimeOut:
    def test_a_session_ends_with_the_browser(self, client: Client, leader: User) -> None:
        response = sign_in(client, leader.username)
        cookie: Morsel[str] = response.cookies[settings.SESSION_COOKIE_NAME]
        assert not cookie["max-age"]
        assert not cookie["expires"]

    def test_after_thirty_idle_minutes_the_sign_in_page_says_why_and_returns(
        self, client: Client, leader: User
    ) -> None:
        sign_in(client, leader.username)
        let_pass(30)
        response = client.get("/plans/bazhong/?year=2024", follow=True)
        page = response.content.decode()
        assert "您已超过 30 分钟没有操作" in page
        assert "登录后会回到刚才的页面" in page
        address = response.redirect_chain[-1][0]
        form = {"username": leader.username, "password": PASSWORD, "next": response.context["next"]}
        back = client.post(address, form)
        assert back.headers["Location"] == "/plans/bazhong/?year=2024"

    def test_requests_keep_a_session_alive(self, client: Client, leader: User) -> None:
        sign_in(client, leader.username)
        now = 1_800_000_000
        for minutes in (20, 40, 60):
            let_pass(20)
            with mock.patch("portal.accounts.middleware.time.time", return_value=now + minutes * 60):
                assert signed_in(client)

    def test_reading_on_does_not_write(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        client.get("/departments/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/departments/")
        assert {query["sql"].lstrip("(").split()[0] for query in captured} == {"SELECT"}

    def test_a_form_sent_too_late_returns_to_its_page(self, client: Client, leader: User) -> None:
        sign_in(client, leader.username)
        let_pass(30)
        page = "http://testserver/password/"
        response = client.post("/password/", {"old_password": "x"}, HTTP_REFERER=page)
        assert response.headers["Location"] == "/login/?next=/password/&ended=idle"

    def test_a_foreign_page_is_no_place_to_return_to(self, client: Client, leader: User) -> None:
        response = client.post("/password/", HTTP_REFERER="https://elsewhere.example/phishing")
        assert response.headers["Location"] == "/login/"
        response = client.post(
            "/login/?next=https://elsewhere.example/", {"username": leader.username, "password": PASSWORD}
        )
        assert response.headers["Location"] == "/"

    def test_signing_out_too_late_is_no_error(self, client: Client, leader: User) -> None:
        sign_in(client, leader.username)
        let_pass(30)
        assert client.post("/logout/").headers["Location"] == "/login/"

    @pytest.mark.parametrize("address", ["/login/", "/logout/", "/login/?next=/login/"])
    def test_signing_in_never_leads_back_to_signing_in(self, client: Client, leader: User, address: str) -> None:
        client.force_login(leader)
        assert client.get("/login/", {"next": address}).headers["Location"] == "/"

    def test_a_first_visit_is_not_told_of_inactivity(self, client: Client) -> None:
        page = client.get("/plans/bazhong/", follow=True).content.decode()
        assert "没有操作" not in page
        assert "登录后会自动打开您要看的页面" in page

    def test_an_unusable_limit_is_refused(self) -> None:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        result = subprocess.run(
            [sys.executable, "-c", "import portal.settings.base"],
            cwd=settings.BASE_DIR,
            env={**inherited, "SESSION_IDLE_MINUTES": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "SESSION_IDLE_MINUTES" in result.stderr


class TestPeopleWhoLeave:
    def test_deactivation_ends_the_session_at_once_and_for_good(
        self, client: Client, administrator: User, entry_staff: User
    ) -> None:
        sign_in(client, entry_staff.username)
        assert signed_in(client)
        User.objects.filter(pk=entry_staff.pk).update(is_active=False)
        assert client.get("/departments/").headers["Location"] == "/login/?next=/departments/"
        User.objects.filter(pk=entry_staff.pk).update(is_active=True)
        assert not signed_in(client)

    def test_an_administrator_deactivates_and_the_work_stays_under_the_name(
        self, client: Client, administrator: User, entry_staff: User
    ) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal("27.6"))
        value = record_value(entry, person=entry_staff, now=timezone.now())
        sign_in(client, entry_staff.username)
        keeper = Client()
        keeper.force_login(administrator)
        membership = entry_staff.memberships.get()
        form = {
            "username": entry_staff.username,
            "full_name": "已离岗的人",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": membership.pk,
            "memberships-0-user": entry_staff.pk,
            "memberships-0-department": membership.department_id,
            "memberships-0-role": membership.role,
        }  # a box that is not ticked is not sent: is_active
        address = reverse("admin:accounts_user_change", args=[entry_staff.pk])
        assert keeper.post(address, form).status_code == 302
        assert client.get("/entry/").headers["Location"] == "/login/?next=/entry/"
        sign_in(client, entry_staff.username)
        assert not signed_in(client)
        left = entry_staff.history.first()
        assert (left.is_active, left.history_user) == (False, administrator)
        assert value.history.get().history_user == entry_staff
        assert "已离岗的人" in keeper.get("/indicators/bazhong-02/").content.decode()

    def test_a_deactivated_person_cannot_sign_in_and_keeps_the_memberships(
        self, client: Client, entry_staff: User
    ) -> None:
        entry_staff.is_active = False
        entry_staff.save()
        page = sign_in(client, entry_staff.username).content.decode()
        assert "账号已停用时，请联系本单位的系统管理员" in page
        assert Membership.objects.get(user=entry_staff).history.count() == 1
        assert [record.is_active for record in entry_staff.history.all()] == [False, True]


def test_the_header_names_the_person_and_leads_to_password_and_sign_out(client: Client, leader: User) -> None:
    client.force_login(leader)
    page = client.get("/").content.decode()
    assert str(leader) in page
    assert '<a class="button-quiet" href="/password/">修改密码</a>' in page
    assert 'action="/logout/"' in page


def test_a_form_of_an_earlier_sign_in_is_refused_in_chinese(leader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": leader.username, "password": PASSWORD})
    assert response.status_code == 403
    assert "页面已过期，没有提交成功" in response.content.decode()


class TestAddresses:
    @pytest.mark.parametrize(
        ("connection_from", "forwarded", "trusted", "address"),
        [
            ("10.0.0.9", "", [], "10.0.0.9"),
            ("10.0.0.9", "203.0.113.5", [], "10.0.0.9"),  # nobody is trusted
            ("127.0.0.1", "203.0.113.5", ["127.0.0.1"], "203.0.113.5"),
            ("127.0.0.1", "1.1.1.1, 203.0.113.5", ["127.0.0.1"], "203.0.113.5"),  # 1.1.1.1 was made up
            ("127.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.2", ["127.0.0.1", "10.0.0.0/8"], "203.0.113.5"),
            ("203.0.113.5", "1.1.1.1", ["127.0.0.1"], "203.0.113.5"),  # past the proxy
            ("127.0.0.1", "unknown", ["127.0.0.1"], "127.0.0.1"),
            ("127.0.0.1", "", ["127.0.0.1"], "127.0.0.1"),
            ("::ffff:10.0.0.9", "", [], "10.0.0.9"),
            ("::1", "2001:db8::5", ["::1"], "2001:db8::5"),
            ("", "203.0.113.5", ["127.0.0.1"], None),
        ],
    )
    def test_the_header_counts_only_from_a_trusted_proxy(
        self, settings: Settings, connection_from: str, forwarded: str, trusted: list[str], address: str | None
    ) -> None:
        settings.TRUSTED_PROXIES = [ip_network(each) for each in trusted]
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=connection_from)
        assert client_address(request) == address

    def test_a_made_up_header_does_not_escape_the_lock(self, client: Client, leader: User) -> None:
        for number in range(5):
            response = fail(client, leader.username, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        assert response.status_code == 429

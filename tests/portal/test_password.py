"""Passwords: the rules in plain words, the own change, and the first password that must be replaced."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.accounts.models import SignInRecord, User
from tests.portal.test_sign_in import fail, sign_in

pytestmark = pytest.mark.django_db

OLD = "a long enough password"
NEW = "Qing-shan-2025"


def change(client: Client, new: str = NEW, old: str = OLD, again: str | None = None, **more: str) -> Any:
    """Send the form of the password page."""
    again = new if again is None else again
    return client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": again, **more})


class TestRules:
    @pytest.mark.parametrize(
        ("password", "advice"),
        [
            ("Ab1-efghi", "请用至少 10 个字符"),
            ("123456789012", "现在没有小写字母、大写字母、符号"),
            ("abcdefghij12", "现在没有大写字母、符号"),
            ("abcd efgh ij", "现在没有大写字母、数字、符号"),
            ("Tianbao.User-1", "请换一个与本人信息无关的密码"),
            ("Wang.Fang@Bureau", "请换一个与本人信息无关的密码"),
            ("Password123", "太常见"),
        ],
    )
    def test_a_weak_password_is_refused_with_advice(self, password: str, advice: str) -> None:
        user = User(username="tianbao.user", email="wang.fang@bureau.example")
        with pytest.raises(ValidationError) as refused:
            validate_password(password, user)
        assert advice in "".join(refused.value.messages)

    @pytest.mark.parametrize("password", ["qing-shan-2025", "QINGSHANlvshui1", "青山绿水Lvshui-ok", "AAAA----aaaa"])
    def test_three_kinds_of_characters_are_enough(self, password: str) -> None:
        validate_password(password, User(username="tianbao"))

    def test_the_last_three_passwords_are_refused_and_the_one_before_is_free(
        self, client: Client, leader: User
    ) -> None:
        client.force_login(leader)
        passwords = [OLD, "Qing-shan-2025", "Lv-shui-2025", "Lan-tian-2025"]
        for old, new in pairwise(passwords):
            assert change(client, new, old).status_code == 302
        for used in passwords[1:]:
            page = change(client, used, passwords[-1]).content.decode()
            assert "最近 3 次用过的密码之一" in page
        user = User.objects.get(pk=leader.pk)
        assert user.check_password(passwords[-1])
        user.set_password("Bai-yun-2025")
        user.save()
        validate_password("Qing-shan-2025", user)

    def test_no_password_is_stored_readable(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        change(client)
        leader.refresh_from_db()
        assert len(leader.recent_passwords) == 2
        assert not any(NEW in kept or OLD in kept for kept in leader.recent_passwords)
        assert leader.recent_passwords[0] == leader.password


class TestOwnChange:
    def test_the_page_says_the_rules(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        page = client.get("/password/").content.decode()
        for rule in ("至少 10 个字符", "至少有 3 种", "不与最近 3 次用过的密码相同", "不与账号、姓名或邮箱相似"):
            assert rule in page

    def test_a_change_is_confirmed_and_ends_other_sessions(self, client: Client, leader: User) -> None:
        other = Client()
        other.force_login(leader)
        client.force_login(leader)
        page = client.get(change(client).headers["Location"]).content.decode()
        assert "密码已修改" in page
        assert other.get("/").status_code == 302
        assert Client().login(username=leader.username, password=NEW)
        assert not Client().login(username=leader.username, password=OLD)

    @pytest.mark.parametrize(
        ("fields", "advice"),
        [
            ({"old": "not it"}, "原密码不正确"),
            ({"again": "Qing-shan-2026"}, "两次填写的新密码不一致"),
            ({"new": "short", "again": "short"}, "请用至少 10 个字符"),
            ({"new": "", "again": ""}, "请填写新密码"),
            ({"old": ""}, "请填写原密码"),
        ],
    )
    def test_a_mistake_is_explained_and_changes_nothing(
        self, client: Client, leader: User, fields: dict[str, str], advice: str
    ) -> None:
        client.force_login(leader)
        response = change(client, **fields)
        page = response.content.decode()
        assert response.status_code == 200
        assert advice in page
        assert "密码没有修改" in page
        leader.refresh_from_db()
        assert leader.check_password(OLD)

    def test_it_returns_only_to_pages_of_the_portal(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        assert change(client, next="https://elsewhere.example/").headers["Location"] == "/"

    def test_the_admins_own_page_leads_here(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        assert client.get("/admin/password_change/").headers["Location"] == "/password/"

    def test_nobody_without_sign_in(self, client: Client, loaded_plans: None) -> None:
        assert client.get("/password/").headers["Location"] == "/login/?next=/password/"


class TestGuessingTheOldPassword:
    """Somebody at a machine left open guesses: the same limit, lock and log as at sign-in."""

    def guess(self, client: Client, times: int) -> Any:
        """Give a wrong old password that often; gives the last answer."""
        for _ in range(times):
            response = change(client, old="a-secret-slip")
        return response

    def test_the_fifth_wrong_one_signs_out_locks_and_says_so(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        assert "将退出登录" not in self.guess(client, 2).content.decode()
        assert "原密码再有 2 次不正确，将退出登录并锁定 15 分钟" in self.guess(client, 1).content.decode()
        assert "原密码再有 1 次不正确" in self.guess(client, 1).content.decode()
        assert client.get("/departments/").status_code == 200
        response = self.guess(client, 1)
        page = response.content.decode()
        assert response.status_code == 429
        assert "密码没有修改，已退出登录" in page
        assert "登录已锁定" in page
        assert "联系本单位的系统管理员" in page
        assert client.get("/departments/").headers["Location"] == "/login/?next=/departments/"
        assert sign_in(client, leader.username).status_code == 429
        assert User.objects.get(pk=leader.pk).check_password(OLD)

    def test_each_is_in_the_log_and_no_password_is_kept(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        self.guess(client, 5)
        lines = SignInRecord.objects.filter(user=leader).exclude(outcome="success").order_by("pk")
        assert [line.outcome for line in lines] == ["wrong_at_change"] * 5 + ["locked", "signed_out"]
        kept = [*SignInRecord.objects.values_list(), *AccessAttempt.objects.values_list()]
        assert not any(text in str(row) for row in kept for text in ("a-secret-slip", NEW))

    def test_wrong_ones_at_sign_in_and_here_add_up(self, client: Client, leader: User) -> None:
        fail(Client(), leader.username, 3)
        client.force_login(leader)
        assert self.guess(client, 2).status_code == 429

    def test_the_right_one_is_refused_while_a_lock_lasts(self, client: Client, leader: User) -> None:
        fail(Client(), leader.username, 5)
        client.force_login(leader)
        assert change(client).status_code == 429
        assert User.objects.get(pk=leader.pk).check_password(OLD)

    def test_the_right_one_clears_the_count(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        self.guess(client, 4)
        page = change(client, again="Qing-shan-2026").content.decode()
        assert "将退出登录" not in page
        assert self.guess(client, 4).status_code == 200
        assert change(client).status_code == 302


class TestFirstPassword:
    @pytest.fixture
    def newcomer(self, leader: User) -> User:
        """Somebody who signs in with a password that an administrator chose."""
        leader.must_change_password = True
        leader.save()
        return leader

    def test_every_page_leads_to_the_change_until_it_is_done(self, client: Client, newcomer: User) -> None:
        client.force_login(newcomer)
        for page in ("/", "/plans/bazhong/", "/admin/", "/no-such-page-in-the-portal/"):
            response = client.get(page)
            if response.status_code != 404:
                assert response.headers["Location"] == f"/password/?next={page}"
        assert "您现在的密码是管理员设置的" in client.get("/password/").content.decode()
        assert change(client, next="/plans/bazhong/").headers["Location"] == "/plans/bazhong/"
        assert client.get("/plans/bazhong/").status_code == 200
        newcomer.refresh_from_db()
        assert not newcomer.must_change_password

    def test_the_given_password_cannot_be_kept(self, client: Client, newcomer: User) -> None:
        client.force_login(newcomer)
        assert change(client, OLD).status_code == 200
        assert client.get("/").status_code == 302

    def test_nothing_can_be_sent_past_it(self, client: Client, newcomer: User) -> None:
        client.force_login(newcomer)
        response = client.post("/departments/", HTTP_REFERER="http://testserver/departments/")
        assert response.headers["Location"] == "/password/?next=/departments/"

    def test_signing_out_stays_possible(self, client: Client, newcomer: User) -> None:
        client.force_login(newcomer)
        assert client.get("/healthz").status_code == 200
        assert client.post("/logout/").headers["Location"] == "/login/"
        assert client.get("/").headers["Location"] == "/login/?next=/"

    def test_an_account_made_in_the_admin_needs_an_own_password(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        form = {
            "username": "new-person",
            "full_name": "新人",
            "password1": NEW,
            "password2": NEW,
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        }
        response = client.post(reverse("admin:accounts_user_add"), form)
        assert response.status_code == 302, response.content.decode()
        assert User.objects.get(username="new-person").must_change_password

    def test_a_reset_by_an_administrator_needs_one_again_and_ends_the_sessions(
        self, client: Client, administrator: User, leader: User
    ) -> None:
        person = Client()
        person.force_login(leader)
        client.force_login(administrator)
        address = reverse("admin:auth_user_password_change", args=[leader.pk])
        form = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"}
        assert client.post(address, form).status_code == 302
        leader.refresh_from_db()
        assert leader.must_change_password
        assert leader.check_password(NEW)
        assert person.get("/").headers["Location"] == "/login/?next=/"

    def test_administrators_change_their_own_password_like_everybody(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        address = reverse("admin:auth_user_password_change", args=[administrator.pk])
        assert client.get(address).headers["Location"] == "/password/"

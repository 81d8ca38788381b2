"""Clients, their accounts and their tokens: what is stored, and what nobody can do with them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Plan
from indicators.permissions import enterable_indicators
from portal.accounts.models import User
from portal.api.clients import PREFIX, Scope, issue_token, revoke_tokens, save_client
from portal.api.models import AccessToken, ApiClient
from regions.models import Department, Membership, Role
from tests.portal.api.clients import client_with, token_of

pytestmark = pytest.mark.django_db

BUREAU = "bazhong-ecology-environment"


def everything_stored() -> str:
    """All that the database keeps, as text."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608  our own tables
            found.append(repr(cursor.fetchall()))
    return "".join(found)


def made(*arguments: str) -> tuple[str, str]:
    """What `create_token` writes to stdout and stderr."""
    out, errors = StringIO(), StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


class TestToken:
    """A token is a secret that only its owner has."""

    def test_only_the_digest_is_stored_and_the_start_shown(self, loaded_plans: None) -> None:
        client = client_with()
        token, secret = issue_token(client, now=timezone.now(), person=None)
        assert secret.startswith(PREFIX)
        assert len(secret) == len(PREFIX) + 43
        assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
        assert str(token) == f"{secret[:9]}…"
        assert secret[10:] not in everything_stored()

    def test_two_are_never_alike_and_both_stay_valid(self, loaded_plans: None) -> None:
        client = client_with()
        assert token_of(client) != token_of(client)
        assert [token.state() for token in client.tokens.all()] == ["valid", "valid"]

    def test_it_expires_to_the_second(self, loaded_plans: None) -> None:
        now = timezone.now()
        token, _ = issue_token(client_with(), now=now, person=None, days=1)
        assert token.state(now + timedelta(hours=23, minutes=59)) == "valid"
        assert token.state(now + timedelta(days=1)) == "expired"

    @pytest.mark.parametrize("days", [0, -1, 1097])
    def test_a_term_has_bounds(self, days: int, loaded_plans: None) -> None:
        with pytest.raises(ValidationError, match="有效天数应在 1 至 1096 之间"):
            issue_token(client_with(), now=timezone.now(), person=None, days=days)

    def test_revoking_is_for_good_and_keeps_who_did(self, administrator: User) -> None:
        token, _ = issue_token(client_with(), now=timezone.now(), person=administrator)
        now = timezone.now()
        assert revoke_tokens([token], now=now, person=administrator) == 1
        assert revoke_tokens([token], now=now + timedelta(days=1), person=administrator) == 0
        token.refresh_from_db()
        assert (token.state(), token.revoked_at, token.revoked_by) == ("revoked", now, administrator)

    @pytest.mark.parametrize("role", ["entry_staff", "reviewer", "leader"])
    def test_administrators_only(self, role: str, request: pytest.FixtureRequest, loaded_plans: None) -> None:
        person, client = request.getfixturevalue(role), client_with()
        token, _ = issue_token(client, now=timezone.now(), person=None)
        for action in (
            lambda: save_client(client, Scope(all_plans=True), person=person),
            lambda: issue_token(client, now=timezone.now(), person=person),
            lambda: revoke_tokens([token], now=timezone.now(), person=person),
        ):
            with pytest.raises(PermissionDenied):
                action()
        token.refresh_from_db()
        assert token.state() == "valid"


class TestClient:
    """A client acts under an account of its own."""

    def test_the_account_has_the_clients_name_and_its_departments(self, bureau: Department) -> None:
        client = client_with("bazhong", departments=(BUREAU,))
        account = client.account
        assert (str(account), account.has_usable_password()) == ("接口：市大数据局共享平台", False)
        assert list(account.memberships.values_list("department", "role")) == [(bureau.pk, Role.ENTRY)]
        assert enterable_indicators(account).exists()
        save_client(client, Scope(plans=list(client.plans.all())), person=None)
        assert not enterable_indicators(account).exists()

    def test_changing_it_keeps_history_with_author(self, administrator: User) -> None:
        client = client_with("bazhong")
        client.name = "省厅平台"
        save_client(client, Scope(all_plans=True, may_submit=True), person=administrator, reason="职能调整")
        newest = client.history.latest()
        assert (newest.name, newest.all_plans, str(client.account)) == ("省厅平台", True, "接口：省厅平台")
        assert client.history.filter(history_user=administrator, history_change_reason="职能调整").exists()
        assert not client.plans.exists()

    @pytest.mark.parametrize(
        ("scope", "field"),
        [
            (lambda: Scope(), "plans"),
            (lambda: Scope(plans=[Plan.objects.all()[0]], all_plans=True), "plans"),
            (lambda: Scope(all_plans=True, departments=[Department.objects.all()[0]]), "departments"),
        ],
    )
    def test_a_scope_that_says_nothing_or_contradicts_itself(self, scope: Any, field: str, loaded_plans: None) -> None:
        with pytest.raises(ValidationError) as raised:
            save_client(ApiClient(name="平台"), scope(), person=None)
        assert list(raised.value.message_dict) == [field]
        assert not ApiClient.objects.exists()

    def test_a_name_is_used_once(self, loaded_plans: None) -> None:
        client_with()
        with pytest.raises(ValidationError):
            client_with()
        assert User.objects.filter(is_service_account=True).count() == 1

    def test_a_deactivated_client_has_a_deactivated_account(self, loaded_plans: None) -> None:
        client = client_with()
        client.is_active = False
        save_client(client, Scope(all_plans=True), person=None)
        assert not User.objects.get(pk=client.account_id).is_active

    def test_nobody_signs_in_with_its_account(self, client: Client, loaded_plans: None) -> None:
        account = client_with().account
        account.set_password("Qing-shan-2025")
        account.save()
        client.post("/login/", {"username": account.username, "password": "Qing-shan-2025"})
        assert client.get("/").status_code == 302
        client.force_login(account)
        assert client.get("/").status_code == 302

    def test_an_administrator_cannot_give_it_a_password(self, client: Client, administrator: User) -> None:
        account = client_with().account
        client.force_login(administrator)
        address = reverse("admin:auth_user_password_change", args=[account.pk])
        password = {"password1": "Qing-shan-2025", "password2": "Qing-shan-2025"}
        assert "接口账号没有密码" in client.post(address, password, follow=True).content.decode()
        account.refresh_from_db()
        assert not account.has_usable_password()

    def test_it_is_no_administrator(self, loaded_plans: None) -> None:
        account = client_with().account
        account.is_superuser = True
        with pytest.raises(ValidationError, match="接口账号不能是管理员"):
            account.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            account.save()


class TestCommand:
    """manage.py create_token"""

    def test_it_prints_the_token_and_nothing_else(self, loaded_plans: None) -> None:
        out, errors = made("市大数据局", "--plan", "bazhong", "liaoyuan", "--days", "30")
        assert errors == ""
        token = AccessToken.objects.get(digest=hashlib.sha256(out.removesuffix("\n").encode()).hexdigest())
        assert set(token.client.plan_scope().values_list("slug", flat=True)) == {"bazhong", "liaoyuan"}
        assert (token.client.may_submit, (token.expires_at - token.created_at).days) == (False, 30)

    def test_without_a_plan_all_are_read(self, loaded_plans: None) -> None:
        made("市大数据局")
        assert ApiClient.objects.get().plan_scope().count() == Plan.objects.count()

    def test_it_submits_for_the_departments_named(self, loaded_plans: None) -> None:
        _, errors = made("水文系统", "--submit", "--department", "bazhong-water-resources")
        assert errors == ""
        assert Membership.objects.get(user__is_service_account=True).department.code == "bazhong-water-resources"

    def test_else_for_those_that_coordinate_the_plans_and_says_so(self, loaded_plans: None) -> None:
        _, errors = made("监测系统", "--plan", "bazhong", "--plan", "bazhong-checklist", "--submit")
        assert "以统筹部门的身份提交：巴中市 市生态环境局。" in errors
        assert Membership.objects.get(user__is_service_account=True).department.code == BUREAU

    def test_without_any_it_says_what_is_missing(self, loaded_plans: None) -> None:
        out, errors = made("监测系统", "--submit")
        assert out.startswith(PREFIX)
        assert "请在管理后台选定填报部门" in errors

    def test_a_client_that_exists_gets_another_token(self, loaded_plans: None) -> None:
        first, second = made("市大数据局", "--plan", "bazhong")[0], made("市大数据局")[0]
        assert first != second
        assert ApiClient.objects.get().tokens.count() == 2
        assert list(ApiClient.objects.get().plans.values_list("slug", flat=True)) == ["bazhong"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["市大数据局", "--plan", "liaoyuan"], "已经存在"),
            (["新系统", "--plan", "nowhere"], "没有这些规划：nowhere"),
            (["新系统", "--submit", "--department", "nobody"], "没有这些部门：nobody"),
            (["新系统", "--department", BUREAU], "--department 只与 --submit 一起使用"),
            (["新系统", "--days", "0"], "有效天数应在"),
            (["停用的系统"], "已停用"),
            (["名" * 51], "50"),
        ],
    )
    def test_what_it_refuses_leaves_nothing(self, arguments: list[str], said: str, loaded_plans: None) -> None:
        client_with("bazhong", name="市大数据局")
        save_client(client_with(name="停用的系统"), Scope(all_plans=True), person=None)
        ApiClient.objects.filter(name="停用的系统").update(is_active=False)
        with pytest.raises(CommandError, match=said):
            made(*arguments)
        assert (ApiClient.objects.count(), AccessToken.objects.count()) == (2, 0)

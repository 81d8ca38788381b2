"""Clients and tokens in the admin."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from indicators.models import Plan
from portal.accounts.models import User
from portal.api.models import AccessToken, ApiClient
from regions.models import Department
from tests.portal.admin_addresses import change_address, changelist
from tests.portal.api.clients import client_with, token_of

pytestmark = pytest.mark.django_db

NEW_TOKEN = "/admin/api/accesstoken/add/"
SECRET = re.compile(r'value="(ghzb_[\w-]{43})"')


@pytest.fixture
def admin_client(client: Client, administrator: User) -> Client:
    """The administrator's browser."""
    client.force_login(administrator)
    return client


def test_a_client_is_made_with_its_scope_and_departments(admin_client: Client, bureau: Department) -> None:
    plan = Plan.objects.get(slug="bazhong")
    fields = {
        "name": "监测系统",
        "contact": "张三",
        "is_active": "on",
        "plans": [plan.pk],
        "may_submit": "on",
        "departments": [bureau.pk],
        "rate_per_minute": 60,
    }
    admin_client.post(changelist(ApiClient) + "add/", fields)
    made = ApiClient.objects.get()
    assert (list(made.plans.all()), made.rate_per_minute) == ([plan], 60)
    assert made.account.memberships.get().department == bureau
    history = made.history.latest()
    assert (str(history.history_user), history.channel) == (str(made.history.first().history_user), "管理后台")
    page = admin_client.get(change_address(made)).content.decode()
    assert "生成新令牌" in page
    assert "市生态环境局" in page
    admin_client.post(change_address(made), {**fields, "name": "新监测系统", "departments": []})
    made.refresh_from_db()
    assert (made.name, made.account.memberships.count()) == ("新监测系统", 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"all_plans": "on"}, "请不要再选规划"),
        ({"plans": []}, "请选择可读的规划"),
        ({"may_submit": ""}, "不需要填报部门"),
        ({"rate_per_minute": 0}, "1"),
        ({"name": ""}, "必填"),
        ({"name": "监测\n系统"}, "写成一行"),
        ({"contact": "张三\x1b[31m"}, "写成一行"),
    ],
)
def test_what_a_client_cannot_be_is_said_at_the_form(
    changes: dict[str, object], said: str, admin_client: Client, bureau: Department
) -> None:
    fields = {
        "name": "监测系统",
        "plans": [Plan.objects.get(slug="bazhong").pk],
        "may_submit": "on",
        "departments": [bureau.pk],
        "rate_per_minute": 60,
    }
    answer = admin_client.post(changelist(ApiClient) + "add/", {**fields, **changes})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ApiClient.objects.exists()


def test_a_new_token_is_shown_once_and_kept_nowhere(
    admin_client: Client, administrator: User, caplog: pytest.LogCaptureFixture
) -> None:
    made = client_with()
    answer = admin_client.post(NEW_TOKEN, {"client": made.pk, "days": 90})
    found = SECRET.search(answer.content.decode())
    assert found is not None
    assert "no-store" in answer["Cache-Control"]
    token = AccessToken.objects.get()
    assert (token.created_by, (token.expires_at - token.created_at).days) == (administrator, 90)
    later = [admin_client.get(path) for path in (changelist(AccessToken), change_address(token), change_address(made))]
    told = "".join(each.content.decode() for each in later) + caplog.text
    told += repr(dict(admin_client.session)) + repr(list(LogEntry.objects.values()))
    assert found[1] not in told
    assert token.digest not in told
    assert str(token) in told


@pytest.mark.parametrize("fields", [{"days": 90}, {"client": "x", "days": 90}, {"client": "1", "days": 9999}])
def test_a_token_is_not_made_from_a_wrong_form(
    fields: dict[str, object], admin_client: Client, loaded_plans: None
) -> None:
    made = client_with()
    answer = admin_client.post(NEW_TOKEN, {**fields, **({"client": made.pk} if fields.get("client") == "1" else {})})
    assert "令牌没有生成" in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_revoking_from_the_list(admin_client: Client, administrator: User) -> None:
    made = client_with()
    for _ in range(2):
        token_of(made)
    chosen = made.tokens.all()[0]
    action = {"action": "revoke", "_selected_action": [chosen.pk]}
    asked = admin_client.post(changelist(AccessToken), action)
    assert "不能恢复" in asked.content.decode()
    assert chosen.start in asked.content.decode()
    assert {token.state() for token in made.tokens.all()} == {"valid"}
    action["confirmed"] = "yes"
    assert "已停用 1 个令牌" in admin_client.post(changelist(AccessToken), action, follow=True).content.decode()
    assert {token.state() for token in made.tokens.all()} == {"valid", "revoked"}
    chosen.refresh_from_db()
    assert chosen.revoked_by == administrator
    assert "都已经停用" in admin_client.post(changelist(AccessToken), action, follow=True).content.decode()


def test_nothing_is_deleted_and_a_token_is_not_changed(admin_client: Client, loaded_plans: None) -> None:
    made = client_with()
    token_of(made)
    token = made.tokens.get()
    for record in (made, token):
        delete = change_address(record).replace("/change/", "/delete/")
        assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert admin_client.post(change_address(token), {"expires_at": "2099-01-01"}).status_code == 403


@pytest.mark.parametrize("role", ["entry_staff", "reviewer"])
def test_administrators_only(role: str, client: Client, request: pytest.FixtureRequest, loaded_plans: None) -> None:
    client.force_login(request.getfixturevalue(role))
    made = client_with()
    token_of(made)
    for address in (
        changelist(ApiClient),
        changelist(ApiClient) + "add/",
        changelist(AccessToken),
        NEW_TOKEN,
        change_address(made),
        change_address(made.tokens.get()),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"client": made.pk, "days": 9}).status_code == 403
    assert "接口客户端" not in client.get(reverse("admin:index")).content.decode()
    assert made.tokens.count() == 1

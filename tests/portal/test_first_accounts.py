"""The accounts of a fresh portal: one of each role, random passwords, readable by the owner only."""

from __future__ import annotations

import re
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Settings, tmp_path: Path, loaded_plans: None) -> Path:
    """Where the passwords are kept."""
    settings.BASE_DIR = tmp_path
    settings.VAR_DIR = tmp_path
    return tmp_path / "first-accounts.txt"


def create() -> str:
    """Run the command; gives what it printed."""
    output = StringIO()
    call_command("create_first_accounts", stdout=output)
    return output.getvalue()


def test_one_account_of_each_role_that_can_sign_in(file: Path, client: Client) -> None:
    printed = create()
    pairs = re.findall(r"账号 (\S+)  密码 (\S+)", printed)
    assert [name for name, _ in pairs] == ["tianbao", "shenhe", "lingdao", "guanli"]
    assert all(client.login(username=name, password=password) for name, password in pairs)
    assert len({password for _, password in pairs}) == 4
    assert {user.memberships.get().role for user in User.objects.all()} == {
        "entry",
        "reviewer",
        "leader",
        "administrator",
    }


def test_the_file_is_its_owners_alone(file: Path) -> None:
    create()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "tianbao" in file.read_text(encoding="utf-8")


def test_a_portal_with_accounts_is_left_alone(file: Path) -> None:
    create()
    before = set(User.objects.values_list("username", "password"))
    printed = create()
    assert set(User.objects.values_list("username", "password")) == before
    assert "密码 " not in printed
    assert "first-accounts.txt" in printed

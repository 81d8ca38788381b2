"""接口使用说明: what does not need a server. Its examples are run by tests/committed/test_api_clients.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from regions.api.errors import MESSAGES

pytestmark = pytest.mark.django_db

GUIDE = "/api/guide/"


def test_a_developer_without_an_account_reads_it(client: Client) -> None:
    page = client.get(GUIDE).content.decode()
    assert "Authorization: Token $PORTAL_TOKEN" in page
    assert "http://testserver/api/v1/status/" in page


def test_people_find_it_at_the_foot_of_every_page(client: Client, leader: User) -> None:
    client.force_login(leader)
    assert f'href="{GUIDE}"' in client.get("/password/").content.decode()


def test_it_explains_every_code_of_an_error(client: Client) -> None:
    page = client.get(GUIDE).content.decode()
    for code in [*MESSAGES, "conflict", "unprocessable", "too_large"]:
        assert f"<code>{code}</code>" in page


def test_every_example_names_its_language_or_is_no_program(client: Client) -> None:
    page = client.get(GUIDE).content.decode()
    unnamed = re.findall(r'<pre tabindex="0"><code>(.*?)</code>', page, re.DOTALL)
    assert unnamed == ["export PORTAL_TOKEN=ghzb_…"]


def test_the_program_that_mirrors_needs_requests_alone_and_is_short() -> None:
    source = Path(settings.BASE_DIR, "docs", "api", "mirror.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
    assert imported == {"json", "os", "sqlite3", "sys", "typing", "requests"}
    assert len(source.splitlines()) < 80

"""Every indicator and department of the five plans has its page, and list and page count the same."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from indicators.models import Indicator
from portal.accounts.models import User
from regions.models import Department

pytestmark = pytest.mark.usefixtures("loaded_plans")


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def test_every_indicator_has_its_page(reader: Client) -> None:
    for code in Indicator.objects.values_list("code", flat=True):
        html(reader, f"/indicators/{code}/")


def test_every_department_has_its_page_and_counts_as_the_board(reader: Client) -> None:
    board = html(reader, "/departments/")
    for code in Department.objects.values_list("code", flat=True):
        assert f'"/departments/{code}/"' in board
        row = re.search(rf'<tr>\s*<th scope="row"><a href="/departments/{code}/">.*?</tr>', board, re.DOTALL)
        counts = dict(re.findall(r'<td data-label="(..)(?:指标)?"[^>]*>(\d+)', row[0])) if row else {}
        page = html(reader, f"/departments/{code}/")
        shown = dict(re.findall(r'<dt>(..)(?:指标)?</dt><dd><span class="figures-text">(\d+)', page))
        for part in ("牵头", "统筹", "参与", "任务", "项目"):
            assert int(counts.get(part, 0)) == int(shown.get(part, 0)), (code, part)

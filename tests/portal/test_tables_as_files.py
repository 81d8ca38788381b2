"""Every page of the dashboards that shows a table hands it out as a workbook."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from indicators.models import Topic
from portal.accounts.models import User
from portal.dashboards.urls import urlpatterns
from projects.models import KeyProject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]

#: The wall shows the overview once more, to be read from four metres; its tables are those of the overview.
WITHOUT_FILE = {"screen"}
#: What stands for the arguments of an address, by the name of the address, else by the name of the argument.
CODES = {"indicator": "bazhong-02", "department": "bazhong-ecology-environment", "slug": "bazhong"}


def address_of(name: str, arguments: list[str]) -> str:
    """A page of that name that has something to show."""
    if not arguments:
        return reverse(name)
    if name == "topic":
        return reverse(name, args=[Topic.objects.filter(indicators__plan__slug="bazhong").values_list("key")[0][0]])
    if name == "project":
        return reverse(name, args=[KeyProject.objects.exclude(deliverables=None).values_list("code")[0][0]])
    code = CODES["department"] if name.startswith("department") else CODES.get(name, CODES["slug"])
    return reverse(name, args=[code])


@pytest.mark.parametrize("name", [str(each.name) for each in urlpatterns if each.name not in WITHOUT_FILE])
def test_the_pages_table_as_a_workbook(client: Client, leader: User, name: str) -> None:
    client.force_login(leader)
    pattern = next(each for each in urlpatterns if each.name == name)
    address = address_of(name, list(pattern.pattern.converters))
    page = client.get(address).content.decode()
    if "<table" not in page:
        assert name in ("problems",), f"{address} shows no table: nothing is tested"
        return
    assert "format=xlsx" in page
    book = load_workbook(BytesIO(client.get(address, {"format": "xlsx"}).getvalue()))
    assert len(book.sheetnames) >= 2

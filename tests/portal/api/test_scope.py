"""Who reads what: every endpoint × whoever asks × whose record it is. The scope is one, and it holds for lists, single
records, files, filters and changes alike."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from indicators.api.scope import is_everything
from indicators.models import Indicator, Measure, Plan
from portal.accounts.models import User
from portal.api.urls import endpoints
from projects.models import KeyProject
from tests.api_clients import file_of, reader, rows_of

pytestmark = pytest.mark.usefixtures("loaded_plans")

#: Lists, a record of Bazhong, and one of Liaoyuan. Where there is none, the list has no single records.
RECORDS: dict[str, tuple[str, str] | None] = {
    "plans": ("bazhong", "liaoyuan"),
    "indicators": ("bazhong-02", "liaoyuan-p01"),
    "values": ("bazhong-02/bazhong/2024", "liaoyuan-p01/liaoyuan/2024"),
    "status": ("bazhong-02/bazhong/2024", "liaoyuan-p01/liaoyuan/2024"),
    "status/summary": None,
    "measures": ("bazhong-m001", "liaoyuan-m001"),
    "projects": ("bazhong-c02-01", "liaoyuan-c01-01"),
    "departments": ("bazhong-ecology-environment", "liaoyuan-ecology-environment"),
}
#: The catalogues that belong to no plan.
CATALOGUES = ("regions", "topics")


def test_no_endpoint_is_left_out_of_this_table() -> None:
    urls: list[Any] = list(endpoints)
    lists = {url.name for url in urls if not url.pattern.converters and "(?P" not in str(url.pattern)}
    named = {f"api-{name.replace('/', '-')}" for name in (*RECORDS, *CATALOGUES)}
    routed = {f"{name}-list" for name in named if f"{name}-list" in lists}
    # Submissions are a client's own: test_submissions.py.
    assert lists - {"api-schema", "api-docs", "api-submissions"} == routed | (named & lists)


def status_of(client: APIClient | Client, address: str) -> int:
    response = client.get(f"/api/v1/{address}/")
    return int(response.status_code)


@pytest.mark.parametrize("name", [*RECORDS, *CATALOGUES])
def test_nobody_reads_without_a_token(name: str) -> None:
    for address in (name, *(f"{name}/{key}" for key in RECORDS.get(name) or ())):
        for method in ("get", "head"):
            assert getattr(APIClient(), method)(f"/api/v1/{address}/").status_code == 401


@pytest.mark.parametrize("name", [name for name, keys in RECORDS.items() if keys])
def test_a_single_record_out_of_scope_is_one_that_there_is_not(name: str) -> None:
    own, other = RECORDS[name] or ("", "")
    client = reader("bazhong")
    existing = status_of(reader(), f"{name}/{own}"), status_of(reader(), f"{name}/{other}")
    assert status_of(client, f"{name}/{own}") == existing[0]
    assert status_of(client, f"{name}/{other}") == 404
    assert existing == (200, 200) or name == "values"
    unknown, hidden = client.get(f"/api/v1/{name}/nothing/"), client.get(f"/api/v1/{name}/{other}/")
    assert hidden.json()["code"] == unknown.json()["code"] == "not_found"


@pytest.mark.parametrize("name", RECORDS)
def test_a_list_holds_the_scope_and_nothing_else(name: str) -> None:
    slugs = {"bazhong", "bazhong-checklist"}
    everything = rows_of(reader(), f"/api/v1/{name}/", **group(name))
    expected = [row for row in everything if belongs(row, slugs)]
    assert rows_of(reader(*slugs), f"/api/v1/{name}/", **group(name)) == expected
    assert 0 < len(expected) < len(everything)
    assert rows_of(reader("nothing"), f"/api/v1/{name}/", **group(name)) == []


def group(name: str) -> dict[str, str]:
    """The summary is grouped by plan, to see whose counts it has."""
    return {"group_by": "plan,year"} if name == "status/summary" else {}


def belongs(row: dict[str, Any], slugs: set[str]) -> bool:
    """Whether the row is of one of the plans, or of the region of one."""
    return row.get("plan", row.get("slug", row.get("region"))) in slugs


@pytest.mark.parametrize("name", RECORDS)
def test_files_hold_the_same_scope(name: str) -> None:
    text = file_of(reader("liaoyuan"), f"/api/v1/{name}/", format="csv", **group(name)).decode()
    assert "bazhong" not in text.replace("bazhong-checklist", "bazhong")
    assert "liaoyuan" in text or name == "values"


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogues_are_for_everybody_who_may_read(name: str) -> None:
    assert rows_of(reader("nothing"), f"/api/v1/{name}/") == rows_of(reader(), f"/api/v1/{name}/") != []


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        ("status", {"plan": "bazhong"}),
        ("status", {"indicator": "bazhong-02"}),
        ("status", {"department": "bazhong-ecology-environment"}),
        ("values", {"plan": "bazhong"}),
        ("indicators", {"parent": "bazhong-02"}),
        ("measures", {"indicator": "bazhong-02"}),
        ("projects", {"plan": "bazhong"}),
    ],
)
def test_a_filter_does_not_tell_what_there_is_out_of_scope(address: str, parameters: dict[str, str]) -> None:
    unknown = dict.fromkeys(parameters, "nothing")
    client = reader("liaoyuan")
    hidden, nowhere = (client.get(f"/api/v1/{address}/", asked) for asked in (parameters, unknown))
    assert hidden.status_code == nowhere.status_code == 400
    assert hidden.json()["message"].replace(*parameters.values(), "x") == nowhere.json()["message"].replace(
        "nothing", "x"
    )


def test_a_row_names_nothing_out_of_scope() -> None:
    measure, project = Measure.objects.get(code="bazhong-m001"), KeyProject.objects.get(code="bazhong-c02-01")
    measure.indicators.add(Indicator.objects.get(code="liaoyuan-p01"))
    project.measures.add(measure, Measure.objects.get(code="liaoyuan-m001"))
    for name, key, field in (("measures", measure.code, "indicators"), ("projects", project.code, "measures")):
        address = f"/api/v1/{name}/{key}/"
        assert any("liaoyuan" in code for code in reader().get(address).json()[field])
        named = reader("bazhong").get(address).json()[field]
        assert named
        assert not any("liaoyuan" in code for code in named)


@pytest.mark.parametrize("name", [*RECORDS, *CATALOGUES])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_here_is_written(name: str, method: str, leader: User) -> None:
    assert getattr(reader(), method)(f"/api/v1/{name}/", {}).status_code == 405
    session = Client()
    session.force_login(leader)
    assert getattr(session, method)(f"/api/v1/{name}/").status_code == 401


@pytest.mark.parametrize("person", ["administrator", "entry_staff", "reviewer", "leader", "other_entry_staff"])
def test_people_read_what_the_pages_show_them(person: str, request: pytest.FixtureRequest) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(person))
    assert client.get("/api/v1/plans/").json()["count"] == 5
    assert status_of(client, "indicators/liaoyuan-p01") == 200


def test_a_person_with_a_password_of_somebody_else_reads_nothing(client: Client, leader: User) -> None:
    leader.must_change_password = True
    leader.save()
    client.force_login(leader)
    assert client.get("/api/v1/plans/").status_code == 403


def test_somebody_deactivated_reads_nothing(client: Client, leader: User) -> None:
    client.force_login(leader)
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert client.get("/api/v1/plans/").status_code == 401


def test_only_all_plans_are_everything() -> None:
    assert is_everything(Plan.objects.all())
    assert is_everything(Plan.objects.order_by())
    bazhong = Plan.objects.filter(slug="bazhong")
    narrow = (
        bazhong,
        Plan.objects.none(),
        Plan.objects.all()[:1],
        bazhong.union(bazhong),
        Plan.objects.exclude(slug=""),
    )
    assert not any(map(is_everything, narrow))
    with_indicators = Plan.objects.filter(indicators__in=Indicator.objects.none())
    assert not is_everything(with_indicators)

"""`?changed_since=`: a client that follows the cursor ends with exactly what the list shows, whatever happens between
its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from indicators.models import Indicator, YearlyValue
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry, delete_value
from portal.accounts.models import User
from regions.models import Department, Role
from tests.api_clients import reader, rows_of
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of

pytestmark = pytest.mark.django_db

STATUS, VALUES = "/api/v1/status/", "/api/v1/values/"
Key = tuple[str, str, int]


class Mirror:
    """A client that keeps rows by their key and asks only for what changed. `between` runs after each page."""

    def __init__(self, client: APIClient, address: str, **parameters: Any) -> None:
        self.client, self.address, self.parameters = client, address, parameters
        self.rows: dict[Key, dict[str, Any]] = {}
        self.told: list[Key] = []
        self.cursor = "0"

    def follow(self, between: Callable[[], object] = lambda: None) -> None:
        """Read what changed, page by page."""
        self.told = []
        following: str | None = self.address
        parameters: dict[str, Any] | None = {**self.parameters, "changed_since": self.cursor}
        while following:
            response = self.client.get(following, parameters)
            assert response.status_code == 200, response.content.decode()
            page = response.json()
            for row in page["results"]:
                key = (row["indicator"], row["region"], row["year"])
                self.told.append(key)
                if row.get("deleted"):
                    self.rows.pop(key, None)
                else:
                    self.rows[key] = row
            self.cursor, following, parameters = page["cursor"], page["next"], None
            between()


def listed(client: APIClient, address: str, **parameters: Any) -> dict[Key, dict[str, Any]]:
    """What the plain list shows."""
    rows = rows_of(client, address, **parameters)
    return {(row["indicator"], row["region"], row["year"]): row for row in rows}


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY)


@pytest.fixture
def indicators(department: Department) -> list[Indicator]:
    """Three indicators of one plan, judged."""
    first = led_by(department)
    found = [first, *(led_by(department, plan=first.plan) for _ in range(2))]
    for indicator in found:
        judge_indicators([indicator], now=timezone.now())
    return found


def record(indicator: Indicator, year: int, value: int, staff: User) -> YearlyValue:
    """The value, entered or corrected."""
    stored = YearlyValue.objects.filter(indicator=indicator, year=year).first()
    seen = stored.revision if stored else None
    entry = ValueEntry(indicator, indicator.plan.region, year, Decimal(value), reason="更正", revision=seen)
    return record_value(entry, person=staff, now=timezone.now())


def test_a_mirror_begins_with_everything_and_is_told_each_row_once(indicators: list[Indicator]) -> None:
    client = reader(indicators[0].plan.slug)
    mirror = Mirror(client, STATUS, page_size=4)
    mirror.follow()
    assert mirror.rows == listed(client, STATUS)
    assert len(mirror.told) == len(set(mirror.told)) == 15
    mirror.follow()
    assert mirror.told == []


def test_afterwards_it_is_told_only_what_changed(indicators: list[Indicator], staff: User) -> None:
    client = reader(indicators[0].plan.slug)
    mirror = Mirror(client, STATUS)
    mirror.follow()
    record(indicators[1], 2024, 96, staff)
    mirror.follow()
    region = indicators[0].plan.region.slug
    assert sorted(mirror.told) == [(indicators[1].code, region, year) for year in (2024, 2025)]
    assert mirror.rows == listed(client, STATUS)


@pytest.mark.parametrize("address", [STATUS, VALUES])
def test_values_are_approved_and_taken_back_between_the_pages(
    address: str, indicators: list[Indicator], staff: User
) -> None:
    client = reader(indicators[0].plan.slug)
    mirror = Mirror(client, address, page_size=2)
    deeds = iter(deeds_of(indicators, staff))
    mirror.follow(between=lambda: next(deeds, None))
    for _ in deeds:
        mirror.follow()
    mirror.follow()
    assert mirror.rows == listed(client, address)
    assert mirror.rows


def deeds_of(indicators: list[Indicator], staff: User) -> Iterator[object]:
    """Values come, change and go; years are no longer judged and are judged again."""
    for round_, year in zip(count(), (2021, 2022, 2023, 2024, 2025), strict=False):
        for place, indicator in enumerate(indicators):
            yield record(indicator, year, 90 + place + round_, staff)
        yield record(indicators[round_ % 3], year, 80 + round_, staff)
        if round_ % 2:
            value = YearlyValue.objects.get(indicator=indicators[0], year=year)
            delete_value(value, person=staff, reason="误填", now=timezone.now())
            yield value
    last = indicators[2]
    for target_year in (2023, 2025):
        Indicator.objects.filter(pk=last.pk).update(target_year=target_year)
        last.targets.update(year=target_year)
        yield judge_indicators([last], now=timezone.now())
    Indicator.objects.filter(pk=last.pk).update(target_year=2024)
    last.targets.update(year=2024)
    yield judge_indicators([last], now=timezone.now())


def test_a_verdict_that_ended_is_told_as_deleted(indicators: list[Indicator]) -> None:
    indicator = indicators[0]
    client = reader(indicator.plan.slug)
    cursor = client.get(STATUS, {"changed_since": "0"}).json()["cursor"]
    Indicator.objects.filter(pk=indicator.pk).update(target_year=2024)
    indicator.targets.update(year=2024)
    judge_indicators([indicator], now=timezone.now())
    changed = client.get(STATUS, {"changed_since": cursor}).json()["results"]
    gone = {"indicator": indicator.code, "region": indicator.plan.region.slug, "year": 2025, "deleted": True}
    assert gone in changed


def test_a_moment_begins_like_a_cursor(indicators: list[Indicator], staff: User) -> None:
    client = reader(indicators[0].plan.slug)
    moment = timezone.now().isoformat()
    assert client.get(STATUS, {"changed_since": moment}).json()["results"] == []
    record(indicators[0], 2025, 96, staff)
    changed = client.get(STATUS, {"changed_since": moment}).json()["results"]
    assert [row["year"] for row in changed] == [2025]
    assert len(client.get(STATUS, {"changed_since": timezone.localdate().isoformat()}).json()["results"]) == 15


def test_a_narrowed_mirror_follows_its_part(indicators: list[Indicator], staff: User) -> None:
    client = reader(indicators[0].plan.slug)
    mirror = Mirror(client, STATUS, year=2022, page_size=1)
    mirror.follow()
    record(indicators[0], 2024, 97, staff)
    mirror.follow()
    assert mirror.told == []
    record(indicators[0], 2021, 97, staff)
    mirror.follow()
    assert len(mirror.told) == 1
    assert mirror.rows == listed(client, STATUS, year=2022)


def test_changes_of_other_plans_are_not_told(indicators: list[Indicator], staff: User) -> None:
    other = led_by(DepartmentFactory.create())
    judge_indicators([other], now=timezone.now())
    assert {row["plan"] for row in client_rows(indicators)} == {indicators[0].plan.slug}


def client_rows(indicators: list[Indicator]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reader(indicators[0].plan.slug).get(STATUS, {"changed_since": "0"}).json()["results"]
    return rows


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"changed_since": "yesterday"}, "不是游标"),
        ({"changed_since": ""}, "没有写取值"),
        ({"changed_since": "0", "verdict": "behind"}, "不能与 changed_since 同时使用"),
        ({"changed_since": "0", "as_of": "2021-01-01"}, "不能与 changed_since 同时使用"),
        ({"changed_since": "0,1"}, "只能写一个"),
        ({"changed_since": "0001-01-01"}, "不是游标"),
    ],
)
def test_what_cannot_be_followed_is_refused(db: None, parameters: dict[str, str], words: str) -> None:
    response = reader().get(STATUS, parameters)
    assert response.status_code == 400
    assert words in response.json()["message"]


@pytest.mark.parametrize(("address", "number"), [(STATUS, 4), (VALUES, 5)])
def test_a_page_of_changes_takes_always_the_same_queries(
    address: str, number: int, indicators: list[Indicator], staff: User
) -> None:
    """The plans in scope; the last number; what stands; what ended; of values the values."""
    record(indicators[0], 2021, 96, staff)
    client = reader(indicators[0].plan.slug)
    client.get(address)  # takes a part of the client's rate for the next requests
    for size in (1, 100):
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"changed_since": "0", "page_size": size})
        assert len(queries) == number


def test_a_cursor_belongs_to_its_filters(indicators: list[Indicator]) -> None:
    client = reader()
    cursor = client.get(STATUS, {"changed_since": "0", "year": "2025"}).json()["cursor"]
    for address, parameters in ((STATUS, {}), (STATUS, {"year": "2024"}), (VALUES, {"year": "2025"})):
        assert client.get(address, {"changed_since": cursor, **parameters}).status_code == 400
    assert client.get(STATUS, {"changed_since": "0", "format": "csv"}).status_code == 406


def test_a_cursor_belongs_to_its_scope(indicators: list[Indicator]) -> None:
    """Rows of a plan that a token reads only since are older than its cursor: following on would miss them."""
    slug = indicators[0].plan.slug
    cursor = reader(slug).get(STATUS, {"changed_since": "0"}).json()["cursor"]
    assert reader(slug).get(STATUS, {"changed_since": cursor}).status_code == 200
    for other in (reader(), reader(slug, PlanFactory.create().slug)):
        refused = other.get(STATUS, {"changed_since": cursor})
        assert (refused.status_code, refused.json()["field"]) == (400, "changed_since")
        assert "清空本地的数据，从 0 重新读取" in refused.json()["message"]

"""Many rows at once: what is written is what was stated, and keys come back to their rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from regions.models import Department, Region
from regions.rows import CHUNK, columns_of, insert, put, write
from tests.factories import DepartmentFactory, RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return RegionFactory.create()


def departments(region: Region, number: int) -> dict[str, list[Any]]:
    model = Department(region=region)
    same = {name: [getattr(model, name)] * number for name in columns_of([model]) if name != "id"}
    each = range(number)
    return {**same, "code": [f"d{n}" for n in each], "name": [f"第{n}局" for n in each]}


def test_every_row_is_written_and_gets_its_key(region: Region) -> None:
    rows = departments(region, CHUNK + 1)
    keys = insert(Department, rows, unique=["code"])
    stored = dict(region.departments.values_list("code", "pk"))
    assert dict(zip(rows["code"], keys, strict=True)) == stored
    last = Department.objects.get(pk=keys[-1])
    assert (last.region, last.name) == (region, f"第{CHUNK}局")


def test_what_a_row_states_is_never_part_of_the_statement(region: Region) -> None:
    name = """'); DROP TABLE regions_department; -- "%s" {} 林业局"""
    write(Department, {**departments(region, 1), "name": [name]})
    assert region.departments.get().name == name


def test_only_the_named_attributes_of_a_stored_row_are_replaced(region: Region) -> None:
    kept, other = DepartmentFactory.create(name="县林业局", region=region), DepartmentFactory.create(name="县水利局")
    written = Department(pk=kept.pk, code="not-written", region=region, name="县林业和草原局")
    put([written], replaced=["name"])
    assert Department.objects.get(pk=kept.pk).name == "县林业和草原局"
    assert Department.objects.get(pk=kept.pk).code == kept.code
    assert Department.objects.get(pk=other.pk).name == "县水利局"


def test_the_database_refuses_what_contradicts_it(region: Region) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(Department, {**departments(region, CHUNK + 1), "code": [*map(str, range(CHUNK)), "0"]})
    assert not region.departments.exists()


def test_no_rows_need_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert insert(Department, {}, unique=["code"]) == []
        put([], replaced=["name"])

"""Whatever stands in a plan file in place of a value: it is loaded, or refused as a listed problem; nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError
from django.db import connection, transaction

from indicators.models import Plan
from tests.portal.test_load_again import FULL_PLAN
from tests.portal.test_load_plans import PUBLISHED, load

pytestmark = pytest.mark.django_db

WRONG = [["甲"], {"甲": "乙"}, "abc", -1, None, 99999999999, ""]

FILES: dict[str, Any] = {
    "regions.yaml": [
        {"slug": "city", "name": "某市", "level": "prefecture", "division_code": "500000"},
        {"slug": "banan", "name": "巴南区", "level": "county", "parent": "city", "division_code": "500113"},
    ],
    "topics.yaml": [{"key": "water", "name": "水质", "unit": "%", "domain": "water"}],
    "departments/banan.yaml": {
        "region": "banan",
        "departments": [
            {"code": "banan-environment", "name": "区生态环境局", "kind": "department", "aliases": ["区环保局"]},
            {"code": "banan-water", "name": "区委督查室", "section": "名单"},
        ],
    },
    "plans/trial.yaml": yaml.safe_load(FULL_PLAN),
    "published_values.yaml": yaml.safe_load(PUBLISHED),
}
FILES["plans/trial.yaml"]["indicators"][0] |= {"topic": "water", "measure": "level", "value_type": "number"}
FILES["plans/trial.yaml"]["plan"] |= {"published_on": "2021-05-01", "declared_indicator_count": 2}
FILES["plans/trial.yaml"]["measures"]["standing_participants"] = {"departments": ["区环保局"], "section": "第一章"}


def places_of_scalars(data: Any) -> Iterator[tuple[Any, ...]]:
    """The path of every scalar in nested mappings and lists."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else []
    if not isinstance(data, dict | list):
        yield ()
    for step, inner in steps:
        for rest in places_of_scalars(inner):
            yield (step, *rest)


def write(directory: Path, files: dict[str, Any]) -> Path:
    """Write the files of a fixtures directory."""
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return directory


@pytest.fixture
def empty_database(db: None) -> None:
    """No rows of the portal at all, so that each of many loads is quick."""
    tables = [name for name in connection.introspection.table_names() if name.split("_")[0] in ROWS]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608  names from the database


ROWS = {"indicators", "projects", "regions"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("empty_database")
def test_no_value_of_a_file_can_break_the_loader(name: str, tmp_path: Path) -> None:
    directory = write(tmp_path, FILES)
    load_and_undo(directory)
    refused = 0
    for place in places_of_scalars(FILES[name]):
        for wrong in WRONG:
            data = copy.deepcopy(FILES[name])
            inner = data
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = wrong
            write(directory, {name: data})
            try:
                load_and_undo(directory)
            except CommandError:
                refused += 1
            except Exception as error:
                raise AssertionError(f"{name}: {place} = {wrong!r}") from error
    assert refused > 0


def load_and_undo(directory: Path) -> None:
    """Load for the first time and once more, then forget it."""
    with transaction.atomic():
        load(directory)
        assert Plan.objects.exists()
        assert "新增 0 条，更新 0 条" in load(directory)
        transaction.set_rollback(True)

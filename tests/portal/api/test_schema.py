"""The schema is under version control, so that nobody breaks a client without seeing it, and its examples are answers
that the API really gives. `make schema` writes both anew."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from drf_spectacular.validation import validate_schema

from portal.api.documents import schema
from portal.api.schema import EXAMPLES
from tests.api_clients import reader

SCHEMA = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.yaml"
#: `make schema`: write what the tests would compare.
RENEW = bool(os.environ.get("RENEW_API_SCHEMA"))
ADDRESSES = {
    "/api/v1/plans/": "/api/v1/plans/?page_size=1",
    "/api/v1/plans/{slug}/": "/api/v1/plans/bazhong/",
    "/api/v1/indicators/": "/api/v1/indicators/?plan=bazhong&constraint=binding&page_size=1",
    "/api/v1/indicators/{code}/": "/api/v1/indicators/bazhong-02/",
    "/api/v1/values/": "/api/v1/values/?plan=bazhong&year=2024&page_size=1",
    "/api/v1/values/{indicator}/{region}/{year}/": "/api/v1/values/bazhong-02/bazhong/2024/",
    "/api/v1/status/": "/api/v1/status/?plan=bazhong&indicator=bazhong-02&year=2024",
    "/api/v1/status/{indicator}/{region}/{year}/": "/api/v1/status/bazhong-02/bazhong/2024/",
    "/api/v1/status/summary/": "/api/v1/status/summary/?group_by=plan,verdict&year=2022&headline=true&page_size=3",
    "/api/v1/measures/": "/api/v1/measures/?plan=liaoyuan&page_size=1",
    "/api/v1/measures/{code}/": "/api/v1/measures/banan-m001/",
    "/api/v1/projects/": "/api/v1/projects/?plan=liaoyuan&page_size=1",
    "/api/v1/projects/{code}/": "/api/v1/projects/bazhong-c02-01/",
    "/api/v1/departments/": "/api/v1/departments/?region=bazhong&page_size=1",
    "/api/v1/departments/{code}/": "/api/v1/departments/bazhong-ecology-environment/",
    "/api/v1/regions/": "/api/v1/regions/?level=province&page_size=1",
    "/api/v1/regions/{slug}/": "/api/v1/regions/bazhong/",
    "/api/v1/topics/": "/api/v1/topics/?domain=air&page_size=1",
    "/api/v1/topics/{key}/": "/api/v1/topics/forest-coverage/",
}
#: Moments are those of loading the plans; they differ in every database.
MOMENT = re.compile(r'("(?:judged_at|approved_at)": )"[^"]+"')


def answers() -> dict[str, dict[str, Any]]:
    """What the API answers to the examples' addresses."""
    client, found = reader(), {}
    for path, address in ADDRESSES.items():
        response = client.get(address)
        assert response.status_code == 200, (address, response.content.decode())
        text = MOMENT.sub(r'\1"2026-11-20T09:30:00+08:00"', json.dumps(response.json(), ensure_ascii=False))
        found[path] = {"address": address, "answer": json.loads(text.replace("http://testserver", "https://portal"))}
    return found


def test_examples_are_real_answers(loaded_plans: None) -> None:
    found = answers()
    if RENEW:
        EXAMPLES.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(EXAMPLES.read_text(encoding="utf-8")) == found


def test_every_endpoint_has_an_example() -> None:
    reading = {path for path, methods in schema()["paths"].items() if "get" in methods}
    assert {path for path in reading if "submissions" not in path} == set(ADDRESSES)


def test_the_schema_under_version_control_is_what_the_code_gives() -> None:
    text = yaml.safe_dump(as_json(), allow_unicode=True, sort_keys=False, width=120)
    if RENEW:
        SCHEMA.parent.mkdir(parents=True, exist_ok=True)
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text, "the API has changed: is no client broken? then `make schema`"


def test_the_schema_is_valid() -> None:
    validate_schema(as_json())  # type: ignore[no-untyped-call]


def as_json() -> dict[str, Any]:
    """The schema as plain JSON types."""
    plain: dict[str, Any] = json.loads(json.dumps(schema(), default=str))
    return plain


def test_everything_in_the_schema_is_described_in_chinese() -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    made = as_json()
    silent = [
        f"{path} {parameter['name']}"
        for path, methods in made["paths"].items()
        for method in methods.values()
        for parameter in method.get("parameters", [])
        if parameter["in"] == "query" and not chinese.search(parameter.get("description", ""))
    ]
    silent += [
        f"{name}.{field}"
        for name, component in made["components"]["schemas"].items()
        for field, stated in component.get("properties", {}).items()
        if not chinese.search(stated.get("description", ""))
    ]
    silent += [
        path
        for path, methods in made["paths"].items()
        if not chinese.search(methods.get("get", methods.get("post"))["description"])
    ]
    assert silent == []


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_everybody_may_read_the_schema(client: Client, db: None, kind: str) -> None:
    response = client.get("/api/v1/schema/", {"format": kind})
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["openapi"].startswith("3.")


def test_the_page_asks_no_other_host_and_has_nothing_inline(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "http" not in page.replace("http-equiv", "")
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]* src=)", page) == []

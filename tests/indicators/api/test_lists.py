"""What every list keeps: order, pages, files that say the same, ETags, and a number of queries that does not grow."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Indicator, MeasureReport, ReviewStatus, ValueOrigin, YearlyValue
from indicators.services.judging import judge_indicators
from projects.models import KeyProject, ProgressReport
from regions.api.files import cell_text
from regions.formulas import defused
from tests.api_clients import file_of, reader, rows_of
from tests.factories import DepartmentFactory, YearlyValueFactory, led_by, measure_led_by, project_led_by

pytestmark = pytest.mark.usefixtures("loaded_plans")

LISTS = ("plans", "indicators", "values", "status", "measures", "projects", "departments", "regions", "topics")
#: 含演示数据, as names of files say it.
DEMONSTRATION = "%E5%90%AB%E6%BC%94%E7%A4%BA%E6%95%B0%E6%8D%AE"
EVERY_LIST = (*LISTS, "status/summary")


@pytest.fixture
def indicators() -> list[Indicator]:
    """Two indicators of one plan with values, one of them demonstration, and a name that looks like a formula."""
    department = DepartmentFactory.create()
    first = led_by(department, name="=HYPERLINK(1)")
    second = led_by(department, plan=first.plan)
    YearlyValueFactory.create(
        indicator=first, value=Decimal("96.7000"), source="+公报", origin=ValueOrigin.DEMONSTRATION
    )
    YearlyValueFactory.create(indicator=second, value=Decimal("-0.5"))
    measure_led_by(department, plan=first.plan)
    project_led_by(department, plan=first.plan, quantity=Decimal(100))
    judge_indicators([first, second], now=timezone.now())
    return [first, second]


@pytest.mark.parametrize("name", EVERY_LIST)
def test_pages_together_are_the_list(name: str) -> None:
    address = f"/api/v1/{name}/"
    whole = rows_of(reader(), address)
    assert rows_of(reader(), address, page_size=max(1, len(whole) // 3)) == whole


@pytest.mark.parametrize("name", LISTS)
def test_every_order_is_total(name: str) -> None:
    address = f"/api/v1/{name}/"
    client = reader("bazhong-checklist")
    problem = client.get(address, {"ordering": "nonsense"}).json()["message"]
    for field in problem.split("可用的字段：")[1].split("，前面")[0].split("、"):
        for asked in (field, f"-{field}"):
            whole = rows_of(client, address, ordering=asked)
            assert rows_of(client, address, ordering=asked, page_size=40) == whole


def test_unknown_figures_come_last_either_way(indicators: list[Indicator]) -> None:
    for asked in ("value", "-value"):
        values = [row["value"] for row in rows_of(reader(indicators[0].plan.slug), "/api/v1/status/", ordering=asked)]
        assert [value is None for value in values] == sorted(value is None for value in values)


def test_verdicts_are_ordered_from_the_worst(indicators: list[Indicator]) -> None:
    rows = rows_of(reader(indicators[0].plan.slug), "/api/v1/status/", ordering="severity")
    order = ["critical", "warning", "notice", "none"]
    assert [row["severity"] for row in rows] == sorted((row["severity"] for row in rows), key=order.index)


@pytest.mark.parametrize("name", EVERY_LIST)
def test_files_say_what_json_says(name: str, indicators: list[Indicator]) -> None:
    client = reader(indicators[0].plan.slug, "liaoyuan")
    address = f"/api/v1/{name}/"
    rows = rows_of(client, address)
    text = file_of(client, address, format="csv").decode()
    assert text.startswith("\ufeff")
    header, *lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert lines == [[expected(row, column) for column in header] for row in rows]
    sheet = load_workbook(io.BytesIO(file_of(client, address, format="xlsx"))).active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0]) == header
    for line, row in zip(cells[1:], rows, strict=True):
        for cell, column in zip(line, header, strict=True):
            plain, shown = plain_text(row, column), "" if cell is None else str(cell)
            assert shown == plain or Decimal(shown) == Decimal(plain), column
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)


def plain_text(row: dict[str, Any], column: str) -> str:
    """What a cell says, before it is made safe."""
    value: Any = row
    for name in column.split("."):
        value = None if value is None else value[name]
    return cell_text(value)


def expected(row: dict[str, Any], column: str) -> str:
    """What a csv cell says: figures as they are, texts that cannot become formulas."""
    text = plain_text(row, column)
    return text if is_figure(text) else defused(text)


def is_figure(text: str) -> bool:
    return text.lstrip("-").replace(".", "").isdigit()


def test_files_with_figures_of_demonstration_say_so(indicators: list[Indicator]) -> None:
    for name in ("status", "values"):
        disposition = reader(indicators[0].plan.slug).get(f"/api/v1/{name}/", {"format": "csv"})["Content-Disposition"]
        assert DEMONSTRATION in disposition
        other = reader(indicators[0].plan.slug).get(f"/api/v1/{name}/", {"format": "csv", "year": "2019"})
        assert "%E6%BC%94%E7%A4%BA" not in other["Content-Disposition"]


def test_what_departments_say_is_marked_as_demonstration_and_looks_back(indicators: list[Indicator]) -> None:
    plan = indicators[0].plan
    client, yesterday = reader(plan.slug), (timezone.localdate() - timedelta(days=1)).isoformat()
    stated = {"status": ReviewStatus.APPROVED, "approved_at": timezone.now(), "is_demonstration": True}
    MeasureReport.objects.create(
        measure=plan.measures.get(), year=2021, progress="ongoing", statement="演示。", **stated
    )
    project = KeyProject.objects.get(group__column__plan=plan)
    ProgressReport.objects.create(project=project, year=2021, project_status="building", **stated)
    for name in ("measures", "projects"):
        address = f"/api/v1/{name}/"
        [row] = rows_of(client, address)
        assert row["report"]["is_demonstration"] is True
        assert DEMONSTRATION in client.get(address, {"format": "csv"})["Content-Disposition"]
        [row] = rows_of(client, address, as_of=yesterday)
        assert row["report"] is None
        earlier = client.get(address, {"format": "csv", "as_of": yesterday})
        assert DEMONSTRATION not in earlier["Content-Disposition"]


def test_values_of_demonstration_can_be_left_out(indicators: list[Indicator]) -> None:
    client = reader(indicators[0].plan.slug)
    for asked, one in (("true", indicators[0]), ("false", indicators[1])):
        rows = rows_of(client, "/api/v1/values/", is_demonstration=asked)
        assert [row["indicator"] for row in rows] == [one.code]


@pytest.mark.parametrize("name", EVERY_LIST)
def test_the_number_of_queries_does_not_grow(name: str, indicators: list[Indicator]) -> None:
    client = reader()
    client.get(f"/api/v1/{name}/")  # takes a part of the client's rate for the next requests
    numbers = []
    for size in (1, 100):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/api/v1/{name}/", {"page_size": size})
        assert response.status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 9


@pytest.mark.parametrize("address", ["plans/", "status/", "status/summary/", "indicators/bazhong-02/"])
def test_what_did_not_change_is_not_sent_again(address: str) -> None:
    client = reader()
    first = client.get(f"/api/v1/{address}")
    assert "private" in first["Cache-Control"]
    assert "no-store" not in first["Cache-Control"]
    again = client.get(f"/api/v1/{address}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    head = client.head(f"/api/v1/{address}")
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])
    assert client.head(f"/api/v1/{address}", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert {"Authorization", "Accept"} <= {each.strip() for each in first["Vary"].split(",")}


def test_what_changed_is_sent_again(indicators: list[Indicator]) -> None:
    client, address = reader(indicators[0].plan.slug), "/api/v1/status/"
    etag = client.get(address)["ETag"]
    Indicator.objects.filter(pk=indicators[0].pk).update(name="改了的名称")
    again = client.get(address, headers={"if-none-match": etag})
    assert again.status_code == 200
    assert again["ETag"] != etag


def test_only_approved_values_are_shown(indicators: list[Indicator]) -> None:
    client = reader(indicators[0].plan.slug)
    for status in ReviewStatus:
        YearlyValue.objects.filter(indicator=indicators[1]).update(status=status)
        shown = {row["indicator"] for row in rows_of(client, "/api/v1/values/")}
        assert (indicators[1].code in shown) == (status == ReviewStatus.APPROVED)


def test_decimals_are_plain_strings(indicators: list[Indicator]) -> None:
    rows = rows_of(reader(indicators[0].plan.slug), "/api/v1/values/")
    assert [(row["value"], row["display"]) for row in rows] == [("96.7", "96.7%"), ("-0.5", "-0.5%")]


def test_verdicts_of_an_earlier_day(indicators: list[Indicator]) -> None:
    client = reader(indicators[0].plan.slug)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert client.get("/api/v1/status/", {"as_of": yesterday}).json()["count"] == 0
    assert client.get("/api/v1/status/", {"as_of": timezone.localdate().isoformat()}).json()["count"] == 10
    text = file_of(client, "/api/v1/status/", as_of=yesterday, format="csv")
    assert text.count(b"\r\n") == 1
    key = f"/api/v1/status/{indicators[0].code}/{indicators[0].plan.region.slug}/2021/"
    assert client.get(key).status_code == 200
    assert client.get(key, {"as_of": yesterday}).status_code == 404


@pytest.mark.parametrize("day", ["2023-13-01", "yesterday", "20230101", "2999-01-01", "0001-01-01", ""])
def test_a_day_that_cannot_be_is_refused(day: str) -> None:
    for address in ("/api/v1/status/", "/api/v1/plans/bazhong/"):
        response = reader().get(address, {"as_of": day})
        assert response.status_code == 400
        assert response.json()["field"] == "as_of"


def test_the_summary_counts_the_rows_of_the_list(indicators: list[Indicator]) -> None:
    client = reader("bazhong", "liaoyuan")
    for filters in ({}, {"year": "2024", "headline": "true"}, {"constraint": "binding"}):
        rows = rows_of(client, "/api/v1/status/", **filters)
        groups = rows_of(client, "/api/v1/status/summary/", group_by="plan,year,verdict,severity", **filters)
        assert sum(group["count"] for group in groups) == len(rows)
        for group in groups:
            named = {name: group[name] for name in ("plan", "year", "verdict", "severity")}
            assert group["count"] == sum(all(row[name] == each for name, each in named.items()) for row in rows)


@pytest.mark.parametrize(
    ("name", "parameters", "matches"),
    [
        ("status", {"verdict": "awaiting_value,awaiting_target"}, lambda row: row["verdict"].startswith("awaiting")),
        ("status", {"severity": "warning"}, lambda row: row["severity"] == "warning"),
        ("status", {"year": "2024,2025", "plan": "liaoyuan"}, lambda row: row["plan"] == "liaoyuan"),
        ("status", {"topic": "forest-coverage"}, lambda row: "森林覆盖率" in row["name"]),
        ("status", {"search": "森林 覆盖率"}, lambda row: "森林覆盖率" in row["name"]),
        ("status", {"search": "森林\u3000覆盖率"}, lambda row: "森林覆盖率" in row["name"]),
        ("indicators", {"constraint": "binding"}, lambda row: row["constraint"] == "binding"),
        ("indicators", {"headline": "false"}, lambda row: row["parent"] is not None),
        ("projects", {"kind": "facility", "plan": "bazhong"}, lambda row: row["kind"] == "facility"),
        ("departments", {"region": "bazhong"}, lambda row: row["region"] == "bazhong"),
        ("regions", {"level": "province"}, lambda row: row["parent"] is None),
    ],
)
def test_filters_leave_what_matches(name: str, parameters: dict[str, str], matches: Any) -> None:
    rows = rows_of(reader(), f"/api/v1/{name}/", **parameters)
    assert rows
    assert all(map(matches, rows))


def test_a_department_finds_what_it_answers_for() -> None:
    department = DepartmentFactory.create()
    led = led_by(department)
    coordinated = led_by(DepartmentFactory.create(region=department.region), plan=led.plan)
    coordinated.responsibilities.all().delete()
    led_by(DepartmentFactory.create(region=department.region), plan=led.plan)
    rows = rows_of(reader(led.plan.slug), "/api/v1/indicators/", department=department.code)
    assert {row["code"] for row in rows} == {led.code, coordinated.code}

"""Templates that LibreOffice saved, with rows sorted, hidden, merged and deleted (see saved/make.py)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from indicators.workbook.mark import TemplateMark
from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.problems import ProblemCode
from indicators.workbook.reading import Reading, read_values
from indicators.workbook.table import Kind
from indicators.workbook.template import ENTRY_SHEET
from tests.indicators.workbook import templates

YEARS = range(2021, 2026)
INDICATORS = [
    IndicatorRecord("bazhong-01", "地级及以上城市空气质量优良天数比率", "1", "%", years=YEARS),
    IndicatorRecord("bazhong-02", "地级及以上城市细颗粒物(PM2.5)浓度", "2", "μg/m3", years=YEARS),
    IndicatorRecord("bazhong-11", "生态保护红线、自然保护地", "11", value_type="finding", years=YEARS),
    IndicatorRecord("bazhong-14", "森林覆盖率", "14", "%", years=YEARS),
    IndicatorRecord("bazhong-18", "危险废物安全处置率", "18", "%", years=YEARS),
    IndicatorRecord("bazhong-19", "受污染耕地安全利用率", "19", "%", years=YEARS),
    IndicatorRecord("bazhong-23", "城镇污水处理率", "23", "%", years=YEARS),
    IndicatorRecord("bazhong-24", "城镇生活垃圾无害化处理率", "24", "%", years=YEARS),
]


@pytest.fixture(params=["xlsx", "xls", "ods"])
def reading(request: pytest.FixtureRequest) -> Reading:
    data = Path(__file__).with_name("saved").joinpath(f"template.{request.param}").read_bytes()
    found = read_values(data, INDICATORS)
    assert found.kind == Kind(request.param)
    return found


def test_the_template_is_recognised(reading: Reading) -> None:
    assert reading.mark == TemplateMark("bazhong", (2023,), "bazhong-sthj")


def test_its_values_are_read_as_they_show_and_those_of_the_year_before_are_not(reading: Reading) -> None:
    assert [
        (value.reference, value.indicator, value.year, value.value or value.finding) for value in reading.values
    ] == [
        ("I3", "bazhong-02", 2023, Decimal("28.1")),
        ("I4", "bazhong-01", 2023, Decimal("96.7")),
        ("I5", "bazhong-14", 2023, Decimal("63.1")),
        ("I6", "bazhong-11", 2023, "achieved"),
        ("I7", "bazhong-18", 2023, Decimal(100)),
    ]
    assert (reading.values[0].source, reading.values[0].note) == ("表格", "甲")


def test_its_problems_are_named_by_cell(reading: Reading) -> None:
    assert [(problem.code, problem.reference, problem.stands) for problem in reading.problems] == [
        (ProblemCode.HIDDEN, "5", ""),
        (ProblemCode.FORMULA_FAILED, "I8", "#DIV/0!"),
        (ProblemCode.DATE, "I9", "2023-09-05"),
    ]


def test_its_sheets_are_read_or_named_with_the_reason(reading: Reading) -> None:
    instructions, table = reading.sheets
    assert (instructions.name, table.name) == ("填报说明", "填报表")
    assert "没有找到“指标名称”或“代码”列" in instructions.skipped
    assert (table.layout, table.value_count) == ("每行一个指标，年度为列（2023）", 5)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_portals_own_template_keeps_its_mark_and_values(kind: str) -> None:
    data = Path(__file__).with_name("saved").joinpath(f"written.{kind}").read_bytes()
    found = read_values(data, templates.INDICATORS)
    assert found.kind == Kind(kind)
    assert found.mark == TemplateMark("bazhong", (2023,), "bazhong-ecology-environment")
    assert templates.stated(found) == [templates.PREFILLED[place] for place in (6, 4, 1, 3, 0)]
    assert [(problem.code, problem.sheet, problem.reference) for problem in found.problems] == [
        (ProblemCode.HIDDEN, ENTRY_SHEET, "5")
    ]

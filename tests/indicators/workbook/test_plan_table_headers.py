"""The headers of a plan's own table: baseline, target and their years."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.workbook.problems import ProblemCode
from tests.indicators.workbook.plan_reading import Row, problems, read


@pytest.mark.parametrize(
    ("titles", "years"),
    [
        (["指标名称", "2020年现状值", "2025年目标值"], (2020, 2025)),
        (["指 标", "2020年", "2025年"], (2020, 2025)),
        (["主要指标", "现状值（2020年）", "规划目标\n（2025年）"], (2020, 2025)),
        (["指标名称（单位）", "2020年基期值", "2025年规划值"], (2020, 2025)),
        (["指标项", "2020年完成值", "2025年"], (2020, 2025)),
        (["规划指标", "基准值", "目标值"], (None, None)),
        (["指标", "“十三五”末", "“十四五”目标"], (None, None)),
        (["二级指标", "2019年实际", "2024年计划值"], (2019, 2024)),
    ],
)
def test_headers_say_baseline_target_and_their_years(titles: Row, years: tuple[int | None, int | None]) -> None:
    found = read([titles, ["森林覆盖率（%）", 63.0, "≥64"]])
    assert (found.baseline_year, found.target_year) == years
    (row,) = found.rows
    assert (row.name, row.unit, row.baseline, row.wording) == ("森林覆盖率", "%", Decimal(63), "≥64")
    missing = {code for code, _ in problems(found)}
    assert missing == (set() if years[0] else {ProblemCode.NO_YEAR})
    assert found.errors == []


def test_of_several_years_the_plans_own_are_read_and_the_others_named() -> None:
    header = ["指标", "2015年", "2020年", "2025年目标", "2035年目标"]
    rows: list[Row] = [header, ["森林覆盖率（%）", 55.0, 63.0, 64.0, 65.0]]
    found = read(rows)
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert (found.rows[0].baseline_text, found.rows[0].wording) == ("63", "64")
    assert "“2015年”、“2035年目标”" in found.problems[0].message
    chosen = read(rows, years=(2020, 2035))
    assert (chosen.rows[0].baseline_text, chosen.rows[0].wording) == ("63", "65")
    assert problems(chosen) == [(ProblemCode.NOT_READ, "1")]
    assert "“2015年”、“2025年目标”" in chosen.problems[0].message


def test_of_bare_years_the_first_is_the_baseline_unless_the_caller_says_otherwise() -> None:
    rows: list[Row] = [["指标", "2015年", "2020年", "2025年"], ["森林覆盖率（%）", 55.0, 63.0, 64.0]]
    for years, expected in (
        ((None, None), ("55", "63")),
        ((2020, None), ("63", "64")),
        ((None, 2025), ("63", "64")),
        ((2015, 2025), ("55", "64")),
    ):
        (row,) = read(rows, years=years).rows
        assert (row.baseline_text, row.wording) == expected


def test_a_year_of_the_caller_holds_where_the_header_names_none() -> None:
    found = read([["指标", "现状值", "目标值"], ["森林覆盖率（%）", 63.0, 64.0]], years=(2020, 2025))
    assert (found.baseline_year, found.target_year, found.problems) == (2020, 2025, [])


def test_two_columns_of_one_meaning_are_an_error() -> None:
    found = read([["指标", "2025年目标", "2025年目标值"], ["森林覆盖率（%）", 64.0, 65.0]])
    assert [(problem.code, problem.reference) for problem in found.errors] == [(ProblemCode.COLUMN_TWICE, "C1")]
    assert "B 列和 C 列看不出以哪一列为准" in found.errors[0].message

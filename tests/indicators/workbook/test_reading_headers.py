"""Headers of tables by meaning: layouts, years, units, and several tables on a sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Merge
from tests.indicators.workbook.reading_tables import (
    AIR,
    FOREST,
    ONE,
    Row,
    problems,
    read,
    stated,
)


@pytest.mark.parametrize(
    "header",
    [
        ("指标名称", "单位", "年度", "数值"),
        ("指标", "计量单位", "年份", "完成值"),
        ("名 称", "单 位", "年", "实际值"),
        ("指标项", "单位：", "统计年度", "完成情况"),
        ("代码", "单位", "年度", "实际完成值"),
        ("指标代码", "牵头单位", "年度", "数值*"),
        ("＊指标名称", "属性", "数据年度", "年度数值（必填）"),
    ],
)
def test_one_row_per_value_with_the_headers_of_offices(header: Row) -> None:
    named = "p-1" if "代码" in str(header[0]) else FOREST
    reading = read([header, [named, "%", 2023.0, 63.1]])
    assert stated(reading) == ONE
    assert reading.problems == []
    assert reading.sheets[0].layout == "每行一个指标和年度的数值"


@pytest.mark.parametrize(
    "header",
    [
        ("序号", "指标名称", "单位", "2023年"),
        ("编号", "指标名称", "计量单位", 2023.0),
        ("", "指标名称", "单位", "２０２３年度"),
        ("类别", "指标", "单位", "2023年完成值"),
        ("序号", "指标", "单位", "2023年实际"),
        ("序号", "指标", "单位", "2023年完成情况（%）"),
        ("序号", "指标", "单位", "“十四五”完成情况2023年"),
    ],
)
def test_one_row_per_indicator_with_years_as_columns(header: Row) -> None:
    reading = read([header, [1.0, FOREST, "%", 63.1]])
    assert stated(reading) == ONE
    assert reading.problems == []
    assert reading.sheets[0].layout == "每行一个指标，年度为列（2023）"


def test_baseline_target_and_duty_columns_are_passed_over_without_a_word() -> None:
    header = [
        "指标名称",
        "2020年现状值",
        "2020年基期值",
        "2025年目标值",
        "2023年",
        "指标属性",
        "牵头单位",
        "上年值（2022年）",
    ]
    reading = read([header, [FOREST, 60.0, 60.0, "≥63.4", 63.1, "约束性", "市林业局", 62.0]])
    assert stated(reading) == [("E2", "p-1", 2023, Decimal("63.1"))]
    assert reading.problems == []


@pytest.mark.parametrize(
    "title",
    [
        "2025年（目标）",
        "2025年规划值",
        "2025年规划",
        "2025年指标",
        "2025年指标值",
        "2024年（1-9月）",
        "2025年（预计）",
        "2023年（甲县）",
        "2023年（修订）",
        "近10年",
    ],
)
def test_what_a_plan_wants_or_a_part_of_a_year_is_no_value_of_the_year(title: str) -> None:
    reading = read([["指标名称", "2022年", title], [FOREST, 62.9, 63.1]])
    assert stated(reading) == [("B2", "p-1", 2022, Decimal("62.9"))]
    alone = read([["指标名称", title], [FOREST, 63.1]])
    assert alone.values == []
    assert "没有找到数值列" in alone.errors[0].message


@pytest.mark.parametrize("title", ["23年", "23年度完成值", "2023年（实际）", "完成值（2023年，%）", "截至2023年底"])
def test_years_in_titles_are_read_as_offices_write_them(title: str) -> None:
    reading = read([["指标名称", title], [FOREST, 63.1]])
    assert stated(reading) == [("B2", "p-1", 2023, Decimal("63.1"))]
    assert reading.problems == []


def test_target_and_result_of_each_year_stand_side_by_side_whatever_else_does() -> None:
    rows: list[Row] = [
        ["指标名称", "2022年", "", "2025年", ""],
        ["", "目标", "完成", "目标", "预测"],
        [FOREST, 62.5, 62.9, 64.0, 63.9],
    ]
    reading = read(rows, merges=(Merge(0, 0, 1, 0), Merge(0, 1, 0, 2), Merge(0, 3, 0, 4)))
    assert stated(reading) == [("C3", "p-1", 2022, Decimal("62.9"))]
    assert [(problem.is_notice, problem.stands) for problem in reading.problems] == [(True, "“2025年预测”")]


def test_parts_of_a_year_under_a_title_of_that_year_are_not_the_year() -> None:
    rows: list[Row] = [["指标名称", "2024年", "", ""], ["", "一季度", "二季度", "全年"], [FOREST, 62.5, 62.9, 63.1]]
    reading = read(rows, merges=(Merge(0, 0, 1, 0), Merge(0, 1, 0, 3)))
    assert stated(reading) == [("D3", "p-1", 2024, Decimal("63.1"))]
    assert [problem.is_notice for problem in reading.problems] == [True]


def test_a_second_table_below_the_first_is_read_under_its_own_header() -> None:
    rows: list[Row] = [
        ["表1"],
        ["指标名称", "2021年", "2022年"],
        [FOREST, 62.5, 62.9],
        ["注：略"],
        [],
        ["表2"],
        ["序号", "指标名称", "2023年完成值", "2022年目标"],
        [2.0, AIR, 28.0, 30.0],
    ]
    reading = read(rows)
    assert stated(reading) == [
        ("B3", "p-1", 2021, Decimal("62.5")),
        ("C3", "p-1", 2022, Decimal("62.9")),
        ("C8", "p-2", 2023, Decimal(28)),
    ]
    assert reading.problems == []
    assert reading.sheets[0].layout == "每行一个指标，年度为列（2021、2022）；每行一个指标，年度为列（2023）"


def test_tables_below_one_another_have_the_years_of_their_own_titles() -> None:
    rows: list[Row] = [
        ["2022年完成情况"],
        ["指标名称", "完成值"],
        [FOREST, 62.9],
        ["2023年完成情况"],
        ["指标名称", "完成值"],
        [FOREST, 63.1],
        [],
        ["指标名称", "完成值"],
        [AIR, 28.0],
    ]
    reading = read(rows)
    assert [(value.indicator, value.year) for value in reading.values] == [("p-1", 2022), ("p-1", 2023), ("p-2", 2023)]


def test_a_table_below_without_values_is_not_read_as_the_one_above_and_says_so() -> None:
    rows: list[Row] = [
        ["指标名称", "2022年", "备注"],
        [FOREST, 62.9, ""],
        ["指标名称", "责任单位", "2023年上半年"],
        [AIR, "市生态环境局", 28.0],
    ]
    reading = read(rows)
    assert stated(reading) == [("B2", "p-1", 2022, Decimal("62.9"))]
    assert problems(reading) == [(ProblemCode.NOT_READ, "A3")]
    assert "“2023年上半年”" in reading.problems[0].message


def test_titles_above_empty_columns_and_merged_headers_of_two_rows() -> None:
    rows: list[Row] = [
        ["巴中市生态环境保护规划指标完成情况表"],
        ["", "", "", "", "", "单位：%"],
        ["序号", "", "指标", "完成情况", "", "数据来源"],
        ["", "", "", "2022年", "2023年", ""],
        ["甲", "", "乙", "1", "2", "3"],
        [1.0, "", FOREST, 62.9, 63.1, "市林业局"],
    ]
    merges = (Merge(0, 0, 0, 5), Merge(2, 0, 3, 0), Merge(2, 2, 3, 2), Merge(2, 3, 2, 4), Merge(2, 5, 3, 5))
    reading = read(rows, merges=merges)
    assert stated(reading) == [("D6", "p-1", 2022, Decimal("62.9")), ("E6", "p-1", 2023, Decimal("63.1"))]
    assert [value.source for value in reading.values] == ["市林业局", "市林业局"]
    assert reading.problems == []


@pytest.mark.parametrize("merges", [(), (Merge(0, 1, 0, 2), Merge(0, 3, 0, 4), Merge(0, 0, 1, 0))])
def test_each_year_may_have_its_own_source(merges: tuple[Merge, ...]) -> None:
    rows: list[Row] = [
        ["指标名称", "2022年", "", "2023年", ""],
        ["", "完成值", "数据来源", "完成值", "数据来源"],
        [FOREST, 62.9, "甲", 63.1, "乙"],
    ]
    reading = read(rows, merges=merges)
    assert [(value.year, value.source) for value in reading.values] == [(2022, "甲"), (2023, "乙")]


@pytest.mark.parametrize(
    ("header", "name"), [("2023年", "造林（亩）"), ("2023年完成值（亩）", "造林"), ("2023年（亩）", "造林")]
)
def test_a_unit_in_brackets_counts_too(header: str, name: str) -> None:
    assert problems(read([["指标名称", header], [name, 12000.0]])) in (
        [(ProblemCode.OTHER_UNIT, "A2")],
        [(ProblemCode.OTHER_UNIT, "B2")],
    )
    assert len(read([["指标名称", header.replace("亩", "万亩")], [name.replace("亩", "万亩"), 1.2]]).values) == 1


def test_years_are_read_as_people_write_them_and_others_are_problems() -> None:
    rows: list[Row] = [
        ["指标名称", "年度", "数值"],
        *([FOREST, year, 63.1] for year in (2021.0, "2022年", "２０２３年度")),
    ]
    assert [value.year for value in read(rows).values] == [2021, 2022, 2023]
    wrong = read([rows[0], [FOREST, "去年", 1.0], [FOREST, "", 1.0], [FOREST, 2019.0, 1.0], ["造林", 2025.0, 1.0]])
    assert problems(wrong) == [
        (ProblemCode.NO_YEAR, "B2"),
        (ProblemCode.NO_YEAR, "B3"),
        (ProblemCode.OTHER_YEAR, "B4"),
        (ProblemCode.OTHER_YEAR, "B5"),
    ]
    assert "评价年份是 2021 至 2023 年，2025 年的数值不能导入" in wrong.problems[3].message


def test_a_column_of_a_year_that_is_not_judged_is_passed_over_with_one_notice() -> None:
    reading = read([["指标名称", "2019年", "2023年"], [FOREST, 60.0, 63.1], [AIR, 30.0, 28.0]])
    assert len(reading.values) == 2
    assert [(problem.reference, problem.is_notice) for problem in reading.problems] == [("B", True)]
    assert "2 个数值不在评价年份内" in reading.problems[0].message


def test_a_table_without_a_year_takes_it_from_the_caller_or_the_title_and_else_asks_for_it() -> None:
    rows: list[Row] = [["指标名称", "完成值"], [FOREST, 63.1], [AIR, 28.0]]
    assert [value.year for value in read(rows, year=2022).values] == [2022, 2022]
    titled = read([["巴中市2023年度指标完成情况"], *rows])
    assert [value.year for value in titled.values] == [2023, 2023]
    assert problems(titled) == [(ProblemCode.YEAR_ASSUMED, "")]
    assert titled.errors == []
    assert problems(read([["2021年和2023年指标"], *rows])) == [(ProblemCode.NO_YEAR, "B2")]
    assert problems(read(rows)) == [(ProblemCode.NO_YEAR, "B1")]


def test_columns_that_say_the_same_are_a_problem_and_the_table_is_not_read() -> None:
    twice = read([["指标名称", "2023年", "2023年完成值"], [FOREST, 63.1, 63.2]])
    assert (problems(twice), twice.values) == ([(ProblemCode.COLUMN_TWICE, "C1")], [])
    assert "B 列和 C 列都是 2023 年的“数值”" in twice.problems[0].message
    both = read([["指标名称", "年度", "2023年"], [FOREST, 2022.0, 63.1]])
    assert problems(both) == [(ProblemCode.COLUMN_TWICE, "B1")]


def test_columns_that_are_not_understood_are_named() -> None:
    reading = read([["指标名称", "2023年", "2023年全省平均", "电话"], [FOREST, 63.1, 60.0, "1"]])
    assert len(reading.values) == 1
    assert reading.problems[0].is_notice
    assert "没有读取这些列：“2023年全省平均”、“电话”" in reading.problems[0].message


def test_a_column_without_a_title_is_named_when_something_stands_in_it() -> None:
    rows: list[Row] = [["指标名称", "2022年", ""], [FOREST, 62.9, 63.1], [AIR, 28.0, 27.0], ["注：略"]]
    reading = read(rows)
    assert problems(reading) == [(ProblemCode.NOT_READ, "1")]
    assert "没有标题的 C 列" in reading.problems[0].message

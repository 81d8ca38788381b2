"""Rows of a plan's own table: components, groups, categories, and what is passed over."""

from __future__ import annotations

import pytest

from indicators.core.codes import Constraint
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Merge
from tests.indicators.workbook.plan_reading import HEADER, Row, family, nature, problems, read

TOP: Row = [8.0, "主要污染物减排量（吨）", "", "", "约束性"]
NITROGEN, AMMONIA = "氮氧化物", "氨氮"


@pytest.mark.parametrize(
    "components",
    [
        [["", f"其中：{NITROGEN}", "", 513.8], ["", AMMONIA, "", 120.91]],
        [["", f"其中:{NITROGEN}", "", 513.8], ["", f"　　　{AMMONIA}", "", 120.91]],
        [["", f"　　{NITROGEN}", "", 513.8], ["", f"　　{AMMONIA}", "", 120.91]],
        [["", f"  {NITROGEN}", "", 513.8], ["", f"  {AMMONIA}", "", 120.91]],
        [["", f"（1）{NITROGEN}", "", 513.8], ["", f"(2) {AMMONIA}", "", 120.91]],
        [["①", NITROGEN, "", 513.8], ["②", AMMONIA, "", 120.91]],
        [[8.1, NITROGEN, "", 513.8], [8.2, AMMONIA, "", 120.91]],
        [["8-1", NITROGEN, "", 513.8], ["8-2", AMMONIA, "", 120.91]],
    ],
)
def test_components_stand_under_their_indicator(components: list[Row]) -> None:
    found = read([HEADER, TOP, *components, [9.0, "森林覆盖率（%）", 63.0, ">63", "约束性"]])
    top = "主要污染物减排量"
    assert family(found) == [("", top), (top, NITROGEN), (top, AMMONIA), ("", "森林覆盖率")]
    # What a component does not print it has from above.
    assert [(row.unit, row.constraint, nature(row)) for row in found.rows[:3]] == [
        ("吨", Constraint.BINDING, ("higher", "number", "additive"))
    ] * 3
    assert problems(found) == [(ProblemCode.UNIT_ASSUMED, "B3"), (ProblemCode.UNIT_ASSUMED, "B4")]


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_title_over_two_columns_groups_components(is_merged: bool) -> None:
    rows: list[Row] = [
        ["序号", "指标名称", "", "2025年目标"],
        [1.0, "环境空气质量", "优良天数比率（%）", "≥90"],
        ["", "", "PM2.5浓度（μg/m3）", "≤30"],
        [2.0, "森林覆盖率（%）", "", ">63"],
    ]
    merges = (Merge(0, 1, 0, 2), Merge(1, 0, 2, 0), Merge(1, 1, 2, 1), Merge(3, 1, 3, 2))
    found = read(rows, merges=merges if is_merged else (merges[0],))
    assert family(found) == [
        ("", "环境空气质量"),
        ("环境空气质量", "优良天数比率"),
        ("环境空气质量", "PM2.5浓度"),
        ("", "森林覆盖率"),
    ]
    assert [(row.number, row.unit, row.wording) for row in found.rows] == [
        ("1", "", ""),
        ("", "%", "≥90"),
        ("", "μg/m3", "≤30"),
        ("2", "%", ">63"),
    ]
    assert found.problems == []


def test_a_number_in_front_of_the_name_is_the_number_where_no_column_holds_it() -> None:
    rows: list[Row] = [
        ["指标", "20年", "25年"],
        ["1.森林覆盖率（%）", 63.0, ">63"],
        ["２、PM2.5浓度（μg/m3）", 30.0, "≤28"],
        ["3.5公里以上河道", "", "治理"],
    ]
    found = read(rows)
    assert [(row.number, row.name) for row in found.rows] == [
        ("1", "森林覆盖率"),
        ("2", "PM2.5浓度"),
        ("", "3.5公里以上河道"),
    ]
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert list(found.sheets[0].columns) == ["指标名称", "基期值", "目标"]


@pytest.mark.parametrize(
    "section",
    [["一、环境质量"], ["", "（一）环境质量"], ["一", "环境质量"], ["（一）", "环境质量"], ["第一类 环境质量"]],
)
def test_a_row_that_only_names_a_group_is_a_category(section: Row) -> None:
    found = read([HEADER, section, [1.0, "森林覆盖率（%）", 63.0, ">63", "约束性"]])
    (row,) = found.rows
    assert row.category.strip() == "环境质量"
    assert found.problems == []


def test_a_category_is_carried_down_where_cells_below_are_empty() -> None:
    rows: list[Row] = [
        ["类别", "指标名称", "2025年目标"],
        ["环境质量", "森林覆盖率（%）", ">63"],
        ["", "城镇污水处理率（%）", "≥96"],
        ["资源利用", "危险废物安全处置率（%）", 100.0],
    ]
    assert [row.category for row in read(rows).rows] == ["环境质量", "环境质量", "资源利用"]


def test_repeated_headers_counted_columns_notes_and_signatures_are_passed_over() -> None:
    rows: list[Row] = [
        ["单位：%"],
        HEADER,
        ["甲", "乙", 1.0, 2.0, 3.0],
        [1.0, "森林覆盖率（%）", "63*", ">63", "约束性"],
        [],
        HEADER,
        [2.0, "城镇污水处理率（%）", 95.92, "≥96", "约束性"],
        ["* 为2019年数值"],
        ["注：略"],
        ["填表人：甲", "", "审核人：乙"],
    ]
    found = read(rows)
    assert [row.name for row in found.rows] == ["森林覆盖率", "城镇污水处理率"]
    assert [row.baseline_note for row in found.rows] == ["* 为2019年数值", ""]
    assert (found.problems, found.title) == ([], "")

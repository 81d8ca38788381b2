"""Cells of a plan's own table: constraint, unit, baseline, target, commitments."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core.codes import Constraint, Direction, EntryBasis, Frequency, MeasureKind, ValueType
from indicators.workbook.plan_row import split_unit
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Merge
from tests.indicators.workbook.plan_reading import HEADER, Row, nature, problems, read


@pytest.mark.parametrize(
    ("printed_text", "constraint", "kept"),
    [
        ("约束性", Constraint.BINDING, "约束性"),
        ("约束指标", Constraint.BINDING, "约束指标"),
        ("预期性指标", Constraint.EXPECTED, "预期性指标"),
        ("参考性", Constraint.REFERENCE, "参考性"),
        ("", Constraint.UNSPECIFIED, ""),
        ("—", Constraint.UNSPECIFIED, ""),
        ("未注明", Constraint.UNSPECIFIED, ""),
        ("约束性（预期性）", Constraint.UNSPECIFIED, "约束性（预期性）"),
        ("考核", Constraint.UNSPECIFIED, "考核"),
    ],
)
def test_constraints_are_read_in_every_wording(printed_text: str, constraint: Constraint, kept: str) -> None:
    found = read([HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", printed_text]])
    # An unclear word is kept in the notice and in the row; the row stays unspecified.
    assert (found.rows[0].constraint, found.rows[0].constraint_text) == (constraint, kept)
    unclear = constraint is Constraint.UNSPECIFIED and bool(kept)
    assert problems(found) == ([(ProblemCode.CONSTRAINT_UNKNOWN, "E2")] if unclear else [])


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("森林覆盖率（%）", ("森林覆盖率", "%")),
        ("森林覆盖率(％)", ("森林覆盖率", "％")),
        ("森林覆盖率%", ("森林覆盖率", "%")),
        ("细颗粒物(PM2.5)浓度（μg/m³）", ("细颗粒物(PM2.5)浓度", "μg/m³")),
        ("碳排放强度 （单位：吨/万元）", ("碳排放强度", "吨/万元")),
        ("区域环境噪声（dB(A)）", ("区域环境噪声", "dB(A)")),
        ("生态质量指数(新EI)", ("生态质量指数(新EI)", "")),
        ("生态质量指数(新EI)(%)", ("生态质量指数(新EI)", "%")),
        ("放射源辐射事故年发生率(起/每万枚)", ("放射源辐射事故年发生率", "起/每万枚")),
        ("水域面积", ("水域面积", "")),
    ],
)
def test_the_unit_stands_in_brackets_behind_the_name(name: str, split: tuple[str, str]) -> None:
    assert split_unit(name) == split


def test_a_unit_column_goes_before_the_brackets_and_a_difference_is_told() -> None:
    header = ["指标名称", "单位", "2025年目标"]
    found = read([header, ["耕地面积（亩）", "万亩", "≥100"], ["森林覆盖率（%）", "％", ">63"], ["名录", "—", "建立"]])
    assert [row.unit for row in found.rows] == ["万亩", "％", ""]
    assert problems(found) == [(ProblemCode.OTHER_UNIT, "A2")]


@pytest.mark.parametrize(
    ("text", "figure", "code"),
    [
        ("28.1", Decimal("28.1"), None),
        ("73.5*", Decimal("73.5"), None),
        ("73.5※", Decimal("73.5"), None),
        ("95.92%", Decimal("95.92"), None),
        ("-", None, None),
        ("达到国家二级标准", None, None),
        ("约63", None, ProblemCode.BASELINE_UNREAD),
        ("63（2019年）", None, ProblemCode.BASELINE_UNREAD),
        ("39μg/m3", None, ProblemCode.BASELINE_UNREAD),
    ],
)
def test_baselines_keep_their_text_and_give_a_figure_where_it_is_one(
    text: str, figure: Decimal | None, code: ProblemCode | None
) -> None:
    found = read([HEADER, [1.0, "森林覆盖率（%）", text, ">63", "约束性"]])
    assert (found.rows[0].baseline_text, found.rows[0].baseline) == (text, figure)
    assert [found_code for found_code, _ in problems(found)] == ([code] if code else [])


def test_percentages_and_grades_are_read_as_they_show() -> None:
    rows: list[Row] = [HEADER, [1.0, "森林覆盖率（%）", 0.63, 0.64, ""], [2.0, "一品河水质", "Ⅳ类", "Ⅲ类", ""]]
    found = read(rows, percent=frozenset({(1, 2), (1, 3)}))
    assert [(row.baseline_text, row.baseline, row.wording) for row in found.rows] == [
        ("63%", Decimal(63), "64%"),
        ("Ⅳ类", Decimal(4), "Ⅲ类"),
    ]
    assert (found.rows[0].understood, nature(found.rows[1])) == ("达到64%（越高越好）", ("lower", "grade", "level"))
    assert found.problems == []


def test_a_target_merged_over_rows_holds_for_each_with_a_notice() -> None:
    rows: list[Row] = [
        HEADER,
        [15.0, "碳排放降低（%）", 27.0, "完成省定目标", "约束性"],
        [16.0, "能耗降低（%）", 12.1, "", ""],
    ]
    found = read(rows, merges=(Merge(1, 3, 2, 3), Merge(1, 4, 2, 4)))
    assert [(row.wording, row.constraint) for row in found.rows] == [("完成省定目标", Constraint.BINDING)] * 2
    assert problems(found) == [(ProblemCode.TARGET_SHARED, "D2")]
    assert found.errors == []


def test_lines_within_a_cell_are_wrapped_text_unless_each_is_a_demand() -> None:
    rows: list[Row] = [
        HEADER,
        [1.0, "地级及以上城市\n空气质量优良\r\n天数比率(%)", 96.7, "完成省\n考核目标", "约束\n性"],
        [2.0, "生物多样性保护", "", "≥95%\n不明显", "参考性"],
    ]
    found = read(rows)
    assert [(row.name, row.wording, row.constraint_text) for row in found.rows] == [
        ("地级及以上城市空气质量优良天数比率", "完成省考核目标", "约束性"),
        ("生物多样性保护", "≥95%；不明显", "参考性"),
    ]
    assert problems(found) == [(ProblemCode.UNIT_ASSUMED, "B3"), (ProblemCode.SEVERAL_LINES, "D3")]


def test_yearly_commitments_and_how_figures_are_entered() -> None:
    rows: list[Row] = [
        HEADER,
        [1.0, "安静居住小区（个）", "", "每年不少于1个", ""],
        [2.0, "氮氧化物减少（%）", "", "完成省定目标", ""],
        [3.0, "造林（万亩）", "", 103.0, ""],
    ]
    first, second, third = read(rows).rows
    assert first.frequency is Frequency.YEARLY
    assert (second.measure.code, second.entry_basis) == (MeasureKind.CUMULATIVE_RATE, EntryBasis.ANNUAL)
    assert (third.measure.code, third.entry_basis) == (MeasureKind.ADDITIVE, EntryBasis.TO_DATE)
    assert (third.direction.code, third.value_type.code) == (Direction.HIGHER, ValueType.NUMBER)

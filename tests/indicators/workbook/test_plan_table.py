"""A plan's own table, as it is published: layouts of four plans, and the ways in which offices print rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest

from indicators.core.codes import Constraint, Direction, EntryBasis, Frequency, MeasureKind, ValueType
from indicators.workbook.mark import PROBLEM_LIST_TITLE
from indicators.workbook.plan_row import PlanRow, split_unit
from indicators.workbook.plan_table import PlanTable, plan_table_of, read_plan_table
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Kind, Merge, RawCell, SheetTable, Workbook
from tests.indicators.workbook import plans

Row = Sequence[RawCell]
HEADER: Row = ["序号", "指标名称", "2020年现状值", "2025年目标值", "指标属性"]


def table(rows: Sequence[Row], name: str = "表", **known: Any) -> SheetTable:
    """A sheet of rows made equally long."""
    width = max(map(len, rows))
    return SheetTable(name, [[*row, *[""] * (width - len(row))] for row in rows], **known)


def read(rows: Sequence[Row], *, years: tuple[int | None, int | None] = (None, None), **known: Any) -> PlanTable:
    workbook = Workbook(Kind.XLSX, [table(rows, **known)])
    return plan_table_of(workbook, baseline_year=years[0], target_year=years[1])


def problems(found: PlanTable) -> list[tuple[ProblemCode, str]]:
    return [(problem.code, problem.reference) for problem in found.problems]


def family(found: PlanTable) -> list[tuple[str, str]]:
    return [(row.parent, row.name) for row in found.rows]


def nature(row: PlanRow) -> tuple[str, str, str]:
    return (row.direction.code, row.value_type.code, row.measure.code)


def printed(row: PlanRow) -> tuple[object, ...]:
    """What the table prints of an indicator."""
    return (
        row.number,
        row.name,
        row.unit,
        row.baseline_text,
        row.baseline,
        row.wording,
        row.constraint,
        row.constraint_text,
        row.category_label,
    )


def loaded(row: dict[str, Any], label: str) -> tuple[object, ...]:
    """The same of an indicator of the fixtures."""
    value = row.get("baseline", {}).get("value")
    return (
        row["number"],
        row["name"],
        row["unit"],
        plans.baseline_text(row),
        None if value is None else Decimal(value),
        row["target"]["wording"],
        row["constraint"],
        row["constraint_text"],
        label,
    )


@pytest.mark.parametrize("sections", [True, False])
def test_the_table_of_bazhong(sections: bool) -> None:
    found = read_plan_table(plans.bazhong(sections=sections))
    rows, label = plans.table_rows("bazhong"), plans.labels("bazhong")
    assert (found.title, found.baseline_year, found.target_year) == (
        "专栏一  “十四五”生态环境保护规划主要指标",
        2020,
        2025,
    )
    assert [printed(row) for row in found.rows] == [loaded(row, label[row["category"]]) for row in rows]
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    assert found.categories[0] == ("生态环境质量改善", "(一)生态环境质量改善")
    assert [(problem.code, problem.stands) for problem in found.problems] == [
        (ProblemCode.NO_TARGET, "单位国内生产总值能耗降低")
    ]
    assert found.errors == []
    assert found.sheets[0].columns["目标"] == "E列“2025年目标”"


def test_the_table_of_qiandongnan() -> None:
    found = read_plan_table(plans.qiandongnan())
    rows, label = plans.table_rows("qiandongnan"), plans.labels("qiandongnan")
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [printed(row) for row in found.rows] == [loaded(row, label[row["category"]]) for row in rows]
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    noted = {row.number: row.baseline_note for row in found.rows if row.baseline_note}
    assert noted == {"17": plans.named("qiandongnan", "17")[0]["baseline"]["note"]}
    assert found.problems == []


def test_a_table_with_units_bare_years_and_duties_as_liaoyuan_says_them() -> None:
    rows = plans.named("liaoyuan", "p04", "p05", "p07", "p08", "p09", "p11", "p12", "p13")
    found = read_plan_table(plans.liaoyuan(rows))
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [(row.name, row.unit, row.wording) for row in found.rows] == [
        (row["name"], row["unit"], row["target"]["wording"]) for row in rows
    ]
    assert [(list(row.lead), list(row.participating)) for row in found.rows] == [
        (row.get("lead", []), row["participating"]) for row in rows
    ]
    assert [row.baseline for row in found.rows][:3] == [Decimal(39), Decimal("81.7"), None]
    assert {row.constraint for row in found.rows} == {Constraint.UNSPECIFIED}
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    assert found.problems == []


def test_a_table_without_baselines_and_with_components_as_banan_promises_them() -> None:
    rows = plans.named("banan", "p02", "p03", "p10", "p11", "p31", "p14")
    found = read_plan_table(plans.banan(rows))
    expected = []
    for row in rows:
        expected.append(("", row["name"], row.get("unit") or "", row["target"]["wording"]))
        for part in row.get("components", []):
            expected.append((row["name"], part["name"], part.get("unit") or "", part["target"]["wording"]))
    # A target that carries the unit tells it where the row prints none.
    assert [(row.parent, row.name, row.unit, row.wording) for row in found.rows] == expected
    assert (found.baseline_year, found.target_year) == (None, 2025)
    assert {row.baseline for row in found.rows} == {None}
    grades = [row for row in found.rows if row.parent == "一品河、五布河、孝子河水质"]
    assert [nature(row) for row in grades] == [("lower", "grade", "level")] * 3
    assert found.problems == []


def test_the_checklist_with_two_columns_of_groups_deadlines_and_departments() -> None:
    found = read_plan_table(plans.checklist(), baseline_year=2020, target_year=2021)
    rows, label = plans.table_rows("bazhong-checklist"), plans.labels("bazhong-checklist")
    tops = [row for row in found.rows if not row.parent]
    assert [(row.number, row.name, row.unit, row.wording, row.constraint) for row in tops] == [
        (row["number"], row["name"], row["unit"], row["target"]["wording"], row["constraint"]) for row in rows
    ]
    assert [row.category_label for row in tops] == [label[row["category"]] for row in rows]
    assert [(row.lead, row.participating) for row in tops] == [
        (tuple(row["lead"]), tuple(row["participating"])) for row in rows
    ]
    assert [(row.parent, row.name, row.wording) for row in found.rows if row.parent] == [
        (row["name"], part["name"], part["target"]["wording"]) for row in rows for part in row.get("components", [])
    ]
    assert {code for code, _ in problems(found)} == {ProblemCode.UNIT_ASSUMED, ProblemCode.NOT_READ}
    assert "没有读取这些列：“主要任务”、“完成时限”" in next(
        problem.message for problem in found.problems if problem.code == ProblemCode.NOT_READ
    )


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


def test_all_problems_are_reported_at_once_and_errors_apart_from_notices() -> None:
    rows: list[Row] = [
        HEADER,
        [1.0, "森林覆盖率（%）", "", ">63", ""],
        [2.0, "", "", "≥96", ""],
        [3.0, "森林 覆盖率(%)", "", "≥64", ""],
        [4.0, "造林", "", "", ""],
        [5.0, "水域面积（公顷）", "", "三年行动见成效", ""],
        [6.0, "PM2.5浓度（μg/m3）", "", "≥30%", ""],
        [7.0, "绿地面积", "", "", ""],
    ]
    found = read(rows, failures={(4, 3): "#REF!"}, uncalculated=frozenset({(7, 3)}))
    assert problems(found) == [
        (ProblemCode.NO_NAME, "B3"),
        (ProblemCode.NAME_TWICE, "B4"),
        (ProblemCode.NO_TARGET, "B5"),
        (ProblemCode.FORMULA_FAILED, "D5"),
        (ProblemCode.TARGET_UNRECOGNISED, "D6"),
        (ProblemCode.TARGET_DOUBTFUL, "D7"),
        (ProblemCode.NO_TARGET, "B8"),
        (ProblemCode.FORMULA_UNCALCULATED, "D8"),
    ]
    assert [problem.code for problem in found.errors] == [
        ProblemCode.NO_NAME,
        ProblemCode.NAME_TWICE,
        ProblemCode.FORMULA_FAILED,
        ProblemCode.FORMULA_UNCALCULATED,
    ]
    assert all(problem.message.endswith("。") for problem in found.problems)


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


def test_every_sheet_is_read_or_named_with_the_reason() -> None:
    sheets = [
        SheetTable("问题清单", [[PROBLEM_LIST_TITLE]]),
        table([["封面"]], name="封面"),
        table([HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]], name="表一"),
        table([["指标名称", "目标值"], ["城镇污水处理率（%）", "≥96"]], name="表二"),
        table([["指标名称", "牵头单位"], ["森林覆盖率", "市林业局"]], name="分工"),
        table([HEADER], name="隐", is_hidden=True),
        SheetTable("空", []),
    ]
    found = plan_table_of(Workbook(Kind.XLSX, sheets))
    assert [(row.sheet, row.name) for row in found.rows] == [("表一", "森林覆盖率"), ("表二", "城镇污水处理率")]
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [(sheet.name, bool(sheet.skipped), sheet.row_count) for sheet in found.sheets] == [
        ("封面", True, 0),
        ("表一", False, 1),
        ("表二", False, 1),
        ("分工", True, 0),
        ("隐", True, 0),
        ("空", True, 0),
    ]
    assert "没有找到目标列" in found.sheets[3].skipped
    assert found.problems == []


def test_an_indicator_on_two_sheets_is_stated_twice() -> None:
    rows: list[Row] = [HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]]
    found = plan_table_of(Workbook(Kind.XLSX, [table(rows, name="甲"), table(rows, name="乙")]))
    assert [(problem.code, problem.sheet, problem.reference) for problem in found.errors] == [
        (ProblemCode.NAME_TWICE, "乙", "B2")
    ]
    assert "“甲”B2" in found.errors[0].message


def test_hidden_rows_are_read_and_named() -> None:
    found = read([HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]], hidden_rows=frozenset({1, 7}))
    assert len(found.rows) == 1
    assert problems(found) == [(ProblemCode.HIDDEN, "2")]


def test_a_file_without_a_plan_table_is_one_clear_error() -> None:
    found = read([["姓名", "电话"], ["甲", "1"]])
    assert problems(found) == [(ProblemCode.NO_HEADER, "")]
    assert "没有找到指标表" in found.errors[0].message


def test_a_table_of_thousands_is_no_plan() -> None:
    numbered: list[Row] = [[float(line), f"指标{line}", "", "≥1", ""] for line in range(1002)]
    found = read([HEADER, *numbered])
    assert len(found.rows) == 1000
    assert problems(found) == [(ProblemCode.NOT_READ, "B1002")]
    assert not found.problems[0].is_notice


def test_long_texts_cost_little_time() -> None:
    texts = [f"a{' ' * 32_000}b", "治理" * 16_000, f"{'*' * 32_000}x", "其中" * 16_000, "、" * 32_000, "（" * 32_000]
    header = [*HEADER, "责任单位"]
    started = perf_counter()
    read([header, *([text] * 6 for text in texts)])
    assert perf_counter() - started < 5

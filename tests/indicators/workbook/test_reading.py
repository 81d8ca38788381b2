"""Rows of whole tables: merged cells, notes, hidden parts, marks, and every problem at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.workbook.mark import SHEET_NAME, TemplateMark
from indicators.workbook.problems import ProblemCode
from indicators.workbook.reading import HIDDEN_SHEET, read_values, values_of
from indicators.workbook.refusals import WorkbookRefused
from indicators.workbook.table import Kind, Merge, SheetTable, Workbook
from tests.indicators.workbook.files import xlsx
from tests.indicators.workbook.reading_tables import (
    AIR,
    FOREST,
    INDICATORS,
    Row,
    problems,
    read,
    stated,
    table,
)


def test_names_merged_over_rows_hold_for_each_of_them() -> None:
    rows: list[Row] = [["指标名称", "年度", "数值"], [FOREST, 2022.0, 62.9], ["", 2023.0, 63.1]]
    assert len(read(rows, merges=(Merge(1, 0, 2, 0),)).values) == 2
    assert problems(read(rows)) == [(ProblemCode.UNKNOWN_INDICATOR, "A3")]


def test_a_figure_merged_over_rows_or_years_belongs_to_nobody_knows_which() -> None:
    rows: list[Row] = [["指标名称", "2022年", "2023年"], [FOREST, 62.9, ""], [AIR, "", 28.0]]
    reading = read(rows, merges=(Merge(1, 1, 1, 2), Merge(2, 0, 2, 1)))
    assert problems(reading) == [(ProblemCode.MERGED_VALUE, "C2")]
    assert "与 B2 合并" in reading.problems[0].message
    down = read([["指标名称", "2022年"], [FOREST, 62.9], [AIR, ""]], merges=(Merge(1, 1, 2, 1),))
    assert problems(down) == [(ProblemCode.MERGED_VALUE, "B3")]


def test_section_rows_empty_rows_and_repeated_headers_are_no_indicators() -> None:
    rows: list[Row] = [
        ["指标名称", "2023年"],
        ["一、环境质量", "—"],
        [],
        ["指标名称", "2023年"],
        [FOREST, 63.1],
        ["二、还没有数据", ""],
    ]
    reading = read(rows)
    assert len(reading.values) == 1
    assert reading.problems == []


@pytest.mark.parametrize(
    "note",
    [
        "注：数据截至年底。",
        "注1.口径不同",
        "填表人：甲　审核人：乙",
        "（注：略）",
        "说明：略",
        "数据来源：统计年鉴",
        "附注",
    ],
)
def test_notes_end_the_table_and_what_stands_below_is_reported(note: str) -> None:
    reading = read([["指标名称", "2023年"], [FOREST, 63.1], ["", ""], [note, ""]])
    assert (len(reading.values), reading.problems) == (1, [])
    below = read([["指标名称", "2023年"], [FOREST, 63.1], [note, ""], [AIR, 28.0]])
    assert len(below.values) == 1
    assert [(problem.code, problem.is_notice) for problem in below.problems] == [(ProblemCode.NOT_READ, True)]
    assert problems(read([["指标名称", "2023年"], [note, ""], [AIR, "28%"]])) == [(ProblemCode.NOT_READ, "3")]


def test_all_problems_of_a_table_are_reported_at_once() -> None:
    rows: list[Row] = [
        ["指标名称", "单位", "2022年", "2023年", "评定结论"],
        [FOREST, "%", "约63", "<27", ""],
        ["森林复盖率", "%", 62.9, "", ""],
        [AIR, "毫克/立方米", 0.028, 0.027, ""],
        ["一品河水质", "类", "Ⅲ类", "良", ""],
        ["自然保护地", "", "", "", "推进中"],
        ["造林", "万亩", 1.2, "", "达成"],
    ]
    reading = read(rows, year=2023)
    assert problems(reading) == [
        (ProblemCode.NOT_A_FIGURE, "C2"),
        (ProblemCode.NOT_A_FIGURE, "D2"),
        (ProblemCode.UNKNOWN_INDICATOR, "A3"),
        (ProblemCode.OTHER_UNIT, "B4"),
        (ProblemCode.NOT_A_GRADE, "D5"),
        (ProblemCode.NOT_A_FINDING, "E6"),
        (ProblemCode.NOT_A_FINDING, "E7"),
    ]
    assert [problem.stands for problem in reading.problems][:4] == ["约63", "<27", "森林复盖率", "毫克/立方米"]
    assert all(problem.message.endswith("。") for problem in reading.problems)
    assert reading.errors == reading.problems
    assert stated(reading) == [("C5", "p-3", 2022, Decimal(3)), ("C7", "p-5", 2022, Decimal("1.2"))]


def test_the_same_value_stated_twice_is_a_problem_at_both_places() -> None:
    first = table([["指标名称", "2023年"], [FOREST, 63.1]], name="甲")
    second = table([["指标", "地区", "2023年"], ["森林覆盖率（%）", "", 63.2], [FOREST, "通江县", 63.2]], name="乙")
    reading = values_of(Workbook(Kind.XLSX, [first, second]), INDICATORS)
    assert [(value.sheet, value.region) for value in reading.values] == [("乙", "通江县")]
    assert [(problem.sheet, problem.reference) for problem in reading.problems] == [("甲", "B2"), ("乙", "C2")]
    assert "“乙”C2" in reading.problems[0].message
    assert [outcome.value_count for outcome in reading.sheets] == [0, 1]


def test_each_sheet_is_read_or_skipped_with_the_reason() -> None:
    sheets = [
        table([["指标名称", "2023年"], [FOREST, 63.1]], name="数据"),
        table([["请如实填写"]], name="说明"),
        table([["指标名称", "备注"], [FOREST, ""]], name="名单"),
        table([["指标名称", "2022年"], [FOREST, 60.0]], name="草稿", is_hidden=True),
        SheetTable("Sheet3", []),
    ]
    reading = values_of(Workbook(Kind.XLSX, sheets), INDICATORS)
    assert [bool(outcome.layout) for outcome in reading.sheets] == [True, False, False, False, False]
    assert "没有找到“指标名称”或“代码”列" in reading.sheets[1].skipped
    assert "没有找到数值列" in reading.sheets[2].skipped
    assert reading.sheets[3].skipped == HIDDEN_SHEET
    assert (len(reading.values), reading.problems) == (1, [])


def test_a_file_without_any_table_is_one_clear_problem() -> None:
    reading = read([["姓名", "电话"], ["甲", "1"]])
    assert problems(reading) == [(ProblemCode.NO_HEADER, "")]
    assert "文件中没有可以读取的指标表。“表”：" in reading.problems[0].message


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    rows: list[Row] = [["指标名称", "2022年", "2023年"], [FOREST, 62.9, 63.1], [AIR, "", ""]]
    reading = read(rows, hidden_rows=frozenset({1, 2}), hidden_columns=frozenset({2}))
    assert len(reading.values) == 2
    assert [(problem.code, problem.reference) for problem in reading.notices] == [
        (ProblemCode.HIDDEN, "C"),
        (ProblemCode.HIDDEN, "2"),
    ]


def test_failed_and_uncalculated_formulas_are_problems_though_their_cells_are_empty() -> None:
    rows: list[Row] = [["指标名称", "2022年", "2023年"], [FOREST, "", ""]]
    reading = read(rows, failures={(1, 1): "#REF!"}, uncalculated=frozenset({(1, 2)}))
    assert problems(reading) == [(ProblemCode.FORMULA_FAILED, "B2"), (ProblemCode.FORMULA_UNCALCULATED, "C2")]


def test_a_finding_may_stand_in_either_column() -> None:
    in_own = read([["指标名称", "2023年", "评定结论"], ["自然保护地", "", "达成"]], year=2023)
    among_figures = read([["指标名称", "2023年"], ["自然保护地", "部分完成"]])
    assert [value.finding for value in (*in_own.values, *among_figures.values)] == ["achieved", "partly"]


def test_sources_notes_and_regions_come_along() -> None:
    header = ["指标名称", "地区", "2023年", "数据来源", "说明", "备注"]
    (value,) = read([header, [FOREST, "通江县", 63.1, " 市林业局 ", "初步数", "待核"]]).values
    assert (value.region, value.source, value.note, value.text) == ("通江县", "市林业局", "初步数；待核", "63.1")


def test_of_a_template_only_its_own_years_are_read() -> None:
    mark = SheetTable(SHEET_NAME, [list(pair) for pair in TemplateMark("p", (2023,)).rows()], is_hidden=True)
    wide = table([["代码", "2022年", "2023年"], ["p-1", 62.9, 63.1]])
    reading = values_of(Workbook(Kind.XLSX, [wide, mark]), INDICATORS)
    assert stated(reading) == [("C2", "p-1", 2023, Decimal("63.1"))]
    assert (reading.problems, len(reading.sheets)) == ([], 1)
    single = values_of(Workbook(Kind.XLSX, [table([["代码", "完成值"], ["p-1", 63.1]]), mark]), INDICATORS)
    assert [value.year for value in single.values] == [2023]
    other = values_of(Workbook(Kind.XLSX, [table([["代码", "年度", "数值"], ["p-1", 2022.0, 63.1]]), mark]), INDICATORS)
    assert "这份模板用于填报 2023 年" in other.problems[0].message


def test_a_damaged_mark_is_a_problem() -> None:
    workbook = Workbook(Kind.XLSX, [table([["代码", "2023年"], ["p-1", 63.1]]), SheetTable(SHEET_NAME, [["x"]])])
    assert problems(values_of(workbook, INDICATORS)) == [(ProblemCode.DAMAGED_MARK, "")]


def test_overlapping_merges_are_refused() -> None:
    with pytest.raises(WorkbookRefused):
        read([["指标名称", "2023年"], [FOREST, 63.1]], merges=(Merge(0, 0, 1, 1), Merge(1, 1, 2, 2)))


def test_a_file_is_read_from_its_bytes() -> None:
    reading = read_values(xlsx(rows=[["指标名称", "2023年"], [FOREST, 63.1], [AIR, 0.5]]), INDICATORS)
    assert (reading.kind, len(reading.values), reading.problems) == (Kind.XLSX, 2, [])


def test_a_text_table_is_read_like_any_other() -> None:
    reading = read_values("指标名称,2023年,备注\n森林覆盖率,63.1%,\n".encode("gb18030"), INDICATORS)
    assert stated(reading) == [("B2", "p-1", 2023, Decimal("63.1"))]

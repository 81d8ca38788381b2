"""Templates as they go out, and that they come back as they went."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from indicators.core.codes import Finding, Grade
from indicators.workbook.mark import SHEET_NAME, TemplateMark
from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.problems import ProblemCode
from indicators.workbook.reading import read_values
from indicators.workbook.table import Kind
from indicators.workbook.template import (
    ENTRY_SHEET,
    FIRST_ROW,
    HEADER_ROW,
    TemplateContent,
    TemplateEntry,
    TemplateGroup,
    TemplateRow,
    shown_value,
    write_template,
)
from indicators.workbook.template_guide import GUIDE_SHEET
from tests.indicators.workbook.templates import CONTENT, INDICATORS, PREFILLED, ROWS, reorder, saved, stated

HEADER_LINE, FIRST_LINE = HEADER_ROW + 1, FIRST_ROW + 1


def opened(content: TemplateContent = CONTENT) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(write_template(content)))
    return book, book[ENTRY_SHEET]


def columns_of(sheet: Worksheet) -> dict[str, int]:
    """Column numbers, from 1, by title."""
    return {str(cell.value).replace("\n", ""): place for place, cell in enumerate(sheet[HEADER_LINE], 1)}


def of_one(row: TemplateRow, years: tuple[int, ...] = (2023,)) -> TemplateContent:
    return replace(CONTENT, years=years, groups=[TemplateGroup("类", [row])])


def test_a_template_comes_back_with_exactly_its_values() -> None:
    reading = read_values(write_template(CONTENT), INDICATORS)
    assert reading.kind == Kind.XLSX
    assert reading.mark == TemplateMark("bazhong", (2023,), "bazhong-ecology-environment")
    assert stated(reading) == PREFILLED
    assert {value.year for value in reading.values} == {2023}
    assert reading.problems == []
    assert [(outcome.name, bool(outcome.layout)) for outcome in reading.sheets] == [
        (ENTRY_SHEET, True),
        (GUIDE_SHEET, False),
    ]


def test_a_template_of_several_years_has_value_source_and_note_for_each() -> None:
    entries = [
        TemplateEntry(2022, Decimal("95.1"), "年报甲", "注甲", is_open=False),
        TemplateEntry(2023, Decimal("96.7"), "年报乙", "", "草稿"),
    ]
    row = replace(ROWS[0], earlier={2021: Decimal("96.7"), 2020: Decimal("96.7")}, entries=entries)
    content = of_one(row, (2022, 2023, 2024))
    reading = read_values(write_template(content), INDICATORS)
    assert [(each.year, each.value, each.source, each.note) for each in reading.values] == [
        (2022, Decimal("95.1"), "年报甲", "注甲"),
        (2023, Decimal("96.7"), "年报乙", ""),
    ]
    assert reading.problems == []
    _, sheet = opened(content)
    columns = columns_of(sheet)
    assert [title for title in columns if "2024年" in title] == ["2024年完成值", "2024年数据来源", "2024年说明"]
    assert sheet.cell(FIRST_LINE, columns["状态"]).value == "2022年已审定；2023年草稿"
    assert {"上年值（2021年）", "往年值（2020年）"} <= set(columns)


def test_columns_that_would_stay_empty_are_left_out() -> None:
    assert list(columns_of(opened()[1])) == [
        "代码",
        "序号",
        "指标名称",
        "所属指标",
        "地区",
        "类别",
        "单位",
        "属性",
        "基期值（2020年）",
        "目标（2025年）",
        "往年值（2021年）",
        "上年值（2022年）",
        "2023年完成值",
        "数据来源",
        "说明",
        "状态",
    ]
    plain = columns_of(opened(of_one(ROWS[4]))[1])
    assert not {"所属指标", "地区", "上年值（2022年）"} & set(plain)


def test_only_open_cells_are_unlocked_and_approved_rows_say_so() -> None:
    book, sheet = opened()
    columns = columns_of(sheet)
    to_fill = {columns["2023年完成值"], columns["数据来源"], columns["说明"]}
    for line, row in enumerate(ROWS, FIRST_LINE):
        is_open = row.entry(2023).is_open
        unlocked = {cell.column for cell in sheet[line] if not cell.protection.locked}
        assert unlocked == (to_fill if is_open else set())
        coloured = {cell.column for cell in sheet[line] if cell.fill.fgColor.rgb == "FFFFF9E0"}
        assert coloured == unlocked
    states = [sheet.cell(line, columns["状态"]).value for line in range(FIRST_LINE, FIRST_LINE + 3)]
    assert states == ["已退回：请核对", "已审定", None]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not any(
        (sheet.protection.sort, sheet.protection.autoFilter, sheet.protection.deleteRows, sheet.protection.formatRows)
    )
    assert book[SHEET_NAME].sheet_state == "veryHidden"


def test_grades_and_findings_are_chosen_from_lists_and_figures_say_their_unit_and_basis() -> None:
    _, sheet = opened()
    rules: dict[str, Any] = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    column = next(cell.column_letter for cell in sheet[HEADER_LINE] if cell.value == "2023年完成值")
    by_code: dict[str, Any] = {row.code: rules.get(f"{column}{line}") for line, row in enumerate(ROWS, FIRST_LINE)}
    assert by_code["bazhong-11"].formula1 == f'"{",".join(finding.label for finding in Finding)}"'
    assert by_code["banan-p03-1"].formula1 == f'"{",".join(grade.label for grade in Grade)}"'
    assert by_code["bazhong-07"].prompt == "单位：%。百分数填 96.7，不填 0.967。填 2023 年当年数。"
    assert by_code["bazhong-02"] is None


def test_figures_are_numbers_and_texts_are_never_formulas() -> None:
    _, sheet = opened()
    columns = columns_of(sheet)
    first = {title: sheet.cell(FIRST_LINE, column) for title, column in columns.items()}
    assert first["2023年完成值"].value == 96.75
    assert first["上年值（2022年）"].value == 95.1
    assert [
        (first[title].value, first[title].data_type, first[title].number_format) for title in ("数据来源", "说明")
    ] == [
        ("=监测年报", "s", "@"),
        ("+初步数", "s", "@"),
    ]
    assert sheet.cell(FIRST_LINE + 3, columns["2023年完成值"]).value == "部分达成"
    assert sheet.cell(FIRST_LINE + 8, columns["上年值（2022年）"]).value == "Ⅲ类"


def test_the_sheet_is_ready_for_screen_and_paper() -> None:
    _, sheet = opened()
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == f"A3:P{HEADER_LINE + len(ROWS)}"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0


def test_the_guide_names_plan_department_and_year_and_explains_percentages() -> None:
    book, _ = opened()
    told = {str(label.value): str(text.value) for label, text in book[GUIDE_SHEET]["A1:B14"]}
    assert told["规划"] == "巴中市“十四五”生态环境保护规划（巴中市）"
    assert (told["填报部门"], told["填报年度"]) == ("市生态环境局", "2023年")
    assert "96.7% 填 96.7，不填 0.967" in told["百分数"]
    assert "问题清单" in told["上传之后"]


def test_a_template_is_for_a_year_and_may_be_for_all_departments_and_no_row() -> None:
    empty = replace(CONTENT, groups=[], department="", department_key="")
    reading = read_values(write_template(empty), INDICATORS)
    assert (reading.mark, reading.values, reading.problems) == (TemplateMark("bazhong", (2023,)), [], [])
    with pytest.raises(ValueError, match="at least one year"):
        write_template(replace(CONTENT, years=()))


def test_rows_may_be_sorted_and_deleted() -> None:
    book, sheet = opened()
    reorder(sheet, [8, 5, 0])
    reading = read_values(saved(book), INDICATORS)
    assert stated(reading) == [PREFILLED[6], PREFILLED[4], PREFILLED[0]]
    assert reading.mark is not None
    assert reading.problems == []


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    book, sheet = opened()
    sheet.row_dimensions[FIRST_LINE].hidden = True
    sheet.column_dimensions["A"].hidden = True
    reading = read_values(saved(book), INDICATORS)
    assert stated(reading) == PREFILLED
    assert [(problem.code, problem.reference) for problem in reading.problems] == [
        (ProblemCode.HIDDEN, str(FIRST_LINE))
    ]


def test_a_copy_of_the_sheet_in_another_file_is_read_too_and_other_years_still_are_not() -> None:
    book, _ = opened()
    del book[SHEET_NAME]
    reading = read_values(saved(book), INDICATORS)
    assert reading.mark is None
    assert (stated(reading), reading.problems) == (PREFILLED, [])


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
FIGURES = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)


@given(value=FIGURES, source=TEXTS, note=TEXTS)
def test_any_figure_and_text_comes_back(value: Decimal, source: str, note: str) -> None:
    row = TemplateRow("p-1", "造林", unit="万亩", entries=[TemplateEntry(2023, value, source, note)])
    known = [IndicatorRecord("p-1", "造林", unit="万亩", years=range(2021, 2026))]
    (stated,) = read_values(write_template(of_one(row)), known).values
    assert (stated.value, stated.source, stated.note) == (value, source, note)


@pytest.mark.parametrize(
    ("value", "value_type", "shown"),
    [
        (None, "number", ""),
        (Decimal("96.70"), "number", Decimal("96.70")),
        (6, "grade", "劣Ⅴ类"),
        ("achieved", "finding", "达成"),
    ],
)
def test_values_are_shown_as_people_write_them(value: Any, value_type: str, shown: object) -> None:
    assert shown_value(value, value_type) == shown


def test_rows_keep_the_order_of_the_plan_and_groups_are_told_apart() -> None:
    _, sheet = opened()
    category = columns_of(sheet)["类别"]
    cells = [sheet.cell(line, category) for line in range(FIRST_LINE, FIRST_LINE + len(ROWS))]
    begins = [above.value != below.value for above, below in pairwise(cells)]
    assert [cell.border.top.style == "medium" for cell in cells] == [True, *begins]

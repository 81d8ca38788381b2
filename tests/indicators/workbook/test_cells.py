"""One cell: the figure, grade or finding it states, or a problem that says what to do."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.core.figures import show_figure
from indicators.workbook.cells import Cell, read_statement, show_raw
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import RawCell

PERCENT, AIR = "%", "μg/m3"


@pytest.mark.parametrize(
    ("raw", "unit", "figure"),
    [
        (96.7, PERCENT, "96.7"),
        ("96.7%", PERCENT, "96.7"),
        ("９６．７％", PERCENT, "96.7"),
        ("１２．５", AIR, "12.5"),
        (" 28.1 ", AIR, "28.1"),
        ("1,184", "平方公里", "1184"),
        ("28.1 微克/立方米", AIR, "28.1"),
        ("28.1ug/m3", AIR, "28.1"),
        ("1184平方公里", "平方公里", "1184"),
        ("1,184.5 平方千米", "平方公里", "1184.5"),
        ("1.8亿", "亿立方米", "1.8"),
        ("12羽次", "羽次", "12"),
        (0.1 + 0.2, "", "0.3"),
        (28.099999999999998, AIR, "28.1"),
        (-1.51, PERCENT, "-1.51"),
        (1184.0, "", "1184"),
        (0.0, AIR, "0"),
    ],
)
def test_figures_as_they_stand_in_workbooks(raw: RawCell, unit: str, figure: str) -> None:
    statement = read_statement(Cell(raw), value_type="number", unit=unit)
    assert statement.value == Decimal(figure)
    assert statement.error is None
    assert statement.notice is None


def test_a_cell_that_shows_a_percentage_is_read_as_it_shows() -> None:
    cell = Cell(0.967, is_percent=True)
    assert cell.text == "96.7%"
    assert read_statement(cell, value_type="number", unit=PERCENT).value == Decimal("96.7")


@pytest.mark.parametrize("raw", ["", "   ", "-", "—", "——", "－", "/", "无", "暂无", "N/A", "…"])
@pytest.mark.parametrize("value_type", ["number", "grade", "finding"])
def test_cells_that_state_no_value(raw: str, value_type: str) -> None:
    assert read_statement(Cell(raw), value_type=value_type, unit="").is_nothing


@pytest.mark.parametrize(
    ("cell", "code", "advice"),
    [
        (Cell("", failure="#DIV/0!"), ProblemCode.FORMULA_FAILED, "公式出错（#DIV/0!）"),
        (Cell("", is_uncalculated=True), ProblemCode.FORMULA_UNCALCULATED, "保存一次后再导入"),
        (Cell(date(2021, 3, 5)), ProblemCode.DATE, "这里是日期或时间（2021-03-05）"),
        (Cell(datetime.fromisoformat("2021-03-05 08:30")), ProblemCode.DATE, "2021-03-05 08:30"),
        (Cell(time(8, 30)), ProblemCode.DATE, "格式改为“常规”"),
        (Cell(True), ProblemCode.TRUTH, "逻辑值 TRUE"),
        (Cell("<27"), ProblemCode.NOT_A_FIGURE, "一个界限。请填实际达到的数（例如 27）"),
        (Cell("≥60%"), ProblemCode.NOT_A_FIGURE, "一个界限"),
        (Cell("完成"), ProblemCode.NOT_A_FIGURE, "不是数字"),
        (Cell("Ⅲ类"), ProblemCode.NOT_A_FIGURE, "不是数字"),
        (Cell("约96"), ProblemCode.NOT_A_FIGURE, "带有文字"),
        (Cell("96,7"), ProblemCode.NOT_A_FIGURE, "小数请用点"),
        (Cell("28.1234567"), ProblemCode.NOT_A_FIGURE, "四舍五入后再填"),
        (Cell(123456789012.0), ProblemCode.NOT_A_FIGURE, "整数部分超过"),
        (Cell(float("inf")), ProblemCode.NOT_A_FIGURE, "不是数字"),
        (Cell("28.1 毫克/立方米"), ProblemCode.OTHER_UNIT, "请换算成μg/m3，只填数字"),
        (Cell("96.7%"), ProblemCode.OTHER_UNIT, "的单位是“%”"),
        (Cell(0.967, is_percent=True), ProblemCode.OTHER_UNIT, "“96.7%”的单位是“%”"),
    ],
)
def test_what_is_no_figure_is_a_problem_with_advice(cell: Cell, code: ProblemCode, advice: str) -> None:
    statement = read_statement(cell, value_type="number", unit=AIR)
    assert statement.value is None
    assert statement.error is not None
    assert statement.error[0] is code
    assert advice in statement.error[1]


@pytest.mark.parametrize(("raw", "kept"), [(100 / 3, "33.3333"), (2 / 3, "0.6667"), (5e-17, "0")])
def test_the_long_tail_of_a_computed_figure_is_rounded_and_said(raw: float, kept: str) -> None:
    statement = read_statement(Cell(raw), value_type="number", unit=PERCENT)
    assert statement.value == Decimal(kept)
    assert statement.notice is not None
    assert statement.notice[0] is ProblemCode.ROUNDED
    assert f"四舍五入为 {kept}" in statement.notice[1]


@pytest.mark.parametrize("cell", [Cell("96.7%"), Cell("1.2万立方米"), Cell(0.967, is_percent=True)])
def test_a_unit_that_nobody_can_check_is_accepted_with_a_notice(cell: Cell) -> None:
    statement = read_statement(cell, value_type="number", unit="")
    assert statement.value in (Decimal("96.7"), Decimal("1.2"))
    assert statement.notice is not None
    assert statement.notice[0] is ProblemCode.UNIT_UNKNOWN


@pytest.mark.parametrize(
    ("raw", "grade"),
    [
        *(("Ⅲ类", 3), ("III", 3), ("iii类", 3), ("Ⅲ", 3), ("三类", 3), ("3类", 3), (3.0, 3), ("3", 3), ("Ⅱ类水质", 2)),
        *(("劣Ⅴ类", 6), ("劣V", 6), ("劣五类", 6), ("6", 6), (6.0, 6), ("Ⅰ类", 1), ("Ⅳ类水体", 4)),
    ],
)
def test_grades_as_they_stand_in_workbooks(raw: RawCell, grade: int) -> None:
    assert read_statement(Cell(raw), value_type="grade", unit="类").value == grade


@pytest.mark.parametrize("raw", ["劣Ⅲ类", "VI", "6类", "良好", 2.5, 0.0, 7.0, "Ⅱ~Ⅲ类", "达标"])
def test_what_is_no_grade_is_a_problem(raw: RawCell) -> None:
    error = read_statement(Cell(raw), value_type="grade", unit="类").error
    assert error is not None
    assert error[0] is ProblemCode.NOT_A_GRADE
    assert "请填 Ⅰ类 至 劣Ⅴ类 之一" in error[1]


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        *(
            ("达成", "achieved"),
            ("完成", "achieved"),
            ("已完成", "achieved"),
            (" 达标 ", "achieved"),
            ("achieved", "achieved"),
        ),
        *(("部分达成", "partly"), ("部分完成", "partly"), ("未达成", "not_achieved"), ("未完成", "not_achieved")),
    ],
)
def test_findings_as_they_stand_in_workbooks(raw: str, finding: str) -> None:
    assert read_statement(Cell(raw), value_type="finding", unit="").finding == finding


@pytest.mark.parametrize("raw", ["推进中", "基本完成", "100%", 1.0, "完成了一半"])
def test_a_word_that_leaves_the_judgement_open_is_a_problem(raw: RawCell) -> None:
    error = read_statement(Cell(raw), value_type="finding", unit="").error
    assert error is not None
    assert "达成、部分达成或未达成" in error[1]


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=4))
def test_every_figure_that_the_portal_keeps_comes_back_from_a_cell(figure: Decimal) -> None:
    for raw in (float(figure), show_figure(figure), f" {show_figure(figure)} "):
        assert read_statement(Cell(raw), value_type="number", unit="").value == figure


@given(
    st.text(max_size=30) | st.floats() | st.booleans() | st.datetimes() | st.times() | st.timedeltas(),
    st.sampled_from(["number", "grade", "finding"]),
    st.sampled_from(["", "%", "μg/m3", "万亩"]),
    st.booleans(),
)
def test_any_cell_is_a_value_or_nothing_or_a_clear_problem(
    raw: RawCell, value_type: str, unit: str, is_percent: bool
) -> None:
    statement = read_statement(Cell(raw, is_percent=is_percent), value_type=value_type, unit=unit)
    stated = [statement.value is not None, bool(statement.finding), statement.error is not None]
    assert sum(stated) == (0 if statement.is_nothing else 1)
    for problem in filter(None, (statement.error, statement.notice)):
        assert problem[1].endswith("。")


@pytest.mark.parametrize(("raw", "shown"), [(96.7, "96.7"), (2021.0, "2021"), (False, "FALSE"), (" 甲 ", "甲")])
def test_cells_are_shown_as_people_see_them(raw: RawCell, shown: str) -> None:
    assert show_raw(raw) == shown

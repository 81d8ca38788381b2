"""What a person types into a number field: understood, or refused with what to do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.core.bounds import bounds_of
from indicators.core.figures import FigureError, read_figure, show_figure


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("96.7", "96.7"),
        (" 28.1 ", "28.1"),
        ("１２．５", "12.5"),
        ("1,184", "1184"),
        ("1,234,567.5", "1234567.5"),
        ("96.7%", "96.7"),
        ("９６．７％", "96.7"),
        ("-1.51", "-1.51"),
        ("−1.51", "-1.51"),
        ("0", "0"),
    ],
)
def test_figures_as_offices_type_them(typed: str, figure: str) -> None:
    assert read_figure(typed) == Decimal(figure)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("96,7", "例如 96.7"),
        ("约96", "只填数字（例如 96）"),
        ("九十六", "阿拉伯数字"),
        ("96左右", "只填数字（例如 96）"),
        ("<27", "不是数字，而是一个界限。请填实际达到的数（例如 27）"),
        ("≥60", "而是一个界限"),
        ("不低于96", "而是一个界限"),
        ("-", "还没有数据的，先不要填"),
        ("无", "还没有数据的，先不要填"),
        ("96。5", "请改成 96.5"),
        ("99~100", "是一个范围"),
        ("99％－100％", "是一个范围"),
        ("63.2（预计）", "只填数字（例如 63.2），括号中的内容请写在“说明”栏"),
        ("96.7.1", "不是数字"),
        ("27 6", "不是数字"),
        ("10²", "不是数字"),
        ("②", "不是数字"),
        ("٣", "不是数字"),
        ("5%%", "不是数字"),
        ("NaN", "不是数字"),
        ("Infinity", "不是数字"),
        ("1e5", "不是数字"),
        ("3.14159", "小数超过 4 位"),
        ("123456789012", "整数部分超过"),
        ("", "请填写数值"),
        ("   ", "请填写数值"),
    ],
)
def test_what_is_no_figure_is_refused_with_advice(typed: str, advice: str) -> None:
    with pytest.raises(FigureError, match=advice):
        read_figure(typed)


@given(st.text(max_size=40))
def test_any_text_is_a_finite_figure_or_a_clear_refusal(typed: str) -> None:
    try:
        outcome = read_figure(typed).is_finite()
    except FigureError as error:
        outcome = str(error).endswith("。")
    assert outcome


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=4))
def test_a_shown_figure_reads_back_as_itself(figure: Decimal) -> None:
    assert read_figure(show_figure(figure)) == figure


def test_an_unknown_figure_is_shown_as_a_dash() -> None:
    assert show_figure(None) == "—"


@pytest.mark.parametrize(
    ("measure", "unit", "figure", "complaint"),
    [
        ("level", "%", "967", "是否漏了小数点（96.7）"),
        ("level", "%", "100.1", "应不大于 100"),
        ("level", "%", "-1", "应不小于 0"),
        ("level", "天", "367", "应不大于 366"),
        ("level", "‰", "1001", "应不大于 1000"),
        ("additive", "公里", "-3", "应不小于 0"),
        ("cumulative_rate", "%", "101", "应不大于 100"),
    ],
)
def test_impossible_figures_are_named(measure: str, unit: str, figure: str, complaint: str) -> None:
    assert complaint in (bounds_of(measure, unit).complaint(Decimal(figure), unit) or "")


@pytest.mark.parametrize(
    ("measure", "unit", "figure"),
    [
        ("level", "%", "100"),
        ("level", "%", "0"),
        ("level", "μg/m3", "500"),
        ("cumulative_rate", "%", "-1.51"),
        ("additive", "%", "0"),
    ],
)
def test_possible_figures_pass(measure: str, unit: str, figure: str) -> None:
    assert bounds_of(measure, unit).complaint(Decimal(figure), unit) is None

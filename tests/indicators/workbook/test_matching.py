"""Which indicator a row means: the ways of writing it, and no guesses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.workbook.matching import IndicatorRecord, Matcher, Naming
from indicators.workbook.problems import ProblemCode

INDICATORS = [
    IndicatorRecord("b-01", "地级及以上城市空气质量优良天数比率", "1", "%"),
    IndicatorRecord("b-02", "地级及以上城市细颗粒物(PM2.5)浓度", "2", "μg/m3"),
    IndicatorRecord("b-03", "地表水达到或好于Ⅲ类水体比例", "3", "%"),
    IndicatorRecord("b-11", "生态保护红线、自然保护地", "11"),
    IndicatorRecord("b-12", "生态质量指数(新EI)", "12", "%"),
    IndicatorRecord("b-14", "森林覆盖率", "14", "%"),
    IndicatorRecord("b-22", "“千吨万人”水源地", "22", "个"),
    IndicatorRecord("b-31", "氮氧化物", "7.1", "吨", parent="减排量"),
    IndicatorRecord("b-32", "氮氧化物", "8.1", "%", parent="减排比例"),
    IndicatorRecord("b-41", "造林", "41", "万亩"),
    IndicatorRecord("b-42", "造林", "42", "万亩"),
]
matcher = Matcher(INDICATORS)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("森林覆盖率", "b-14"),
        (" 森 林覆盖率 ", "b-14"),
        ("森林覆盖率（%）", "b-14"),
        ("森林覆盖率(单位：%)", "b-14"),
        ("14.森林覆盖率", "b-14"),
        ("（一）森林覆盖率", "b-14"),
        ("其中：森林覆盖率", "b-14"),
        ("地级及以上城市细颗粒物（ＰＭ２．５）浓度", "b-02"),
        ("地级及以上城市细颗粒物(PM₂.₅)浓度", "b-02"),
        ("地级及以上城市细颗粒物(pm2.5)浓度（微克/立方米）", "b-02"),
        ("地级及以上城市细颗粒物PM2.5浓度", "b-02"),
        ("地表水达到或好于III类水体比例", "b-03"),
        ("生态保护红线，自然保护地", "b-11"),
        ("生态质量指数（新EI）", "b-12"),
        ("千吨万人水源地", "b-22"),
        ("「千吨万人」水源地（个）", "b-22"),
        ("森林覆盖率①", "b-14"),
    ],
)
def test_a_name_is_recognised_however_it_is_printed(name: str, code: str) -> None:
    match = matcher.match(Naming(name=name))
    assert match.indicator is not None
    assert match.indicator.code == code
    assert match.code is None


@pytest.mark.parametrize("code", ["b-14", " B-14 ", "ｂ-14"])
def test_a_code_is_enough(code: str) -> None:
    assert matcher.match(Naming(code=code)).indicator == INDICATORS[5]


def test_a_code_with_the_name_of_another_indicator_is_a_problem() -> None:
    match = matcher.match(Naming(code="b-14", name="造林"))
    assert (match.indicator, match.code) == (None, ProblemCode.OTHER_NAME)
    assert "代码“b-14”是指标“森林覆盖率”，这一行写的却是“造林”" in match.message


def test_a_code_with_a_name_that_nothing_has_is_read_with_a_notice() -> None:
    match = matcher.match(Naming(code="b-14", name="森林复盖率"))
    assert match.indicator == INDICATORS[5]
    assert "写法不同" in match.message


def test_an_unknown_code_is_a_problem_even_where_the_name_is_known() -> None:
    match = matcher.match(Naming(code="b-99", name="森林覆盖率"))
    assert (match.indicator, match.code) == (None, ProblemCode.UNKNOWN_INDICATOR)
    assert "没有代码为“b-99”的指标。按名称看是“森林覆盖率”（b-14）。" in match.message


@pytest.mark.parametrize(
    ("naming", "code"),
    [
        (Naming(name="氮氧化物", number="8.1"), "b-32"),
        (Naming(name="氮氧化物", unit="吨"), "b-31"),
        (Naming(name="氮氧化物（%）"), "b-32"),
        (Naming(name="氮氧化物", parent="减排量"), "b-31"),
        (Naming(name="造林", number="42.0"), "b-42"),
    ],
)
def test_number_unit_or_parent_decide_between_equal_names(naming: Naming, code: str) -> None:
    match = matcher.match(naming)
    assert match.indicator is not None
    assert match.indicator.code == code


def test_equal_names_that_nothing_tells_apart_are_a_problem() -> None:
    match = matcher.match(Naming(name="造林", number="1", unit="万亩"))
    assert (match.indicator, match.code) == (None, ProblemCode.AMBIGUOUS_INDICATOR)
    assert match.message == "“造林”对应 2 个指标：“造林”（b-41）、“造林”（b-42）。请在“代码”列填写代码。"


def test_a_number_never_decides_alone() -> None:
    assert matcher.match(Naming(number="14")).code is ProblemCode.UNKNOWN_INDICATOR
    assert matcher.match(Naming(number="1", name="森林覆盖率")).indicator == INDICATORS[5]


@pytest.mark.parametrize(
    ("name", "candidate"),
    [("优良天数比率", "b-01"), ("PM2.5浓度", "b-02"), ("森林复盖率", "b-14"), ("Ⅲ类水体比例", "b-03")],
)
def test_an_unknown_name_is_a_problem_with_the_closest_candidates(name: str, candidate: str) -> None:
    match = matcher.match(Naming(name=name))
    assert (match.indicator, match.code) == (None, ProblemCode.UNKNOWN_INDICATOR)
    assert f"没有名为“{name}”的指标。最接近的是：" in match.message
    assert f"（{candidate}）" in match.message


def test_a_name_like_nothing_gets_no_candidates() -> None:
    assert "最接近" not in matcher.match(Naming(name="道路长度")).message


DRESSES = ["{}", " {}", "{}　", "{}（%）", "1.{}", "（一）{}", "{}：", "“{}”", "*{}"]


@given(st.sampled_from([one for one in INDICATORS if one.name not in ("氮氧化物", "造林")]), st.sampled_from(DRESSES))
def test_what_is_put_around_a_name_does_not_change_what_it_means(indicator: IndicatorRecord, dress: str) -> None:
    assert matcher.match(Naming(name=dress.format(indicator.name))).indicator == indicator


@given(st.text(max_size=30), st.text(max_size=8), st.text(max_size=8))
def test_any_naming_is_an_indicator_or_a_clear_problem(name: str, number: str, code: str) -> None:
    match = Matcher(INDICATORS).match(Naming(code=code, number=number, name=name))
    assert match.indicator is not None or match.message.endswith("。")


@given(st.text(alphabet="森林覆盖率比例浓度造", min_size=1, max_size=8))
def test_a_likeness_is_never_taken_for_a_match(name: str) -> None:
    match = matcher.match(Naming(name=name))
    assert match.indicator is None or match.indicator.name == name

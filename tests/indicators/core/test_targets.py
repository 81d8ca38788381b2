"""From wording to rule: every kind of clause, every way of writing it, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Grade
from indicators.targets import parse_target

K, C = ClauseKind, Comparator


def number(kind: ClauseKind, comparator: Comparator | None, value: str, unit: str = "", **rest: bool) -> Clause:
    return Clause(kind, comparator, Decimal(value), unit=unit, **rest)  # type: ignore[arg-type]


THRESHOLDS = [
    ("<27.0", C.LT, "27.0", ""),
    (">63", C.GT, "63", ""),
    ("≥73.5", C.GE, "73.5", ""),
    ("≥60%", C.GE, "60", "%"),
    ("≤27.4ug/m3", C.LE, "27.4", "ug/m3"),
    (r"$\geq 4.5\%$", C.GE, "4.5", "%"),
    (r"$\leq 0.5$", C.LE, "0.5", ""),
    ("不低于90%", C.GE, "90", "%"),
    ("达90%以上", C.GE, "90", "%"),
    ("达到51%及以上", C.GE, "51", "%"),
    ("提高到40%以上", C.GE, "40", "%"),
    ("稳定在93%以上", C.GE, "93", "%"),
    ("力争稳定在43%以上", C.GE, "43", "%"),
    ("100万亩以上", C.GE, "100", "万亩"),
    ("15万以上", C.GE, "15", "万"),
    ("不少于1个", C.GE, "1", "个"),
    ("不得少于30天", C.GE, "30", "天"),
    ("至少3家", C.GE, "3", "家"),
    ("控制在10%以内", C.LE, "10", "%"),
    ("控制在28微克/立方米", C.LE, "28", "微克/立方米"),
    ("控制在28微克/立方米以下", C.LE, "28", "微克/立方米"),
    ("28微克/立方米以下", C.LE, "28", "微克/立方米"),
    ("控制在0.13‰以下", C.LE, "0.13", "‰"),
    ("不超过1.8亿立方米", C.LE, "1.8", "亿立方米"),
    ("不高于-2.5℃", C.LE, "-2.5", "℃"),
    ("超过80%", C.GT, "80", "%"),
    ("高于80%", C.GT, "80", "%"),
    ("大于80%", C.GT, "80", "%"),
    ("小于5%", C.LT, "5", "%"),
    ("低于5%", C.LT, "5", "%"),
    ("集中式饮用水水源地水质达标率不低于95%", C.GE, "95", "%"),
    ("黑臭水体消除比例达90%以上", C.GE, "90", "%"),
    ("完成石漠化治理100平方公里以上", C.GE, "100", "平方公里"),
    ("农村生活污水治理率达到40%以上", C.GE, "40", "%"),
    ("细颗粒物(PM2.5)年均浓度控制在30微克/立方米以内", C.LE, "30", "微克/立方米"),
]

#: The wording, the comparator when higher is better, when lower is better, value, unit.
REACHES = [
    ("100", C.GE, C.LE, "100", ""),
    ("0", C.GE, C.LE, "0", ""),
    ("80%", C.GE, C.LE, "80", "%"),
    ("达到85%", C.GE, C.LE, "85", "%"),
    ("为0", C.GE, C.LE, "0", ""),
    ("保持100%", C.GE, C.LE, "100", "%"),
    ("保持在100%", C.GE, C.LE, "100", "%"),
    ("到2025年达到85%", C.GE, C.LE, "85", "%"),
    ("1184平方公里", C.GE, C.LE, "1184", "平方公里"),
    ("达到30亿立方米", C.GE, C.LE, "30", "亿立方米"),
    ("1.8亿", C.GE, C.LE, "1.8", "亿"),
    ("3301.03吨", C.GE, C.LE, "3301.03", "吨"),
    ("两座", C.GE, C.LE, "2", "座"),
    ("新建拦河闸4座", C.GE, C.LE, "4", "座"),
    ("75%行政村农村生活污水得到有效治理", C.GE, C.LE, "75", "%"),
    ("提高到50%", C.GE, C.GE, "50", "%"),
    ("增加到115座", C.GE, C.GE, "115", "座"),
    ("降低到5%", C.LE, C.LE, "5", "%"),
    ("100%全覆盖", C.GE, C.GE, "100", "%"),
]

#: Wordings that mean the same whatever the direction of the indicator.
WORDED = [
    ("70左右", Clause(K.ABOUT, value=Decimal(70))),
    ("25%左右", Clause(K.ABOUT, value=Decimal(25), unit="%")),
    ("约25%", Clause(K.ABOUT, value=Decimal(25), unit="%")),
    ("控制在25%左右", Clause(K.ABOUT, value=Decimal(25), unit="%")),
    ("4.0~4.5", Clause(K.RANGE, value=Decimal("4.0"), upper=Decimal("4.5"))),
    ("5—10个", Clause(K.RANGE, value=Decimal(5), upper=Decimal(10), unit="个")),
    ("5–10个", Clause(K.RANGE, value=Decimal(5), upper=Decimal(10), unit="个")),
    ("5－10个", Clause(K.RANGE, value=Decimal(5), upper=Decimal(10), unit="个")),
    ("5-10个", Clause(K.RANGE, value=Decimal(5), upper=Decimal(10), unit="个")),
    ("4.0%～4.5%", Clause(K.RANGE, value=Decimal("4.0"), upper=Decimal("4.5"), unit="%")),
    ("控制在4.0至4.5之间", Clause(K.RANGE, value=Decimal("4.0"), upper=Decimal("4.5"))),
    ("比2020年下降10%以上", Clause(K.CHANGE, C.LE, Decimal(-10), reference_year=2020)),
    ("较2015年下降超过10%", Clause(K.CHANGE, C.LT, Decimal(-10), reference_year=2015)),
    ("下降18%", Clause(K.CHANGE, C.LE, Decimal(-18))),
    ("比2020年提高20%", Clause(K.CHANGE, C.GE, Decimal(20), reference_year=2020)),
    ("比2020年上升5%以内", Clause(K.CHANGE, C.LE, Decimal(5), reference_year=2020)),
    ("下降不超过3%", Clause(K.CHANGE, C.GE, Decimal(-3))),
    ("减少", Clause(K.CHANGE, C.LT, Decimal(0))),
    ("优良天数增加", Clause(K.CHANGE, C.GT, Decimal(0))),
    ("提高非化石能源消费占比", Clause(K.CHANGE, C.GT, Decimal(0))),
    ("双增长", Clause(K.CHANGE, C.GT, Decimal(0))),
    ("负增长", Clause(K.CHANGE, C.LT, Decimal(0))),
    ("累计14.5%", Clause(K.CUMULATIVE, C.GE, Decimal("14.5"), unit="%")),
    ("累计下降14.5%", Clause(K.CUMULATIVE, C.GE, Decimal("14.5"), unit="%")),
    ("累计不超过15万亩", Clause(K.CUMULATIVE, C.LE, Decimal(15), unit="万亩")),
    ("〔18〕", Clause(K.CUMULATIVE, C.GE, Decimal(18))),
    ("[18]", Clause(K.CUMULATIVE, C.GE, Decimal(18))),
    ("［13.5％］", Clause(K.CUMULATIVE, C.GE, Decimal("13.5"), unit="%")),
    ("【18】", Clause(K.CUMULATIVE, C.GE, Decimal(18))),
    ("〔14.5%〕", Clause(K.CUMULATIVE, C.GE, Decimal("14.5"), unit="%")),
    ("Ⅲ类", Clause(K.GRADE, grade=Grade.III)),
    ("III类", Clause(K.GRADE, grade=Grade.III)),
    ("ⅡI类", Clause(K.GRADE, grade=Grade.III)),
    ("ⅲ类", Clause(K.GRADE, grade=Grade.III)),
    ("II类", Clause(K.GRADE, grade=Grade.II)),
    ("Ⅳ类", Clause(K.GRADE, grade=Grade.IV)),
    ("V类", Clause(K.GRADE, grade=Grade.V)),
    ("劣V", Clause(K.GRADE, grade=Grade.INFERIOR_V)),
    ("劣Ⅴ类", Clause(K.GRADE, grade=Grade.INFERIOR_V)),
    ("Ⅲ类及以上", Clause(K.GRADE, grade=Grade.III)),
    ("≥Ⅲ类", Clause(K.GRADE, grade=Grade.III)),
    ("保持Ⅲ类水质", Clause(K.GRADE, grade=Grade.III)),
    ("达到或优于Ⅲ类", Clause(K.GRADE, grade=Grade.III)),
    ("水质达到或好于Ⅲ类标准", Clause(K.GRADE, grade=Grade.III)),
    ("达到地表水Ⅲ类及以上", Clause(K.GRADE, grade=Grade.III)),
    ("优于Ⅲ类", Clause(K.GRADE, grade=Grade.II)),
    ("不降低", Clause(K.HOLD, C.GE)),
    ("面积不减少", Clause(K.HOLD, C.GE)),
    ("只增不减", Clause(K.HOLD, C.GE)),
    ("不低于现状", Clause(K.HOLD, C.GE)),
    ("不低于现有水平", Clause(K.HOLD, C.GE)),
    ("不低于2020年水平", Clause(K.HOLD, C.GE, reference_year=2020)),
    ("零增长", Clause(K.HOLD, C.LE)),
    ("比2020年零增长", Clause(K.HOLD, C.LE, reference_year=2020)),
    ("保持稳定", Clause(K.HOLD)),
    ("保持良好", Clause(K.HOLD)),
    ("持续保持优良", Clause(K.HOLD)),
    ("地下水环境质量保持稳定", Clause(K.HOLD)),
    ("维持", Clause(K.HOLD)),
    ("逐步下降", Clause(K.TREND, C.LT)),
    ("逐年提升", Clause(K.TREND, C.GT)),
    ("逐步增加优良天数比例", Clause(K.TREND, C.GT)),
    ("持续改善", Clause(K.TREND)),
    ("水环境质量持续向好", Clause(K.TREND)),
    ("稳中有升", Clause(K.TREND, C.GT, equal_counts=True)),
    ("稳中向好", Clause(K.TREND, equal_counts=True)),
    ("每年不少于1个", Clause(K.THRESHOLD, C.GE, Decimal(1), unit="个", yearly=True)),
    ("每年创建(复查)“安静居住小区”不少于1个", Clause(K.THRESHOLD, C.GE, Decimal(1), unit="个", yearly=True)),
    ("", Clause(K.MISSING)),
    (" \u00a0", Clause(K.MISSING)),
    ("—", Clause(K.MISSING)),
    ("——", Clause(K.MISSING)),
    ("–", Clause(K.MISSING)),
    ("NaN", Clause(K.MISSING)),
]

ASSIGNED = [
    *("完成省考核目标", "完成省定目标", "完成上级规定的考核任务", "完成上级管控目标", "达到国家及贵州省下达目标要求"),
    *("满足市级要求", "完成省下达任务", "达到国家、省要求", "达到国家和省考核标准", "控制在省目标考核范围内"),
    *("按期完成省级下达的水环境质量改善目标任务", "不低于全省确定的平均面积比保护目标", "完成市级下达治理修复任务"),
    *("全面完成上级部门下达目标任务", "完成吉林省下达的有机食品和绿色食品生产基地建设指标", "完成年度审核计划"),
]

FINDINGS = [
    *("建立", "实施", "有效保障", "基本消除", "全覆盖", "不明显", "性质不改变", "得到有效控制", "稳定达标", "明显增强"),
    *("达到国家二级标准", "稳定达到二级标准", "完成“一园一策”废气治理方案编制", "2024年底前完成", "按要求开展"),
    *("全部使用岸电", "原则上全部使用岸电", "大幅下降", "上升趋势得到遏制", "实现碳达峰", "保持在全省前位"),
    *("未经依法审批，面积不减少，性质不改变，功能不降低", "面积不减少，性质不改变，功能不降低"),
    *("完成城市黑臭水体整治任务", "完成国家级示范区创建任务", "稳定消除劣V类断面", "无重度及以上污染天气"),
    *("禁止新建、扩建", "严禁在长江重要支流1公里范围内新(改、扩)建"),
]

UNRECOGNISED = [
    *("约定", "待定", "见附表", "∞", "inf", "1,5", "1,23,456", "10²", "10³吨", "5 10", "10~5", "4.0%~4.5吨", "1.2.3"),
    *(
        "达到3301.03吨、120.91吨",
        "≥95% 不明显 不降低",
        "不低于90%以下",
        "Ⅲ类及以下",
        "优于Ⅰ类",
        "优于80%",
        "年均下降3%",
    ),
    *(
        "比上年下降3%",
        "5年内完成",
        "前3名",
        "排名第2",
        "2025年",
        "提高5个百分点",
        "二十个",
        "5mm",
        "九成",
        "≥",
        "%",
        "累计",
    ),
    *(
        "年均完成5个",
        "—5%",
        "~70",
        "实施垃圾分类、覆盖率达到80%",
        "不低于≥90",
        "9" * 21,
        "中" * 5000,
        "≥90；待定",
        "≥90或待定",
    ),
]


@pytest.mark.parametrize(("wording", "comparator", "value", "unit"), THRESHOLDS)
def test_threshold(wording: str, comparator: Comparator, value: str, unit: str) -> None:
    assert parse_target(wording).clause == number(K.THRESHOLD, comparator, value, unit)


@pytest.mark.parametrize(("wording", "higher", "lower", "value", "unit"), REACHES)
def test_reach_is_compared_in_the_indicators_direction(
    wording: str, higher: Comparator, lower: Comparator, value: str, unit: str
) -> None:
    assert parse_target(wording, direction="higher").clause == number(K.REACH, higher, value, unit)
    assert parse_target(wording, direction="lower").clause == number(K.REACH, lower, value, unit)
    without = parse_target(wording)
    assert without.kind == (K.REACH if higher is lower else K.UNRECOGNISED)
    assert parse_target(wording, direction="none") == without


@pytest.mark.parametrize(("wording", "clause"), WORDED)
@pytest.mark.parametrize("direction", [None, "higher", "lower"])
def test_clause(wording: str, clause: Clause, direction: str | None) -> None:
    assert parse_target(wording, direction=direction).clause == clause


@pytest.mark.parametrize("wording", ASSIGNED)
def test_assigned(wording: str) -> None:
    rule = parse_target(wording, direction="higher")
    assert rule.clause == Clause(K.ASSIGNED)
    assert rule.awaits_assignment


@pytest.mark.parametrize("wording", FINDINGS)
def test_finding(wording: str) -> None:
    rule = parse_target(wording)
    assert rule.clause == Clause(K.FINDING)


@pytest.mark.parametrize("wording", UNRECOGNISED)
def test_what_is_not_understood_is_not_guessed(wording: str) -> None:
    rule = parse_target(wording)
    assert rule.kind == K.UNRECOGNISED
    assert not rule.understood
    assert rule.wording == wording


ASSIGNED_CLAUSE = (Clause(K.ASSIGNED),)
COMPOSITES = [
    ("完成上级规定的考核任务；保持稳定或持续改善", (ASSIGNED_CLAUSE, (Clause(K.HOLD), Clause(K.TREND)))),
    (
        "完成上级规定的考核任务，且≥90或持续提高",
        (ASSIGNED_CLAUSE, (number(K.THRESHOLD, C.GE, "90"), Clause(K.TREND, C.GT))),
    ),
    ("稳定达标并逐步改善", ((Clause(K.FINDING),), (Clause(K.TREND),))),
    ("水质稳定达标；逐步改善", ((Clause(K.FINDING),), (Clause(K.TREND),))),
    ("不低于现状水平并保持稳定", ((Clause(K.HOLD, C.GE),), (Clause(K.HOLD),))),
    ("总量不减少、质量不降低", ((Clause(K.HOLD, C.GE),), (Clause(K.HOLD, C.GE),))),
    ("≥95%；建立", ((number(K.THRESHOLD, C.GE, "95", "%"),), (Clause(K.FINDING),))),
    ("不低于90%、且持续提升", ((number(K.THRESHOLD, C.GE, "90", "%"),), (Clause(K.TREND, C.GT),))),
]


@pytest.mark.parametrize(("wording", "requirements"), COMPOSITES)
def test_clauses_combine(wording: str, requirements: tuple[tuple[Clause, ...], ...]) -> None:
    rule = parse_target(wording)
    assert rule.requirements == requirements
    assert rule.kind == "all"
    assert rule.clause is None


def test_alternatives_alone() -> None:
    assert parse_target("保持稳定或持续改善").kind == "any"


@pytest.mark.parametrize(
    ("wording", "value"),
    [
        ("１００％", "100"),
        ("达到97。3%", "97.3"),
        ("达到97．3％", "97.3"),
        ("1,184%", "1184"),
        ("1，184％", "1184"),
        ("1 184 %", "1184"),
        ("\u00a0100\u00a0%\u00a0", "100"),
        ("\ufeff100%。", "100"),
        ("−5%", "-5"),
        ("–5%", "-5"),
        ("-5%", "-5"),
    ],
)
def test_ways_of_writing_a_figure(wording: str, value: str) -> None:
    assert parse_target(wording, direction="higher").clause == number(K.REACH, C.GE, value, "%")


@pytest.mark.parametrize(
    ("wording", "unit", "is_reported"),
    [
        ("≤27.4ug/m3", "μg/m3", False),
        ("28微克/立方米以下", "μg/m³", False),
        ("1.8亿", "亿立方米", False),
        ("≥60%", "", False),
        ("≥60", "%", False),
        ("1184平方公里", "平方千米", False),
        ("15万亩", "亩", True),
        ("1.8亿", "立方米", True),
        ("控制在0.13‰以下", "%", True),
        ("不少于5个", "座", True),
    ],
)
def test_a_unit_that_disagrees_is_reported(wording: str, unit: str, is_reported: bool) -> None:
    rule = parse_target(wording, direction="lower" if "≤" in wording or "以下" in wording else "higher", unit=unit)
    assert rule.understood
    assert bool(rule.problems) is is_reported


def test_a_direction_that_disagrees_is_reported() -> None:
    assert parse_target("≤30", direction="higher").problems
    assert parse_target("零增长", direction="higher").problems
    assert not parse_target("比2020年下降18%", direction="higher").problems


def test_the_indicators_own_unit_is_understood_when_no_table_knows_it() -> None:
    rule = parse_target("不少于12羽次", unit="羽次")
    assert rule.clause == number(K.THRESHOLD, C.GE, "12", "羽次")
    assert parse_target(rule.describe()) == rule


def test_nothing_left_is_the_figure_zero_where_less_is_better() -> None:
    wording = "无重度及以上污染天气"
    assert parse_target(wording, direction="lower").clause == number(K.REACH, C.LE, "0")
    assert parse_target(wording, direction="higher").kind == K.UNRECOGNISED


def test_better_than_depends_on_the_direction() -> None:
    assert parse_target("巩固提升", direction="higher").clause == Clause(K.CHANGE, C.GT, Decimal(0))
    assert parse_target("巩固提升", direction="lower").clause == Clause(K.CHANGE, C.LT, Decimal(0))
    assert parse_target("巩固提升").clause == Clause(K.FINDING)
    assert parse_target("优于80%", direction="higher").clause == number(K.THRESHOLD, C.GT, "80", "%")
    assert parse_target("优于80%", direction="lower").clause == number(K.THRESHOLD, C.LT, "80", "%")


def test_the_wording_is_kept_verbatim_and_is_no_part_of_equality() -> None:
    rule = parse_target("１００％", direction="higher", unit="%")
    assert rule.wording == "１００％"
    assert rule.unit == "%"
    assert rule == parse_target("100%", direction="higher")


def test_an_unknown_direction_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown code"):
        parse_target("100", direction="up")

"""What kind of indicator a row of a plan's table is, guessed from its name, unit, target and baseline.

Pure: no Django. A guess comes with its reason, for a person to confirm or correct; nothing is stored unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from indicators.core.clauses import ClauseKind
from indicators.core.codes import Direction, EntryBasis, Frequency, MeasureKind, ValueType
from indicators.core.wording import normalise
from indicators.targets import TargetRule, parse_target

Code = TypeVar("Code")

SHARES = ("%", "‰")
#: Of a longer text only the end is looked at, where the kind of a measure stands.
LONGEST_NAME = 150
#: Reductions counted over the whole period: 氮氧化物减少, 单位GDP能耗下降率.
_REDUCTION = re.compile(r"(?:减少|降低|下降|削减)(?:率|比例)?$")
#: Works that add up from year to year.
_WORKS = re.compile(
    r"减排量|减排$|新增|新建|改造|造林|修复|推广|培育|创建|申报|基地|场馆|集群|项目$|建设$|治理(?:面积)?$|治理河[流道]|提升$"
)
#: Names of something that is counted or measured, also where no unit is printed.
_MEASURED = re.compile(
    r"(?:率|比例|比率|比重|占比|程度|面积|总量|保有量|蓄积量|含量|使用量|用水量|浓度|天数|强度|能耗|产值)$"
)
#: Which way is better, by words of the name, in the order in which they are looked for.
_WAYS = (
    (
        Direction.HIGHER,
        re.compile(r"(?:消除|治理|整治)[^、]*(?:率|比例|量)$|(?:下降|降低|减少|削减|提高)(?:率|比例|幅度)?$|减排"),
    ),
    (
        Direction.HIGHER,
        re.compile(
            r"(?:利用|处置|处理|达标|收集|回收|收贮|送贮|覆盖|普及|保护|合格|优良|公开|建设|节水)[^、]*(?:率|比例|占比)$"
        ),
    ),
    (Direction.HIGHER, re.compile(r"(?:优于|好于|达到)[^、]*类")),
    (
        Direction.LOWER,
        re.compile(
            r"劣V类|V类水|黑臭水体(?!治理)|浓度|能耗|水耗|用水(?:总)?量|排放(?:总)?量|排放|强度|污染天|重污染|超标"
        ),
    ),
    (Direction.LOWER, re.compile(r"事故|发生率|死亡|损失|漏损|使用量|煤炭消费|消费总量|噪声")),
    (
        Direction.HIGHER,
        re.compile(r"(?:率|比例|比率|比重|占比|程度|指数|面积|蓄积量|保有量|总量|含量|天数|产值|产能|规模|长度)$"),
    ),
)
_BRACKETS_BEHIND = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Guess(Generic[Code]):
    """A guessed code, and a Chinese reason for it."""

    code: Code
    reason: str


@dataclass(frozen=True)
class Nature:
    """What kind of indicator it is, and its target as the core understands it in that light."""

    rule: TargetRule
    direction: Guess[Direction]
    value_type: Guess[ValueType]
    measure: Guess[MeasureKind]
    entry_basis: EntryBasis
    frequency: Frequency


def guess_nature(name: str, *, unit: str, wording: str, baseline: Decimal | None) -> Nature:
    """The nature of an indicator. `unit` and `wording` are as printed, "" for none; `baseline` is its figure."""
    plain = _BRACKETS_BEHIND.sub("", normalise(name)[-LONGEST_NAME:])
    way = _way_by_name(plain)
    # Some wordings (巩固提升, 无重污染天气) state a figure only where the name says which way is better.
    rule = parse_target(wording, direction=way.code if way else None, unit=unit)
    value_type = _value_type(plain, unit, rule, baseline)
    measure = _measure(plain, unit, rule, value_type.code)
    undirected = parse_target(wording, unit=unit)
    direction = _direction(undirected, way, value_type.code, measure.code, baseline)
    return Nature(
        rule=parse_target(wording, direction=direction.code, unit=unit),
        direction=direction,
        value_type=value_type,
        measure=measure,
        entry_basis=EntryBasis.ANNUAL if measure.code == MeasureKind.CUMULATIVE_RATE else EntryBasis.TO_DATE,
        frequency=Frequency.YEARLY if any(clause.yearly for clause in rule.clauses) else Frequency.ONCE,
    )


def _way_by_name(name: str) -> Guess[Direction] | None:
    for direction, words in _WAYS:
        found = words.search(name)
        if found:
            return Guess(direction, f"名称中有“{found[0]}”")
    return None


def _value_type(name: str, unit: str, rule: TargetRule, baseline: Decimal | None) -> Guess[ValueType]:
    kinds = {clause.kind for clause in rule.clauses}
    if kinds == {ClauseKind.GRADE} or unit == "类":
        return Guess(ValueType.GRADE, "目标或单位是水质类别")
    if kinds == {ClauseKind.FINDING}:
        return Guess(ValueType.FINDING, "目标没有数值，要由审核人员评定")
    is_measured = bool(unit) or baseline is not None or _MEASURED.search(name) is not None
    if kinds <= {ClauseKind.FINDING, ClauseKind.HOLD, ClauseKind.TREND} and not is_measured:
        return Guess(ValueType.FINDING, "目标没有数值，也没有单位和基期值")
    if kinds == {ClauseKind.ASSIGNED}:
        return Guess(ValueType.NUMBER, "目标数值由上级下达")
    return Guess(ValueType.NUMBER, "有单位或数值" if is_measured or any(_figures(rule)) else "未见其他说明")


def _measure(name: str, unit: str, rule: TargetRule, value_type: ValueType) -> Guess[MeasureKind]:
    if value_type != ValueType.NUMBER:
        return Guess(MeasureKind.LEVEL, "类别和结论按年度填报")
    totals = any(clause.kind is ClauseKind.CUMULATIVE for clause in rule.clauses)
    if unit in ("", *SHARES):
        if _REDUCTION.search(name) and unit != "‰":
            return Guess(MeasureKind.CUMULATIVE_RATE, "名称是规划期内的降幅")
        if totals and unit == "%":
            return Guess(MeasureKind.CUMULATIVE_RATE, "目标是累计的百分比")
    works = _WORKS.search(name)
    if unit not in SHARES and (works or totals):
        return Guess(MeasureKind.ADDITIVE, f"名称中有“{works[0]}”，各年相加" if works else "目标是累计数")
    return Guess(MeasureKind.LEVEL, "各年水平，不相加")


def _direction(
    rule: TargetRule,
    by_name: Guess[Direction] | None,
    value_type: ValueType,
    measure: MeasureKind,
    baseline: Decimal | None,
) -> Guess[Direction]:
    """By the nature of the measure, else by the target's own words, the name, the works, baseline and target."""
    if value_type == ValueType.FINDING:
        return Guess(Direction.NONE, "评定类指标没有方向")
    if value_type == ValueType.GRADE:
        return Guess(Direction.LOWER, "类别越小，水质越好")
    if measure == MeasureKind.CUMULATIVE_RATE:
        return Guess(Direction.HIGHER, "降幅越大越好")
    stated = {clause.comparator.direction: clause for clause in rule.clauses if clause.comparator is not None}
    if len(stated) == 1:
        ((direction, clause),) = stated.items()
        return Guess(direction, f"目标是“{clause.phrase()}”")
    if by_name is not None:
        return by_name
    if measure == MeasureKind.ADDITIVE:
        return Guess(Direction.HIGHER, "完成的工程量越多越好")
    figures = _figures(parse_target(rule.wording, direction=Direction.HIGHER, unit=rule.unit))
    if baseline is not None and len(figures) == 1 and figures[0] != baseline:
        rises = figures[0] > baseline
        return Guess(Direction.HIGHER if rises else Direction.LOWER, f"目标{'高' if rises else '低'}于基期值")
    return Guess(Direction.NONE, "名称和目标都看不出方向，请选择")


def _figures(rule: TargetRule) -> list[Decimal]:
    return [clause.value for clause in rule.clauses if clause.value is not None]

"""The meaning of the rule numbers that verdicts carry (docs/assessment.md §3) and of the paths that targets ask for, in
the words of an office."""

from __future__ import annotations

from indicators.core.clauses import ClauseKind
from indicators.core.codes import Frequency, MeasureKind, ValueType
from indicators.models import Indicator
from indicators.targets import TargetRule

PATHS = {
    MeasureKind.LEVEL: "从基期值到目标按年均分；有年度目标的年份以年度目标为准",
    MeasureKind.CUMULATIVE_RATE: "各年降幅相同，按复合计算（不是各年相加）；当年应达到的是从规划期起的累计降幅",
    MeasureKind.ADDITIVE: "从零起按年均分，各年完成量相加",
}

RULES = {
    1: "目标由上级下达，具体数值尚未下达",
    2: "原文未写目标，或目标的表述还没有确认",
    3: "本年度没有已审定的数值；不沿用上年数，也不推算",
    4: "目标须由审核人员评定，尚未评定",
    5: "目标年已达到目标",
    6: "基期已达到目标，本年度继续保持",
    7: "目标年之前已达到目标",
    8: "目标年未达到目标",
    9: "基期已达到目标，本年度反而没有达到",
    10: "没有基期值，也没有年度目标，无法判断进度",
    11: "实际进度达到应有进度，或已达到年度目标",
    12: "实际进度略低于应有进度",
    13: "实际进度明显低于应有进度，包括没有变化",
    14: "与目标方向相反，比基期更差",
}


def rule_meaning(number: int | None) -> str:
    """What the rule of that number says; empty for a verdict that rests on no single rule."""
    return RULES.get(number, "") if number is not None else ""


def path_meaning(indicator: Indicator, rule: TargetRule) -> str:
    """How the level that a year asks for follows from the target."""
    kind = rule.clause.kind if rule.clause else None
    if indicator.value_type == ValueType.FINDING or kind is ClauseKind.FINDING:
        return "由审核人员评定，不按数值折算"
    if indicator.frequency == Frequency.YEARLY:
        return "每年都须达到目标，不按进度折算"
    if kind is ClauseKind.HOLD:
        return "不得比基期差，不按进度折算"
    if kind is ClauseKind.TREND:
        return "每年都要比上年好，不按进度折算"
    if indicator.value_type == ValueType.GRADE:
        return "从基期类别到目标类别按年均分，逐级改善；不足一级的不作要求"
    return PATHS[MeasureKind.checked(indicator.measure)]

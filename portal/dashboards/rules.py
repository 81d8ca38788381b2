"""The meaning of the rule numbers that verdicts carry (docs/assessment.md §3), in the words of an office."""

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

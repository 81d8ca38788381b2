"""Units of measurement as plans print them: which words are units, and which of them are one unit. Pure: no Django."""

from __future__ import annotations

import re

from indicators.core.wording import any_of, normalise

#: Multipliers that stay with the unit: 1.8亿立方米 is 1.8, in 亿立方米.
SCALES = ("百万", "千万", "百亿", "千亿", "万亿", "百", "千", "万", "亿")

#: Units that may stand alone or on either side of a stroke. Words of time are denominators only: "5年" is no quantity.
ATOMS = (
    *("%", "‰", "个百分点", "百分点", "倍"),
    *("μg", "ug", "mg", "kg", "g", "t", "微克", "毫克", "千克", "公斤", "克", "吨标准煤", "吨标煤", "吨", "标准煤"),
    *("km2", "hm2", "m2", "ha", "平方公里", "平方千米", "平方米", "公顷", "亩"),
    *("m3", "L", "标准立方米", "立方米", "升"),
    *("km", "m", "公里", "千米", "米"),
    *("kWh", "MW", "kW", "千瓦时", "兆瓦", "千瓦", "度", "蒸吨", "dB(A)", "dB", "分贝", "℃"),
    *("元", "人次", "人", "户", "头", "只", "羽", "株", "辆", "台", "套", "座", "家", "处", "项", "条", "段", "片"),
    *("块", "眼", "口", "村", "次", "起", "件", "枚", "份", "期", "所", "支", "批", "场", "盏", "艘", "种", "天"),
    *("分", "个等级", "个"),
)
TIMES = ("小时", "日", "月", "年")

#: Printed forms of one unit; the first is the one that the others are read as.
SAME_UNITS = (
    ("%", "百分比"),
    ("μg/m3", "ug/m3", "微克/立方米", "微克/m3"),
    ("mg/m3", "毫克/立方米"),
    ("mg/L", "毫克/升", "mg/l"),
    ("公里", "千米", "km"),
    ("平方公里", "平方千米", "km2"),
    ("平方米", "m2"),
    ("公顷", "hm2", "ha"),
    ("立方米", "m3"),
    ("吨", "t"),
    ("千克", "公斤", "kg"),
    ("分贝", "dB", "dB(A)"),
    ("个百分点", "百分点"),
    ("吨标准煤", "吨标煤"),
    ("千瓦时", "kWh", "度"),
)
_CANONICAL = {printed: forms[0] for forms in SAME_UNITS for printed in forms}

_SCALE = any_of(SCALES)
_NUMERATOR = any_of(ATOMS)
_DENOMINATOR = any_of(ATOMS + TIMES)

#: A unit directly behind a number: 万亩, 微克/立方米, 起/每万枚, or a multiplier alone (1.8亿, 15万以上). An atom that
#: starts like a multiplier (千米, 百分点) is tried first.
UNIT_PATTERN = (
    rf"(?:(?:{_NUMERATOR}|(?:{_SCALE})(?:{_NUMERATOR}))(?:/每?(?:{_SCALE})?(?:{_DENOMINATOR}))*(?![A-Za-z/])"
    rf"|(?:{_SCALE})(?=$|[~—(至到-]|以上|以下|以内|之内|左右|上下))"
)

_UNIT = re.compile(UNIT_PATTERN)
#: A unit that is not in the tables is written in brackets; it must not look like a separator of clauses.
_FREE_UNIT = re.compile(r"[^\s;,、。()或且并]{1,20}")


def is_known_unit(unit: str) -> bool:
    """Whether a wording may carry this unit directly behind the number."""
    return _UNIT.fullmatch(unit) is not None


def is_unit(unit: str) -> bool:
    """Whether a rule may carry this unit: a known one, or a free one in normalised writing; "" is no unit."""
    return is_known_unit(unit) or (_FREE_UNIT.fullmatch(unit) is not None and normalise(unit) == unit)


def same_unit(one: str, other: str) -> bool:
    """Whether two printed units mean the same: ug/m3 and 微克/立方米 do, 亩 and 万亩 do not.

    A multiplier alone (1.8亿) goes with the unit that begins with it (亿立方米).
    """
    first, second = _canonical(one), _canonical(other)
    if first in SCALES or second in SCALES:
        return first.startswith(second) or second.startswith(first)
    return first == second


def _canonical(unit: str) -> str:
    plain = normalise(unit)
    if plain in _CANONICAL:
        return _CANONICAL[plain]
    # A multiplier stays with the unit behind it: 亿m3 is 亿立方米.
    scale = next((each for each in SCALES if plain.removeprefix(each) in _CANONICAL and plain.startswith(each)), "")
    return scale + _CANONICAL[plain.removeprefix(scale)] if scale else plain

"""Recognising clauses without a figure: grades, trends, targets handed down, judgements. Pure: no Django.

docs/assessment.md, "From wording to rule". Every recogniser matches a whole normalised text or answers None.
"""

from __future__ import annotations

import re
from decimal import Decimal

from indicators.core import vocabulary
from indicators.core.clauses import EQUAL_MARK, FINDING_TEXT, Clause, ClauseKind
from indicators.core.codes import Comparator, Direction, Grade
from indicators.core.wording import any_of, normalise

#: Text of one clause without figures.
_TEXT = r"[^0-9;,或且并]*"
_CHANGES = any_of([*vocabulary.RISING, *vocabulary.FALLING])

_GRADE = re.compile(
    rf"{vocabulary.CHINESE_NAME}(?:(?>{any_of(vocabulary.NEUTRAL_LEADS)}))*"
    rf"(?:(?P<better>{any_of(vocabulary.BETTER_THAN)})|≥|不低于|不劣于)?(?:地表水|地下水)?"
    r"(?P<inferior>劣)?(?P<numeral>I{1,3}|IV|V)类?(?:水质|水体|水)?(?:标准)?(?:以上)?(?:标准|水质|水体)?"
)
_NUMERALS = {"I": Grade.I, "II": Grade.II, "III": Grade.III, "IV": Grade.IV, "V": Grade.V}

_ASSIGNED = re.compile(
    rf"{vocabulary.CHINESE_NAME}(?:{any_of(vocabulary.FULFIL)})"
    rf"(?:{_TEXT}{vocabulary.UPPER_LEVEL}|年度){_TEXT}(?:{any_of(vocabulary.HANDED_DOWN)})内?"
)

_LEVEL_OF = rf"(?:{any_of(vocabulary.PRESENT_LEVELS)}|(?P<level_year>[12][0-9]{{3}})年)(?:水平|值)?"
_HOLD = re.compile(
    rf"{vocabulary.NAME}{vocabulary.SINCE}?(?:均|总体|基本|持续|继续)*(?P<word>{any_of(vocabulary.HELD)})"
    rf"|{vocabulary.NAME}(?:(?P<least>不低于|不少于)|(?P<most>不高于|不超过)|不劣于|保持){_LEVEL_OF}"
)

_TREND = re.compile(
    rf"{vocabulary.NAME}(?:(?>{any_of(vocabulary.STEADILY)})+(?:有所|稳定)?"
    rf"(?P<verb>{_CHANGES}|{any_of(vocabulary.IMPROVING)}){vocabulary.NAME}"
    rf"|(?P<steady>{any_of(vocabulary.STEADY_OR_BETTER)}))(?P<equal>{re.escape(normalise(EQUAL_MARK))})?"
)
_BETTER = re.compile(
    rf"{vocabulary.NAME}{vocabulary.SINCE}?(?:实现)?(?:(?P<verb>{_CHANGES})|(?P<word>{any_of(vocabulary.CHANGED)}))"
    rf"|(?P<leading_verb>{_CHANGES}){vocabulary.NAME}"
)
_IMPROVED = re.compile(rf"{vocabulary.NAME}(?:{any_of(vocabulary.IMPROVED)})")
_NONE_LEFT = re.compile(rf"无(?!法|害)[^0-9;,或且并不未]+|{vocabulary.NAME}(?:全部|全面)?清零")
_FINDING = re.compile(
    rf"{FINDING_TEXT}|(?:{any_of(vocabulary.JUDGED_LEADS)}){_TEXT}|{_TEXT}(?:{any_of(vocabulary.JUDGED_ENDINGS)})|(?:禁止|严禁)[^;]*"
)


def grade(text: str, direction: Direction) -> Clause | None:
    """A water-quality grade, at or better than; 优于Ⅲ类 means at least one grade better."""
    match = _GRADE.fullmatch(text)
    if match is None or (match["inferior"] and match["numeral"] != "V"):
        return None
    reached = Grade.INFERIOR_V if match["inferior"] else _NUMERALS[match["numeral"]]
    if match["better"]:
        if reached is Grade.I:
            return None
        reached = Grade(reached - 1)
    return Clause(ClauseKind.GRADE, grade=reached)


def assigned(text: str, direction: Direction) -> Clause | None:
    """A target whose number an upper level or a yearly plan gives later."""
    return Clause(ClauseKind.ASSIGNED) if _ASSIGNED.fullmatch(text) else None


def hold(text: str, direction: Direction) -> Clause | None:
    """Not worse than the baseline, or than the year that the wording names."""
    match = _HOLD.fullmatch(text)
    if match is None:
        return None
    if match["word"]:
        comparator, year = vocabulary.HELD[match["word"]], match["year"]
    else:
        comparator = Comparator.GE if match["least"] else Comparator.LE if match["most"] else None
        year = match["level_year"]
    return Clause(ClauseKind.HOLD, comparator, reference_year=int(year) if year else None)


def trend(text: str, direction: Direction) -> Clause | None:
    """Better than the year before."""
    match = _TREND.fullmatch(text)
    if match is None:
        return None
    if match["steady"]:
        return Clause(ClauseKind.TREND, vocabulary.STEADY_OR_BETTER[match["steady"]], equal_counts=True)
    return Clause(ClauseKind.TREND, _way(match["verb"]), equal_counts=bool(match["equal"]))


def better_than_baseline(text: str, direction: Direction) -> Clause | None:
    """A change whose size is not stated (减少, 优良天数增加, 提高占比, 双增长): any at all."""
    match = _BETTER.fullmatch(text)
    if match is None:
        return None
    word, verb = match["word"], match["verb"] or match["leading_verb"]
    comparator = vocabulary.CHANGED[word] if word else _way(verb)
    return Clause(
        ClauseKind.CHANGE, comparator, Decimal(0), reference_year=int(match["year"]) if match["year"] else None
    )


def improved(text: str, direction: Direction) -> Clause | None:
    """Better than the baseline in the indicator's direction (巩固提升); without one a reviewer judges."""
    if _IMPROVED.fullmatch(text) is None:
        return None
    if direction is Direction.NONE:
        return Clause(ClauseKind.FINDING)
    comparator = Comparator.GT if direction is Direction.HIGHER else Comparator.LT
    return Clause(ClauseKind.CHANGE, comparator, Decimal(0))


def none_left(text: str, direction: Direction) -> Clause | None:
    """Not one left (无重度污染天气): the figure 0 where less is better; without a direction a reviewer judges."""
    if _NONE_LEFT.fullmatch(text) is None or direction is Direction.HIGHER:
        return None
    if direction is Direction.LOWER:
        return Clause(ClauseKind.REACH, Comparator.LE, Decimal(0))
    return Clause(ClauseKind.FINDING)


def finding(text: str, direction: Direction) -> Clause | None:
    """A commitment in words of degree or completeness, which a reviewer judges with evidence."""
    return Clause(ClauseKind.FINDING) if _FINDING.fullmatch(text) else None


def _way(verb: str) -> Comparator | None:
    if verb in vocabulary.RISING:
        return Comparator.GT
    return Comparator.LT if verb in vocabulary.FALLING else None

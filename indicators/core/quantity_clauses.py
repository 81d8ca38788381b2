"""Recognising clauses with a figure: limits, figures to reach, ranges, changes, five-year totals. Pure: no Django.

docs/assessment.md, "From wording to rule". Every recogniser matches a whole normalised text or answers None.
"""

from __future__ import annotations

import re
from decimal import Decimal

from indicators.core import vocabulary
from indicators.core.clauses import HIGHER_MARK, LOWER_MARK, Clause, ClauseKind
from indicators.core.codes import Comparator, Direction
from indicators.core.units import UNIT_PATTERN, is_unit, same_unit
from indicators.core.wording import DIGITS, NUMBER, any_of, normalise

_LEAD_WORDS = any_of(
    [*vocabulary.NEUTRAL_LEADS, *vocabulary.RISING_LEADS, *vocabulary.FALLING_LEADS, *vocabulary.CAPPING_LEADS]
)
#: Each word is taken whole (保持在, never 保持 and 在), or a long row of them could be split in endless ways.
_LEADS = rf"(?:(?>{_LEAD_WORDS}))*"
_LIMITS_BEFORE = any_of(vocabulary.LIMITS_BEFORE)
_LIMITS_BEHIND = any_of(vocabulary.LIMITS_BEHIND)
_BEFORE = any_of([*vocabulary.LIMITS_BEFORE, *vocabulary.ABOUT_BEFORE, *vocabulary.BETTER_THAN])
_BEHIND = any_of([*vocabulary.LIMITS_BEHIND, *vocabulary.ABOUT_BEHIND, *vocabulary.RANGE_BEHIND])
_CHANGES = any_of([*vocabulary.RISING, *vocabulary.FALLING])
_HIGHER, _LOWER = normalise(HIGHER_MARK), normalise(LOWER_MARK)
_FREE_UNIT = r"(?:\(单位:(?P<free_unit>[^()]+)\))?"

#: The thing that is counted or measured may stand before the figure (新建拦河闸4座) or behind it (75%行政村…).
_AMOUNT = re.compile(
    rf"(?P<name>(?:{any_of(vocabulary.WORKS)})?{vocabulary.NAME})(?P<leads>{_LEADS})(?P<before>{_BEFORE})?"
    rf"(?P<value>{NUMBER})(?P<unit>{UNIT_PATTERN})?"
    rf"(?:(?:{any_of(vocabulary.RANGE_SIGNS)})(?P<upper>{NUMBER})(?P<upper_unit>{UNIT_PATTERN})?)?"
    rf"{_FREE_UNIT}(?P<behind>{_BEHIND})?"
    rf"(?P<tail>{any_of(vocabulary.COMPLETE)}|(?!{vocabulary.TAIL_STOPS}){vocabulary.NAME})"
    rf"(?P<mark>{any_of([_HIGHER, _LOWER])})?"
)
_CHANGE = re.compile(
    rf"{vocabulary.SINCE}?(?P<verb>{_CHANGES})(?P<before>{_LIMITS_BEFORE})?"
    rf"(?P<value>{DIGITS})%(?P<behind>{_LIMITS_BEHIND})?"
)
#: Plans put five-year totals behind 累计 or in brackets of this kind.
_CUMULATIVE = re.compile(
    rf"(?:五年)?累计(?:下降|降低|减少|削减|完成|新增|达到|达|实现|为)?(?P<before>{_LIMITS_BEFORE})?"
    rf"(?P<value>{NUMBER})(?P<unit>{UNIT_PATTERN})?{_FREE_UNIT}(?P<behind>{_LIMITS_BEHIND})?"
)
_BRACKETED = re.compile(rf"(?:〔|\[|【|﹝)(?P<value>{NUMBER})(?P<unit>{UNIT_PATTERN})?(?:〕|\]|】|﹞)")

_CHINESE_DIGITS = {numeral: str(digit) for digit, numeral in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}
#: A single numeral before a counted thing at the end (两座); longer ones (二十个) and names (一厂一策) are left alone.
_SPELT_OUT = re.compile(
    rf"(?<![〇零一二两三四五六七八九十百千万第前每])([{''.join(_CHINESE_DIGITS)}])(?=[个座家处项条台辆套所村次种](?:{_BEHIND})?$)"
)


def amount(text: str, direction: Direction) -> Clause | None:
    """A threshold, a figure to reach, an approximate figure or a range; None without a direction that a reach needs."""
    match = _AMOUNT.fullmatch(_SPELT_OUT.sub(lambda numeral: _CHINESE_DIGITS[numeral.group()], text))
    if match is None:
        return None
    if (match["name"] or match["tail"]) and not (match["leads"] or match["before"] or match["unit"]):
        return None
    unit = _agreed_unit(match)
    if unit is None:
        return None
    value = Decimal(match["value"])
    if match["upper"]:
        return _range(value, Decimal(match["upper"]), unit, match)
    if match["before"] in vocabulary.ABOUT_BEFORE or match["behind"] in vocabulary.ABOUT_BEHIND:
        return None if _named_limits(match) else Clause(ClauseKind.ABOUT, value=value, unit=unit)
    limits = _limits(match, direction)
    if match["behind"] in vocabulary.RANGE_BEHIND or len(limits) > 1:
        return None
    if limits:
        return Clause(ClauseKind.THRESHOLD, limits.pop(), value, unit=unit)
    if match["before"] in vocabulary.BETTER_THAN:
        return None
    return _reach(value, unit, match, direction)


def change(text: str, direction: Direction) -> Clause | None:
    """A relative change against the baseline, signed: 下降10%以上 is at most −10 %."""
    match = _CHANGE.fullmatch(text)
    if match is None:
        return None
    sizes = _named_limits(match) or {Comparator.GE}
    if len(sizes) > 1:
        return None
    size, falls = sizes.pop(), match["verb"] in vocabulary.FALLING
    value = Decimal(match["value"])
    return Clause(
        ClauseKind.CHANGE,
        size.mirrored if falls else size,
        value.copy_negate() if falls else value,
        reference_year=int(match["year"]) if match["year"] else None,
    )


def cumulative(text: str, direction: Direction) -> Clause | None:
    """A total over the whole period, at least so much unless the wording says otherwise."""
    match = _CUMULATIVE.fullmatch(text)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        return Clause(ClauseKind.CUMULATIVE, Comparator.GE, Decimal(bracketed["value"]), unit=bracketed["unit"] or "")
    if match is None:
        return None
    limits = _named_limits(match) or {Comparator.GE}
    unit = match["unit"] or match["free_unit"] or ""
    if len(limits) > 1 or (unit and not is_unit(unit)):
        return None
    return Clause(ClauseKind.CUMULATIVE, limits.pop(), Decimal(match["value"]), unit=unit)


def _agreed_unit(match: re.Match[str]) -> str | None:
    """The unit of the figure or of both bounds; None when they contradict each other or cannot stand as a unit."""
    units = [unit for unit in (match["unit"], match["upper_unit"], match["free_unit"]) if unit]
    if not units:
        return ""
    if any(not same_unit(unit, units[0]) for unit in units) or not is_unit(units[-1]):
        return None
    return units[-1]


def _range(value: Decimal, upper: Decimal, unit: str, match: re.Match[str]) -> Clause | None:
    bounded = match["before"] or (match["behind"] and match["behind"] not in vocabulary.RANGE_BEHIND)
    if bounded or match["mark"] or value >= upper:
        return None
    return Clause(ClauseKind.RANGE, value=value, upper=upper, unit=unit)


def _named_limits(match: re.Match[str]) -> set[Comparator]:
    """The limits that words before and behind the figure draw; two members contradict each other."""
    limits = set()
    if match["before"] in vocabulary.LIMITS_BEFORE:
        limits.add(vocabulary.LIMITS_BEFORE[match["before"]])
    if match["behind"] in vocabulary.LIMITS_BEHIND:
        limits.add(vocabulary.LIMITS_BEHIND[match["behind"]])
    return limits


def _limits(match: re.Match[str], direction: Direction) -> set[Comparator]:
    """As `_named_limits`, with 优于 read in the indicator's direction and 控制在 where nothing else draws a limit."""
    limits = _named_limits(match)
    if match["before"] in vocabulary.BETTER_THAN and direction is not Direction.NONE:
        limits.add(Comparator.GT if direction is Direction.HIGHER else Comparator.LT)
    if not limits and match["leads"].endswith(vocabulary.CAPPING_LEADS):
        limits.add(Comparator.LE)
    return limits


def _reach(value: Decimal, unit: str, match: re.Match[str], direction: Direction) -> Clause | None:
    """A plain figure: a description's mark, the announcing word, or else the indicator says which way is better."""
    if match["mark"]:
        direction = Direction.HIGHER if match["mark"] == _HIGHER else Direction.LOWER
    elif match["leads"].endswith(vocabulary.RISING_LEADS) or match["tail"] in vocabulary.COMPLETE:
        direction = Direction.HIGHER
    elif match["leads"].endswith(vocabulary.FALLING_LEADS):
        direction = Direction.LOWER
    if direction is Direction.NONE:
        return None
    comparator = Comparator.GE if direction is Direction.HIGHER else Comparator.LE
    return Clause(ClauseKind.REACH, comparator, value, unit=unit)

"""Which indicator a row means: by code, by number and name, by name; never by likeness alone. Pure: no Django.

Whatever has a code and a name is found in the same way: key projects are matched as records too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from indicators.core.units import is_known_unit, same_unit
from indicators.core.wording import normalise
from indicators.workbook.problems import ProblemCode

#: How many similar names an error lists, and how alike they must be (shared pairs of characters, 0 to 1).
MOST_CANDIDATES = 3
LEAST_LIKENESS = 0.3
#: For so many unknown names candidates are looked up; a file with more belongs to another plan.
MOST_SUGGESTIONS = 200

#: Printed forms of digits; numbers in circles point to notes and are no part of a name.
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉．⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789.0123456789", "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮")
_BRACKETED = re.compile(r"\(([^()]*)\)")
#: Signs that names are printed with or without; a point stays between digits only (PM2.5).
_SIGNS = re.compile(r"(?<![0-9])\.|\.(?![0-9])|[^\w.%‰/]|_")
_LEAD = re.compile(r"^(?:其中[:：]?|[一二三四五六七八九十]+、|[((][一二三四五六七八九十0-9]+[))]|[0-9]+[.、](?![0-9]))")


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator as far as a workbook needs to know it. `years` are those that are judged; `parent` is a name."""

    code: str
    name: str
    number: str = ""
    unit: str = ""
    parent: str = ""
    value_type: str = "number"
    years: range = range(0)


@dataclass(frozen=True, slots=True)
class Naming:
    """How a row names its indicator; texts as they stand, "" where a column is missing."""

    code: str = ""
    number: str = ""
    name: str = ""
    unit: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator that a naming means, or why none is certain: a code and a Chinese sentence that says what to do.

    With an indicator the problem is only a notice.
    """

    indicator: IndicatorRecord | None = None
    code: ProblemCode | None = None
    message: str = ""


class Matcher:
    """Finds indicators by what rows call them; each naming is worked out once. `noun` is what messages call one."""

    def __init__(self, indicators: Sequence[IndicatorRecord], *, noun: str = "指标") -> None:
        self._noun = noun
        self._by_code = {evened_code(indicator.code): indicator for indicator in indicators}
        self._by_name: dict[str, list[IndicatorRecord]] = defaultdict(list)
        for indicator in indicators:
            self._by_name[evened_name(indicator.name)].append(indicator)
        self._known: dict[Naming, Match] = {}
        self._suggestions = 0

    def match(self, naming: Naming) -> Match:
        """The indicator that is meant. A name alone decides only when exactly one indicator is called so."""
        found = self._known.get(naming)
        if found is None:
            found = self._known[naming] = self._by_stated_code(naming) if naming.code else self._by_stated_name(naming)
        return found

    def _by_stated_code(self, naming: Naming) -> Match:
        indicator = self._by_code.get(evened_code(naming.code))
        if indicator is None:
            if naming.name:
                meant = self._by_stated_name(naming)
                hint = f"按名称看是{title(meant.indicator)}。" if meant.indicator else meant.message
            else:
                hint = ""
            message = f"没有代码为“{naming.code}”的{self._noun}。{hint}请更正代码，或删去代码、填写{self._noun}名称。"
            return Match(None, ProblemCode.UNKNOWN_INDICATOR, message)
        if naming.name in ("", indicator.name) or evened_name(naming.name) == evened_name(indicator.name):
            return Match(indicator)
        named = self._named(naming.name, indicator.unit)
        if named and indicator not in named:
            return Match(
                None,
                ProblemCode.OTHER_NAME,
                f"代码“{naming.code}”是{self._noun}“{indicator.name}”，这一行写的却是“{naming.name}”。请核对后更正代码或名称。",
            )
        return Match(
            indicator,
            ProblemCode.OTHER_NAME,
            f"按代码“{naming.code}”读作{self._noun}“{indicator.name}”，与表中名称“{naming.name}”写法不同，请核对。",
        )

    def _by_stated_name(self, naming: Naming) -> Match:
        if not naming.name:
            message = f"这一行有数值，但没有{self._noun}名称或代码。请补填；不需要导入的行（如合计）请删去。"
            return Match(None, ProblemCode.UNKNOWN_INDICATOR, message)
        named = self._named(naming.name, naming.unit)
        for narrowed in self._narrowings(naming, named):
            if len(narrowed) == 1:
                return Match(narrowed[0])
        if named:
            return Match(
                None,
                ProblemCode.AMBIGUOUS_INDICATOR,
                f"“{naming.name}”对应 {len(named)} 个{self._noun}：{titles(named)}。请在“代码”列填写代码。",
            )
        return Match(None, ProblemCode.UNKNOWN_INDICATOR, self._unknown(naming))

    def _named(self, name: str, unit: str) -> list[IndicatorRecord]:
        """The indicators that are called so, first by the whole name, then without a unit in brackets."""
        return self._by_name.get(evened_name(name)) or self._by_name.get(evened_name(without_unit(name, unit))) or []

    def _narrowings(self, naming: Naming, named: list[IndicatorRecord]) -> Iterable[list[IndicatorRecord]]:
        """All of them; those written exactly so; those that parent, number or unit also fit."""
        yield named
        yield [one for one in named if one.name == naming.name]
        if naming.parent:
            parent = evened_name(naming.parent)
            yield [one for one in named if one.parent and evened_name(one.parent) == parent]
        if naming.number:
            number = evened_code(naming.number)
            yield [one for one in named if one.number and evened_code(one.number) == number]
        unit = naming.unit or bracketed_unit(naming.name)
        if unit:
            yield [one for one in named if one.unit and same_unit(one.unit, unit)]

    def _unknown(self, naming: Naming) -> str:
        candidates: list[IndicatorRecord] = []
        if self._suggestions < MOST_SUGGESTIONS:
            self._suggestions += 1
            candidates = [one for name in self._closest(naming.name) for one in self._by_name[name]][:MOST_CANDIDATES]
        if candidates:
            return (
                f"没有名为“{naming.name}”的{self._noun}。最接近的是：{titles(candidates)}。请按门户中的名称或代码填写。"
            )
        return f"没有名为“{naming.name}”的{self._noun}。请按门户中的名称填写，或填写代码；不需要导入的行请删去。"

    @cached_property
    def _pairs(self) -> dict[str, frozenset[str]]:
        """The pairs of every name; needed only where a name is unknown."""
        return {name: pairs_of(name) for name in self._by_name}

    @cached_property
    def _names_with(self) -> dict[str, list[str]]:
        """By pair the names that have it."""
        names: dict[str, list[str]] = defaultdict(list)
        for name, pairs in self._pairs.items():
            for pair in pairs:
                names[pair].append(name)
        return names

    def _closest(self, name: str) -> list[str]:
        """The names that share most pairs of characters with this one."""
        pairs = pairs_of(evened_name(without_unit(name, "")))
        shared = Counter(other for pair in pairs for other in self._names_with.get(pair, ()))
        alike = {other: 2 * count / (len(pairs) + len(self._pairs[other])) for other, count in shared.items()}
        ranked = sorted(alike, key=lambda other: (-alike[other], other))
        return [other for other in ranked[:MOST_CANDIDATES] if alike[other] >= LEAST_LIKENESS]


def evened_code(code: str) -> str:
    """A code or number without the ways of writing it: full width, blanks, capitals, 1.0 for 1."""
    return normalise(code).lower().replace(" ", "").removesuffix(".0")


def evened_name(name: str) -> str:
    """A name without the ways of printing it: full width, subscripts, blanks, brackets, punctuation, 其中 in front."""
    plain = _LEAD.sub("", normalise(name.translate(_SUBSCRIPTS)))
    return _SIGNS.sub("", plain).lower()


def without_unit(name: str, unit: str) -> str:
    """The name without brackets that hold a unit: a known one, or the one given."""
    plain = normalise(name.translate(_SUBSCRIPTS))
    return _BRACKETED.sub(lambda found: "" if _is_unit(found[1], unit) else found[0], plain)


def bracketed_unit(name: str) -> str:
    """The unit that stands in brackets in the name; "" without one."""
    return next((found for found in _BRACKETED.findall(normalise(name)) if _is_unit(found, "")), "")


def pairs_of(name: str) -> frozenset[str]:
    """Neighbouring characters, by which the likeness of names is measured."""
    return frozenset(name[index : index + 2] for index in range(max(1, len(name) - 1)))


def title(indicator: IndicatorRecord) -> str:
    """The indicator as an error names it."""
    return f"“{indicator.name}”（{indicator.code}）"


def titles(indicators: Iterable[IndicatorRecord]) -> str:
    """Several indicators as an error names them."""
    return "、".join(map(title, indicators))


def _is_unit(text: str, unit: str) -> bool:
    plain = text.removeprefix("单位:").strip()
    return is_known_unit(plain) or (bool(unit) and same_unit(plain, unit))

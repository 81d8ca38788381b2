"""Reading a target: from the plan's wording to a rule that can be judged. Pure: no Django.

docs/assessment.md, "From wording to rule". What is not understood is the outcome `unrecognised`, never a guess and
never an exception; a person then chooses the rule by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Self

from indicators.core import quantity_clauses, vocabulary, worded_clauses
from indicators.core.clauses import MISSING_TEXT, YEARLY_KINDS, Clause, ClauseKind
from indicators.core.codes import Direction
from indicators.core.units import is_known_unit, is_unit, same_unit
from indicators.core.wording import normalise

#: A longer text is a paragraph, not a demand.
MAX_CLAUSE_LENGTH = 150

#: Clauses that must all hold, each a group of alternatives of which one must hold.
Requirements = tuple[tuple[Clause, ...], ...]

_RECOGNISERS = (
    quantity_clauses.cumulative,
    quantity_clauses.change,
    quantity_clauses.amount,
    worded_clauses.grade,
    worded_clauses.assigned,
    worded_clauses.hold,
    worded_clauses.trend,
    worded_clauses.none_left,
    worded_clauses.improved,
    worded_clauses.finding,
    worded_clauses.better_than_baseline,
)

#: Kinds whose comparator says which way is better; the sign of a change depends on how the indicator is counted.
_DIRECTED_KINDS = {ClauseKind.THRESHOLD, ClauseKind.REACH, ClauseKind.HOLD, ClauseKind.TREND}

_DATE = re.compile(
    r"(?:(?:力争|确保)?(?:到|至|截至)?20[0-9]{2}年(?:底|末)?(?:以?前)?|规划期内|到?“?十四五”?(?:期间|末)),?(?=.)"
)
_YEARLY = re.compile(r"(?:每年|当年)(?:力争)?(?=.)")
_LOOSE_JOINT = re.compile(r"(?<![0-9]),|,(?![0-9])|、")
_FIRM_JOINT = re.compile(r";|[,、]?(?:并且|而且|且|并)|。")
_ALTERNATIVE = re.compile(r"或者?")


@dataclass(frozen=True)
class TargetRule:
    """What must hold: every requirement, and of each requirement at least one of its alternatives.

    `wording` is the plan's text, verbatim; `unit` is the indicator's; `problems` are Chinese sentences about what does
    not fit the indicator (another unit, the opposite direction). These three say where the rule comes from and take no
    part in equality. `unrecognised` and `missing` are rules of one clause.
    """

    requirements: Requirements
    wording: str = field(default="", compare=False)
    unit: str = field(default="", compare=False)
    problems: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError for an empty rule and for one that mixes a demand with `unrecognised` or `missing`."""
        if not self.requirements or not all(self.requirements):
            raise ValueError("a rule needs at least one clause in every requirement")
        if not self.understood and len(self.clauses) > 1:
            raise ValueError("unrecognised and missing stand alone")

    @classmethod
    def of(cls, *clauses: Clause, wording: str = "", unit: str = "") -> Self:
        """A rule put together by hand: every one of the clauses must hold."""
        return cls(tuple((clause,) for clause in clauses), wording=wording, unit=unit)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in order."""
        return tuple(chain.from_iterable(self.requirements))

    @property
    def clause(self) -> Clause | None:
        """The only clause, or None when there are several."""
        clauses = self.clauses
        return clauses[0] if len(clauses) == 1 else None

    @property
    def kind(self) -> str:
        """The kind of the only clause, "any" for one requirement with alternatives, otherwise "all"."""
        if self.clause is not None:
            return self.clause.kind
        return "any" if len(self.requirements) == 1 else "all"

    @property
    def understood(self) -> bool:
        """Whether the wording is neither unrecognised nor missing."""
        return all(clause.kind not in (ClauseKind.UNRECOGNISED, ClauseKind.MISSING) for clause in self.clauses)

    @property
    def awaits_assignment(self) -> bool:
        """Whether an upper level gives a number later."""
        return any(clause.kind is ClauseKind.ASSIGNED for clause in self.clauses)

    def describe(self) -> str:
        """The rule in Chinese; `parse_target` of it gives the same rule, whatever the indicator."""
        return "；".join("或".join(clause.describe() for clause in group) for group in self.requirements)

    def to_json(self) -> dict[str, Any]:
        """The rule as JSON types, figures as strings."""
        return {
            "wording": self.wording,
            "unit": self.unit,
            "problems": list(self.problems),
            "all": [{"any": [clause.to_json() for clause in group]} for group in self.requirements],
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """The rule that `to_json` wrote; raises ValueError for anything else."""
        try:
            groups = [group["any"] for group in written["all"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"a rule is written as all → any → clauses, not {written!r}") from error
        return cls(
            tuple(tuple(Clause.from_json(clause) for clause in group) for group in groups),
            wording=str(written.get("wording", "")),
            unit=str(written.get("unit", "")),
            problems=tuple(map(str, written.get("problems", ()))),
        )


def parse_target(wording: str, *, direction: str | None = None, unit: str = "") -> TargetRule:
    """The rule that the wording states; `missing` for an empty cell, `unrecognised` when it is not understood.

    `direction` ("higher", "lower", "none" or None) and `unit` are the indicator's. Raises ValueError for an unknown
    direction, never for a wording. §1.
    """
    way = Direction.NONE if direction is None else Direction.checked(direction)
    text = normalise(wording)
    if text.lower() in vocabulary.EMPTY_CELLS or text == MISSING_TEXT:
        return TargetRule.of(Clause(ClauseKind.MISSING), wording=wording, unit=unit)
    requirements = _requirements(_bracketed_unit(text, unit), way)
    if requirements is None:
        return TargetRule.of(Clause(ClauseKind.UNRECOGNISED), wording=wording, unit=unit)
    problems = _problems(chain.from_iterable(requirements), way, unit)
    return TargetRule(requirements, wording=wording, unit=unit, problems=problems)


def _requirements(text: str, direction: Direction) -> Requirements | None:
    """The text's requirements, or None when any part of it is not understood."""
    whole = _clause(text, direction)
    if whole is not None:
        return ((whole,),)
    found: list[tuple[Clause, ...]] = []
    for part in filter(None, _FIRM_JOINT.split(text)):
        requirements = _loosely_joined(part, direction)
        if requirements is None:
            return None
        found.extend(requirements)
    return tuple(found) or None


def _loosely_joined(text: str, direction: Direction) -> Requirements | None:
    """Parts between commas. Two figures in one list belong to two things (3301.03吨、120.91吨): not understood.

    A list of words with one that a reviewer judges (面积不减少，性质不改变) is one judgement.
    """
    alternatives = _alternatives(text, direction)
    if alternatives is not None:
        return (alternatives,)
    parts = [part for part in _LOOSE_JOINT.split(text) if part]
    if len(parts) < 2 or sum(bool(re.search("[0-9]", part)) for part in parts) > 1:
        return None
    found = []
    for part in parts:
        alternatives = _alternatives(part, direction)
        if alternatives is None:
            return None
        found.append(alternatives)
    kinds = {clause.kind for clause in chain.from_iterable(found)}
    if ClauseKind.FINDING in kinds and kinds <= {ClauseKind.FINDING, ClauseKind.HOLD, ClauseKind.TREND}:
        return ((Clause(ClauseKind.FINDING),),)
    return tuple(found)


def _alternatives(text: str, direction: Direction) -> tuple[Clause, ...] | None:
    found = []
    for part in _ALTERNATIVE.split(text):
        clause = _clause(part, direction)
        if clause is None:
            return None
        found.append(clause)
    return tuple(found)


def _clause(text: str, direction: Direction) -> Clause | None:
    """The one clause that the text states, with a date or 每年 in front of it taken off."""
    if len(text) > MAX_CLAUSE_LENGTH:
        return None
    for recognise in _RECOGNISERS:
        clause = recognise(text, direction)
        if clause is not None:
            return clause
    if date := _DATE.match(text):
        return _clause(text[date.end() :], direction)
    if yearly := _YEARLY.match(text):
        clause = _clause(text[yearly.end() :], direction)
        return replace(clause, yearly=True) if clause is not None and clause.kind in YEARLY_KINDS else clause
    return None


def _bracketed_unit(text: str, unit: str) -> str:
    """The text with the indicator's own unit in brackets where it follows a figure and no table of units knows it."""
    plain = normalise(unit)
    if not plain or is_known_unit(plain) or not is_unit(plain):
        return text
    return re.sub(rf"(?<=[0-9]){re.escape(plain)}", lambda _: f"(单位:{plain})", text)


def _problems(clauses: Iterable[Clause], direction: Direction, unit: str) -> tuple[str, ...]:
    """What does not fit the indicator; each problem once."""
    found: dict[str, None] = {}
    for clause in clauses:
        if clause.unit and unit and not same_unit(clause.unit, unit):
            found[f"目标的单位“{clause.unit}”与指标单位“{unit}”不一致，请核对。"] = None
        compared = clause.comparator if clause.kind in _DIRECTED_KINDS else None
        if compared and direction is not Direction.NONE and compared.direction is not direction:
            found[f"目标“{clause.phrase()}”与指标方向“{direction.label}”相反，请核对。"] = None
    return tuple(found)

"""The way that a target prescribes: what each year asks for, and which figures reach the goal. Pure: no Django.

docs/assessment.md, "Progress, pace, projection".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.case import Case
from indicators.core.clauses import ClauseKind
from indicators.core.codes import ValueType
from indicators.core.entries import figure_of
from indicators.core.goals import Goal, Waiting, goal_of
from indicators.core.measures import ZERO
from indicators.core.subject import Subject


@dataclass(frozen=True)
class Path:
    """The goal of an indicator with one clause, what each year asks for (`required`, by year, the start included where
    it is known), and the figures that its entries come to (`figures`, totals for rates and quantities)."""

    goal: Goal
    required: Mapping[int, Decimal]
    figures: Mapping[int, Decimal]


def path_of(subject: Subject) -> Path | None:
    """The path up to the target year; None for findings, trends, several clauses, and goals that are not known."""
    clause = subject.rule.clause
    if clause is None or subject.value_type == ValueType.FINDING:
        return None
    if clause.kind in (ClauseKind.FINDING, ClauseKind.TREND):
        return None
    goal = goal_of(clause, subject)
    if isinstance(goal, Waiting):
        return None
    years = range(subject.baseline_year + 1, subject.target_year + 1)
    required = {year: required_in(subject, goal, year) for year in years}
    if subject.start is not None and not goal.is_met_by(subject.start):
        required[subject.baseline_year] = subject.start
    figures = {year: figure_of(subject, year).figure for year in years}
    return Path(
        goal,
        {year: figure for year, figure in sorted(required.items()) if figure is not None},
        {year: figure for year, figure in figures.items() if figure is not None},
    )


def required_in(subject: Subject, goal: Goal, year: int) -> Decimal | None:
    """What the year asks for, which does not depend on what it brought."""
    annual = subject.annual_targets.get(year) if year < subject.target_year else None
    return Case(subject, year, goal, ZERO, subject.start, None if annual is None else Decimal(annual)).required

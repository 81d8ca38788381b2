"""The arithmetic of progress for the three measures. Pure: no Django.

docs/assessment.md, "What is measured" and "Progress, pace, projection". Levels and quantities are in the indicator's
unit, rates in percentage points. `start` is the baseline of a level and 0 of a rate or quantity, `goal` what is to be
reached, `elapsed` of `length` years have passed. Shares are fractions. Nothing is rounded here; callers set the
precision.
"""

from __future__ import annotations

from decimal import Decimal

from indicators.core.codes import MeasureKind

ZERO = Decimal(0)
HUNDRED = Decimal(100)


def compounded(rates: list[Decimal]) -> Decimal:
    """The cumulative rate of yearly rates: c = 1 − Π(1 − r); a year of −1.51 % counts as growth."""
    left = Decimal(1)
    for rate in rates:
        left *= _left(rate)
    return (1 - left) * HUNDRED


def reduction_between(earlier: Decimal, later: Decimal) -> Decimal | None:
    """The rate that leads from one cumulative rate to the next; None when nothing was left to reduce."""
    if earlier >= HUNDRED:
        return None
    return (1 - _left(later) / _left(earlier)) * HUNDRED


def progress(measure: str, figure: Decimal, start: Decimal, goal: Decimal) -> Decimal | None:
    """The share of the way from start to goal; None where no way leads there (goal = start, a rate of 100 %)."""
    return pace(measure, figure, start, goal, elapsed=1, length=1)


def pace(measure: str, figure: Decimal, start: Decimal, goal: Decimal, *, elapsed: int, length: int) -> Decimal | None:
    """Progress divided by the share of time elapsed, in one division, so that a pace of exactly 0.95 stays exact."""
    if measure == MeasureKind.CUMULATIVE_RATE:
        if max(figure, goal) >= HUNDRED:
            return None
        gone, whole = _left(figure).ln(), _left(goal).ln()
    else:
        gone, whole = figure - start, goal - start
    return None if whole == 0 else gone * length / (whole * elapsed)


def required(measure: str, start: Decimal, goal: Decimal, *, elapsed: int, length: int) -> Decimal:
    """The figure that a pace of exactly 1 would have."""
    if elapsed == length or start == goal:
        return goal
    if measure == MeasureKind.CUMULATIVE_RATE:
        return (1 - _power(_left(goal), elapsed, length)) * HUNDRED
    return start + (goal - start) * elapsed / length


def projection(measure: str, figure: Decimal, start: Decimal, *, elapsed: int, length: int) -> Decimal:
    """The figure at the end if the years left go like the years so far."""
    if elapsed == length:
        return figure
    if measure == MeasureKind.CUMULATIVE_RATE:
        return (1 - _power(_left(figure), length, elapsed)) * HUNDRED
    return start + (figure - start) * length / elapsed


def needed_per_year(measure: str, figure: Decimal, goal: Decimal, years_left: int) -> Decimal | None:
    """The yearly change that still reaches the goal, signed: negative where the figure must fall."""
    if measure == MeasureKind.CUMULATIVE_RATE:
        if figure >= HUNDRED:
            return None
        return (1 - _power(_left(goal) / _left(figure), 1, years_left)) * HUNDRED
    return (goal - figure) / years_left


def _left(rate: Decimal) -> Decimal:
    return 1 - rate / HUNDRED


def _power(base: Decimal, numerator: int, denominator: int) -> Decimal:
    return ZERO if base == 0 else (base.ln() * numerator / denominator).exp()

"""From yearly entries to the figure that a year is judged by. Pure: no Django.

docs/assessment.md, "What is measured". An entry that is missing stays unknown: nothing is carried forward, nothing
interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.core.codes import Direction, EntryBasis, Finding, MeasureKind
from indicators.core.measures import ZERO, compounded, reduction_between
from indicators.core.subject import Subject


@dataclass(frozen=True)
class YearFigure:
    """The figure of a year, or the years whose entries it lacks (then `figure` is None)."""

    figure: Decimal | None
    missing_years: tuple[int, ...] = ()


def figure_of(subject: Subject, year: int) -> YearFigure:
    """A level, or the total from the start of the period to the end of `year`."""
    if subject.measure == MeasureKind.LEVEL or subject.entry_basis == EntryBasis.TO_DATE:
        figure = subject.figure(year)
        return YearFigure(figure, () if figure is not None else (year,))
    years = range(subject.baseline_year + 1, year + 1)
    entries = [subject.figure(entered) for entered in years]
    known = [entry for entry in entries if entry is not None]
    if len(known) < len(entries):
        return YearFigure(None, tuple(entered for entered in years if subject.figure(entered) is None))
    return YearFigure(compounded(known) if subject.measure == MeasureKind.CUMULATIVE_RATE else sum(known, ZERO))


def figure_within(subject: Subject, year: int) -> YearFigure:
    """The figure of the one year alone, for commitments that hold for every year anew."""
    figure = subject.figure(year)
    if figure is None:
        return YearFigure(None, (year,))
    if subject.measure == MeasureKind.LEVEL or subject.entry_basis == EntryBasis.ANNUAL:
        return YearFigure(figure)
    earlier = subject.figure(year - 1) if year - 1 > subject.baseline_year else ZERO
    if earlier is None:
        return YearFigure(None, (year - 1,))
    if subject.measure == MeasureKind.CUMULATIVE_RATE:
        return YearFigure(reduction_between(earlier, figure))
    return YearFigure(figure - earlier)


def figure_before(subject: Subject, year: int) -> Decimal | None:
    """The figure of the year before, which in the first year is the start of the period; None when unknown."""
    if year - 1 == subject.baseline_year:
        return subject.start
    return figure_of(subject, year - 1).figure


def worsened(subject: Subject, year: int) -> bool:
    """Whether the year is worse than the one before; False where either is unknown or no way is better."""
    finding = subject.finding(year)
    earlier_finding = None if finding is None else subject.finding(year - 1)
    if finding is not None and earlier_finding is not None:
        order = list(Finding)
        return order.index(finding) > order.index(earlier_finding)
    figure, earlier = figure_of(subject, year).figure, figure_before(subject, year)
    if figure is None or earlier is None:
        return False
    return is_worse(subject, figure, earlier)


def is_worse(subject: Subject, figure: Decimal, other: Decimal) -> bool:
    """Whether the one figure is worse than the other in the indicator's direction; False without a direction."""
    if subject.way is Direction.HIGHER:
        return figure < other
    return subject.way is Direction.LOWER and figure > other

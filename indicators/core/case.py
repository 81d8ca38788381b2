"""One figure measured against one goal: rules 5 to 14 of the verdict table, and what explains them. Pure: no Django.

docs/assessment.md, "Verdicts" and "Progress, pace, projection".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from indicators.core import measures
from indicators.core.codes import MeasureKind, ValueType
from indicators.core.goals import Goal
from indicators.core.measures import ZERO
from indicators.core.subject import Subject
from indicators.core.verdicts import Verdict

#: A verdict and the number of the rule that gave it.
Ruling = tuple[Verdict, int]


@dataclass(frozen=True)
class Case:
    """The figure of a year and what it is held against. What follows from it is worked out once, when it is asked for.

    `start` is where the period starts, None when unknown; `annual` the annual target of the year, None without one and
    in the target year. `yearly`: the commitment holds for every year anew, so that this year is a target year of its
    own.
    """

    subject: Subject
    year: int
    goal: Goal
    figure: Decimal
    start: Decimal | None
    annual: Decimal | None
    yearly: bool = False

    @property
    def final(self) -> bool:
        """Whether the target is due in this year."""
        return self.yearly or self.year == self.subject.target_year

    @cached_property
    def met(self) -> bool:
        """Whether the target itself is met."""
        return self.goal.is_met_by(self.figure)

    @cached_property
    def maintained(self) -> bool:
        """Whether the start already satisfies the goal, so that there is nothing to gain, only to keep."""
        return self.start is not None and self.goal.is_met_by(self.start)

    @property
    def annual_met(self) -> bool:
        """Whether there is an annual target and the figure is at least as good."""
        return self.annual is not None and not self.goal.is_better(self.annual, self.figure)

    def ruling(self) -> Ruling:
        """The first of rules 5 to 14 that matches. §3."""
        if self.met and self.final:
            return Verdict.ACHIEVED, 5
        if self.met and self.maintained:
            return Verdict.HOLDING, 6
        if self.met:
            return Verdict.ACHIEVED_EARLY, 7
        if self.final:
            return Verdict.MISSED, 8
        if self.maintained:
            return Verdict.MOVING_AWAY, 9
        if self.annual_met:
            return Verdict.ON_TRACK, 11
        if self.start is None:
            # Also when an annual target is missed: how far behind the year is cannot be known without a start.
            return Verdict.AWAITING_BASELINE, 10
        if self.subject.value_type == ValueType.GRADE:
            return self._grade_ruling(self.start)
        return self._pace_ruling(self.start)

    def _pace_ruling(self, start: Decimal) -> Ruling:
        pace = self.pace
        if pace is None:
            # Nothing to gain on the way: the target excludes the baseline it equals, or the annual one allows a dip.
            return (Verdict.MOVING_AWAY, 14) if self.goal.is_better(start, self.figure) else (Verdict.BEHIND, 13)
        if pace >= self.subject.on_track_share:
            return Verdict.ON_TRACK, 11
        if pace >= self.subject.behind_share:
            return Verdict.SLIGHTLY_BEHIND, 12
        return (Verdict.BEHIND, 13) if pace >= 0 else (Verdict.MOVING_AWAY, 14)

    def _grade_ruling(self, start: Decimal) -> Ruling:
        required = self.required
        if required is not None and self.figure <= required:
            return Verdict.ON_TRACK, 11
        if self.figure < start:
            return Verdict.SLIGHTLY_BEHIND, 12
        return (Verdict.BEHIND, 13) if self.figure == start else (Verdict.MOVING_AWAY, 14)

    @property
    def _elapsed(self) -> int:
        return self.year - self.subject.baseline_year

    @cached_property
    def _travelled_from(self) -> Decimal | None:
        """The start, where a way leads from it that can be measured: not for grades, yearly or maintain clauses."""
        if self.yearly or self.maintained or self.subject.value_type == ValueType.GRADE:
            return None
        return self.start

    @cached_property
    def pace(self) -> Decimal | None:
        """Progress against the time elapsed, or against the annual target where there is one. §3."""
        start = self._travelled_from
        if start is None:
            return None
        measure, length = self.subject.measure, self.subject.length
        if self.annual is None:
            return measures.pace(measure, self.figure, start, self.goal.aim, elapsed=self._elapsed, length=length)
        if not self.goal.is_better(self.annual, start):
            return None
        return measures.progress(measure, self.figure, start, self.annual)

    @cached_property
    def progress(self) -> Decimal | None:
        """The share of the way to the target."""
        start = self._travelled_from
        return None if start is None else measures.progress(self.subject.measure, self.figure, start, self.goal.aim)

    @cached_property
    def required(self) -> Decimal | None:
        """The figure that the year asks for; None when neither a start nor an annual target says so."""
        if self.annual is not None and not self.maintained:
            return self.annual
        if self.final or self.maintained:
            return self.goal.aim
        if self.start is None:
            return None
        required = measures.required(
            self.subject.measure, self.start, self.goal.aim, elapsed=self._elapsed, length=self.subject.length
        )
        if self.subject.value_type == ValueType.GRADE:
            return required.to_integral_value(ROUND_CEILING)
        return required

    @cached_property
    def projection(self) -> Decimal | None:
        """The figure at the target year if things go on like this, held to what is physically possible."""
        start = self._travelled_from
        if start is None:
            return None
        projected = measures.projection(
            self.subject.measure, self.figure, start, elapsed=self._elapsed, length=self.subject.length
        )
        # Bounds that the known figures already break are not the bounds of this indicator.
        known = (start, self.figure, self.goal.aim)
        possible = self.subject.possible
        lowest, highest = possible.lowest, possible.highest
        if lowest is not None and min(known) >= lowest:
            projected = max(projected, lowest)
        if highest is not None and max(known) <= highest:
            projected = min(projected, highest)
        return projected

    @cached_property
    def needed_per_year(self) -> Decimal | None:
        """The signed yearly change that still reaches the target; 0 once it is met, None when no year is left."""
        if self.final or self.subject.value_type == ValueType.GRADE:
            return None
        if self.met:
            return ZERO
        years_left = self.subject.target_year - self.year
        return measures.needed_per_year(self.subject.measure, self.figure, self.goal.aim, years_left)

    @cached_property
    def remaining(self) -> Decimal | None:
        """What is still to do from here, never negative; of a rate the reduction still needed from today's level."""
        if self.met:
            return ZERO
        if self.subject.measure == MeasureKind.CUMULATIVE_RATE:
            rest = measures.reduction_between(self.figure, self.goal.aim)
            if rest is not None:
                return max(rest, ZERO)
        return max(self.goal.shortfall(self.figure), ZERO)

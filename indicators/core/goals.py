"""What a clause demands of an indicator: the figure to reach, and which figures reach it. Pure: no Django.

docs/assessment.md, "What a clause demands".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Direction, MeasureKind, ValueType
from indicators.core.measures import HUNDRED, ZERO
from indicators.core.subject import Subject
from indicators.core.verdicts import Verdict

_NUMERIC_KINDS = {
    ClauseKind.THRESHOLD,
    ClauseKind.REACH,
    ClauseKind.ABOUT,
    ClauseKind.RANGE,
    ClauseKind.CHANGE,
    ClauseKind.CUMULATIVE,
}


@dataclass(frozen=True)
class Goal:
    """The figure `aim` is what progress is measured towards; a figure that compares with `limit` reaches the goal.

    They differ only where a tolerance is allowed (70左右). Of a grade both are its ordinal.
    """

    aim: Decimal
    comparator: Comparator
    limit: Decimal

    def is_met_by(self, figure: Decimal) -> bool:
        """Whether the figure reaches the goal, exactly: 27.0 fails 低于27.0."""
        return compares(figure, self.comparator, self.limit)

    def shortfall(self, figure: Decimal) -> Decimal:
        """How far the figure is from the aim: positive when short of it, negative when better."""
        return self.aim - figure if self.comparator.direction is Direction.HIGHER else figure - self.aim

    def is_better(self, figure: Decimal, other: Decimal) -> bool:
        """Whether a figure is nearer to, or further beyond, the goal than another."""
        return figure > other if self.comparator.direction is Direction.HIGHER else figure < other


@dataclass(frozen=True)
class Waiting:
    """Why a clause cannot be judged: a waiting verdict, its rule number, and what is lacking, in Chinese."""

    verdict: Verdict
    rule_number: int
    lacking: str


def compares(figure: Decimal, comparator: Comparator, limit: Decimal) -> bool:
    """The exact comparison."""
    match comparator:
        case Comparator.GE:
            return figure >= limit
        case Comparator.GT:
            return figure > limit
        case Comparator.LE:
            return figure <= limit
        case Comparator.LT:
            return figure < limit


def goal_of(clause: Clause, subject: Subject, *, until: int | None = None) -> Goal | Waiting:
    """The goal of a clause that compares figures or grades, or why there is none (yet).

    With `until` the figures of later years are not known yet. Not for trends and findings. A baseline that is lacking
    is rule 10, everything else rule 1 or 2.
    """
    is_grade = subject.value_type == ValueType.GRADE
    if clause.kind in (ClauseKind.UNRECOGNISED, ClauseKind.MISSING):
        return _unclear("原文未列目标" if clause.kind is ClauseKind.MISSING else "目标表述未能识别，需人工确认规则")
    if is_grade and clause.kind in _NUMERIC_KINDS:
        return _unclear("目标是数值，而指标按水质类别填报")
    match clause.kind:
        case ClauseKind.GRADE:
            if not is_grade:
                return _unclear("目标是水质类别，而指标按数值填报")
            return _exactly(Decimal(clause.grade or 0), Comparator.LE)
        case ClauseKind.ASSIGNED:
            return _assigned(subject)
        case ClauseKind.HOLD:
            return _hold(clause, subject, until)
        case ClauseKind.CHANGE:
            return _change(clause, subject, until)
        case _:
            return _attainable(_stated(clause, subject), subject)


def _stated(clause: Clause, subject: Subject) -> Goal | Waiting:
    """The goal of a clause that prints its figure."""
    value, comparator = clause.value or ZERO, clause.comparator or Comparator.GE
    match clause.kind:
        case ClauseKind.REACH if subject.measure == MeasureKind.CUMULATIVE_RATE:
            return _exactly(value, Comparator.GE)
        case ClauseKind.CUMULATIVE if subject.measure == MeasureKind.LEVEL:
            return _unclear("目标是五年累计数，而指标按年度水平填报")
        case ClauseKind.THRESHOLD | ClauseKind.REACH | ClauseKind.CUMULATIVE:
            return _exactly(value, comparator)
    favourable = _favourable(subject)
    if favourable is None:
        return _unclear("指标未注明越高越好还是越低越好")
    rising = favourable is Comparator.GE
    if clause.kind is ClauseKind.RANGE:
        return _exactly(value if rising else clause.upper or value, favourable)
    slack = abs(value) * subject.about_tolerance
    return Goal(value, favourable, value - slack if rising else value + slack)


def _assigned(subject: Subject) -> Goal | Waiting:
    if subject.assigned_value is None:
        return Waiting(Verdict.AWAITING_TARGET, 1, "上级尚未下达具体目标数")
    favourable = _favourable(subject)
    if favourable is None:
        return _unclear("指标未注明越高越好还是越低越好")
    return _attainable(_exactly(Decimal(subject.assigned_value), favourable), subject)


def _hold(clause: Clause, subject: Subject, until: int | None) -> Goal | Waiting:
    favourable = _favourable(subject)
    # Grades and reductions have one way that is better; the wording's word (水质不降低) means that way.
    fixed = subject.value_type == ValueType.GRADE or subject.measure == MeasureKind.CUMULATIVE_RATE
    comparator = favourable if fixed else clause.comparator or favourable
    if comparator is None:
        return _unclear("指标未注明越高越好还是越低越好")
    reference = _reference(clause, subject, until)
    return reference if isinstance(reference, Waiting) else _exactly(reference, comparator)


def _change(clause: Clause, subject: Subject, until: int | None) -> Goal | Waiting:
    """A relative change: of a level, measured from its reference; of a rate, what the rate itself states."""
    share, comparator = clause.value or ZERO, clause.comparator or Comparator.GE
    if subject.measure == MeasureKind.ADDITIVE:
        return _unclear("目标是相对基期的变化，而指标按累计工程量填报")
    if subject.measure == MeasureKind.CUMULATIVE_RATE:
        return _attainable(_exactly(-share, comparator.mirrored), subject)
    reference = _reference(clause, subject, until)
    if isinstance(reference, Waiting):
        return reference
    if reference == 0 and share != 0:
        return _without_baseline("基期值为0，无法计算相对变化")
    return _exactly(reference + abs(reference) * share / HUNDRED, comparator)


def _reference(clause: Clause, subject: Subject, until: int | None) -> Decimal | Waiting:
    """The figure that a clause compares with: the start of the period, or that of the year it names."""
    year = clause.reference_year
    if year is not None and year != subject.baseline_year and subject.measure == MeasureKind.LEVEL:
        figure = subject.figure(year) if until is None or year <= until else None
        return figure if figure is not None else _without_baseline(f"缺少{year}年数值")
    start = subject.start
    return start if start is not None else _without_baseline(f"缺少{subject.baseline_year}年基期值")


def _attainable(goal: Goal | Waiting, subject: Subject) -> Goal | Waiting:
    """Reductions of 100 % and more leave nothing that progress could be measured by."""
    if isinstance(goal, Goal) and subject.measure == MeasureKind.CUMULATIVE_RATE and goal.aim >= HUNDRED:
        return _unclear("累计降低率的目标应小于100%")
    return goal


def _favourable(subject: Subject) -> Comparator | None:
    return {Direction.HIGHER: Comparator.GE, Direction.LOWER: Comparator.LE}.get(subject.way)


def _exactly(figure: Decimal, comparator: Comparator) -> Goal:
    return Goal(figure, comparator, figure)


def _unclear(lacking: str) -> Waiting:
    return Waiting(Verdict.AWAITING_RULE, 2, lacking)


def _without_baseline(lacking: str) -> Waiting:
    return Waiting(Verdict.AWAITING_BASELINE, 10, lacking)

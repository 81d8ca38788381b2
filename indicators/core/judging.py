"""Judging one clause for one year: which rules of the verdict table apply to it. Pure: no Django.

docs/assessment.md, "Verdicts". Rules 5 to 14 for figures and grades are in `case`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.core.case import Case, Ruling
from indicators.core.clauses import YEARLY_KINDS, Clause, ClauseKind
from indicators.core.codes import Comparator, Direction, Finding, Frequency, MeasureKind, ValueType
from indicators.core.entries import figure_before, figure_of, figure_within
from indicators.core.goals import Goal, Waiting, goal_of
from indicators.core.subject import Subject
from indicators.core.verdicts import Verdict


@dataclass(frozen=True)
class Judgement:
    """The verdict on one clause and what it rests on.

    `case` is the figure held against the goal, None where there is none; `finding` the reviewer's. `missing_years` are
    the years whose entries are lacking; `lacking` says in Chinese what else is.
    """

    clause: Clause
    verdict: Verdict
    rule_number: int
    case: Case | None = None
    finding: Finding | None = None
    missing_years: tuple[int, ...] = ()
    lacking: str = ""


def judge(clause: Clause, subject: Subject, year: int, *, equal_counts: bool = False) -> Judgement:
    """The first rule of the table that matches. `equal_counts`: last year's figure also satisfies a trend. §3."""
    if clause.kind is ClauseKind.FINDING or (_is_demand(clause) and subject.value_type == ValueType.FINDING):
        return _judge_finding(clause, subject, year)
    if clause.kind is ClauseKind.TREND:
        return _judge_trend(clause, subject, year, equal_counts or clause.equal_counts)
    return _judge_goal(clause, subject, year)


def _is_demand(clause: Clause) -> bool:
    return clause.kind not in (ClauseKind.UNRECOGNISED, ClauseKind.MISSING)


def _is_yearly(clause: Clause, subject: Subject) -> bool:
    """Whether the commitment holds for every year anew: each year is then a target year of its own."""
    return clause.yearly or (subject.frequency == Frequency.YEARLY and clause.kind in YEARLY_KINDS)


def _judge_goal(clause: Clause, subject: Subject, year: int) -> Judgement:
    goal = goal_of(clause, subject, until=year)
    if isinstance(goal, Waiting) and goal.verdict is not Verdict.AWAITING_BASELINE:  # rules 1 and 2
        return Judgement(clause, goal.verdict, goal.rule_number, lacking=goal.lacking)
    yearly = _is_yearly(clause, subject)
    found = figure_within(subject, year) if yearly else figure_of(subject, year)
    if found.figure is None:
        return Judgement(clause, Verdict.AWAITING_VALUE, 3, missing_years=found.missing_years)
    annual = _annual_target(subject, year)
    if isinstance(goal, Waiting):
        return _judge_without_reference(clause, goal, subject, found.figure, annual)
    start, annual = (None, None) if yearly else (subject.start, annual)
    case = Case(subject, year, goal, found.figure, start, annual, yearly)
    verdict, rule_number = case.ruling()
    lacking = f"缺少{subject.baseline_year}年基期值" if verdict is Verdict.AWAITING_BASELINE else ""
    return Judgement(clause, verdict, rule_number, case, lacking=lacking)


def _annual_target(subject: Subject, year: int) -> Decimal | None:
    """The annual target of the year; in the target year the target itself decides."""
    annual = subject.annual_targets.get(year)
    return None if annual is None or year == subject.target_year else Decimal(annual)


def _judge_without_reference(
    clause: Clause, waiting: Waiting, subject: Subject, figure: Decimal, annual: Decimal | None
) -> Judgement:
    """A goal measured from a baseline that is lacking: only an annual target can say that the year is on track."""
    met = (
        annual is not None
        and {
            Direction.HIGHER: figure >= annual,
            Direction.LOWER: figure <= annual,
            Direction.NONE: False,
        }[subject.way]
    )
    if met:
        return Judgement(clause, Verdict.ON_TRACK, 11, lacking=waiting.lacking)
    return Judgement(clause, waiting.verdict, waiting.rule_number, lacking=waiting.lacking)


def _judge_finding(clause: Clause, subject: Subject, year: int) -> Judgement:
    """Rules 4, 5, 6, 8, 12 and 13 for a reviewer's finding."""
    finding = subject.finding(year)
    if finding is None:
        return Judgement(clause, Verdict.AWAITING_REVIEW, 4)
    final = year == subject.target_year or _is_yearly(clause, subject)
    verdict, rule_number = _finding_ruling(finding, final)
    return Judgement(clause, verdict, rule_number, finding=finding)


def _finding_ruling(finding: Finding, final: bool) -> Ruling:
    if finding is Finding.ACHIEVED:
        return (Verdict.ACHIEVED, 5) if final else (Verdict.HOLDING, 6)
    if final:
        return Verdict.MISSED, 8
    return (Verdict.SLIGHTLY_BEHIND, 12) if finding is Finding.PARTLY else (Verdict.BEHIND, 13)


def _judge_trend(clause: Clause, subject: Subject, year: int, equal_counts: bool) -> Judgement:
    """Rules 2, 3, 5, 8, 10, 11 and 14 for a comparison with the year before."""
    comparator = _trend_comparator(clause, subject, equal_counts)
    if comparator is None:
        return Judgement(clause, Verdict.AWAITING_RULE, 2, lacking="指标未注明越高越好还是越低越好")
    found, previous = figure_of(subject, year), figure_before(subject, year)
    if found.figure is None:
        return Judgement(clause, Verdict.AWAITING_VALUE, 3, missing_years=found.missing_years)
    if previous is None and year - 1 == subject.baseline_year:
        return Judgement(clause, Verdict.AWAITING_BASELINE, 10, lacking=f"缺少{year - 1}年基期值")
    if previous is None:
        return Judgement(clause, Verdict.AWAITING_VALUE, 3, missing_years=(year - 1,))
    # Last year's figure is a goal that is set anew every year: it has no start and no pace.
    goal = Goal(previous, comparator, previous)
    case = Case(subject, year, goal, found.figure, start=None, annual=_annual_target(subject, year))
    verdict, rule_number = _trend_ruling(case)
    return Judgement(clause, verdict, rule_number, case)


def _trend_ruling(case: Case) -> Ruling:
    if case.final:
        return (Verdict.ACHIEVED, 5) if case.met else (Verdict.MISSED, 8)
    return (Verdict.ON_TRACK, 11) if case.met or case.annual_met else (Verdict.MOVING_AWAY, 14)


def _trend_comparator(clause: Clause, subject: Subject, equal_counts: bool) -> Comparator | None:
    """How this year is compared with the last: in the way the wording names, else the indicator's; None without one."""
    fixed = subject.value_type == ValueType.GRADE or subject.measure == MeasureKind.CUMULATIVE_RATE
    way = subject.way if fixed or clause.comparator is None else clause.comparator.direction
    if way is Direction.NONE:
        return None
    if way is Direction.HIGHER:
        return Comparator.GE if equal_counts else Comparator.GT
    return Comparator.LE if equal_counts else Comparator.LT

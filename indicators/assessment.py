"""Judging an indicator's year: rule and values in, verdict with everything it rests on out. Pure: no Django, no clock.

docs/assessment.md. Comparisons are exact; only the figures of a `Result` are cut to 28 digits, after every decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Finding, MeasureKind
from indicators.core.entries import figure_of, worsened
from indicators.core.judging import Judgement, judge
from indicators.core.reasons import reason_for
from indicators.core.subject import Subject, Value
from indicators.core.verdicts import Verdict

__all__ = ["ClauseOutcome", "Inputs", "Result", "Subject", "assess", "combine_components"]

#: Enough that sums and products of entries are exact and roots are good to far more digits than any comparison needs.
PRECISION = 60
EXACT = Context(prec=PRECISION)
RESULT_DIGITS = Context(prec=28)


@dataclass(frozen=True)
class Inputs:
    """What a verdict was given: the entries up to its year and the settings in force."""

    measure: str
    direction: str
    value_type: str
    entry_basis: str
    frequency: str
    unit: str
    target: str
    baseline_year: int
    target_year: int
    baseline: Decimal | None
    annual_target: Decimal | None
    assigned_value: Decimal | None
    values: Mapping[int, Value]
    findings: Mapping[int, str]
    on_track_share: Decimal
    behind_share: Decimal
    about_tolerance: Decimal

    def to_json(self) -> dict[str, Any]:
        """The inputs as JSON types, figures and years as strings."""
        return {
            "measure": self.measure,
            "direction": self.direction,
            "value_type": self.value_type,
            "entry_basis": self.entry_basis,
            "frequency": self.frequency,
            "unit": self.unit,
            "target": self.target,
            "baseline_year": self.baseline_year,
            "target_year": self.target_year,
            "baseline": _text(self.baseline),
            "annual_target": _text(self.annual_target),
            "assigned_value": _text(self.assigned_value),
            "values": {str(year): _entry(value) for year, value in self.values.items()},
            "findings": {str(year): finding for year, finding in self.findings.items()},
            "on_track_share": _text(self.on_track_share),
            "behind_share": _text(self.behind_share),
            "about_tolerance": _text(self.about_tolerance),
        }


@dataclass(frozen=True)
class ClauseOutcome:
    """The verdict on one clause of a rule."""

    clause: str
    verdict: Verdict
    rule_number: int

    def to_json(self) -> dict[str, Any]:
        """The outcome as JSON types."""
        return {"clause": self.clause, "verdict": self.verdict.value, "rule_number": self.rule_number}


@dataclass(frozen=True)
class Result:
    """The verdict of a year. Figures are in the indicator's unit, rates in percentage points; None where none exists.

    Of a rule with several clauses the figures are those of the clause that decides. `pace` and `progress` are
    fractions. `gap` is positive when the year is short of the target, in either direction. `needed_per_year` is signed.
    `cumulative` is the total to date of a rate or quantity. `worsened_year_on_year` is a flag beside the verdict, never
    part of it.
    """

    year: int
    verdict: Verdict
    rule_number: int
    reason: str
    value: Decimal | None = None
    required: Decimal | None = None
    gap: Decimal | None = None
    pace: Decimal | None = None
    progress: Decimal | None = None
    projection: Decimal | None = None
    needed_per_year: Decimal | None = None
    cumulative: Decimal | None = None
    remaining: Decimal | None = None
    worsened_year_on_year: bool = False
    finding: Finding | None = None
    target_version: str = ""
    inputs: Inputs | None = None
    clauses: tuple[ClauseOutcome, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The result as JSON types, figures as strings."""
        return {
            "year": self.year,
            "verdict": self.verdict.value,
            "rule_number": self.rule_number,
            "reason": self.reason,
            "value": _text(self.value),
            "required": _text(self.required),
            "gap": _text(self.gap),
            "pace": _text(self.pace),
            "progress": _text(self.progress),
            "projection": _text(self.projection),
            "needed_per_year": _text(self.needed_per_year),
            "cumulative": _text(self.cumulative),
            "remaining": _text(self.remaining),
            "worsened_year_on_year": self.worsened_year_on_year,
            "finding": None if self.finding is None else self.finding.value,
            "target_version": self.target_version,
            "inputs": None if self.inputs is None else self.inputs.to_json(),
            "clauses": [outcome.to_json() for outcome in self.clauses],
        }


def assess(subject: Subject, year: int) -> Result:
    """Judge one year of the period; what the subject knows of later years plays no part. §3.

    Raises ValueError unless baseline_year < year ≤ target_year.
    """
    if not subject.baseline_year < year <= subject.target_year:
        raise ValueError(f"{year} is outside the judged years {subject.baseline_year + 1} to {subject.target_year}")
    with localcontext(EXACT):
        groups = [
            [judge(clause, subject, year, equal_counts=_allows_stability(group)) for clause in group]
            for group in subject.rule.requirements
        ]
        decisive = _worst([_best(group) for group in groups])
        judgements = [judgement for group in groups for judgement in group]
        reason = reason_for(decisive, subject, year)
        if len(judgements) > 1:
            reason = f"共{len(judgements)}项要求，由“{decisive.clause.phrase()}”决定：{reason}"
        return Result(
            year=year,
            verdict=decisive.verdict,
            rule_number=decisive.rule_number,
            reason=_with_problems(reason, subject.rule.problems),
            value=subject.figure(year),
            **_figures(decisive),
            cumulative=_cut(figure_of(subject, year).figure) if subject.measure != MeasureKind.LEVEL else None,
            worsened_year_on_year=worsened(subject, year),
            finding=subject.finding(year),
            target_version=subject.target_version,
            inputs=_inputs(subject, year),
            clauses=tuple(
                ClauseOutcome(judgement.clause.describe(), judgement.verdict, judgement.rule_number)
                for judgement in judgements
            ),
        )


def combine_components(components: Sequence[tuple[str, Result]], *, noun: str = "分指标") -> Result:
    """The result of an indicator with sub-indicators, given as pairs of name and result: that of the worst of them.
    `noun` is what the parts are called.

    It has no figures of its own. Raises ValueError without components or for results of different years. §3.
    """
    if len({result.year for _, result in components}) != 1:
        raise ValueError("components need at least one result, and all of the same year")
    name, decisive = min(components, key=lambda component: component[1].verdict.rank)
    return Result(
        year=decisive.year,
        verdict=decisive.verdict,
        rule_number=decisive.rule_number,
        reason=f"共{len(components)}项{noun}，以最差的“{name}”为准：{decisive.reason}",
        worsened_year_on_year=any(result.worsened_year_on_year for _, result in components),
        clauses=tuple(ClauseOutcome(name, result.verdict, result.rule_number) for name, result in components),
    )


def _with_problems(reason: str, problems: Sequence[str]) -> str:
    """The sentence with what does not fit the indicator: a target in another unit must not pass unnoticed."""
    if not problems:
        return reason
    return f"{reason.removesuffix('。')}（注意：{'；'.join(problem.removesuffix('。') for problem in problems)}）。"


def _allows_stability(group: Sequence[Clause]) -> bool:
    """Whether alternatives allow standing still beside improving (保持稳定或持续改善): then an equal year counts."""
    return any(clause.kind is ClauseKind.HOLD for clause in group)


def _worst(judgements: Sequence[Judgement]) -> Judgement:
    return min(judgements, key=lambda judgement: (judgement.verdict.rank, *_pace_key(judgement)))


def _best(judgements: Sequence[Judgement]) -> Judgement:
    return max(judgements, key=lambda judgement: (judgement.verdict.rank, *_pace_key(judgement)))


def _pace_key(judgement: Judgement) -> tuple[bool, Decimal]:
    """Among equal verdicts the pace decides; one without a pace counts as slower than any."""
    pace = judgement.case.pace if judgement.case else None
    return (pace is not None, pace or Decimal(0))


def _figures(judgement: Judgement) -> dict[str, Decimal | None]:
    """The figures of a result, cut for storing. A trend has only last year's figure to be compared with."""
    case = judgement.case
    if case is None:
        return {}
    gap = _cut(case.goal.shortfall(case.figure))
    if judgement.clause.kind is ClauseKind.TREND:
        return {"required": _cut(case.goal.aim), "gap": gap}
    return {
        "required": _cut(case.required),
        "gap": gap,
        "pace": _cut(case.pace),
        "progress": _cut(case.progress),
        "projection": _cut(case.projection),
        "needed_per_year": _cut(case.needed_per_year),
        "remaining": _cut(case.remaining),
    }


def _cut(figure: Decimal | None) -> Decimal | None:
    """The figure with 28 digits and without the zeros that long division leaves behind the point."""
    if figure is None:
        return None
    cut = RESULT_DIGITS.plus(figure)
    whole = cut.to_integral_value()
    return whole if cut == whole else cut.normalize(RESULT_DIGITS)


def _inputs(subject: Subject, year: int) -> Inputs:
    annual = subject.annual_targets.get(year)
    return Inputs(
        measure=str(subject.measure),
        direction=str(subject.direction),
        value_type=str(subject.value_type),
        entry_basis=str(subject.entry_basis),
        frequency=str(subject.frequency),
        unit=subject.shown_unit,
        target=subject.rule.wording or subject.rule.describe(),
        baseline_year=subject.baseline_year,
        target_year=subject.target_year,
        baseline=None if subject.baseline is None else Decimal(subject.baseline),
        annual_target=None if annual is None else Decimal(annual),
        assigned_value=None if subject.assigned_value is None else Decimal(subject.assigned_value),
        values={entered: value for entered, value in sorted(subject.values.items()) if entered <= year},
        findings={found: finding for found, finding in sorted(subject.findings.items()) if found <= year},
        on_track_share=subject.on_track_share,
        behind_share=subject.behind_share,
        about_tolerance=subject.about_tolerance,
    )


def _text(figure: Decimal | None) -> str | None:
    """A figure as JSON has it."""
    return None if figure is None else format(figure, "f")


def _entry(value: Value) -> Value:
    """An entry as JSON has it: figures as strings, grades as numbers where they came as such, findings as they are."""
    return format(value, "f") if isinstance(value, Decimal) else value

"""The one sentence that tells a reader why a year has its verdict. Pure: no Django.

docs/assessment.md, "The reason". Figures are rounded to the decimals of the target or of finer entries; the plan's
settings are named where they decide.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from indicators.core.case import Case
from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Direction, Grade, MeasureKind, ValueType
from indicators.core.figures import difference_unit
from indicators.core.judging import Judgement
from indicators.core.rounding import decimals_of, percentage, rounded
from indicators.core.subject import Subject
from indicators.core.verdicts import Verdict


def reason_for(judgement: Judgement, subject: Subject, year: int) -> str:
    """One Chinese sentence."""
    if judgement.finding is not None:
        return f"{year}年审核评定为“{judgement.finding.label}”，{judgement.verdict.label}。"
    if judgement.verdict.is_waiting:
        return _waiting(judgement, subject, year)
    if judgement.case is None:
        return f"{year}年达到当年年度目标，但{judgement.lacking}，仅按年度目标判定为{judgement.verdict.label}。"
    if judgement.clause.kind is ClauseKind.TREND:
        return _trend(judgement, judgement.case)
    return _Sentence(judgement.clause, judgement.case).for_rule(judgement.rule_number, judgement.verdict)


def _waiting(judgement: Judgement, subject: Subject, year: int) -> str:
    wording = f"（目标：{subject.rule.wording}）" if subject.rule.wording else ""
    match judgement.verdict:
        case Verdict.AWAITING_VALUE if judgement.missing_years == (year,):
            return f"{year}年数值尚未填报或尚未审核通过，暂不能判定{wording}。"
        case Verdict.AWAITING_VALUE:
            missing = "、".join(f"{missing}年" for missing in judgement.missing_years)
            return f"缺少{missing}数值，{year}年暂不能判定{wording}。"
        case Verdict.AWAITING_REVIEW:
            return f"本项由审核人员评定，{year}年尚无评定结论{wording}。"
        case Verdict.AWAITING_BASELINE if judgement.case is not None:
            return _Sentence(judgement.clause, judgement.case).without_baseline(judgement.lacking)
        case _:
            return f"{judgement.lacking}，{year}年暂不能判定{wording}。"


def _trend(judgement: Judgement, case: Case) -> str:
    sentence = _Sentence(judgement.clause, case)
    if case.figure == case.goal.aim:
        comparison = "与上年持平"
    else:
        comparison = "好于上年" if case.goal.is_better(case.figure, case.goal.aim) else "差于上年"
    by_annual = "，但达到当年年度目标" if not case.met and case.annual_met else ""
    compared = f"{comparison}的{sentence.shown(case.goal.aim)}（目标：{judgement.clause.phrase()}）"
    return f"{sentence.lead()}，{compared}{by_annual}，{judgement.verdict.label}。"


@lru_cache(maxsize=64)
def _setting(share: Decimal) -> str:
    """A setting as exact as it was set: 95%, 62.5%."""
    return percentage(share, decimals_of([(share * 100).normalize()]))


class _Sentence:
    """Sentences about a figure held against a goal."""

    def __init__(self, clause: Clause, case: Case) -> None:
        self.clause = clause
        self.case = case
        self.subject = case.subject
        self.unit = clause.unit or self.subject.shown_unit
        known = [figure for figure in (case.start, case.annual) if figure is not None]
        stated = decimals_of([case.goal.aim, case.goal.limit.normalize(), *known])
        entered = self.subject.decimals
        self.decimals = max(stated, *(places for year, places in entered.items() if year <= case.year), 0)
        self.demand = self._demand()

    def for_rule(self, rule_number: int, verdict: Verdict) -> str:
        case, demand = self.case, self.demand
        match rule_number:
            case 5:
                return f"{self.lead()}，达到目标（{demand}），已完成。"
            case 6:
                return f"{self.lead()}，达到目标（{demand}），保持了基期已有的达标水平。"
            case 7:
                return f"{self.lead()}，已提前达到{self.subject.target_year}年目标（{demand}）。"
            case 8:
                return f"{self.lead()}，未达到目标（{demand}），{self.distance()}，未完成。"
            case 9:
                return f"{self.lead()}，未达到目标（{demand}），而基期已经达标，出现反向变化。"
            case 11 if case.annual_met and case.annual is not None:
                return f"{self.lead()}，达到当年年度目标{self.shown(case.annual)}，符合序时进度（最终目标：{demand}）。"
        if self.subject.value_type == ValueType.GRADE:
            return self._grade(verdict)
        return self._pace(verdict)

    def without_baseline(self, lacking: str) -> str:
        annual = self.case.annual
        missed = f"，也未达到当年年度目标{self.shown(annual)}" if annual is not None else ""
        return f"{self.lead()}，尚未达到目标（{self.demand}）{missed}，因{lacking}，无法判断进度快慢。"

    def lead(self) -> str:
        """What the year brought."""
        case, figure = self.case, self.case.figure
        if case.yearly or self.subject.measure == MeasureKind.LEVEL:
            return f"{case.year}年为{self.shown(figure)}"
        if self.subject.measure == MeasureKind.ADDITIVE:
            return f"截至{case.year}年累计完成{self.shown(figure)}"
        # A reduction below zero is growth, and is called that.
        return f"截至{case.year}年累计{'降低' if figure >= 0 else '上升'}{self.shown(abs(figure))}"

    def _demand(self) -> str:
        """The target, with the figure that is meant and the tolerance where the wording leaves them open."""
        phrase = self.clause.phrase(self.subject.shown_unit)
        match self.clause.kind:
            case ClauseKind.ASSIGNED:
                return f"上级下达{self.shown(self.case.goal.aim)}"
            case ClauseKind.ABOUT:
                return f"{phrase}，容许偏差{_setting(self.subject.about_tolerance)}，即{self._limit()}"
            case ClauseKind.RANGE | ClauseKind.CHANGE | ClauseKind.HOLD:
                return f"{phrase}，即{self._limit()}"
            case _:
                return phrase

    def _limit(self) -> str:
        goal = self.case.goal
        return f"{goal.comparator.label}{self.shown(goal.limit)}"

    def distance(self) -> str:
        shortfall = self.case.goal.shortfall(self.case.figure)
        if self.subject.value_type == ValueType.GRADE:
            return f"相差{shortfall:f}个类别"
        if shortfall == 0:
            return f"恰为{self.shown(self.case.goal.aim)}，按“{self.case.goal.comparator.label}”的要求不算达到"
        return f"还差{rounded(shortfall, self.decimals, [Decimal(0)])}{self.difference_unit}"

    def shown(self, figure: Decimal) -> str:
        """A figure with its unit, never rounded into the target; a grade by its name."""
        if self.subject.value_type == ValueType.GRADE:
            return Grade(int(figure)).label
        return rounded(figure, self.decimals, [self.case.goal.aim, self.case.goal.limit]) + self.unit

    @property
    def difference_unit(self) -> str:
        """The unit of what is short or still needed."""
        return difference_unit(self.unit, self.subject.measure)

    def _grade(self, verdict: Verdict) -> str:
        required = self.case.required
        asked = f"当年应达到{self.shown(required)}" if required is not None else ""
        start = f"基期为{self.shown(self.case.start)}" if self.case.start is not None else ""
        return f"{self.lead()}，{start}，{asked}（目标：{self.demand}），{verdict.label}。"

    def _pace(self, verdict: Verdict) -> str:
        pace, progress, start = self.case.pace, self.case.progress, self.case.start
        if verdict is Verdict.MOVING_AWAY and start is not None:
            origin = f"基期的{self.shown(start)}" if self.subject.measure == MeasureKind.LEVEL else "期初水平"
            return f"{self.lead()}，差于{origin}，背离目标（{self.demand}），{verdict.label}{self._needed()}。"
        if pace is None or progress is None:
            return f"{self.lead()}，与基期持平，未达到目标（{self.demand}），{verdict.label}。"
        share = percentage(pace, 1, [self.subject.on_track_share, self.subject.behind_share, Decimal(0)])
        yardstick = "年度目标要求" if self.case.annual is not None else "序时进度要求"
        return (
            f"{self.lead()}，完成目标（{self.demand}）进程的{percentage(progress)}，"
            f"相当于{yardstick}的{share}（{self._settings(verdict)}），{verdict.label}{self._needed()}。"
        )

    def _settings(self, verdict: Verdict) -> str:
        on_track, behind = _setting(self.subject.on_track_share), _setting(self.subject.behind_share)
        match verdict:
            case Verdict.ON_TRACK:
                return f"不低于{on_track}为符合"
            case Verdict.SLIGHTLY_BEHIND:
                return f"{behind}至{on_track}之间为略有滞后"
            case _:
                return f"低于{behind}为滞后"

    def _needed(self) -> str:
        needed = self.case.needed_per_year
        if needed is None:
            return ""
        if self.subject.measure == MeasureKind.LEVEL:
            verb = "提高" if self.case.goal.comparator.direction is Direction.HIGHER else "降低"
            needed = abs(needed)
        else:
            verb = "降低" if self.subject.measure == MeasureKind.CUMULATIVE_RATE else "完成"
        # A compound rate is never as round as its entries; what is still needed never looks like nothing.
        is_rate = self.subject.measure == MeasureKind.CUMULATIVE_RATE
        shown = rounded(needed, max(self.decimals, 2) if is_rate else self.decimals, [Decimal(0)])
        return f"，今后每年还需{verb}{shown}{self.difference_unit}"

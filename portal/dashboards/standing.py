"""Are the plans going to be fulfilled? One sentence with its reasons, and the conclusion in the target year.

Pure: works on counts; honest where most figures are still missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.marks import Tone

#: What the indicators of each constraint type are called.
KINDS = {
    Constraint.BINDING: "约束性指标",
    Constraint.EXPECTED: "预期性指标",
    Constraint.REFERENCE: "参考性指标",
    Constraint.UNSPECIFIED: "未注明属性的指标",
}


@dataclass(frozen=True)
class Answer:
    """The answer to 能否完成规划: the judgement, and short phrases that say why. `tone` is the colour group of the
    judgement."""

    judgement: str
    tone: Tone
    reasons: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Judgement and reasons as one sentence."""
        return f"{self.judgement}：{self.because}" if self.reasons else f"{self.judgement}。"

    @property
    def because(self) -> str:
        """The reasons alone."""
        return f"{'；'.join(self.reasons)}。" if self.reasons else ""


def answer(counts: VerdictCounts, *, plans: int, worst: str = "") -> Answer:
    """Whether the plans can be fulfilled, and why. `worst` names the indicator that is furthest off, if there is one.

    One binding indicator that failed decides, however many figures are missing; otherwise nothing is concluded while
    most of them are.
    """
    if not counts.total:
        return Answer("还没有任何评价结果，不能判断能否完成规划", Tone.WAITING)
    judged = counts.total - counts.waiting
    scope = f"{plans} 份规划共 {counts.total} 项指标，{judged} 项已有评价，{counts.waiting} 项待填报或待确定"
    judgement, tone = _judgement(counts)
    failing = [each for each in Verdict if each.is_failing]
    reasons = [
        scope,
        *(
            f"{KINDS[each]} {counts.of_constraint(each)} 项中{_listed(counts, failing, each)}"
            for each in counts.constraints
            if counts.failing_of(each)
        ),
    ]
    if judged and not counts.failing:
        reasons.append(f"已评价的 {counts.kept} 项全部达标或符合序时进度")
    if counts.waiting:
        reasons.append(_listed(counts, [each for each in Verdict if each.is_waiting]))
    if worst:
        reasons.append(f"最突出的是{worst}")
    return Answer(judgement, tone, tuple(reasons))


def conclusion_sentence(counts: VerdictCounts, *, at_target_year: bool) -> str:
    """The plan's conclusion on its binding indicators in its target year, with the figures behind it; empty before."""
    conclusion = counts.conclusion(at_target_year=at_target_year)
    if not conclusion:
        return ""
    binding = {verdict: count for (kind, verdict), count in counts.verdicts.items() if kind == Constraint.BINDING}
    achieved = binding.get(Verdict.ACHIEVED, 0)
    waiting = sum(count for verdict, count in binding.items() if verdict.is_waiting)
    short = sum(binding.values()) - achieved - waiting
    parts = [f"已完成 {achieved} 项", f"未完成 {short} 项", f"待填报或待确定 {waiting} 项"]
    return f"{conclusion}（{'，'.join(parts)}）"


def _judgement(counts: VerdictCounts) -> tuple[str, Tone]:
    """The judgement without its reasons, most decisive first."""
    binding = {verdict: count for (kind, verdict), count in counts.verdicts.items() if kind == Constraint.BINDING}
    failing = {verdict for verdict, count in binding.items() if count and verdict.is_failing}
    if Verdict.MISSED in failing:
        return "约束性指标有未完成的，规划不能全部完成", Tone.BAD
    if failing - {Verdict.SLIGHTLY_BEHIND}:
        return "按目前进度，规划不能全部完成", Tone.BAD
    judged = counts.total - counts.waiting
    if not judged:
        return "目前还不能判断能否完成规划", Tone.WAITING
    if judged * 2 < counts.total:
        return "多数指标还没有评价，目前还不能判断能否完成规划", Tone.WAITING
    if failing:
        return "约束性指标略有滞后，完成规划有风险", Tone.SLOW
    if counts.failing:
        others = _others(binding)
        if counts.of(Verdict.MISSED):
            return f"{others}有未完成的，规划不能全部完成", Tone.SLOW
        return f"{others}有滞后的，全部完成规划有风险", Tone.SLOW
    if counts.waiting:
        return "已评价的指标都达到要求，能否全部完成还要看待填报、待确定的指标", Tone.GOOD
    if counts.of(Verdict.ACHIEVED) == counts.total:
        return "规划目标已经全部完成", Tone.MET
    return "按目前进度，规划能够完成", Tone.GOOD


def _others(binding: Mapping[Verdict, int]) -> str:
    """How the binding indicators stand, none of which failed, and the word for those that did."""
    if not binding:
        return "指标"
    if all(verdict.is_waiting for verdict in binding):
        return "约束性指标还没有评价，其他指标"
    return "约束性指标没有滞后，但其他指标"


def _listed(counts: VerdictCounts, verdicts: Iterable[Verdict], constraint: Constraint | None = None) -> str:
    """How often each of the verdicts occurs, of one constraint type or of all: 未完成 2 项、滞后 1 项."""
    numbers = [
        (verdict, counts.of(verdict) if constraint is None else counts.verdicts.get((constraint, verdict), 0))
        for verdict in verdicts
    ]
    return "、".join(f"{verdict.label} {number} 项" for verdict, number in numbers if number)

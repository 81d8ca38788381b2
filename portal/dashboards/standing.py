"""Are the plans going to be fulfilled? One sentence with its reasons, and the conclusion in the target year.

Pure: works on counts; honest where most figures are still missing.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.marks import Tone


@dataclass(frozen=True)
class Answer:
    """The answer to 能否完成规划: the judgement, and short phrases that say why. `tone` is the colour group of the
    judgement.

    `scope` says how many indicators of how many plans there are, and how they divide into those that are kept, those
    that fail and those that wait; `failing` how many of each constraint type fail, `waiting` what the others wait for,
    `worst` which indicator is furthest off. Each is empty where there is nothing to say.
    """

    judgement: str
    tone: Tone
    scope: str = ""
    failing: str = ""
    waiting: str = ""
    worst: str = ""

    @property
    def reasons(self) -> list[str]:
        """The phrases that say why, as clauses of a sentence."""
        failing = f"未完成或滞后的有{self.failing}" if self.failing else ""
        worst = f"最突出的是{self.worst}" if self.worst else ""
        return [each for each in (self.scope, failing, self.waiting, worst) if each]

    @property
    def sentence(self) -> str:
        """Judgement and reasons as one sentence."""
        return f"{self.judgement}：{'；'.join(self.reasons)}。" if self.reasons else f"{self.judgement}。"


def answer(counts: VerdictCounts, *, plans: int, worst: str = "", is_past: bool = False) -> Answer:
    """Whether the plans can be fulfilled, and why. `worst` names the indicator that is furthest off, if there is one;
    `is_past` says that the verdicts are of an earlier year than the newest.

    One binding indicator that failed decides, however many figures are missing; otherwise nothing is concluded while
    most of them are.
    """
    if not plans:
        return Answer("还没有录入规划", Tone.WAITING)
    if not counts.total:
        return Answer("还没有任何评价结果，不能判断能否完成规划", Tone.WAITING)
    judgement, tone = _judgement(counts, "当年" if is_past else "目前")
    indicators = f"{plans} 份规划共 {counts.total} 项指标" if plans > 1 else f"共 {counts.total} 项指标"
    return Answer(
        judgement,
        tone,
        scope=(
            f"{indicators}，达标或符合序时进度 {counts.kept} 项，未完成或滞后 {counts.failing} 项，"
            f"待填报或待确定 {counts.waiting} 项"
        ),
        failing="、".join(
            f"{each.label} {counts.failing_of(each)} 项" for each in counts.constraints if counts.failing_of(each)
        ),
        waiting=waiting_words(counts),
        worst=worst,
    )


def waiting_words(counts: VerdictCounts, *, without: Container[Verdict] = ()) -> str:
    """How often each verdict occurs that waits for something, but for those in `without`: 目标待下达 2 项."""
    waiting = [each for each in Verdict if each.is_waiting and each not in without]
    return "、".join(f"{each.label} {counts.of(each)} 项" for each in waiting if counts.of(each))


def conclusion_sentence(counts: VerdictCounts, *, at_target_year: bool) -> str:
    """The plan's conclusion on its binding indicators in its target year, with the figures behind it; empty before.

    Indicators that wait are not completed either (docs/assessment.md §4); where nothing else keeps the plan from being
    completed, the sentence says so, lest it be read as a failure.
    """
    conclusion = counts.conclusion(at_target_year=at_target_year)
    if not conclusion:
        return ""
    binding = {verdict: count for (kind, verdict), count in counts.verdicts.items() if kind == Constraint.BINDING}
    achieved = binding.get(Verdict.ACHIEVED, 0)
    waiting = sum(count for verdict, count in binding.items() if verdict.is_waiting)
    short = sum(binding.values()) - achieved - waiting
    parts = [f"已完成 {achieved} 项", f"未完成 {short} 项" if short else "还没有确定未完成的"]
    if waiting:
        parts.append(f"待填报或待确定 {waiting} 项")
    if not short and not waiting:
        parts = [f"{achieved} 项"]
    return f"{conclusion}（{'，'.join(parts)}）"


def _judgement(counts: VerdictCounts, pace_of: str) -> tuple[str, Tone]:
    """The judgement without its reasons, most decisive first. `pace_of` says when the pace is what it is."""
    binding = {verdict: count for (kind, verdict), count in counts.verdicts.items() if kind == Constraint.BINDING}
    failing = {verdict for verdict, count in binding.items() if count and verdict.is_failing}
    if Verdict.MISSED in failing:
        return f"约束性指标有 {binding[Verdict.MISSED]} 项未完成，规划不能全部完成", Tone.BAD
    if failing - {Verdict.SLIGHTLY_BEHIND}:
        return f"按{pace_of}进度，规划不能全部完成", Tone.BAD
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
    return f"按{pace_of}进度，规划能够完成", Tone.GOOD


def _others(binding: Mapping[Verdict, int]) -> str:
    """How the binding indicators stand, none of which failed, and the word for those that did."""
    if not binding:
        return "指标"
    if all(verdict.is_waiting for verdict in binding):
        return "约束性指标还没有评价，其他指标"
    return "约束性指标没有滞后，但其他指标"

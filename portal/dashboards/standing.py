"""One sentence that says how plans stand. Pure: works on counts; honest where most figures are still missing."""

from __future__ import annotations

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict
from portal.dashboards.counts import VerdictCounts


def standing_sentence(counts: VerdictCounts, *, plans: int) -> str:
    """How the plans stand together. Without any verdict it says so."""
    if not counts.total:
        return "还没有任何评价结果。"
    judged = counts.total - counts.waiting
    opening = f"{plans} 份规划共 {counts.total} 项指标，{judged} 项已有评价，{counts.waiting} 项待填报或待确定。"
    if judged == 0:
        return f"{opening}目前还不能判断规划的进展。"
    return f"{opening}{_judgement(counts, mostly_waiting=judged * 2 < counts.total)}"


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


def _judgement(counts: VerdictCounts, *, mostly_waiting: bool) -> str:
    failing = sum(counts.of(verdict) for verdict in Verdict if verdict.is_failing)
    binding = sum(
        count for (kind, verdict), count in counts.verdicts.items() if kind == Constraint.BINDING and verdict.is_failing
    )
    subject = "多数指标还没有数值，总体进展暂不能判断；已评价的指标中，" if mostly_waiting else "已评价的指标中，"
    if not failing:
        return f"{subject}{counts.kept} 项全部达标或符合序时进度。"
    which = f"（其中约束性指标 {binding} 项）" if binding else "（没有约束性指标）"
    return f"{subject}{counts.kept} 项达标或符合序时进度，{failing} 项未完成、滞后或反向变化{which}。"

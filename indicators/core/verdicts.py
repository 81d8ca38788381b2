"""Verdicts, their order, and how serious one is for a kind of constraint. Pure: no Django.

docs/assessment.md, "Verdicts" and "Severity".
"""

from __future__ import annotations

from indicators.core.codes import Constraint, LabelledCode


class Verdict(LabelledCode):
    """What is said about an indicator's year; declared worst first.

    Among the waiting verdicts the one whose rule comes first counts as the worst: it has to be settled first.
    """

    MISSED = "missed", "未完成"
    MOVING_AWAY = "moving_away", "反向变化"
    BEHIND = "behind", "滞后"
    SLIGHTLY_BEHIND = "slightly_behind", "略有滞后"
    AWAITING_TARGET = "awaiting_target", "目标待下达"
    AWAITING_RULE = "awaiting_rule", "目标待确认"
    AWAITING_VALUE = "awaiting_value", "待填报"
    AWAITING_REVIEW = "awaiting_review", "待评定"
    AWAITING_BASELINE = "awaiting_baseline", "缺少基期值"
    ON_TRACK = "on_track", "符合序时进度"
    HOLDING = "holding", "保持达标"
    ACHIEVED_EARLY = "achieved_early", "提前达标"
    ACHIEVED = "achieved", "已完成"

    @property
    def rank(self) -> int:
        """Position in the order; 0 is the worst."""
        return _RANKS[self]

    @property
    def is_failing(self) -> bool:
        """Whether the target is missed or the year lags behind."""
        return self in _FAILING

    @property
    def is_waiting(self) -> bool:
        """Whether something must be supplied before anything can be said."""
        return self in _WAITING

    @property
    def is_met(self) -> bool:
        """Whether the target itself is met in the year."""
        return self in (Verdict.HOLDING, Verdict.ACHIEVED_EARLY, Verdict.ACHIEVED)


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}
_FAILING = frozenset({Verdict.MISSED, Verdict.MOVING_AWAY, Verdict.BEHIND, Verdict.SLIGHTLY_BEHIND})
_WAITING = frozenset(verdict for verdict in Verdict if verdict.value.startswith("awaiting_"))


class Severity(LabelledCode):
    """How loudly a verdict is reported."""

    CRITICAL = "critical", "红"
    WARNING = "warning", "黄"
    NOTICE = "notice", "蓝"
    NONE = "none", "无"


_SERIOUS = {
    Constraint.BINDING: Severity.CRITICAL,
    Constraint.EXPECTED: Severity.WARNING,
    Constraint.UNSPECIFIED: Severity.WARNING,
    Constraint.REFERENCE: Severity.NOTICE,
}
_MILD = {
    Constraint.BINDING: Severity.WARNING,
    Constraint.EXPECTED: Severity.NOTICE,
    Constraint.UNSPECIFIED: Severity.NOTICE,
    Constraint.REFERENCE: Severity.NONE,
}

#: A target that is still not handed down is reported in this many last years of the period.
FINAL_YEARS = 2


def severity(verdict: str, constraint: str, *, year: int, target_year: int, past_deadline: bool = False) -> Severity:
    """The severity of a verdict for a year. §4.

    `past_deadline` says whether the day by which the year's value was due has passed; it matters for `awaiting_value`
    only. Raises ValueError for an unknown code.
    """
    found, kind = Verdict.checked(verdict), Constraint.checked(constraint)
    if found in (Verdict.MISSED, Verdict.MOVING_AWAY, Verdict.BEHIND):
        return _SERIOUS[kind]
    overdue = (found is Verdict.AWAITING_VALUE and past_deadline) or (
        found is Verdict.AWAITING_TARGET and year > target_year - FINAL_YEARS
    )
    return _MILD[kind] if found is Verdict.SLIGHTLY_BEHIND or overdue else Severity.NONE

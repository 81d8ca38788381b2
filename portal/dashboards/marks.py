"""How verdicts and severities are shown: a symbol and a tone beside the words, so that colour is never alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indicators.core.verdicts import Severity, Verdict
from indicators.display import SEVERITY_WORDS


class Tone(StrEnum):
    """The colour group of a verdict; names of CSS classes."""

    BAD = "bad"
    SLOW = "slow"
    WAITING = "waiting"
    GOOD = "good"
    MET = "met"


@dataclass(frozen=True)
class Mark:
    """What stands in a badge."""

    symbol: str
    label: str
    tone: str


SYMBOLS = {
    Verdict.MISSED: "✕",
    Verdict.MOVING_AWAY: "↘",
    Verdict.BEHIND: "▼",
    Verdict.SLIGHTLY_BEHIND: "▽",
    Verdict.AWAITING_TARGET: "◇",
    Verdict.AWAITING_RULE: "◇",
    Verdict.AWAITING_VALUE: "○",
    Verdict.AWAITING_REVIEW: "○",
    Verdict.AWAITING_BASELINE: "○",
    Verdict.ON_TRACK: "●",
    Verdict.HOLDING: "✓",
    Verdict.ACHIEVED_EARLY: "✓",
    Verdict.ACHIEVED: "✓",
}
#: The colour groups with what they say together, worst first.
TONE_MARKS = {
    Tone.BAD: Mark("▼", "未完成、反向变化或滞后", Tone.BAD),
    Tone.SLOW: Mark("▽", "略有滞后", Tone.SLOW),
    Tone.WAITING: Mark("○", "待填报、待下达等", Tone.WAITING),
    Tone.GOOD: Mark("●", "符合序时进度", Tone.GOOD),
    Tone.MET: Mark("✓", "达标或已完成", Tone.MET),
}
SEVERITY_MARKS = {
    Severity.CRITICAL: Mark("■", SEVERITY_WORDS[Severity.CRITICAL], "critical"),
    Severity.WARNING: Mark("▲", SEVERITY_WORDS[Severity.WARNING], "warning"),
    Severity.NOTICE: Mark("◆", SEVERITY_WORDS[Severity.NOTICE], "notice"),
}


def tone_of(verdict: Verdict) -> Tone:
    """The colour group that a verdict belongs to."""
    if verdict.is_waiting:
        return Tone.WAITING
    if verdict.is_met:
        return Tone.MET
    if verdict == Verdict.ON_TRACK:
        return Tone.GOOD
    return Tone.SLOW if verdict == Verdict.SLIGHTLY_BEHIND else Tone.BAD


def verdict_mark(code: str) -> Mark:
    """The mark of a verdict code. Raises ValueError for an unknown code."""
    verdict = Verdict.checked(code)
    return Mark(SYMBOLS[verdict], verdict.label, tone_of(verdict))


def severity_mark(code: str) -> Mark | None:
    """The mark of a severity code; None where there is nothing to warn of. Raises ValueError for an unknown code."""
    return SEVERITY_MARKS.get(Severity.checked(code))

"""The two fixed comparisons of a mid-term or final evaluation: with where the plan started, and with what is due. Pure:
works on stored verdicts; queries nothing.

Start: the baseline of a level, zero of what adds up over the period. Due: at mid-term what the path to the target (or
the year's own target) asks for by then, at the end the target. What has no approved figure is not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.core.codes import Constraint, Direction, MeasureKind, ValueType
from indicators.core.figures import show_figure
from indicators.core.rounding import decimals_of, rounded
from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator


class SinceStart(StrEnum):
    """How a figure stands to where the plan started."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """In words."""
        return {"better": "好于基期", "same": "与基期持平", "worse": "差于基期", "unknown": "不能比较"}[self]

    @property
    def symbol(self) -> str:
        """Stands beside the words."""
        return {"better": "↑", "same": "→", "worse": "↓", "unknown": "—"}[self]


class AgainstDue(StrEnum):
    """How a figure stands to what is due."""

    REACHED = "reached"
    SHORT = "short"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """In words."""
        return {"reached": "达到", "short": "未达到", "unknown": "不能比较"}[self]

    @property
    def symbol(self) -> str:
        """Stands beside the words."""
        return {"reached": "✓", "short": "✕", "unknown": "—"}[self]


@dataclass(frozen=True)
class Comparison:
    """Both comparisons of one indicator. `change` is by how much the figure differs from the start, with a sign;
    `due` is what should have been reached, `short` by how much it is not; all three with their unit, empty where
    there is no such figure."""

    since_start: SinceStart
    change: str
    against_due: AgainstDue
    due: str
    short: str


def compared(indicator: Indicator, assessment: Assessment | None, baseline: Decimal | None) -> Comparison:
    """The comparisons of a verdict of an indicator. `baseline` is the printed starting figure."""
    if assessment is None or assessment.value is None:
        return Comparison(SinceStart.UNKNOWN, "", against_due(assessment), "", "")
    reached = against_due(assessment)
    adds_up = indicator.measure != MeasureKind.LEVEL
    figure = assessment.cumulative if adds_up and assessment.cumulative is not None else assessment.value
    start = Decimal(0) if adds_up else baseline
    due = assessment.required
    known = [Decimal(show_figure(each)) for each in (figure, start) if each is not None]
    decimals = decimals_of(known)

    def shown(amount: Decimal | None, unit: str) -> str:
        is_figure = amount is not None and indicator.value_type == ValueType.NUMBER
        return f"{rounded(amount, decimals, known)}{unit}" if is_figure and amount is not None else ""

    apart = indicator.difference_unit
    change = None if start is None else figure - start
    growth = shown(change, apart)
    return Comparison(
        since_start=since_start(indicator, change),
        change=f"+{growth}" if growth and change is not None and change > 0 else growth,
        against_due=reached,
        due=shown(due, indicator.unit),
        short=shown(abs(due - figure), apart) if due is not None and reached is AgainstDue.SHORT else "",
    )


def since_start(indicator: Indicator, change: Decimal | None) -> SinceStart:
    """Whether the change is one for the better. More is better of what adds up, a lower number of grades."""
    if change is None:
        return SinceStart.UNKNOWN
    if change == 0:
        return SinceStart.SAME
    direction = indicator.direction
    if indicator.measure != MeasureKind.LEVEL:
        direction = Direction.HIGHER
    elif indicator.value_type == ValueType.GRADE:
        direction = Direction.LOWER
    match direction:
        case Direction.HIGHER:
            return SinceStart.BETTER if change > 0 else SinceStart.WORSE
        case Direction.LOWER:
            return SinceStart.BETTER if change < 0 else SinceStart.WORSE
    return SinceStart.UNKNOWN


def against_due(assessment: Assessment | None) -> AgainstDue:
    """Whether what is due was reached: strictly, where the verdict would still call 95 % of the pace on track."""
    if assessment is None:
        return AgainstDue.UNKNOWN
    verdict = Verdict.checked(assessment.verdict)
    if verdict.is_waiting:
        return AgainstDue.UNKNOWN
    if verdict.is_met:
        return AgainstDue.REACHED
    is_there = verdict is Verdict.ON_TRACK and (assessment.pace is None or assessment.pace >= 1)
    return AgainstDue.REACHED if is_there else AgainstDue.SHORT


def evaluation_sentence(found: Iterable[tuple[Constraint, Comparison]], *, year: int, due: str) -> str:
    """What the evaluation says in one sentence, of headline indicators; `due` names what they are held against."""
    pairs = list(found)
    if not pairs:
        return f"{year} 年没有可以评估的指标。"
    start = Counter(each.since_start for _, each in pairs)
    against = Counter(each.against_due for _, each in pairs)
    binding_short = sum(kind == Constraint.BINDING and each.against_due is AgainstDue.SHORT for kind, each in pairs)
    judged = against[AgainstDue.REACHED] + against[AgainstDue.SHORT]
    if not judged:
        return f"{len(pairs)} 项指标都还没有可以比较的 {year} 年数值，暂不能评估。"
    short = f"未达到 {against[AgainstDue.SHORT]} 项" + (f"（约束性 {binding_short} 项）" if binding_short else "")
    return (
        f"{len(pairs)} 项指标中，与{due}相比，达到 {against[AgainstDue.REACHED]} 项，{short}，"
        f"不能比较 {against[AgainstDue.UNKNOWN]} 项；与基期相比，变好 {start[SinceStart.BETTER]} 项，"
        f"持平 {start[SinceStart.SAME]} 项，变差 {start[SinceStart.WORSE]} 项，"
        f"不能比较 {start[SinceStart.UNKNOWN]} 项。"
    )

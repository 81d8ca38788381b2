"""A plan's roll-up: how many indicators have which verdict, by constraint, and the plan's conclusion. Pure: no Django.

docs/assessment.md, "A plan as a whole". Components are counted through their parent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict

ALL_ACHIEVED = "约束性指标全部完成"
NOT_ALL_ACHIEVED = "约束性指标未全部完成"


@dataclass(frozen=True)
class RollUp:
    """`counts` has every constraint that occurs, and of each the verdicts that occur, worst first.

    `conclusion` is "" before the target year and for a plan without binding indicators.
    """

    counts: Mapping[Constraint, Mapping[Verdict, int]]
    total: int
    conclusion: str


def roll_up(judged: Iterable[tuple[str, str]], *, at_target_year: bool) -> RollUp:
    """Count pairs of verdict and constraint. §4. Raises ValueError for an unknown code.

    At the target year one binding indicator with any verdict but `achieved`, a waiting one included, is enough for
    "约束性指标未全部完成"; other constraints never decide.
    """
    pairs = Counter((Constraint.checked(constraint), Verdict.checked(verdict)) for verdict, constraint in judged)
    counts = {
        constraint: {verdict: pairs[constraint, verdict] for verdict in Verdict if pairs[constraint, verdict]}
        for constraint in Constraint
        if any(counted is constraint for counted, _ in pairs)
    }
    binding = counts.get(Constraint.BINDING, {})
    conclusion = ""
    if at_target_year and binding:
        conclusion = ALL_ACHIEVED if set(binding) == {Verdict.ACHIEVED} else NOT_ALL_ACHIEVED
    return RollUp(counts, pairs.total(), conclusion)

"""A plan's roll-up (docs/assessment.md, "A plan as a whole")."""

from __future__ import annotations

import pytest

from indicators.core.codes import Constraint
from indicators.core.roll_up import roll_up
from indicators.core.verdicts import Verdict

V = Verdict


def test_counts_by_constraint_worst_first() -> None:
    judged = [("achieved", "binding"), ("missed", "expected"), ("missed", "binding"), ("achieved", "binding")]
    found = roll_up(judged, at_target_year=False)
    assert found.counts == {Constraint.BINDING: {V.MISSED: 1, V.ACHIEVED: 2}, Constraint.EXPECTED: {V.MISSED: 1}}
    assert list(found.counts[Constraint.BINDING]) == [V.MISSED, V.ACHIEVED]
    assert found.total == 4
    assert found.conclusion == ""


@pytest.mark.parametrize(
    ("judged", "conclusion"),
    [
        ([("achieved", "binding"), ("missed", "reference"), ("missed", "expected")], "约束性指标全部完成"),
        ([("achieved", "binding"), ("missed", "binding")], "约束性指标未全部完成"),
        ([("achieved", "binding"), ("awaiting_value", "binding")], "约束性指标未全部完成"),
        ([("missed", "reference"), ("missed", "unspecified")], ""),
        ([], ""),
    ],
)
def test_conclusion_at_the_target_year(judged: list[tuple[str, str]], conclusion: str) -> None:
    assert roll_up(judged, at_target_year=True).conclusion == conclusion


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown code"):
        roll_up([("achieved", "voluntary")], at_target_year=True)

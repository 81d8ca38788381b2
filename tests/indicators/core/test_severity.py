"""Severity: verdict × constraint (docs/assessment.md, "Severity"), and the order of verdicts."""

from __future__ import annotations

import itertools

import pytest

from indicators.core.codes import Constraint
from indicators.core.verdicts import Severity, Verdict, severity

V, S = Verdict, Severity

#: Binding, expected, unspecified, reference.
LOUD = (S.CRITICAL, S.WARNING, S.WARNING, S.NOTICE)
MILD = (S.WARNING, S.NOTICE, S.NOTICE, S.NONE)
SILENT = (S.NONE, S.NONE, S.NONE, S.NONE)
CONSTRAINTS = (Constraint.BINDING, Constraint.EXPECTED, Constraint.UNSPECIFIED, Constraint.REFERENCE)

#: In the middle of the period, before the deadline.
ORDINARY = {
    V.MISSED: LOUD,
    V.MOVING_AWAY: LOUD,
    V.BEHIND: LOUD,
    V.SLIGHTLY_BEHIND: MILD,
    V.AWAITING_TARGET: SILENT,
    V.AWAITING_RULE: SILENT,
    V.AWAITING_VALUE: SILENT,
    V.AWAITING_REVIEW: SILENT,
    V.AWAITING_BASELINE: SILENT,
    V.ON_TRACK: SILENT,
    V.HOLDING: SILENT,
    V.ACHIEVED_EARLY: SILENT,
    V.ACHIEVED: SILENT,
}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_severity_by_constraint(verdict: Verdict) -> None:
    found = tuple(severity(verdict, constraint, year=2022, target_year=2025) for constraint in CONSTRAINTS)
    assert found == ORDINARY[verdict]


def test_a_value_is_missed_once_its_deadline_has_passed() -> None:
    late = tuple(
        severity("awaiting_value", kind, year=2022, target_year=2025, past_deadline=True) for kind in CONSTRAINTS
    )
    assert late == MILD


@pytest.mark.parametrize(("year", "expected"), [(2023, SILENT), (2024, MILD), (2025, MILD)])
def test_an_unassigned_target_matters_in_the_last_two_years(year: int, expected: tuple[Severity, ...]) -> None:
    found = tuple(severity("awaiting_target", kind, year=year, target_year=2025) for kind in CONSTRAINTS)
    assert found == expected


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not V.AWAITING_VALUE])
def test_the_deadline_concerns_missing_values_only(verdict: Verdict) -> None:
    for constraint in Constraint:
        without = severity(verdict, constraint, year=2022, target_year=2025)
        assert severity(verdict, constraint, year=2022, target_year=2025, past_deadline=True) is without


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown code"):
        severity("splendid", "binding", year=2022, target_year=2025)
    with pytest.raises(ValueError, match="unknown code"):
        severity("missed", "voluntary", year=2022, target_year=2025)


def test_order_of_verdicts() -> None:
    waiting = {V.AWAITING_TARGET, V.AWAITING_RULE, V.AWAITING_VALUE, V.AWAITING_REVIEW, V.AWAITING_BASELINE}
    failing = [V.MISSED, V.MOVING_AWAY, V.BEHIND, V.SLIGHTLY_BEHIND]
    good = [V.ON_TRACK, V.HOLDING, V.ACHIEVED_EARLY, V.ACHIEVED]
    ranked = sorted(Verdict, key=lambda verdict: verdict.rank)
    assert ranked[:4] == failing
    assert set(ranked[4:9]) == waiting
    assert ranked[9:] == good
    assert {verdict for verdict in Verdict if verdict.is_waiting} == waiting
    assert [verdict for verdict in ranked if verdict.is_failing] == failing
    assert [verdict for verdict in ranked if verdict.is_met] == good[1:]


def test_failing_outranks_waiting_and_waiting_outranks_good() -> None:
    for failing, waiting, good in itertools.product([V.SLIGHTLY_BEHIND, V.MISSED], [V.AWAITING_VALUE], [V.ON_TRACK]):
        assert failing.rank < waiting.rank < good.rank


def test_codes_and_labels() -> None:
    assert ("moving_away", "反向变化") in Verdict.choices()
    assert [severity.label for severity in Severity] == ["红", "黄", "蓝", "无"]

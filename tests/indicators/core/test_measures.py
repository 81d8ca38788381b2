"""The arithmetic of progress, on its own (docs/assessment.md, "Progress, pace, projection")."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core import measures


def test_rates_compound_and_never_add_up() -> None:
    assert measures.compounded([Decimal(10), Decimal(10)]) == Decimal(19)
    assert measures.compounded([Decimal("-1.51"), Decimal("2.20"), Decimal("4.18")]) == Decimal("4.872989404")
    assert measures.compounded([]) == 0


def test_the_rate_between_two_totals() -> None:
    assert measures.reduction_between(Decimal(10), Decimal(19)) == Decimal(10)
    assert measures.reduction_between(Decimal(100), Decimal(100)) is None


@pytest.mark.parametrize(
    ("measure", "figure", "start", "goal", "elapsed", "pace"),
    [
        ("level", "60", "50", "75", 2, "1"),
        ("level", "27.88", "28.1", "27", 1, "1"),
        ("level", "49", "50", "75", 1, "-0.2"),
        ("additive", "3", "0", "10", 2, "0.75"),
        ("cumulative_rate", "19", "0", "34.39", 2, "1.25"),
        ("cumulative_rate", "0", "0", "17", 1, "0"),
    ],
)
def test_pace(measure: str, figure: str, start: str, goal: str, elapsed: int, pace: str) -> None:
    found = measures.pace(measure, Decimal(figure), Decimal(start), Decimal(goal), elapsed=elapsed, length=5)
    assert found is not None
    assert abs(found - Decimal(pace)) < Decimal("1e-20")


def test_a_pace_that_divides_evenly_is_exact() -> None:
    assert measures.pace("level", Decimal("0.95"), Decimal(0), Decimal(3), elapsed=1, length=3) == Decimal("0.95")


def test_no_way_leads_to_where_one_already_is() -> None:
    assert measures.progress("level", Decimal(50), Decimal(50), Decimal(50)) is None
    assert measures.progress("cumulative_rate", Decimal(5), Decimal(0), Decimal(0)) is None
    assert measures.progress("cumulative_rate", Decimal(100), Decimal(0), Decimal(17)) is None


def test_nothing_more_is_needed_when_nothing_is_left() -> None:
    assert measures.needed_per_year("cumulative_rate", Decimal(100), Decimal(17), 2) is None


def test_the_last_year_is_its_own_projection_and_requires_the_target() -> None:
    assert measures.projection("cumulative_rate", Decimal("4.87"), Decimal(0), elapsed=5, length=5) == Decimal("4.87")
    assert measures.required("cumulative_rate", Decimal(0), Decimal(17), elapsed=5, length=5) == Decimal(17)
    assert measures.projection("cumulative_rate", Decimal(100), Decimal(0), elapsed=1, length=5) == Decimal(100)

"""Figures that are possible and yet look wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core.plausibility import Surroundings, doubts


def around(unit: str = "%", measure: str = "level", basis: str = "to_date", **figures: str) -> Surroundings:
    known = {name: Decimal(figure) for name, figure in figures.items()}
    return Surroundings(unit=unit, measure=measure, entry_basis=basis, **known)


@pytest.mark.parametrize("beside", [{"last_year": "96.1"}, {"baseline": "96.7"}])
def test_a_fraction_where_percentages_are_usual_is_taken_for_a_slip(beside: dict[str, str]) -> None:
    (doubt,) = doubts(Decimal("0.967"), around(**beside))
    assert "应填 96.7 的请改为 96.7" in doubt
    assert "“说明”栏" in doubt


@pytest.mark.parametrize(
    ("figure", "beside"),
    [
        ("0", {"last_year": "0.4"}),
        ("0.8", {"last_year": "0.9"}),
        ("0.8", {}),
        ("1.5", {"last_year": "6"}),
        ("0.967", {"unit": "μg/m3", "last_year": "1"}),
    ],
)
def test_small_figures_are_believed_where_nothing_speaks_against_them(figure: str, beside: dict[str, str]) -> None:
    assert doubts(Decimal(figure), around(**beside)) == []


@pytest.mark.parametrize(
    ("unit", "last_year", "figure", "words"),
    [
        ("%", "80", "95", None),
        ("%", "80", "95.1", "上升了 15.1 个百分点"),
        ("%", "80", "64.9", "下降了 15.1 个百分点"),
        ("μg/m3", "30", "39", None),
        ("μg/m3", "30", "40", "上升了 33%"),
        ("μg/m3", "30", "20", "下降了 33%"),
        ("个", "0", "40", None),
    ],
)
def test_a_jump_against_last_year_asks_for_a_word(unit: str, last_year: str, figure: str, words: str | None) -> None:
    found = doubts(Decimal(figure), around(unit, last_year=last_year))
    assert (words is None and not found) or (words is not None and words in found[0])


def test_without_last_year_there_is_no_jump() -> None:
    assert doubts(Decimal(12), around(baseline="80")) == []


def test_a_total_may_grow_but_not_shrink() -> None:
    total = around("公里", "additive", last_year="100")
    assert doubts(Decimal(300), total) == []
    assert "还少" in doubts(Decimal(60), total)[0]
    yearly = around("公里", "additive", "annual", last_year="100")
    assert "下降了 40%" in doubts(Decimal(60), yearly)[0]

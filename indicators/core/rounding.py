"""Rounding figures for people: half-even, never so far that a figure seems to be what it is not. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

#: No figure is shown with more decimals than this.
MAX_DECIMALS = 20
#: The last place of a figure with so many decimals.
_PLACES = tuple(Decimal(1).scaleb(-places) for places in range(MAX_DECIMALS + 1))


def decimals_of(figures: Iterable[Decimal]) -> int:
    """The most decimals that any of the figures is written with."""
    exponents = [figure.as_tuple().exponent for figure in figures]
    return max([-exponent for exponent in exponents if isinstance(exponent, int)], default=0)


def rounded(figure: Decimal, decimals: int, unlike: Iterable[Decimal] = ()) -> str:
    """The figure with so many decimals, or with more where it differs from a figure in `unlike` and would look like it.

    99.96 against a target of 100 is shown as 99.96, not as 100.0.
    """
    others = [other for other in unlike if other != figure]
    for places in range(max(decimals, 0), MAX_DECIMALS):
        shown = _quantized(figure, places)
        if shown not in [_quantized(other, places) for other in others]:
            return f"{shown:f}"
    return f"{_quantized(figure, MAX_DECIMALS):f}"


def percentage(share: Decimal, decimals: int = 1, unlike: Iterable[Decimal] = ()) -> str:
    """A share as a percentage: 0.268 is 26.8%."""
    return rounded(share * 100, decimals, [other * 100 for other in unlike]) + "%"


def _quantized(figure: Decimal, places: int) -> Decimal:
    shown = figure.quantize(_PLACES[places], ROUND_HALF_EVEN)
    return shown or shown.copy_abs()

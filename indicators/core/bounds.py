"""The physically possible range of a yearly figure, so that 967 % is refused when it is typed. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

ZERO = Decimal(0)
HUNDRED = Decimal(100)
DAYS_IN_YEAR = Decimal(366)


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest possible figure, in the indicator's unit; None means open."""

    lowest: Decimal | None
    highest: Decimal | None

    def complaint(self, figure: Decimal, unit: str) -> str | None:
        """What is wrong with the figure, in Chinese, or None when it is possible."""
        if self.highest is not None and figure > self.highest:
            slip = figure / 10
            hint = f"是否漏了小数点（{slip:f}）？" if slip <= self.highest else ""
            return f"{figure:f} 超出可能范围：应不大于 {self.highest:f}{unit}。{hint}"
        if self.lowest is not None and figure < self.lowest:
            return f"{figure:f} 超出可能范围：应不小于 {self.lowest:f}{unit}。"
        return None


@lru_cache(maxsize=256)
def bounds_of(measure: str, unit: str) -> Bounds:
    """The range for a measure kind and unit: shares lie in 0–100, days in a year, quantities at or above 0.

    A cumulative rate may be negative in a bad year (−1.51) and never passes 100 in either direction.
    """
    if measure == "cumulative_rate":
        return Bounds(-HUNDRED, HUNDRED)
    if unit in ("%", "％"):
        return Bounds(ZERO, HUNDRED)
    if unit == "‰":
        return Bounds(ZERO, Decimal(1000))
    if unit == "天" and measure == "level":
        return Bounds(ZERO, DAYS_IN_YEAR)
    return Bounds(ZERO, None)

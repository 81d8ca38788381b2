"""Which year a page shows. Today is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class YearChoice:
    """The year a page shows; `asked` is what the address asked for where that is another year or no year at all."""

    year: int
    years: list[int]
    asked: str = ""

    @property
    def message(self) -> str:
        """What to tell a person whose year cannot be shown."""
        return (
            f"“{self.asked}”不在评价年份之内（{self.years[0]} 至 {self.years[-1]} 年），现在显示的是 {self.year} 年。"
        )


def last_complete_year(today: date) -> int:
    """The newest year whose figures can exist."""
    return today.year - 1


def choose_year(asked: str | None, years: range, today: date) -> YearChoice:
    """The year asked for, else the newest complete year; both held within `years`."""
    first, last = years[0], years[-1]
    default = max(first, min(last, last_complete_year(today)))
    if not asked:
        return YearChoice(default, list(years))
    number = int(asked) if len(asked) == 4 and asked.isascii() and asked.isdigit() else None
    if number is not None and number in years:
        return YearChoice(number, list(years))
    nearest = default if number is None else max(first, min(last, number))
    return YearChoice(nearest, list(years), asked[:12])

"""The way of a deliverable as a drawing: what is required by each year, what was reported, what was promised. Pure.

All places are in the units of the drawing; the page writes them as attributes. The table beside it says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.figures import show_figure

WIDTH, HEIGHT = 440, 230
LEFT, RIGHT, TOP, BOTTOM = 14, 44, 26, 28
#: No more points than this are labelled with their figures; of more only the last one is.
MOST_LABELS = 6
ROOM_ABOVE = Decimal("1.1")


@dataclass(frozen=True)
class Total:
    """A reported total; `when` is in years, the end of a quarter being a quarter of one: 2022.5."""

    when: Decimal
    quantity: Decimal
    period: str


@dataclass(frozen=True)
class Point:
    """A reported total in the drawing; `label` is empty where there is no room for it."""

    x: int
    y: int
    label: str
    period: str


@dataclass(frozen=True)
class Tick:
    """A year below the drawing."""

    x: int
    label: str


@dataclass(frozen=True)
class Chart:
    """The drawing. `required` and `reported` are the points of two lines."""

    width: int
    height: int
    base: int
    left: int
    right: int
    promised_y: int
    promised: str
    required: str
    reported: str
    points: list[Point]
    ticks: list[Tick]


def chart_of(
    totals: Sequence[Total], required: Mapping[int, Decimal], promised: Decimal, years: range, unit: str
) -> Chart | None:
    """The drawing of totals in order of time, from the end of the year before `years` on. `required` is what is due by
    the end of each year. None without totals or without anything promised: there is nothing to draw."""
    if not totals or promised <= 0:
        return None
    start, end = years[0] - 1, years[-1]
    top = max(promised, *(total.quantity for total in totals)) * ROOM_ABOVE

    def x(when: Decimal) -> int:
        return LEFT + int((WIDTH - LEFT - RIGHT) * (when - start) / (end - start))

    def y(quantity: Decimal) -> int:
        return HEIGHT - BOTTOM - int((HEIGHT - TOP - BOTTOM) * quantity / top)

    due = [(Decimal(start), Decimal(0)), *((Decimal(year), required[year]) for year in sorted(required))]
    labelled = totals if len(totals) <= MOST_LABELS else totals[-1:]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        base=HEIGHT - BOTTOM,
        left=LEFT,
        right=WIDTH - RIGHT,
        promised_y=y(promised),
        promised=f"{show_figure(promised)}{unit}",
        required=line([(x(when), y(quantity)) for when, quantity in due]),
        reported=line([(x(total.when), y(total.quantity)) for total in totals]),
        points=[
            Point(x(each.when), y(each.quantity), show_figure(each.quantity) if each in labelled else "", each.period)
            for each in totals
        ],
        ticks=[Tick(x(Decimal(year)), str(year)) for year in range(start, end + 1)],
    )


def line(places: Sequence[tuple[int, int]]) -> str:
    """The points of a line as SVG writes them."""
    return " ".join(f"{x},{y}" for x, y in places)

"""Figures that are possible and yet look wrong: a slip of the unit, a jump against last year. Pure: no Django.

A doubt never refuses a figure. It asks for a word of explanation, because the next reader will ask the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.codes import EntryBasis, MeasureKind
from indicators.core.figures import show_figure

#: A percentage up to 1 where figures above 5 are usual was most likely typed as a fraction.
FRACTION_UP_TO = Decimal(1)
USUAL_ABOVE = Decimal(5)
#: A change beyond these against last year needs a word: percentage points for percentages, else a share of last year.
JUMP_POINTS = Decimal(15)
JUMP_SHARE = Decimal("0.30")
PERCENT_SIGNS = ("%", "％")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a figure is held against, in the indicator's unit; None where nothing is known.

    `last_year` is the entry of the year before, in the first year of a level the baseline.
    """

    unit: str
    measure: str
    entry_basis: str
    last_year: Decimal | None = None
    baseline: Decimal | None = None

    @property
    def is_total(self) -> bool:
        """Whether entries are totals since the start of the period, which only grow."""
        return self.measure == MeasureKind.ADDITIVE and self.entry_basis == EntryBasis.TO_DATE


def doubts(figure: Decimal, around: Surroundings) -> list[str]:
    """What is odd about a figure, in Chinese sentences that say what to do; empty when nothing is."""
    doubt = _unit_slip(figure, around) or _jump(figure, around)
    return [doubt] if doubt else []


def sum_doubt(figure: Decimal, counties: Sequence[Decimal | None]) -> str:
    """What is odd about a quantity beside those of all its counties, in Chinese; empty where they make it, and as long
    as one of them is unknown."""
    known = [each for each in counties if each is not None]
    total = sum(known, Decimal(0))
    if len(known) < len(counties) or total == figure:
        return ""
    way = "多" if figure > total else "少"
    return (
        f"{show_figure(figure)} 比各县区合计 {show_figure(total)} {way} {show_figure(abs(figure - total))}。请核对；"
        "无误的，请在“说明”栏写明原因。"
    )


def _unit_slip(figure: Decimal, around: Surroundings) -> str:
    usual = around.last_year if around.last_year is not None else around.baseline
    if around.unit not in PERCENT_SIGNS or usual is None or usual <= USUAL_ABOVE or not 0 < figure <= FRACTION_UP_TO:
        return ""
    meant = show_figure(figure * 100)
    return (
        f"{show_figure(figure)} 像是把百分数填成了小数（此前为 {show_figure(usual)}%）。应填 {meant} 的请改为 {meant}；"
        f"确实是 {show_figure(figure)}% 的，请在“说明”栏写明。"
    )


def _jump(figure: Decimal, around: Surroundings) -> str:
    last = around.last_year
    if last is None:
        return ""
    if around.is_total:
        if figure >= last:
            return ""
        return (
            f"累计数 {show_figure(figure)} 比上年的 {show_figure(last)} 还少。请核对是否填成了当年数；"
            "无误的，请在“说明”栏写明原因。"
        )
    if around.unit in PERCENT_SIGNS:
        if abs(figure - last) <= JUMP_POINTS:
            return ""
        change = f"{show_figure(abs(figure - last))} 个百分点"
    else:
        if last == 0 or abs(figure - last) <= abs(last) * JUMP_SHARE:
            return ""
        change = f"{abs(figure - last) / abs(last) * 100:.0f}%"
    way = "上升" if figure > last else "下降"
    return f"比上年的 {show_figure(last)} {way}了 {change}。请核对；无误的，请在“说明”栏写明原因。"

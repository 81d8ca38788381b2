"""Plausible statements on a measure that nobody stated anything about: the same for the same key. Queries nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from indicators.models import MeasureProgress

#: One measure in so many is not begun in its first year, and one in so many goes on after the last.
NOT_BEGUN, UNENDED = 8, 3
SENTENCES = {
    MeasureProgress.NOT_STARTED: "演示：{year} 年正在制定实施方案，尚未启动。",
    MeasureProgress.ONGOING: "演示：{year} 年按实施方案推进，完成了年度安排。",
    MeasureProgress.COMPLETED: "演示：截至 {year} 年，各项要求已经落实。",
}


@dataclass(frozen=True)
class Statement:
    """What a department says of a year."""

    year: int
    progress: MeasureProgress
    text: str
    next_step: str


def plausible_statements(years: Sequence[int], key: str) -> list[Statement]:
    """A statement for each of the years: not begun, under way, completed, in that order and never back."""
    chance = Random(key)  # noqa: S311  no secret: the same key gives the same statements
    begins_late = chance.randrange(NOT_BEGUN) == 0
    ends = None if chance.randrange(UNENDED) == 0 else chance.choice(years[len(years) // 2 :])
    statements = []
    for year in years:
        progress = MeasureProgress.ONGOING
        if ends is not None and year >= ends:
            progress = MeasureProgress.COMPLETED
        elif begins_late and year == years[0]:
            progress = MeasureProgress.NOT_STARTED
        is_over = progress == MeasureProgress.COMPLETED
        text = SENTENCES[progress].format(year=year)
        statements.append(Statement(year, progress, text, "" if is_over else "演示：下一年度继续推进。"))
    return statements

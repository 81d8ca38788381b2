"""Plausible progress of a key project that nobody reported on: the same for the same key. Works on plain figures and
queries nothing.

Most projects keep up, some are slow, a few halt, so that every status and verdict can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from random import Random

from indicators.core.figures import show_figure
from indicators.core.rounding import decimals_of
from projects.models import ProjectStatus

#: How fast a project goes, as a share of the pace that its end asks for, and how often that occurs.
TEMPOS = {"1.20": 4, "1.00": 7, "0.75": 3, "0.40": 2}
#: One project in so many halts in its third year.
HALTING = 18
SLOW = Decimal("0.5")
#: What is built in the first year of a project that has just been prepared.
BEGUN = Decimal("0.15")


@dataclass(frozen=True)
class Progress:
    """What a report of a year says: status, `share` of the whole that is done, and quantities to date by key."""

    year: int
    status: ProjectStatus
    share: Decimal
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    status_reason: str = ""
    problems: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of a project; `resolution` and `resolved_on` are empty while it does."""

    description: str
    raised_on: date
    deadline: date
    resolution: str = ""
    resolved_on: date | None = None


def plausible_progress(
    promised: Mapping[int, Decimal], years: Sequence[int], due_year: int, *, is_facility: bool, key: str
) -> list[Progress]:
    """A report for each of the years, in their order. `promised` are quantities by key, to be delivered by the end of
    `due_year`; `is_facility` projects run once they are completed."""
    chance = Random(key)  # noqa: S311  no secret: the same key gives the same progress
    halts, tempo = chance.randrange(HALTING) == 0, tempo_of(chance)
    length, done, reports = due_year - years[0] + 1, Decimal(0), list[Progress]()
    for number, year in enumerate(years, start=1):
        was_done = done >= 1
        is_halted = halts and number >= 3 and not was_done
        if not is_halted:
            done = max(done, share_done(number, length, tempo, chance))
        status = status_of(done, was_done=was_done, is_halted=is_halted, is_facility=is_facility)
        is_slow = tempo < SLOW and done < 1
        reports.append(
            Progress(
                year=year,
                status=status,
                share=done,
                quantities={each: part_of(quantity, done) for each, quantity in promised.items()},
                status_reason="演示：资金调整，暂缓实施。" if is_halted else "",
                problems="演示：前期手续办理较慢，影响开工。" if is_slow else "",
                next_step="" if done >= 1 else "演示：按年度计划继续推进。",
            )
        )
    return reports


def tempo_of(chance: Random) -> Decimal:
    """How fast this project goes."""
    return Decimal(chance.choices(list(TEMPOS), weights=list(TEMPOS.values()))[0])


def share_done(number: int, length: int, tempo: Decimal, chance: Random) -> Decimal:
    """The share that is done after so many of the years; whoever keeps up is ready in the last one."""
    wobble = Decimal(chance.randint(-3, 3)) / 100
    if tempo >= 1 and number >= length:
        return Decimal(1)
    return min(Decimal(1), max(Decimal(0), Decimal(number) / length * tempo + wobble))


def status_of(done: Decimal, *, was_done: bool, is_halted: bool, is_facility: bool) -> ProjectStatus:
    """The status of a project of which so much is done."""
    if is_halted:
        return ProjectStatus.SUSPENDED
    if done >= 1:
        return ProjectStatus.OPERATING if was_done and is_facility else ProjectStatus.COMPLETED
    return ProjectStatus.PREPARATION if done < BEGUN else ProjectStatus.CONSTRUCTION


def part_of(quantity: Decimal, done: Decimal) -> Decimal:
    """The part of a quantity, with no more decimals than are printed; all of it only when all is done."""
    if done >= 1:
        return quantity
    places = decimals_of([Decimal(show_figure(quantity))])
    return (quantity * done).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)


def plausible_obstacle(progress: Sequence[Progress], key: str) -> Obstacle | None:
    """A problem of a project that halts or is slow: some are solved, some overdue, some have time. None for others."""
    last = progress[-1]
    if last.status != ProjectStatus.SUSPENDED and not last.problems:
        return None
    chance = Random(f"{key} problem")  # noqa: S311
    raised_on = date(last.year, chance.randint(1, 6), chance.randint(1, 28))
    description = "演示：" + chance.choice(["用地手续尚未办结。", "配套资金没有到位。", "施工图审查意见未落实。"])
    kind = chance.randrange(3)
    if kind == 0:
        deadline, resolved_on = date(last.year, 9, 30), date(last.year, chance.randint(7, 11), 15)
        return Obstacle(description, raised_on, deadline, "演示：已协调解决。", resolved_on)
    return Obstacle(description, raised_on, date(last.year, 12, 31) if kind == 1 else date(last.year + 1, 12, 31))

"""Plausible yearly figures for an indicator that has none. Pure: no Django, and the same figures for the same key.

They follow the way that the target prescribes, some faster, some slower, a few backwards, so that every kind of verdict
can be seen. What nothing is known about stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from random import Random

from indicators.assessment import PRECISION
from indicators.core.codes import Direction, EntryBasis, Finding, Frequency, MeasureKind, ValueType
from indicators.core.path import Path, path_of
from indicators.core.rounding import decimals_of
from indicators.core.subject import Subject, Value

#: How fast an indicator goes, as a share of the pace that its target asks for, and how often that occurs.
TEMPOS = {"1.15": 4, "1.02": 6, "0.80": 3, "0.45": 2, "-0.20": 1}
MOST_DECIMALS = 2


def plausible_values(subject: Subject, years: Iterable[int], key: str) -> dict[int, Value]:
    """Entries for those of the years that the subject is judged in; empty where neither target nor baseline says what
    would be plausible. `subject` has no values."""
    chance = Random(key)  # noqa: S311  no secret: the same key gives the same figures
    wanted = [year for year in years if subject.baseline_year < year <= subject.target_year]
    if subject.value_type == ValueType.FINDING:
        return dict(findings(wanted, chance))
    with localcontext(prec=PRECISION):
        path = path_of(subject)
        totals = totals_along(path, subject, wanted, chance) if path else drifting(subject, wanted, chance)
        return {year: held(figure, subject) for year, figure in entries_of(totals, subject).items()}


def findings(years: list[int], chance: Random) -> Iterable[tuple[int, str]]:
    """Findings that grow better, if they do."""
    ends_well = chance.random() < 0.7
    for year in years:
        is_last = year == years[-1]
        yield year, Finding.ACHIEVED if is_last and ends_well else Finding.PARTLY


def tempo_of(chance: Random) -> Decimal:
    """How fast this indicator goes."""
    return Decimal(chance.choices(list(TEMPOS), weights=list(TEMPOS.values()))[0])


def totals_along(path: Path, subject: Subject, years: list[int], chance: Random) -> dict[int, Decimal]:
    """Levels, or totals since the start of the period, along the path."""
    aim, start, tempo = path.goal.aim, subject.start, tempo_of(chance)
    better = 1 if path.goal.comparator.direction is Direction.HIGHER else -1
    if subject.frequency == Frequency.YEARLY or start is None or path.goal.is_met_by(start):
        # Nothing to gain on the way: a little better than asked for, or now and then a little worse.
        slack = abs(aim) / 100 * better
        steady = tempo > Decimal("0.5")
        return {year: aim + slack * Decimal(chance.randint(0 if steady else -2, 2)) / 2 for year in years}
    totals = {}
    for year in years:
        share = Decimal(year - subject.baseline_year) / subject.length * tempo
        wobble = Decimal(chance.randint(-3, 3)) / 100
        totals[year] = start + (aim - start) * (share + wobble)
    return totals


def drifting(subject: Subject, years: list[int], chance: Random) -> dict[int, Decimal]:
    """Levels that move a little from the known baseline each year, mostly the better way; empty without a baseline or
    for totals, of which nobody knows how large they should be."""
    if subject.start is None or subject.measure != MeasureKind.LEVEL:
        return {}
    better = {Direction.HIGHER: 1, Direction.LOWER: -1}.get(subject.way, 0)
    level, levels = subject.start, {}
    for year in years:
        level += abs(subject.start) * better * Decimal(chance.choice([2, 1, 1, -1])) / 100
        levels[year] = level
    return levels


def entries_of(totals: dict[int, Decimal], subject: Subject) -> dict[int, Decimal]:
    """What is entered so that the totals come out: the totals, or each year's part."""
    is_yearly = subject.frequency == Frequency.YEARLY or subject.measure == MeasureKind.LEVEL
    if is_yearly or subject.entry_basis == EntryBasis.TO_DATE:
        return totals
    parts, before = {}, Decimal(0)
    for year in sorted(totals):
        parts[year], before = totals[year] - before, totals[year]
    return parts


def held(figure: Decimal, subject: Subject) -> Decimal:
    """The figure as a person would enter it: possible, and no finer than the target and baseline are printed."""
    if subject.value_type == ValueType.GRADE:
        return min(max(figure.to_integral_value(), Decimal(1)), Decimal(6))
    lowest, highest = subject.possible.lowest, subject.possible.highest
    figure = figure if lowest is None else max(figure, lowest)
    figure = figure if highest is None else min(figure, highest)
    if subject.measure == MeasureKind.ADDITIVE:
        figure = max(figure, Decimal(0))
    printed = [clause.value for clause in subject.rule.clauses if clause.value is not None]
    if subject.start is not None:
        printed.append(subject.start)
    places = min(decimals_of(printed), MOST_DECIMALS)
    return figure.quantize(Decimal(1).scaleb(-places))

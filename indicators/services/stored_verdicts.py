"""Verdicts as the database keeps them: what `Assessment` stores of a result, and writing many of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from indicators.assessment import Result
from indicators.core.verdicts import severity
from indicators.models import Assessment, Indicator, Target
from regions.rows import write

SIX_PLACES = Decimal("0.000001")
#: What a verdict is stored under, and what is stored of it.
KEY = ("indicator_id", "region_id", "year")
FIGURES = ("value", "pace", "progress", "required", "gap", "projection", "needed_per_year", "cumulative", "remaining")
STORED = (*FIGURES, "target_id", "verdict", "severity", "rule_number", "worsened", "reason", "inputs")
#: Indicator, region and year.
Key = tuple[int, int, int]


class FreshVerdict(NamedTuple):
    """A verdict that is not stored yet, by the attributes of `Assessment`. A tuple, because there are many at once."""

    indicator_id: int
    region_id: int
    year: int
    target_id: int | None
    verdict: str
    severity: str
    rule_number: int
    value: Decimal | None
    pace: Decimal | None
    progress: Decimal | None
    required: Decimal | None
    gap: Decimal | None
    projection: Decimal | None
    needed_per_year: Decimal | None
    cumulative: Decimal | None
    remaining: Decimal | None
    worsened: bool
    reason: str
    inputs: dict[str, Any]
    judged_at: datetime


def fresh_verdict(
    indicator: Indicator, region_id: int, result: Result, target: Target | None, now: datetime, *, past_deadline: bool
) -> FreshVerdict:
    """What is stored of a result; derived figures are rounded here, after every comparison was made."""
    return FreshVerdict(
        indicator_id=indicator.pk,
        region_id=region_id,
        year=result.year,
        target_id=target.pk if target else None,
        verdict=result.verdict.value,
        severity=severity(
            result.verdict,
            indicator.constraint,
            year=result.year,
            target_year=indicator.target_year,
            past_deadline=past_deadline,
        ).value,
        rule_number=result.rule_number,
        value=stored_figure(result.value),
        pace=stored_figure(result.pace),
        progress=stored_figure(result.progress),
        required=stored_figure(result.required),
        gap=stored_figure(result.gap),
        projection=stored_figure(result.projection),
        needed_per_year=stored_figure(result.needed_per_year),
        cumulative=stored_figure(result.cumulative),
        remaining=stored_figure(result.remaining),
        worsened=result.worsened_year_on_year,
        reason=result.reason,
        inputs=result.to_json(),
        judged_at=now,
    )


def stored_figure(figure: Decimal | None) -> Decimal | None:
    """A derived figure as the database keeps it."""
    return None if figure is None else figure.quantize(SIX_PLACES)


def key_of(verdict: FreshVerdict | Assessment) -> Key:
    """What a verdict is stored under."""
    return verdict.indicator_id, verdict.region_id, verdict.year


def store(verdicts: Iterable[FreshVerdict], stored: dict[Key, int]) -> None:
    """Insert verdicts, or write them over those of the same key: `stored` are the keys that are taken, with the
    primary key of each; those that were written over are taken out. Two queries at most."""
    new: list[FreshVerdict] = []
    old: dict[int, FreshVerdict] = {}
    for verdict in verdicts:
        pk = stored.pop(key_of(verdict), None)
        if pk is None:
            new.append(verdict)
        else:
            old[pk] = verdict
    # SQLite takes twice as long to insert what might be there already.
    if new:
        write(Assessment, columns_of(new))
    if old:
        write(Assessment, {"id": list(old), **columns_of(old.values())}, replaced=(*STORED, "judged_at"))


def columns_of(verdicts: Iterable[FreshVerdict]) -> dict[str, tuple[Any, ...]]:
    """What the verdicts state, by attribute."""
    return dict(zip(FreshVerdict._fields, zip(*verdicts, strict=True), strict=True))

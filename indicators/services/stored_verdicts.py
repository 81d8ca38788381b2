"""Verdicts as the database keeps them: what `Assessment` stores of a result, and writing many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from indicators.assessment import Result
from indicators.core.verdicts import severity
from indicators.models import Assessment, ChangeCounter, Indicator, Target
from regions.rows import chunks, write

SIX_PLACES = Decimal("0.000001")
#: What a verdict is stored under, and what is stored of it.
KEY = ("indicator_id", "region_id", "year")
FIGURES = ("value", "pace", "progress", "required", "gap", "projection", "needed_per_year", "cumulative", "remaining")
STORED = (
    *FIGURES,
    "target_id",
    "verdict",
    "severity",
    "rule_number",
    "worsened",
    "reason",
    "inputs",
    "is_demonstration",
)
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
    is_demonstration: bool
    judged_at: datetime


def fresh_verdict(
    indicator: Indicator,
    region_id: int,
    result: Result,
    target: Target | None,
    now: datetime,
    *,
    past_deadline: bool,
    is_demonstration: bool,
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
        is_demonstration=is_demonstration,
        judged_at=now,
    )


def stored_figure(figure: Decimal | None) -> Decimal | None:
    """A derived figure as the database keeps it."""
    return None if figure is None else figure.quantize(SIX_PLACES)


class StandingVerdict(NamedTuple):
    """A stored verdict as far as a new one is compared with it: its primary key, and what is STORED of it."""

    pk: int
    stated: tuple[Any, ...]


def standing_verdicts(verdicts: QuerySet[Assessment]) -> dict[Key, StandingVerdict]:
    """The verdicts by key, without a model object for each. One query."""
    found = {}
    for pk, indicator_id, region_id, year, *stated in verdicts.order_by().values_list("pk", *KEY, *STORED):
        found[indicator_id, region_id, year] = StandingVerdict(pk, tuple(stated))
    return found


#: What is STORED of a verdict, in that order.
stated_by = attrgetter(*STORED)


def key_of(verdict: FreshVerdict | Assessment) -> Key:
    """What a verdict is stored under."""
    return verdict.indicator_id, verdict.region_id, verdict.year


def store(verdicts: Iterable[FreshVerdict], standing: dict[Key, StandingVerdict], changes: Changes) -> None:
    """Store verdicts that differ from those that stand. `standing` holds the latter by key; those that are judged anew
    are taken out, changed or not. Two queries at most."""
    new: list[FreshVerdict] = []
    outdated: list[int] = []
    for verdict in verdicts:
        old = standing.pop(key_of(verdict), None)
        if old is None:
            new.append(verdict)
        elif stated_by(verdict) != old.stated:
            outdated.append(old.pk)
            new.append(verdict)
    retire(outdated, changes)
    if new:
        write(Assessment, {**columns_of(new), "change_number": [changes.number] * len(new)})


def retire(keys: Sequence[int], changes: Changes) -> None:
    """End the verdicts with these primary keys. One query for every CHUNK of them."""
    for chunk in chunks(keys):
        Assessment.objects.filter(pk__in=chunk).update(replaced_at=changes.now, replacing_number=changes.number)


@dataclass
class Changes:
    """The changes of verdicts that one judgement makes: their moment, and the number that all of them have. The number
    is taken when the first change is there, so that a judgement that changes nothing makes nobody wait."""

    now: datetime

    @cached_property
    def number(self) -> int:
        """The next number. Locks the counter until the transaction ends. Two queries, once."""
        counter, _ = ChangeCounter.objects.select_for_update().get_or_create(pk=1)
        counter.last_number += 1
        counter.save(update_fields=["last_number"])
        return counter.last_number


def columns_of(verdicts: Iterable[FreshVerdict]) -> dict[str, tuple[Any, ...]]:
    """What the verdicts state, by attribute."""
    return dict(zip(FreshVerdict._fields, zip(*verdicts, strict=True), strict=True))

"""What a target says in figures, read from the rule that is stored with it."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from indicators.core.clauses import ClauseKind
from indicators.models import Indicator
from indicators.services.judging import annual_figure
from indicators.targets import TargetRule
from regions.api.fields import figure_text


class Stated(NamedTuple):
    """The figure that a target states in the indicator's unit, and how it is compared; None where the wording states
    none or more than one."""

    figure: Decimal | None = None
    comparator: str | None = None


@lru_cache(maxsize=8192)
def stated(rule: str | None, direction: str) -> Stated:
    """What the rule, as JSON text, states for an indicator of that direction. Rules repeat, so answers are kept."""
    written = json.loads(rule) if rule else None
    if not written:
        return Stated()
    read = TargetRule.from_json(written)
    clause = read.clause
    if clause is None or clause.kind in (ClauseKind.MISSING, ClauseKind.UNRECOGNISED):
        return Stated()
    figure = annual_figure(read, Indicator(direction=direction))
    return Stated(figure, str(clause.comparator) if clause.comparator else None)


def target_figure(rule: str | None, direction: str, assigned: Decimal | None) -> str | None:
    """The figure to be reached: the one assigned by an upper level, else the one that the wording states."""
    return figure_text(assigned if assigned is not None else stated(rule, direction).figure)


def rule_in_short(rule: Any) -> dict[str, Any] | None:
    """The stored rule as the API gives it: the clauses, without what stands beside them anyway."""
    return {"all": rule["all"]} if rule else None

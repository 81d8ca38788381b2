"""What departments owe in reporting rounds, whatever it is: values here, and what other applications add.

A kind of duty names what is owed and finds it; portal/duties.py lists the kinds that the portal has.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from indicators.models import ReportingRound
from regions.models import Department


class Owed(Protocol):
    """One thing that departments have not handed in. `state` is a ReviewStatus code, or empty where nobody began."""

    @property
    def round(self) -> ReportingRound:
        """The round that asks for it."""

    @property
    def state(self) -> str:
        """How far it has come."""

    @property
    def departments(self) -> tuple[Department, ...]:
        """Who owes it, one or several together."""

    @property
    def key(self) -> Hashable:
        """What tells it from the others of its kind in the round."""

    @property
    def name(self) -> str:
        """What people call it."""


@dataclass(frozen=True)
class DutyKind:
    """A kind of thing that departments hand in for a round. `noun` is what a mail calls it, `counted` how it counts
    several (3 项指标), `owed` gives what is not handed in yet, in the order in which a list shows it."""

    noun: str
    counted: str
    owed: Callable[[QuerySet[ReportingRound]], Sequence[Owed]]

"""From the bytes of a file to the values it states, with every problem at once. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.problems import Problem
from indicators.workbook.refusals import Limits
from indicators.workbook.table import Kind


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One value that the file states, in the indicator's unit: a figure or grade in `value`, or a `finding` code.

    `indicator` is a code; `reference` the cell of the value (D17); `region`, `source`, `note` and `unit` are texts as
    they stand, "" where nothing does. `text` is the cell as the person sees it.
    """

    sheet: str
    reference: str
    indicator: str
    year: int
    text: str
    value: Decimal | None = None
    finding: str = ""
    region: str = ""
    source: str = ""
    note: str = ""
    unit: str = ""


@dataclass(frozen=True)
class SheetOutcome:
    """What became of a sheet: how it was understood, or why it was skipped (a Chinese sentence, else "")."""

    name: str
    layout: str = ""
    skipped: str = ""
    value_count: int = 0


@dataclass(frozen=True)
class Reading:
    """What a file states. `problems` hold errors and notices in the order of the sheets; values with an error are not
    among `values`, a value stated twice is not either."""

    kind: Kind
    values: list[StatedValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[SheetOutcome] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """Problems that must be corrected before anything is imported."""
        return [problem for problem in self.problems if not problem.is_notice]

    @property
    def notices(self) -> list[Problem]:
        """What the person should know and need not correct."""
        return [problem for problem in self.problems if problem.is_notice]


def read_values(
    data: bytes, indicators: Sequence[IndicatorRecord], *, year: int | None = None, limits: Limits | None = None
) -> Reading:
    """The values that the file states for these indicators.

    `year` holds for a table that names no year itself. Raises WorkbookRefused for a file that cannot be read at all.
    """
    raise NotImplementedError

"""What reading and writing a workbook need to know of the projects of a plan. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: Places in a year by number, as `projects.models.Quarter` has them: 0 is the whole year.
PERIODS = {0: "全年", 1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


@dataclass(frozen=True, slots=True)
class DeliverableRecord:
    """A promised quantity. `key` is its primary key."""

    key: int
    name: str
    unit: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A key project; `group` is what its column or group is called."""

    code: str
    name: str
    group: str = ""
    deliverables: tuple[DeliverableRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """A status that a project may have: its code and what people call it."""

    code: str
    label: str


def period_in_words(year: int, quarter: int) -> str:
    """A year, or a quarter of it: 2023年, 2023年第二季度."""
    return f"{year}年{PERIODS[quarter] if quarter else ''}"

"""Which indicator a row means. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator as far as a workbook needs to know it. `years` are those that are judged; `parent` is a name."""

    code: str
    name: str
    number: str = ""
    unit: str = ""
    parent: str = ""
    value_type: str = "number"
    years: range = range(0)

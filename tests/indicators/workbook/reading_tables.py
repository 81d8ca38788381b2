"""Tables as offices make them, and what was read of them, for the tests of reading."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.problems import ProblemCode
from indicators.workbook.reading import Reading, values_of
from indicators.workbook.table import Kind, RawCell, SheetTable, Workbook

YEARS = range(2021, 2026)
FOREST, AIR = "森林覆盖率", "细颗粒物(PM2.5)浓度"
INDICATORS = [
    IndicatorRecord("p-1", FOREST, "1", "%", years=YEARS),
    IndicatorRecord("p-2", AIR, "2", "μg/m3", years=YEARS),
    IndicatorRecord("p-3", "一品河水质", "3", "类", value_type="grade", years=YEARS),
    IndicatorRecord("p-4", "自然保护地", "4", value_type="finding", years=YEARS),
    IndicatorRecord("p-5", "造林", "5", "万亩", years=range(2021, 2024)),
]
#: What `stated` gives for the value that most tables state.
ONE = [("D2", "p-1", 2023, Decimal("63.1"))]
Row = Sequence[RawCell]


def table(rows: Sequence[Row], name: str = "表", **known: Any) -> SheetTable:
    """A sheet of rows made equally long."""
    width = max(map(len, rows))
    return SheetTable(name, [[*row, *[""] * (width - len(row))] for row in rows], **known)


def read(rows: Sequence[Row], *, year: int | None = None, **known: Any) -> Reading:
    return values_of(Workbook(Kind.XLSX, [table(rows, **known)]), INDICATORS, year=year)


def stated(reading: Reading) -> list[tuple[str, str, int, object]]:
    return [(value.reference, value.indicator, value.year, value.value or value.finding) for value in reading.values]


def problems(reading: Reading) -> list[tuple[ProblemCode, str]]:
    return [(problem.code, problem.reference) for problem in reading.problems]

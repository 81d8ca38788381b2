"""Reading a plan's own table in tests, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.workbook.plan_row import PlanRow
from indicators.workbook.plan_table import PlanTable, plan_table_of
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Kind, RawCell, SheetTable, Workbook

Row = Sequence[RawCell]
HEADER: Row = ["序号", "指标名称", "2020年现状值", "2025年目标值", "指标属性"]


def table(rows: Sequence[Row], name: str = "表", **known: Any) -> SheetTable:
    """A sheet of rows made equally long."""
    width = max(map(len, rows))
    return SheetTable(name, [[*row, *[""] * (width - len(row))] for row in rows], **known)


def read(rows: Sequence[Row], *, years: tuple[int | None, int | None] = (None, None), **known: Any) -> PlanTable:
    workbook = Workbook(Kind.XLSX, [table(rows, **known)])
    return plan_table_of(workbook, baseline_year=years[0], target_year=years[1])


def problems(found: PlanTable) -> list[tuple[ProblemCode, str]]:
    return [(problem.code, problem.reference) for problem in found.problems]


def family(found: PlanTable) -> list[tuple[str, str]]:
    return [(row.parent, row.name) for row in found.rows]


def nature(row: PlanRow) -> tuple[str, str, str]:
    return (row.direction.code, row.value_type.code, row.measure.code)


def printed(row: PlanRow) -> tuple[object, ...]:
    """What the table prints of an indicator."""
    return (
        row.number,
        row.name,
        row.unit,
        row.baseline_text,
        row.baseline,
        row.wording,
        row.constraint,
        row.constraint_text,
        row.category_label,
    )

"""A plan over its years as a file: an indicator per row, a year per column."""

from __future__ import annotations

from collections.abc import Callable

from indicators.downloads import Export
from indicators.export_cells import verdict_words
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.plan.years import YearsPage, YearsRow


def reader(number: int) -> Callable[[YearsRow], Cell]:
    """Reads the verdict of the year that stands at that place."""

    def read(row: YearsRow) -> Cell:
        verdict = row.verdicts[number]
        return None if verdict is None else verdict_words(verdict)

    return read


def years_export(page: YearsPage) -> Export:
    """The rows as filtered."""
    columns: list[Column[YearsRow]] = [
        Column("指标代码", lambda row: row.indicator.code),
        Column("类别", lambda row: row.indicator.category.name),
        Column("序号", lambda row: row.indicator.number),
        Column("指标", lambda row: row.indicator.name),
        Column("指标属性", lambda row: str(row.indicator.get_constraint_display())),
    ]
    columns += [Column(f"{year}年评价", reader(number)) for number, year in enumerate(page.years)]
    return Export(
        name=[page.plan.title, "历年评价"],
        page=f"{page.plan.title}：历年评价",
        chosen=page.form.chosen,
        has_demonstration=any(
            verdict is not None and verdict.is_demonstration
            for group in page.groups
            for row in group.rows
            for verdict in row.verdicts
        ),
        tables=[ExportTable("历年评价", columns, [row for group in page.groups for row in group.rows])],
    )

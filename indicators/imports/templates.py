"""What a person's template holds: the rows of their sheets, with what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from indicators.core.subject import Value
from indicators.entry.rows import SheetRow
from indicators.entry.sheet import EARLIER_YEARS, Sheet
from indicators.models import ReviewStatus, YearlyValue
from indicators.series import SeriesKey
from indicators.services.judging import plain
from indicators.workbook.template import TemplateContent, TemplateEntry, TemplateGroup, TemplateRow
from regions.models import Department


def template_content(sheets: Sequence[Sheet], department: Department | None) -> TemplateContent:
    """The template of a person for the years of these sheets of one plan, at least one. `department` is None where the
    rows are those of several. Queries nothing."""
    plan = sheets[0].plan
    rows: dict[SeriesKey, list[SheetRow]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            rows.setdefault(row.series, []).append(row)
    first_year = min(sheet.year for sheet in sheets)
    lines = [(same[0].indicator.category, template_row(same, first_year)) for same in rows.values()]
    return TemplateContent(
        plan=plan.slug,
        title=plan.title,
        region=plan.region.name,
        years=tuple(sheet.year for sheet in sheets),
        baseline_year=plan.baseline_year,
        target_year=plan.target_year,
        groups=[
            TemplateGroup(category.label or category.name, [row for _, row in group])
            for category, group in groupby(lines, lambda line: line[0])
        ],
        department=department.name if department else "",
        department_key=department.code if department else "",
    )


def template_row(same: Sequence[SheetRow], first_year: int) -> TemplateRow:
    """The row of one indicator in one place; `same` are its rows in the years of the template."""
    row = same[0]
    indicator = row.indicator
    return TemplateRow(
        code=indicator.code,
        name=indicator.name,
        number=indicator.number,
        parent=indicator.parent.name if indicator.parent else "",
        county=row.region.name if row.is_county else "",
        unit=indicator.unit,
        constraint=indicator.get_constraint_display(),
        baseline=row.baseline,
        target=row.target,
        value_type=indicator.value_type,
        hint=row.basis,
        earlier={
            year: entry
            for year, entry in row.evidence.entries.items()
            if first_year - EARLIER_YEARS <= year < first_year
        },
        entries=[template_entry(each) for each in same],
    )


def template_entry(row: SheetRow) -> TemplateEntry:
    """What is stored for the row's year."""
    record = row.record
    if record is None:
        return TemplateEntry(row.year, is_open=row.is_open, state="" if row.is_open else "由审核人员评定")
    state = record.get_status_display()
    if record.status == ReviewStatus.RETURNED and record.review_comment:
        state = f"{state}：{record.review_comment}"
    return TemplateEntry(row.year, value_of(record), record.source, record.note, state=state, is_open=row.is_open)


def value_of(record: YearlyValue) -> Value:
    """The figure or finding of a stored value."""
    return record.finding if record.value is None else plain(record.value)

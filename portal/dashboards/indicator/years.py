"""The years of an indicator, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from indicators.core.rounding import percentage
from indicators.display import show_value
from indicators.models import Assessment, Indicator, Target, YearlyValue
from indicators.series import SeriesKey
from portal.dashboards.basis import Figures
from portal.dashboards.indicator.files import Files, StoredFile
from portal.dashboards.indicator.series import verdicts_in
from portal.dashboards.indicator.targets import TargetVersion


@dataclass(frozen=True)
class YearRow:
    """A year of the indicator. `entry_url` is empty where the person may not enter the value or the year is to come;
    `files` is the evidence that the person may see."""

    year: int
    value: str
    record: YearlyValue | None
    required: str
    gap: str
    pace: str
    assessment: Assessment | None
    entry_url: str
    annual_target: Target | None
    files: list[StoredFile]


def year_rows(
    indicator: Indicator, targets: list[TargetVersion], files: Files, *, last_entry_year: int
) -> list[YearRow]:
    """One row for each judged year, newest first; entry links up to `last_entry_year`. Queries nothing."""
    region_id = indicator.plan.region_id
    verdicts = verdicts_in(indicator, region_id)
    records = {record.year: record for record in indicator.values.all() if record.region_id == region_id}
    annual = {
        version.target.year: version.target
        for version in targets
        if version.is_current and version.target.region_id == region_id
    }
    rows = []
    for year in reversed(indicator.years):
        record, verdict = records.get(year), verdicts.get(year)
        figures = Figures(verdict, indicator) if verdict else None
        rows.append(
            YearRow(
                year=year,
                value=show_value(indicator, record.value, record.finding) if record else "—",
                record=record,
                required=figures.show(verdict.required) if figures and verdict else "—",
                gap=figures.difference(verdict.gap) if figures and verdict else "—",
                pace=percentage(verdict.pace) if verdict and verdict.pace is not None else "—",
                assessment=verdict,
                entry_url=entry_url(indicator, year) if year <= last_entry_year else "",
                annual_target=annual.get(year) if year != indicator.target_year else None,
                files=files.of_values.get((region_id, year), []),
            )
        )
    return rows


def entry_url(indicator: Indicator, year: int) -> str:
    """The indicator's line on the sheet of the year."""
    sheet = reverse("entry_sheet", args=[indicator.plan.slug, year])
    return f"{sheet}#row-{SeriesKey(indicator.pk, indicator.plan.region_id)}"

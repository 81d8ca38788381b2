"""What tests of county rows do and look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from indicators.entry.sheet import Sheet, build_sheet
from indicators.models import Indicator, Plan, YearlyValue
from indicators.series import SeriesKey
from indicators.services.breakdown import Share, record_breakdown
from indicators.services.recording import record_value
from indicators.services.target_versions import stamp
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Region

NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


def break_down(
    indicator: Indicator, person: User, wordings: Mapping[Region, str], effective_on: date | None = None
) -> None:
    record_breakdown(
        indicator,
        shares={region.pk: Share(wording) for region, wording in wordings.items()},
        document="分解方案",
        effective_on=effective_on,
        seen=stamp(indicator),
        person=person,
        now=NOW,
    )


def key(indicator: Indicator, region: Region | None = None) -> SeriesKey:
    return SeriesKey(indicator.pk, (region or indicator.plan.region).pk)


def sheet_of(plan: Plan, person: User, year: int = 2022) -> Sheet:
    return build_sheet(plan, year, person=person, today=date(2023, 3, 1))


def address(plan: Plan, name: str = "entry_sheet") -> str:
    return reverse(name, args=[plan.slug, 2022])


def form(figures: Mapping[SeriesKey, str], action: str = "draft", **fields: str) -> dict[str, str]:
    """What the sheet posts for rows that had no value."""
    cells = {f"value-{series}": figure for series, figure in figures.items()}
    notes = {f"note-{series}": "" for series in figures}
    return {"action": action, **cells, **notes, **{name.replace("_", "-", 1): text for name, text in fields.items()}}


def ask(client: Client, plan: Plan, series: SeriesKey, cells: Mapping[SeriesKey, str]) -> Any:
    posted = {"row": str(series), **{f"value-{each}": text for each, text in cells.items()}}
    return client.post(address(plan, "entry_check"), posted).json()


def enter(indicator: Indicator, region: Region, person: User, figure: str, *, as_draft: bool = False) -> YearlyValue:
    return record_value(ValueEntry(indicator, region, 2022, Decimal(figure)), person=person, now=NOW, as_draft=as_draft)

"""Dates as spreadsheets keep them: days counted from a first day. Pure: no Django."""

from __future__ import annotations

from datetime import datetime, timedelta

from indicators.workbook.table import RawCell

#: Day 0 of Windows and of old Macintosh files. Cells have no time zone.
FIRST_DAY, FIRST_DAY_MAC = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001


def day_of(figure: float, first_day: datetime) -> RawCell:
    """The date that the figure counts; the figure itself where it counts beyond the calendar."""
    try:
        return first_day + timedelta(days=figure)
    except (OverflowError, ValueError):
        return figure

"""What tests of the pages of statements post and look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from indicators.models import Measure, MeasureReport
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from portal.accounts.models import User

NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
LIST = "/entry/the-plan/2022/measures/"
QUEUE = "/review/the-plan/2022/measures/"


def row(measure: Measure, progress: str = "ongoing", statement: str = "治理12处。", **fields: Any) -> dict[str, Any]:
    """What the list posts for one measure."""
    texts = {"progress": progress, "statement": statement, "reason": "", "revision": "", **fields}
    return {f"{name}-{measure.pk}": text for name, text in texts.items()}


def text(response: Any) -> str:
    return str(response.content.decode())


def stated(measure: Measure, person: User, statement: str = "治理12处。", **options: Any) -> MeasureReport:
    entry = MeasureReportEntry(measure, 2022, progress="ongoing", statement=statement, **options.pop("fields", {}))
    return record_measure_report(entry, person=person, now=NOW, **options)

"""How the projects of a column stand together. Pure: works on rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.figures import show_figure
from indicators.core.rounding import percentage
from indicators.core.verdicts import Severity, Verdict
from portal.dashboards.counts import BAR_WIDTH, Segment
from portal.dashboards.projects.lines import UNREPORTED, DeliverableLine, ProjectLine, percent_of, status_label
from projects.models import ProjectStatus

#: The colour group of each status in a bar; the words stand beside it.
TONES = {
    ProjectStatus.COMPLETED: "met",
    ProjectStatus.OPERATING: "met",
    ProjectStatus.CONSTRUCTION: "good",
    ProjectStatus.PREPARATION: "slow",
    ProjectStatus.RESERVE: "slow",
    ProjectStatus.SUSPENDED: "bad",
    ProjectStatus.CANCELLED: "bad",
}


@dataclass(frozen=True)
class StatusCount:
    """How many of `total` projects have a status."""

    code: str
    label: str
    count: int
    total: int

    @property
    def percent(self) -> str:
        """Their share in whole per cent; with decimals where it would look like all or none of them."""
        return percentage(Decimal(self.count) / self.total, 0, unlike=[Decimal(0), Decimal(1)])


@dataclass(frozen=True)
class ColumnProgress:
    """Statuses in the order of a project's life, verdicts that warn, how many wait for a report, and quantities: how
    many deliverables there are, how many a report states, how many are complete. `total` and `promised` add up
    quantities where the column counts in one unit; empty elsewhere. `demonstrated` projects report made-up progress."""

    statuses: list[StatusCount]
    bar: list[Segment]
    severities: list[tuple[str, int]]
    waiting: int
    deliverables: int
    stated: int
    complete: int
    unit: str
    total: str
    promised: str
    percent: int | None
    problems: int
    demonstrated: int


def column_progress(lines: Sequence[ProjectLine]) -> ColumnProgress:
    """The standing of the projects of one column."""
    counts = Counter(line.status for line in lines)
    found = [(code, counts[code]) for code in [*ProjectStatus.values, UNREPORTED] if counts[code]]
    deliverables = [item for line in lines for item in line.deliverables]
    stated = [item for item in deliverables if item.total is not None]
    unit, total, promised = added_up(deliverables)
    severities = Counter(line.assessment.severity for line in lines if line.assessment)
    return ColumnProgress(
        statuses=[StatusCount(code, status_label(code), count, len(lines)) for code, count in found],
        bar=list(segments(found, len(lines))),
        severities=[(code, severities[code]) for code in (Severity.CRITICAL, Severity.WARNING) if severities[code]],
        waiting=sum(bool(line.assessment and Verdict.checked(line.assessment.verdict).is_waiting) for line in lines),
        deliverables=len(deliverables),
        stated=len(stated),
        complete=sum(item.is_complete for item in deliverables),
        unit=unit,
        total=show_figure(total) if stated and promised else "",
        promised=show_figure(promised) if promised else "",
        percent=percent_of(total, promised) if stated and promised else None,
        problems=sum(len(line.problems) for line in lines),
        demonstrated=sum(bool(line.report and line.report.is_demonstration) for line in lines),
    )


def added_up(deliverables: Sequence[DeliverableLine]) -> tuple[str, Decimal, Decimal]:
    """Unit, delivered and promised quantity of deliverables that all count in one unit, a percentage excepted; nothing
    where there are none or they count in several."""
    units = {item.deliverable.unit for item in deliverables}
    if len(units) != 1 or units & {"", "%"}:
        return "", Decimal(0), Decimal(0)
    total = sum((item.total or Decimal(0) for item in deliverables), Decimal(0))
    return units.pop(), total, sum((item.deliverable.quantity for item in deliverables), Decimal(0))


def segments(counts: Iterable[tuple[str, int]], total: int) -> Iterable[Segment]:
    """The statuses side by side."""
    before = 0
    for code, count in counts:
        start, end = BAR_WIDTH * before // total, BAR_WIDTH * (before + count) // total
        tone = "waiting" if code == UNREPORTED else TONES[ProjectStatus(code)]
        yield Segment(tone, start, end - start)
        before += count

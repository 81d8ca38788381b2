"""The overview on a wall: what of it can be read from four metres. Works on the overview; queries nothing."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.services.round_progress import OverdueDepartment
from portal.dashboards.overview.changes import KIND_WORDS, ChangeGroup, Kind, VerdictChange
from portal.dashboards.overview.page import Overview, PlanCard
from portal.dashboards.overview.pending import PendingPlan
from portal.dashboards.overview.plan_projects import PlanProjects
from portal.dashboards.overview.warning_lines import WarningLine

#: So many lines of a table fit on the wall; of changes, which take two rows each, fewer.
LINES, CHANGES = 8, 6


@dataclass(frozen=True)
class ChangeTile:
    """How many verdicts changed in one way; there are tiles for ways that nothing changed."""

    label: str
    sign: str
    tone: str
    count: int


@dataclass(frozen=True)
class BigScreen:
    """The lines of each panel. An empty list has no panel."""

    warnings: list[WarningLine]
    cards: list[PlanCard]
    changes: list[VerdictChange]
    tiles: list[ChangeTile]
    projects: list[PlanProjects]
    pending: list[PendingPlan]
    overdue: list[OverdueDepartment]


def big_screen(page: Overview) -> BigScreen:
    """What a wall shows of the overview."""
    changes = [change for group in page.changes for change in group.shown]
    return BigScreen(
        warnings=page.warnings[:LINES],
        cards=page.cards[:LINES],
        changes=changes[:CHANGES],
        tiles=change_tiles(page.changes),
        projects=page.projects[:LINES],
        pending=page.pending[:LINES],
        overdue=page.overdue[:LINES],
    )


def change_tiles(groups: list[ChangeGroup]) -> list[ChangeTile]:
    """What got worse and better, always; the other kinds where they occur."""
    counts = {group.kind: group.count for group in groups}
    tones = {Kind.WORSE: "bad", Kind.BETTER: "good", Kind.UNSETTLED: "waiting", Kind.NEW: "waiting"}
    return [
        ChangeTile(*KIND_WORDS[kind], tones[kind], counts.get(kind, 0))
        for kind in (Kind.WORSE, Kind.BETTER, Kind.UNSETTLED, Kind.NEW)
        if kind in (Kind.WORSE, Kind.BETTER) or kind in counts
    ]

"""The page of one measure and year: what it says, whom it binds, what it serves, and every statement so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from indicators.models import Indicator, Measure, MeasureReport, ReportingRound, ReviewStatus
from indicators.permissions import may_review, visible_measure_reports
from indicators.services.round_progress import leading_departments
from regions.models import Department, DutyRole
from regions.permissions import Person

#: No more history records than this are read for a page.
RECORDS_READ = 100
#: What history shows: label, and the text of a record.
SHOWN: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("状态", lambda record: str(record.get_status_display())),
    ("进展", lambda record: str(record.get_progress_display())),
    ("落实情况", lambda record: str(record.statement)),
    ("存在问题", lambda record: str(record.problems)),
    ("下一步安排", lambda record: str(record.next_step)),
)
ACTIONS = {"+": "填报", "~": "修改", "-": "删除"}


@dataclass(frozen=True)
class StatementEvent:
    """One change of the statement: what it says since then, by label; empty for what was cleared."""

    when: datetime
    who: str
    action: str
    changes: list[tuple[str, str]]
    reason: str
    channel: str


@dataclass(frozen=True)
class MeasurePage:
    """What the page shows. `others` are statements of other years that the person may see, newest first."""

    measure: Measure
    year: int
    record: MeasureReport | None
    opened: ReportingRound | None
    is_reviewed: bool
    is_reviewer: bool
    leads: tuple[Department, ...]
    is_implied: bool
    participating: list[Department]
    indicators: list[Indicator]
    others: list[MeasureReport]
    events: list[StatementEvent]

    @property
    def is_locked(self) -> bool:
        """Whether review has approved the statement."""
        return self.is_reviewed and self.record is not None and self.record.status == ReviewStatus.APPROVED

    @property
    def needs_reason(self) -> bool:
        """Whether a correction has to say why."""
        return not self.is_reviewed and self.record is not None and self.record.status == ReviewStatus.APPROVED


def measure_page(measure: Measure, year: int, *, person: Person) -> MeasurePage:
    """Five queries: round, statements, whether the person reviews, indicators, history with authors. Expects the plan
    with its coordinating department and `measure_duties` to be loaded."""
    opened = ReportingRound.objects.filter(plan=measure.plan, year=year).first()
    reports = visible_measure_reports(person).filter(measure=measure).select_related("submitted_by", "approved_by")
    by_year = {report.year: report for report in reports.order_by("-year")}
    return MeasurePage(
        measure=measure,
        year=year,
        record=by_year.pop(year, None),
        opened=opened,
        is_reviewed=measure.plan.review_required or opened is not None,
        is_reviewer=may_review(person, measure.plan),
        leads=leading_departments(measure, measure.plan),
        is_implied=not measure.departments(DutyRole.LEAD),
        participating=[duty.department for duty in measure.departments(DutyRole.PARTICIPATING)],
        indicators=list(measure.indicators.order_by("position", "code")),
        others=list(by_year.values()),
        events=events_of(measure, year),
    )


def events_of(measure: Measure, year: int) -> list[StatementEvent]:
    """The changes of the year's statement, newest first, removed ones included. One query."""
    records = list(
        MeasureReport.history.filter(measure_id=measure.pk, year=year)
        .select_related("history_user")
        .order_by("-history_id")[:RECORDS_READ]
    )
    return [event_of(record, earlier) for record, earlier in pairwise([*records, None])]


def event_of(record: Any, earlier: Any) -> StatementEvent:
    """What a history record says beside the one before it."""
    is_first = earlier is None or earlier.history_type == "-"
    changes = [
        (label, text(record))
        for label, text in SHOWN
        if record.history_type != "-" and (text(record) if is_first else text(record) != text(earlier))
    ]
    return StatementEvent(
        when=record.history_date,
        who=str(record.history_user or "系统"),
        action=ACTIONS[record.history_type],
        changes=changes,
        reason=record.history_change_reason or "",
        channel=record.channel,
    )

"""Who hands in on time: how many of the values, statements and reports that the rounds ask for came by the deadline.

Counted is what departments lead, or coordinate where nobody is named. What comes in is dated by the day on which it was
handed in last (approved, where no review is asked for). Published and demonstration figures were handed in by nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from indicators.models import ReportingRound
from indicators.services.round_progress import OUTSTANDING
from portal.dashboards.departments.due_sources import due_sources, led_by
from regions.models import Department


@dataclass
class Punctuality:
    """What a department handed in by the deadlines, after them (`most_days_late` days at most), has not handed in
    though the day has passed (`most_days_overdue` days ago at most), and still has time for."""

    on_time: int = 0
    late: int = 0
    most_days_late: int = 0
    overdue: int = 0
    most_days_overdue: int = 0
    pending: int = 0

    @property
    def is_asked(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.on_time or self.late or self.overdue or self.pending)

    def add(self, count: int, *, is_outstanding: bool, handed_in: date | None, deadline: date, today: date) -> None:
        """Take in so many things that are due by the same day."""
        if is_outstanding:
            if deadline < today:
                self.overdue += count
                self.most_days_overdue = max(self.most_days_overdue, (today - deadline).days)
            else:
                self.pending += count
        elif handed_in is not None and handed_in > deadline:
            self.late += count
            self.most_days_late = max(self.most_days_late, (handed_in - deadline).days)
        elif handed_in is not None:
            self.on_time += count


def punctuality_of(
    departments: Collection[Department], rounds: QuerySet[ReportingRound], *, today: date
) -> dict[int, Punctuality]:
    """By key of each of the departments what it did by the deadlines of the rounds. One grouped query."""
    counted: list[QuerySet[Any]] = []
    for source in due_sources(rounds):
        days = (
            source.records.order_by().annotate(day=TruncDate(Coalesce("submitted_at", "approved_at"))).values("day")[:1]
        )
        for rows in led_by(source, departments):
            counted.append(
                rows.annotate(deadline_of_round=source.deadline, handed_in=Subquery(days))
                .order_by()
                .values_list("answering", "deadline_of_round", "state", "handed_in")
                .annotate(count=Count("pk"))
            )
    found: defaultdict[int, Punctuality] = defaultdict(Punctuality)
    for department, deadline_of_round, state, handed_in, count in counted[0].union(*counted[1:], all=True):
        found[department].add(
            count,
            is_outstanding=state in OUTSTANDING,
            handed_in=handed_in,
            deadline=deadline_of_round,
            today=today,
        )
    return found

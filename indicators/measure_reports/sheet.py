"""The list of a plan and year: a row for each measure on which the person states what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from django.db.models import Q

from indicators.models import Measure, MeasureProgress, MeasureReport, Plan, ReportingRound, ReviewStatus
from indicators.permissions import answered_measures
from indicators.services.entry_rows import RowErrors
from regions.permissions import Person

#: The state of a measure on which nothing is written yet, beside those of ReviewStatus; the word stands in the address.
MISSING = "missing"
STATE_LABELS = {MISSING: "未填", **dict(ReviewStatus.choices)}


@dataclass(frozen=True)
class TypedStatement:
    """What stands in the fields of a row; `revision` is the one the person saw, None when there was no statement."""

    progress: str = ""
    statement: str = ""
    reason: str = ""
    revision: int | None = None

    @property
    def progress_label(self) -> str:
        """The progress in words; empty for none."""
        return MeasureProgress(self.progress).label if self.progress in MeasureProgress.values else ""


def stated_in(record: MeasureReport | None) -> TypedStatement:
    """A stored statement as its fields show it; empty fields for none. Takes records of the history as well."""
    if record is None:
        return TypedStatement()
    return TypedStatement(record.progress, record.statement, revision=record.revision)


@dataclass
class MeasureRow:
    """A measure with this year's statement and last year's. `refused` is what was typed and not stored, with the
    `errors` by field; under "" what concerns the whole row."""

    measure: Measure
    record: MeasureReport | None
    last: MeasureReport | None
    is_reviewed: bool
    refused: TypedStatement | None = None
    errors: RowErrors = field(default_factory=dict)

    @property
    def typed(self) -> TypedStatement:
        """What its fields show. After a refusal the stored statement is before the person's eyes as well, so its
        revision is the one they saw."""
        stored = stated_in(self.record)
        return replace(self.refused, revision=stored.revision) if self.refused else stored

    @property
    def state(self) -> str:
        """A key of STATE_LABELS."""
        return self.record.status if self.record else MISSING

    @property
    def state_label(self) -> str:
        """The state in words."""
        return STATE_LABELS[self.state]

    @property
    def is_locked(self) -> bool:
        """Whether review has approved the statement."""
        return self.is_reviewed and self.state == ReviewStatus.APPROVED

    @property
    def needs_reason(self) -> bool:
        """Whether a correction has to say why."""
        return not self.is_reviewed and self.state == ReviewStatus.APPROVED

    @property
    def overtaken(self) -> MeasureReport | None:
        """What somebody else stored, where it is not what the person typed."""
        return self.record if self.refused and self.errors.get("") else None


@dataclass(frozen=True)
class Chosen:
    """Which rows the address asks for: a state, a chapter; empty for all."""

    state: str = ""
    chapter: str = ""

    def takes(self, row: MeasureRow) -> bool:
        """Whether the row is asked for; one that was refused stays in sight."""
        if row.errors:
            return True
        return self.state in ("", row.state) and self.chapter in ("", row.measure.chapter)


@dataclass(frozen=True)
class MeasureSheet:
    """The person's measures of a plan in order of the plan. `opened` is the reporting round, None without one."""

    plan: Plan
    year: int
    all_rows: list[MeasureRow]
    is_reviewed: bool
    opened: ReportingRound | None
    today: date
    chosen: Chosen = Chosen()

    progresses = MeasureProgress.choices

    @property
    def rows(self) -> list[MeasureRow]:
        """The rows that the address asks for."""
        return [row for row in self.all_rows if self.chosen.takes(row)]

    @property
    def row_of(self) -> dict[int, MeasureRow]:
        """All rows by key of the measure."""
        return {row.measure.pk: row for row in self.all_rows}

    @property
    def groups(self) -> list[tuple[str, list[MeasureRow]]]:
        """The rows asked for, by chapter."""
        return [(chapter, list(rows)) for chapter, rows in groupby(self.rows, lambda row: row.measure.chapter)]

    @property
    def chapters(self) -> list[str]:
        """The chapters that measures stand in, in order."""
        return [chapter for chapter in dict.fromkeys(row.measure.chapter for row in self.all_rows) if chapter]

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Every state with its label and the number of its measures."""
        counts = Counter(row.state for row in self.all_rows)
        return [(state, label, counts[state]) for state, label in STATE_LABELS.items()]

    @property
    def written_count(self) -> int:
        """Measures with a statement in whatever state."""
        return sum(row.record is not None for row in self.all_rows)

    @property
    def open_count(self) -> int:
        """Rows in sight that the person can type into."""
        return sum(not row.is_locked for row in self.rows)

    @property
    def refused(self) -> list[MeasureRow]:
        """Rows of which nothing was saved."""
        return [row for row in self.all_rows if row.errors]

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, negative when it has passed; None without a round."""
        return (self.opened.deadline - self.today).days if self.opened else None

    @property
    def days_overdue(self) -> int:
        """Days since the deadline; 0 as long as there is time."""
        return max(0, -(self.days_left or 0))


def choose(asked: Mapping[str, str]) -> Chosen:
    """What the address asks for; an unknown state is passed over."""
    state = asked.get("state", "")
    return Chosen(state if state in STATE_LABELS else "", asked.get("chapter", ""))


def build_measure_sheet(
    plan: Plan, year: int, *, person: Person, today: date, chosen: Chosen = Chosen()
) -> MeasureSheet:
    """The list of a person; without rows when the person states nothing on measures of that plan. Three queries: the
    round, measures, statements of this and the last year."""
    opened = ReportingRound.objects.filter(plan=plan, year=year).first()
    is_reviewed = plan.review_required or opened is not None
    measures = list(answered_measures(person).filter(plan=plan).order_by("position", "code"))
    reports = {
        (report.measure_id, report.year): report
        for report in MeasureReport.objects.filter(Q(year=year) | Q(year=year - 1), measure__in=measures)
    }
    rows = []
    for measure in measures:
        measure.plan = plan
        record, last = reports.get((measure.pk, year)), reports.get((measure.pk, year - 1))
        rows.append(MeasureRow(measure, record, last, is_reviewed))
    return MeasureSheet(plan, year, rows, is_reviewed, opened, today, chosen)

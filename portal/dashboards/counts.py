"""Counts of verdicts by constraint type, as a table and as bars. Pure: works on counted rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from indicators.core.codes import Constraint
from indicators.core.roll_up import roll_up
from indicators.core.verdicts import Severity, Verdict
from indicators.models import Assessment
from portal.dashboards.marks import tone_of

#: Width of a bar in the units of its SVG.
BAR_WIDTH = 1000


@dataclass(frozen=True)
class Segment:
    """A part of a bar, in SVG units."""

    tone: str
    start: int
    width: int


@dataclass(frozen=True)
class Bar:
    """All verdicts of one constraint type side by side."""

    label: str
    total: int
    segments: list[Segment]


@dataclass(frozen=True)
class CountRow:
    """How often one verdict occurs, by constraint type in the order of the table's columns."""

    verdict: Verdict
    counts: list[int]
    total: int

    @property
    def tone(self) -> str:
        """The colour group: the row is the legend of the bars."""
        return tone_of(self.verdict)


@dataclass
class VerdictCounts:
    """How many headline indicators have which verdict; `demonstrated` of them rest on figures of demonstration."""

    verdicts: dict[tuple[Constraint, Verdict], int] = field(default_factory=lambda: defaultdict(int))
    severities: dict[Severity, int] = field(default_factory=lambda: defaultdict(int))
    demonstrated: int = 0

    def add(self, constraint: str, verdict: str, severity: str, *, count: int = 1, demonstrated: int = 0) -> None:
        """Take in so many verdicts of one kind. Raises ValueError for an unknown code."""
        self.verdicts[Constraint.checked(constraint), Verdict.checked(verdict)] += count
        self.severities[Severity.checked(severity)] += count
        self.demonstrated += demonstrated

    def take(self, assessment: Assessment) -> None:
        """Take in one verdict; expects its indicator to be loaded."""
        self.add(
            assessment.indicator.constraint,
            assessment.verdict,
            assessment.severity,
            demonstrated=int(assessment.is_demonstration),
        )

    @property
    def total(self) -> int:
        """Number of judged indicators."""
        return sum(self.verdicts.values())

    @property
    def waiting(self) -> int:
        """Number of indicators about which nothing can be said yet."""
        return sum(count for (_, verdict), count in self.verdicts.items() if verdict.is_waiting)

    @property
    def warnings(self) -> int:
        """Number of red and yellow verdicts."""
        return self.red + self.yellow

    @property
    def failing(self) -> int:
        """Number of indicators that are missed or lag behind, slightly included."""
        return sum(count for (_, verdict), count in self.verdicts.items() if verdict.is_failing)

    @property
    def kept(self) -> int:
        """Number of indicators that are met or on track."""
        return sum(self.of(verdict) for verdict in Verdict if verdict.is_met or verdict is Verdict.ON_TRACK)

    @property
    def red(self) -> int:
        """Number of red verdicts."""
        return self.severities.get(Severity.CRITICAL, 0)

    @property
    def yellow(self) -> int:
        """Number of yellow verdicts."""
        return self.severities.get(Severity.WARNING, 0)

    @property
    def constraints(self) -> list[Constraint]:
        """The constraint types that occur, in declared order."""
        return [each for each in Constraint if any(constraint == each for constraint, _ in self.verdicts)]

    @property
    def rows(self) -> list[CountRow]:
        """One row for each verdict that occurs, worst first."""
        return [
            CountRow(
                verdict,
                [self.verdicts.get((constraint, verdict), 0) for constraint in self.constraints],
                self.of(verdict),
            )
            for verdict in Verdict
            if self.of(verdict)
        ]

    @property
    def column_totals(self) -> list[int]:
        """Number of judged indicators by constraint type."""
        return [self.of_constraint(constraint) for constraint in self.constraints]

    @property
    def bars(self) -> list[Bar]:
        """One bar for each constraint type that occurs."""
        return [
            Bar(constraint.label, self.of_constraint(constraint), list(self._segments(constraint)))
            for constraint in self.constraints
        ]

    def of(self, verdict: Verdict) -> int:
        """How often a verdict occurs."""
        return sum(count for (_, each), count in self.verdicts.items() if each == verdict)

    def of_constraint(self, constraint: Constraint) -> int:
        """How many indicators of a constraint type were judged."""
        return sum(count for (each, _), count in self.verdicts.items() if each == constraint)

    def failing_of(self, constraint: Constraint) -> int:
        """How many indicators of a constraint type are missed or lag behind."""
        return sum(
            count for (each, verdict), count in self.verdicts.items() if each == constraint and verdict.is_failing
        )

    def conclusion(self, *, at_target_year: bool) -> str:
        """The roll-up's conclusion; empty before the target year."""
        judged = [(verdict, constraint) for (constraint, verdict), count in self.verdicts.items() for _ in range(count)]
        return roll_up(judged, at_target_year=at_target_year).conclusion

    def _segments(self, constraint: Constraint) -> Iterable[Segment]:
        total, before = self.of_constraint(constraint), 0
        for verdict in Verdict:
            count = self.verdicts.get((constraint, verdict), 0)
            if count:
                start, end = BAR_WIDTH * before // total, BAR_WIDTH * (before + count) // total
                yield Segment(tone_of(verdict), start, end - start)
                before += count


def counts_by_plan(assessments: Iterable[Assessment]) -> dict[int, VerdictCounts]:
    """Verdicts counted by the plan's primary key; expects their indicators to be loaded."""
    found: defaultdict[int, VerdictCounts] = defaultdict(VerdictCounts)
    for each in assessments:
        found[each.indicator.plan_id].take(each)
    return found


def all_together(counts: Iterable[VerdictCounts]) -> VerdictCounts:
    """The sum of several counts."""
    together = VerdictCounts()
    for each in counts:
        for pair, count in each.verdicts.items():
            together.verdicts[pair] += count
        for severity, count in each.severities.items():
            together.severities[severity] += count
        together.demonstrated += each.demonstrated
    return together

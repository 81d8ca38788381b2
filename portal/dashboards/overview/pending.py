"""What still waits for somebody: targets that are not handed down, values that are not filled in, and who owes them.
Works on loaded verdicts; queries nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator, Plan
from indicators.services.round_progress import leading_departments
from regions.models import Department, DutyRole

#: The verdicts that are listed with owners.
PENDING = (Verdict.AWAITING_TARGET, Verdict.AWAITING_VALUE)


@dataclass(frozen=True)
class PendingIndicator:
    """An indicator that waits, and who has to act: its leading departments, else the one that coordinates the plan."""

    assessment: Assessment
    plan: Plan
    departments: tuple[Department, ...]

    @property
    def indicator(self) -> Indicator:
        """The indicator that waits."""
        return self.assessment.indicator

    @property
    def is_coordinated(self) -> bool:
        """Whether the source names no lead, so that the coordinating department has to act."""
        return not self.indicator.departments(DutyRole.LEAD)


@dataclass(frozen=True)
class PendingDepartment:
    """What a department has to settle in a plan."""

    department: Department
    lines: Sequence[PendingIndicator]

    @property
    def targets(self) -> int:
        """How many targets are not handed down."""
        return number_of(self.lines, Verdict.AWAITING_TARGET)

    @property
    def values(self) -> int:
        """How many values are not filled in."""
        return number_of(self.lines, Verdict.AWAITING_VALUE)


@dataclass(frozen=True)
class PendingPlan:
    """What waits in a plan in `year`. An indicator that several departments lead stands with each of them and counts
    once."""

    plan: Plan
    year: int
    lines: Sequence[PendingIndicator]
    departments: Sequence[PendingDepartment]

    @property
    def targets(self) -> int:
        """How many targets are not handed down."""
        return number_of(self.lines, Verdict.AWAITING_TARGET)

    @property
    def values(self) -> int:
        """How many values are not filled in."""
        return number_of(self.lines, Verdict.AWAITING_VALUE)


def number_of(lines: Iterable[PendingIndicator], verdict: Verdict) -> int:
    """How many of the indicators have the verdict."""
    return sum(line.assessment.verdict == verdict for line in lines)


def pending_of(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Those of the verdicts that are listed."""
    return [each for each in assessments if each.verdict in PENDING]


def pending_plans(assessments: Iterable[Assessment], plans: Mapping[int, Plan], year: int) -> list[PendingPlan]:
    """What waits, by plan in the order of `plans` (by primary key) and by department, most first. Expects the duties
    of the indicators and the coordinating departments of the plans to be loaded."""
    found: defaultdict[int, list[PendingIndicator]] = defaultdict(list)
    for each in assessments:
        plan = plans[each.indicator.plan_id]
        found[plan.pk].append(PendingIndicator(each, plan, leading_departments(each.indicator, plan)))
    return [
        PendingPlan(plan, plan.nearest_year(year), found[pk], by_department(found[pk]))
        for pk, plan in plans.items()
        if pk in found
    ]


def by_department(lines: Iterable[PendingIndicator]) -> list[PendingDepartment]:
    """The lines of each department, targets first, the department with most first."""
    found: defaultdict[Department, list[PendingIndicator]] = defaultdict(list)
    for line in lines:
        for department in line.departments:
            found[department].append(line)
    departments = [
        PendingDepartment(department, sorted(owed, key=lambda line: Verdict.checked(line.assessment.verdict).rank))
        for department, owed in found.items()
    ]
    return sorted(departments, key=lambda each: (-len(each.lines), each.department.code))

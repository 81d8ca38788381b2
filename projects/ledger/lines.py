"""A problem as a row: how much time is left, said in words with a symbol beside them. Queries nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from projects.models import ProjectProblem

#: A deadline this near is pointed at.
SOON = timedelta(days=7)


@dataclass(frozen=True)
class TimeLeft:
    """What stands beside a deadline. `tone` is the class of a warning; empty where there is nothing to warn of."""

    symbol: str
    label: str
    tone: str


@dataclass(frozen=True)
class ProblemLine:
    """A problem with the time that is left; `days` is by how many days the deadline has passed, None where it has not
    or the problem is resolved."""

    problem: ProjectProblem
    time: TimeLeft
    days: int | None


def problem_line(problem: ProjectProblem, today: date) -> ProblemLine:
    """The row of a problem as it stands today."""
    over = problem.days_over(today)
    return ProblemLine(problem, time_left(problem, over), over if problem.is_open and over > 0 else None)


def time_left(problem: ProjectProblem, over: int) -> TimeLeft:
    """Red when overdue, yellow when nearly so. A resolved problem says whether it was in time."""
    if problem.resolved_on is not None:
        late = (problem.resolved_on - problem.deadline).days
        return TimeLeft("✓", "已销号" if late <= 0 else f"已销号，逾期 {late} 天", "")
    if over > 0:
        return TimeLeft("■", f"逾期 {over} 天", "critical")
    if over == 0:
        return TimeLeft("▲", "今天到期", "warning")
    return TimeLeft("▲", f"还剩 {-over} 天", "warning") if -over <= SOON.days else TimeLeft("", f"还剩 {-over} 天", "")

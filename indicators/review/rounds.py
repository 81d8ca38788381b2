"""The page of rounds: for each of the person's plans how far its years have come, and who has not filled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from indicators.models import Plan, ReportingRound, ReviewStatus
from indicators.permissions import reviewed_plans
from indicators.review.forms import DeadlineForm
from indicators.services.round_progress import NOT_ENTERED, TO_JUDGE, counts_by_state, outstanding, owed_by_department
from regions.models import Department
from regions.permissions import Person

PLANS_PER_PAGE = 20
PLANS_PER_FILE = 500


@dataclass(frozen=True)
class RoundLine:
    """One round. `owing` are the departments that have not handed in, with their number of values; `form` moves the
    deadline."""

    round: ReportingRound
    counts: Counter[str]
    owing: list[tuple[Department, int]]
    days_left: int
    form: DeadlineForm

    @property
    def total(self) -> int:
        """Values that the round asks for."""
        return self.counts.total()

    @property
    def not_entered(self) -> int:
        """Values that nobody has typed."""
        return self.counts[NOT_ENTERED]

    @property
    def to_judge(self) -> int:
        """Findings that the reviewers have not recorded."""
        return self.counts[TO_JUDGE]

    @property
    def drafts(self) -> int:
        """Values typed and not submitted."""
        return self.counts[ReviewStatus.DRAFT]

    @property
    def submitted(self) -> int:
        """Values that wait for the reviewers."""
        return self.counts[ReviewStatus.SUBMITTED]

    @property
    def returned(self) -> int:
        """Values that wait for correction."""
        return self.counts[ReviewStatus.RETURNED]

    @property
    def approved(self) -> int:
        """Values that count."""
        return self.counts[ReviewStatus.APPROVED]

    @property
    def complete(self) -> bool:
        """Whether every value is approved."""
        return 0 < self.total == self.approved

    @property
    def overdue_days(self) -> int:
        """Days since the deadline where something is still missing; 0 otherwise."""
        return 0 if self.complete else max(0, -self.days_left)


@dataclass(frozen=True)
class PlanRounds:
    """A plan and its rounds, newest year first."""

    plan: Plan
    lines: list[RoundLine]


@dataclass(frozen=True)
class ReviewPage:
    """The plans of one page."""

    plans: list[PlanRounds]
    page: Page[Plan]


def review_page(
    person: Person,
    *,
    today: date,
    page_number: str | None,
    failed: DeadlineForm | None = None,
    as_file: bool = False,
) -> ReviewPage:
    """The person's plans with their rounds. `failed` is a deadline form that was refused, shown in its round; `as_file`
    gives many plans instead of a page's.

    Queries: number of plans, plans; rounds; counts by state (two); what is outstanding (four).
    """
    page = Paginator(reviewed_plans(person), PLANS_PER_FILE if as_file else PLANS_PER_PAGE).get_page(page_number)
    plans = list(page.object_list)
    rounds = ReportingRound.objects.filter(plan__in=[plan.pk for plan in plans])
    listed = list(rounds.order_by("-year"))
    counts = counts_by_state(rounds)
    owing = owed_by_department(outstanding(rounds))
    lines = [
        RoundLine(
            round=each,
            counts=counts.get(each.pk, Counter()),
            owing=owing.get(each.pk, []),
            days_left=(each.deadline - today).days,
            form=failed if failed and failed.opened == each else DeadlineForm(opened=each),
        )
        for each in listed
    ]
    return ReviewPage(
        plans=[PlanRounds(plan, [line for line in lines if line.round.plan_id == plan.pk]) for plan in plans],
        page=page,
    )

"""The overview: how the plans stand, and what needs attention first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from indicators.models import Assessment, Indicator, Origin, Plan
from indicators.services.round_progress import OverdueDepartment, overdue_departments
from portal.dashboards.counts import VerdictCounts, all_together, counts_by_plan
from portal.dashboards.standing import conclusion_sentence, standing_sentence
from portal.dashboards.warning_lines import WarningLine, warning_lines, with_all_of_a_line
from portal.dashboards.years import last_complete_year
from projects.models import ProjectColumn, ProjectProblem

PLANS_PER_PAGE = 20
WARNINGS_SHOWN = 20
#: A file has this many plans, with all their warnings.
PLANS_PER_FILE = 500


@dataclass(frozen=True)
class PlanCard:
    """A plan on the overview. `declared_missing` says how many indicators of the plan's own table are not recorded."""

    plan: Plan
    year: int
    counts: VerdictCounts
    table_count: int
    prose_count: int
    has_columns: bool

    @property
    def declared_missing(self) -> int:
        """Number of indicators that the plan declares beyond those recorded."""
        return max(0, (self.plan.declared_indicator_count or 0) - self.table_count)

    @property
    def conclusion(self) -> str:
        """The plan's conclusion in its target year; empty before."""
        return conclusion_sentence(self.counts, at_target_year=self.year == self.plan.target_year)


@dataclass(frozen=True)
class Overview:
    """What the overview shows.

    `last_known` are older warnings of indicators without a new value, `overdue` the departments that owe values,
    `more_warnings` the plans with red or yellow verdicts beyond those listed; `open_problems` and `overdue_problems`
    are numbers of problems of the plans' key projects.
    """

    sentence: str
    warnings_sentence: str
    cards: list[PlanCard]
    page: Page[Plan]
    warnings: list[WarningLine]
    last_known: list[WarningLine]
    overdue: list[OverdueDepartment]
    more_warnings: list[PlanCard]
    open_problems: int
    overdue_problems: int

    @property
    def has_demonstration(self) -> bool:
        """Whether something that the page says rests on figures of demonstration."""
        return any(card.counts.demonstrated for card in self.cards)


def overview(*, person_id: int | None, today: date, page_number: str | None, as_file: bool = False) -> Overview:
    """The plans of one page and their state in the newest complete year; everything said concerns these plans.

    `as_file` gives many plans and all their warnings instead of what a page has room for.

    Ten queries: number of plans; plans with their region; counts of verdicts; counts of indicators; plans with project
    columns; the worst verdicts; the last known warnings; departments and failing years of both; numbers of problems;
    and up to four for overdue departments.
    """
    year = last_complete_year(today)
    per_page, most_warnings = (PLANS_PER_FILE, None) if as_file else (PLANS_PER_PAGE, WARNINGS_SHOWN)
    page = Paginator(Plan.objects.own_regions_first(person_id), per_page).get_page(page_number)
    plans = list(page.object_list)
    standing = Assessment.objects.standing_in(year).headline().filter(indicator__plan__in=plans)
    counts = counts_by_plan(standing.counts())
    recorded = indicator_counts(plans)
    with_columns = set(
        ProjectColumn.objects.filter(plan__in=plans).order_by().values_list("plan", flat=True).distinct()
    )
    cards = [
        PlanCard(
            plan=plan,
            year=plan.nearest_year(year),
            counts=counts.get(plan.pk, VerdictCounts()),
            table_count=recorded[plan.pk, Origin.TABLE],
            prose_count=recorded[plan.pk, Origin.PROSE],
            has_columns=plan.pk in with_columns,
        )
        for plan in plans
    ]
    warnings = list(with_all_of_a_line(standing.with_warning())[:most_warnings])
    older = Assessment.objects.filter(indicator__plan__in=plans).last_known_before(year).headline().with_warning()
    last_known = list(with_all_of_a_line(older)[:most_warnings])
    lines = warning_lines([*warnings, *last_known])
    problems = ProjectProblem.objects.open().filter(project__group__column__plan__in=plans)
    open_problems = problems.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(deadline__lt=today)))
    together = all_together(card.counts for card in cards)
    return Overview(
        sentence=standing_sentence(together, plans=len(cards)),
        warnings_sentence=warnings_sentence(together, last_known=len(last_known)),
        cards=cards,
        page=page,
        warnings=lines[: len(warnings)],
        last_known=lines[len(warnings) :],
        overdue=overdue_departments(today, plans=Plan.objects.filter(pk__in=[plan.pk for plan in plans])),
        more_warnings=[card for card in cards if card.counts.warnings] if together.warnings > WARNINGS_SHOWN else [],
        open_problems=open_problems["all"],
        overdue_problems=open_problems["overdue"],
    )


def indicator_counts(plans: list[Plan]) -> dict[tuple[int, str], int]:
    """Number of headline indicators by plan and by where the category stands (table or prose). One grouped query."""
    found: defaultdict[tuple[int, str], int] = defaultdict(int)
    rows = (
        Indicator.objects.headline()
        .filter(plan__in=plans)
        .order_by()
        .values_list("plan", "category__origin")
        .annotate(count=Count("pk"))
    )
    for plan, origin, count in rows:
        found[plan, origin] = count
    return found


def warnings_sentence(counts: VerdictCounts, *, last_known: int) -> str:
    """How many red and yellow verdicts there are, and how many older ones nothing new has settled."""
    now = f"红色预警 {counts.red} 项，黄色预警 {counts.yellow} 项" if counts.warnings else "没有红色或黄色预警"
    return f"{now}；另有 {last_known} 项尚无新数值、最近一次评价已经预警。" if last_known else f"{now}。"

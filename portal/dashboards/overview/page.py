"""The overview: whether the plans will be fulfilled, what needs attention first, what changed, and who has to act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from indicators.core.verdicts import Severity, Verdict
from indicators.models import Assessment, Indicator, Origin, Plan, ReportingRound
from indicators.services.round_progress import (
    OverdueDepartment,
    leading_duties,
    outstanding_values,
    overdue_among,
)
from portal.dashboards.counts import VerdictCounts, all_together, counts_by_plan
from portal.dashboards.overview.changes import (
    ChangeGroup,
    Period,
    Since,
    change_groups,
    last_review,
    period_of,
    severity_rank,
    verdict_changes,
)
from portal.dashboards.overview.pending import PENDING, PendingPlan, pending_of, pending_plans
from portal.dashboards.overview.plan_projects import PlanProjects, plan_projects
from portal.dashboards.overview.warning_lines import WarningLine, warning_line, with_all_of_a_line
from portal.dashboards.standing import Answer, answer, conclusion_sentence, waiting_words
from portal.dashboards.years import last_complete_year
from projects.models import ProjectColumn, ProjectProblem

PLANS_PER_PAGE = 20
#: Of the warnings so many are on the page, and so many of these at once; the others can be unfolded.
WARNINGS_SHOWN = 20
WARNINGS_AT_ONCE = 6
#: Of each kind of change so many are on the page at once, and so many more can be unfolded.
CHANGES_AT_ONCE, CHANGES_FOLDED = 5, 40
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

    @property
    def answer(self) -> Answer:
        """Whether this plan will be fulfilled."""
        return answer(self.counts, plans=1)


@dataclass(frozen=True)
class Overview:
    """What the overview shows.

    `warnings` are the most severe verdicts, `last_known` older warnings of indicators without a new value, `overdue`
    the departments that owe values, `pending` what else waits for somebody, `more_warnings` the plans with red or
    yellow verdicts beyond those listed; `changes` are those of `period`.
    """

    answer: Answer
    warnings_sentence: str
    counts: VerdictCounts
    cards: list[PlanCard]
    page: Page[Plan]
    warnings: list[WarningLine]
    last_known: list[WarningLine]
    overdue: list[OverdueDepartment]
    more_warnings: list[PlanCard]
    pending: list[PendingPlan]
    projects: list[PlanProjects]
    period: Period
    changes: list[ChangeGroup]

    @property
    def sentence(self) -> str:
        """Whether the plans will be fulfilled, and why."""
        return self.answer.sentence

    @property
    def warnings_at_once(self) -> list[WarningLine]:
        """The warnings that stand on the page without unfolding."""
        return self.warnings[:WARNINGS_AT_ONCE]

    @property
    def warnings_folded(self) -> list[WarningLine]:
        """The others."""
        return self.warnings[WARNINGS_AT_ONCE:]

    @property
    def is_last_known_worse(self) -> bool:
        """Whether the worst of what was last known is more severe than the worst of the newest year: then it stands
        first."""
        known, now = ([severity_rank(line.assessment) for line in lines] for lines in (self.last_known, self.warnings))
        return bool(known) and (not now or min(known) < min(now))

    @property
    def pending_elsewhere(self) -> str:
        """What waits beside the targets and values that are listed with their owners, in words."""
        return waiting_words(self.counts, without=PENDING)

    @property
    def pending_targets(self) -> int:
        """How many targets of all plans are not handed down."""
        return sum(each.targets for each in self.pending)

    @property
    def pending_values(self) -> int:
        """How many values of all plans are not filled in."""
        return sum(each.values for each in self.pending)

    @property
    def open_problems(self) -> int:
        """Number of problems of the plans' key projects that nobody has solved yet."""
        return sum(each.open_problems for each in self.projects)

    @property
    def overdue_problems(self) -> int:
        """How many of them are overdue."""
        return sum(each.overdue_problems for each in self.projects)

    @property
    def has_demonstration(self) -> bool:
        """Whether something that the page says rests on figures of demonstration."""
        return bool(self.counts.demonstrated) or any(each.demonstrated for each in self.projects)


def overview(
    *,
    person_id: int | None,
    today: date,
    page_number: str | None,
    since: Since = Since.WEEK,
    as_file: bool = False,
) -> Overview:
    """The plans of one page and their state in the newest complete year; everything said concerns these plans.

    `as_file` gives many plans with everything that is listed instead of what a page has room for.

    Nine queries: plans with their numbers; verdicts; warnings; changed verdicts; projects; rounds, due indicators and
    due shares of overdue values (one without rounds); departments.
    """
    year = last_complete_year(today)
    page = page_of_plans(
        with_numbers(Plan.objects.own_regions_first(person_id), today=today, since=since),
        page_number,
        per_page=PLANS_PER_FILE if as_file else PLANS_PER_PAGE,
    )
    plans: dict[int, Any] = {plan.pk: plan for plan in page.object_list}
    standing = list(standing_verdicts(plans, year))
    counts = counts_by_plan(standing)
    cards = [
        PlanCard(
            plan=plan,
            year=plan.nearest_year(year),
            counts=counts.get(plan.pk, VerdictCounts()),
            table_count=plan.table_count,
            prose_count=plan.prose_count,
            has_columns=plan.has_columns,
        )
        for plan in plans.values()
    ]
    together = all_together(card.counts for card in cards)
    worst, older = listed_warnings(standing, plans, year, most=None if as_file else WARNINGS_SHOWN)
    pending = pending_of(standing)
    late = ReportingRound.objects.filter(deadline__lt=today, plan__in=plans)
    owed = outstanding_values(late)
    judged = [each.indicator for each in (*worst, *older, *pending)]
    prefetch_related_objects([*judged, *(each.indicator for each in owed)], leading_duties())
    warnings = [warning_line(each) for each in worst]
    period = period_of(since, today, [plan.last_review for plan in plans.values()])
    return Overview(
        answer=answer(together, plans=len(cards), worst=worst_in_words(warnings)),
        warnings_sentence=warnings_sentence(together, last_known=len(older)),
        counts=together,
        cards=cards,
        page=page,
        warnings=warnings,
        last_known=[warning_line(each) for each in older],
        overdue=overdue_among(owed, today),
        more_warnings=[card for card in cards if card.counts.warnings] if together.warnings > WARNINGS_SHOWN else [],
        pending=pending_plans(pending, plans, year),
        projects=plan_projects(list(plans.values()), year),
        period=period,
        changes=change_groups(
            verdict_changes(plans, year, period.moment),
            shown=None if as_file else CHANGES_AT_ONCE,
            folded=CHANGES_FOLDED,
        ),
    )


def with_numbers(plans: QuerySet[Plan], *, today: date, since: Since) -> QuerySet[Any]:
    """Plans with what the overview says of each beside its verdicts: headline indicators by where the category stands
    (`table_count`, `prose_count`), `has_columns`, `open_problems` and `overdue_problems` of its projects, and the last
    decision on one of its values where changes since then are asked for. `all_plans` is the number of all."""
    indicators = Indicator.objects.headline().filter(plan=OuterRef("pk"))
    problems = ProjectProblem.objects.open().filter(project__group__column__plan=OuterRef("pk"))
    return plans.select_related("region", "coordinating_department").annotate(
        table_count=number_of(indicators.filter(category__origin=Origin.TABLE), "plan"),
        prose_count=number_of(indicators.filter(category__origin=Origin.PROSE), "plan"),
        has_columns=Exists(ProjectColumn.objects.filter(plan=OuterRef("pk"))),
        open_problems=number_of(problems, "project__group__column__plan"),
        overdue_problems=number_of(problems.filter(deadline__lt=today), "project__group__column__plan"),
        last_review=last_review(today) if since is Since.REVIEW else Value(None, output_field=DateTimeField()),
        all_plans=Window(Count("pk")),
    )


def number_of(rows: QuerySet[Any], plan: str) -> Coalesce:
    """How many of the rows belong to the plan of the outer row, which `plan` leads to."""
    counted = rows.order_by().values(plan).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def page_of_plans(plans: QuerySet[Any], number: str | None, *, per_page: int) -> Page[Any]:
    """One page of `with_numbers`. One query, because every plan brings the number of all; three for a number that is
    none or lies beyond the last page, which gives what Django's paginator gives."""
    paginator = Paginator(plans, per_page)
    asked = int(number) if number and number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows = list(plans[(asked - 1) * per_page : asked * per_page]) if asked else []
    if not rows:
        return paginator.get_page(number)
    paginator.count = rows[0].all_plans
    return Page(rows, asked, paginator)


def standing_verdicts(plans: dict[int, Any], year: int) -> QuerySet[Assessment]:
    """The verdicts of headline indicators that stand in `year`, in order of the plans' indicators, without what they
    rest on. One query."""
    lean = [f"indicator__{name}" for name in ("code", "name", "unit", "constraint", "plan_id", "position")]
    return (
        Assessment.objects.standing_in(year)
        .headline()
        .filter(indicator__plan__in=plans)
        .select_related("indicator")
        .only("year", "verdict", "severity", "is_demonstration", *lean)
        .order_by("indicator__plan__slug", "indicator__position", "indicator__code")
    )


def listed_warnings(
    standing: Sequence[Assessment], plans: dict[int, Any], year: int, *, most: int | None
) -> tuple[list[Any], list[Any]]:
    """The red and yellow verdicts among those that stand, most severe first, and the last known ones of indicators
    without a new value; at most so many of each, with all that a line shows. One query."""
    alarming = [each for each in standing if each.severity in (Severity.CRITICAL, Severity.WARNING)]
    worst = sorted(alarming, key=alarm)[:most]
    older = Assessment.objects.filter(indicator__plan__in=plans).last_known_before(year).headline().with_warning()
    wanted = {each.pk for each in worst}
    listed = Assessment.objects.filter(Q(pk__in=wanted) | Q(pk__in=older.values("pk")[:most]))
    lines = sorted(with_all_of_a_line(listed.order_by("indicator__plan__slug", "indicator__position")), key=alarm)
    return [each for each in lines if each.pk in wanted], [each for each in lines if each.pk not in wanted]


def alarm(assessment: Assessment) -> tuple[int, int]:
    """Most severe first, then the worst verdict; what is equal keeps the order of the plans' indicators."""
    return severity_rank(assessment), Verdict.checked(assessment.verdict).rank


def worst_in_words(warnings: Sequence[WarningLine]) -> str:
    """The first of the warnings where its target is missed or lags behind; else nothing."""
    first = next(iter(warnings), None)
    if first is None or not Verdict.checked(first.assessment.verdict).is_failing:
        return ""
    indicator = first.indicator
    return f"{indicator.plan.region}“{indicator.name}”（{first.assessment.get_verdict_display()}）"


def warnings_sentence(counts: VerdictCounts, *, last_known: int) -> str:
    """How many red and yellow verdicts there are, and how many older ones nothing new has settled. Where nothing is
    judged, that nothing is red says nothing."""
    if not counts.total:
        return "还没有评价，因此没有预警。"
    now = f"红色预警 {counts.red} 项，黄色预警 {counts.yellow} 项" if counts.warnings else "没有红色或黄色预警"
    return f"{now}；另有 {last_known} 项尚无新数值、最近一次评价已经预警。" if last_known else f"{now}。"

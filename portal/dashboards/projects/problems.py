"""The ledger of problems (问题台账): problems of all projects, filtered by what the address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from indicators.models import Plan
from portal.dashboards.choices import MOST_CHOICES, Choice, asked_code, asked_row, kept_query, with_chosen
from projects.ledger.lines import ProblemLine, problem_line
from projects.models import ProjectProblem
from projects.models.problem import ProjectProblemQuerySet
from regions.models import Department

PER_PAGE = 50
PER_FILE = 5000

STATES: Mapping[str, str] = {"open": "未销号", "overdue": "已逾期", "resolved": "已销号", "all": "全部"}
DEFAULT_STATE = "open"


@dataclass(frozen=True)
class ProblemsFilter:
    """What the address asks for; without a state the open problems."""

    plan: Plan | None = None
    department: Department | None = None
    state: str = DEFAULT_STATE

    @property
    def stated(self) -> list[tuple[str, str]]:
        """What was chosen, as label and words."""
        pairs = [
            ("规划", self.plan.title if self.plan else ""),
            ("责任单位", f"{self.department.region} {self.department.name}" if self.department else ""),
            ("状态", STATES[self.state]),
        ]
        return [(label, words) for label, words in pairs if words]


@dataclass(frozen=True)
class StateTab:
    """A state with the number of its problems; `query` is the address that shows them."""

    code: str
    label: str
    count: int
    query: str


@dataclass(frozen=True)
class ProblemsPage:
    """What the page shows. `today` is the day on which time is counted."""

    asked: ProblemsFilter
    today: date
    tabs: list[StateTab]
    plans: list[Choice]
    departments: list[Choice]
    lines: list[ProblemLine]
    page: Page[ProjectProblem]
    query: str


def asked_problems(query: QueryDict) -> ProblemsFilter:
    """The filter that the address states. Up to two queries; raises Http404 for what does not exist."""
    return ProblemsFilter(
        plan=asked_row(query, "plan", Plan.objects.select_related("region"), "slug", "规划"),
        department=asked_row(query, "department", Department.objects.select_related("region"), "code", "部门"),
        state=asked_code(query, "state", STATES, "状态") or DEFAULT_STATE,
    )


def problems_page(query: QueryDict, *, today: date, as_file: bool = False) -> ProblemsPage:
    """The problems that the address asks for: open ones by deadline, resolved ones newest first; `as_file` gives many
    at once.

    Queries: up to two for what is asked; counts by state; problems; plans and departments to choose from.
    """
    asked = asked_problems(query)
    found = ProjectProblem.objects.all()
    if asked.plan:
        found = found.filter(project__group__column__plan=asked.plan)
    if asked.department:
        found = found.filter(owner=asked.department)
    page = Paginator(in_state(found, asked.state, today), PER_FILE if as_file else PER_PAGE).get_page(query.get("page"))
    return ProblemsPage(
        asked=asked,
        today=today,
        tabs=state_tabs(found, query, today),
        plans=plan_choices(asked.plan),
        departments=department_choices(asked),
        lines=[problem_line(each, today) for each in page.object_list],
        page=page,
        query=kept_query(query),
    )


def in_state(problems: ProjectProblemQuerySet, state: str, today: date) -> ProjectProblemQuerySet:
    """The problems of a state with all that a row shows, in a total order."""
    rows = problems.select_related("project__group__column__plan__region", "owner__region", "raised_by")
    match state:
        case "resolved":
            return rows.exclude(resolved_on=None).order_by("-resolved_on", "-pk")
        case "overdue":
            return rows.overdue(today).order_by("deadline", "pk")
        case "open":
            return rows.open().order_by("deadline", "pk")
    return rows.order_by("deadline", "pk")


def state_tabs(problems: QuerySet[ProjectProblem], query: QueryDict, today: date) -> list[StateTab]:
    """How many problems there are in each state. One query."""
    is_open = Q(resolved_on=None)
    counts = problems.aggregate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(deadline__lt=today)),
        resolved=Count("pk", filter=~is_open),
        all=Count("pk"),
    )
    tabs = []
    for code, label in STATES.items():
        address = query.copy()
        address["state"] = code
        tabs.append(StateTab(code, label, counts[code], kept_query(address).removesuffix("&")))
    return tabs


def plan_choices(chosen: Plan | None) -> list[Choice]:
    """Plans whose projects have problems. One query."""
    problems = ProjectProblem.objects.filter(project__group__column__plan=OuterRef("pk"))
    plans = Plan.objects.filter(Exists(problems))[:MOST_CHOICES]
    return with_chosen(
        [Choice(plan.slug, plan.title) for plan in plans], Choice(chosen.slug, chosen.title) if chosen else None
    )


def department_choices(asked: ProblemsFilter) -> list[Choice]:
    """Departments that own problems, of the plan where one is chosen. One query."""
    problems = ProjectProblem.objects.filter(owner=OuterRef("pk"))
    if asked.plan:
        problems = problems.filter(project__group__column__plan=asked.plan)
    departments = Department.objects.filter(Exists(problems)).select_related("region")[:MOST_CHOICES]
    return with_chosen(
        [Choice(each.code, f"{each.region} {each.name}") for each in departments],
        Choice(asked.department.code, f"{asked.department.region} {asked.department.name}")
        if asked.department
        else None,
    )

"""The board of departments: whose indicators, projects and measures stand well, and who hands in on time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from indicators.models import MeasureResponsibility, Plan, ReportingRound, Responsibility
from portal.dashboards.choices import LONGEST_TEXT, MOST_CHOICES, Choice, asked_code, asked_row, kept_query
from portal.dashboards.departments.punctuality import Punctuality, punctuality_of
from portal.dashboards.departments.standing import Standing, standings
from portal.dashboards.marks import TONE_MARKS, Mark
from portal.dashboards.years import last_complete_year
from projects.models import ProjectResponsibility
from regions.models import Department, DepartmentAlias, Region

REGIONS_PER_PAGE = 10
REGIONS_PER_FILE = 200

Row = TypeVar("Row", Plan, Region)


@dataclass(frozen=True)
class DepartmentLine:
    """A department of the board."""

    department: Department
    standing: Standing
    punctuality: Punctuality


#: By code how the departments of a region are sorted, in words, and the key; what is equal stays in order of the code.
ORDERS: Mapping[str, str] = {"warnings": "红色预警多的在前", "late": "逾期未交多的在前", "name": "按部门顺序"}
DEFAULT_ORDER = "warnings"
SORT_KEYS: Mapping[str, Callable[[DepartmentLine], tuple[int, ...]]] = {
    "warnings": lambda line: (-line.standing.red, -line.punctuality.overdue, -line.standing.yellow),
    "late": lambda line: (-line.punctuality.overdue, -line.punctuality.late, -line.punctuality.most_days_overdue),
    "name": lambda line: (line.department.pk,),
}


@dataclass(frozen=True)
class RegionDepartments:
    """A region with its departments: those that answer for something, and those that no document gives anything to."""

    region: Region
    lines: list[DepartmentLine]
    without_duties: list[Department]


@dataclass(frozen=True)
class BoardFilter:
    """What the address asks for; empty means all. With a plan only what departments answer for in it is counted."""

    plan: Plan | None = None
    region: Region | None = None
    text: str = ""
    order: str = DEFAULT_ORDER

    @property
    def stated(self) -> list[tuple[str, str]]:
        """What limits the list, as label and words."""
        pairs = [
            ("规划", self.plan.title if self.plan else ""),
            ("地区", self.region.name if self.region else ""),
            ("搜索", self.text),
        ]
        return [(label, words) for label, words in pairs if words]

    def departments(self) -> QuerySet[Department]:
        """The departments asked for. Queries nothing."""
        found = Department.objects.all()
        if self.region:
            found = found.filter(region=self.region)
        if self.plan:
            found = found.filter(answers_in(self.plan))
        if self.text:
            aliases = DepartmentAlias.objects.filter(department=OuterRef("pk"), name__icontains=self.text)
            found = found.filter(Q(name__icontains=self.text) | Exists(aliases))
        return found


def answers_in(plan: Plan) -> Q:
    """The departments that a plan names, and the one that coordinates it."""
    named = OuterRef("pk")
    return (
        Q(pk=plan.coordinating_department_id)
        | Q(Exists(Responsibility.objects.filter(department=named, indicator__plan=plan)))
        | Q(Exists(MeasureResponsibility.objects.filter(department=named, measure__plan=plan)))
        | Q(Exists(ProjectResponsibility.objects.filter(department=named, project__group__column__plan=plan)))
    )


@dataclass(frozen=True)
class DepartmentBoard:
    """What the board shows. Verdicts are those of `year`."""

    asked: BoardFilter
    plans: list[Choice]
    places: list[Choice]
    orders: list[Choice]
    year: int
    regions: list[RegionDepartments]
    page: Page[Region]
    query: str

    @property
    def legend(self) -> list[Mark]:
        """What the symbols mean."""
        return list(TONE_MARKS.values())

    @property
    def lines(self) -> list[DepartmentLine]:
        """All lines that have something to say."""
        return [line for each in self.regions for line in each.lines]

    @property
    def has_demonstration(self) -> bool:
        """Whether a verdict rests on figures of demonstration."""
        return any(line.standing.demonstrated for line in self.lines)

    @property
    def is_asked(self) -> bool:
        """Whether anything was asked for by a reporting round."""
        return any(line.punctuality.is_asked for line in self.lines)


def department_board(query: QueryDict, *, person_id: int | None, today: date, as_file: bool = False) -> DepartmentBoard:
    """Departments by region, the person's own region first; `as_file` gives many regions instead of a page's.

    Nine queries: plans and regions to choose from (another each for one that is not among them); number of regions;
    regions; departments; verdicts of indicators, verdicts of projects, statements on measures; what is due.
    """
    plans = list(Plan.objects.order_by("slug")[:MOST_CHOICES])
    places = list(Region.objects.filter(Exists(Department.objects.filter(region=OuterRef("pk"))))[:MOST_CHOICES])
    asked = BoardFilter(
        plan=chosen_of(plans, Plan.objects.all(), query, "plan", "规划"),
        region=chosen_of(places, Region.objects.all(), query, "region", "地区"),
        text=query.get("q", "").strip()[:LONGEST_TEXT],
        order=asked_code(query, "order", ORDERS, "排序") or DEFAULT_ORDER,
    )
    wanted = Region.objects.with_departments(person_id, asked.departments())
    page = Paginator(wanted, REGIONS_PER_FILE if as_file else REGIONS_PER_PAGE).get_page(query.get("page"))
    regions = list(page.object_list)
    departments = [department for region in regions for department in region.departments.all()]
    year = last_complete_year(today)
    standing = standings(departments, year, asked.plan)
    rounds = ReportingRound.objects.filter(plan=asked.plan) if asked.plan else ReportingRound.objects.all()
    punctuality = punctuality_of(departments, rounds, today=today)
    return DepartmentBoard(
        asked=asked,
        plans=[Choice(each.slug, each.title) for each in plans],
        places=[Choice(each.slug, each.name) for each in places],
        orders=[Choice(code, words) for code, words in ORDERS.items()],
        year=year,
        regions=[region_departments(region, standing, punctuality, asked.order) for region in regions],
        page=page,
        query=kept_query(query),
    )


def chosen_of(choices: list[Row], rows: QuerySet[Row], query: QueryDict, name: str, noun: str) -> Row | None:
    """Of the choices the one that the address names by its slug; one of `rows` that is not among them is added. A query
    for the latter only. Raises Http404."""
    asked = query.get(name, "").strip()
    found = next((row for row in choices if row.slug == asked), None)
    if found is None:
        found = asked_row(query, name, rows, "slug", noun)
        choices.extend([found] if found else [])
    return found


def region_departments(
    region: Region, standing: Mapping[int, Standing], punctuality: Mapping[int, Punctuality], order: str
) -> RegionDepartments:
    """The departments of a region, which must be prefetched, in the order asked for."""
    lines = [
        DepartmentLine(each, standing.get(each.pk, Standing()), punctuality.get(each.pk, Punctuality()))
        for each in region.departments.all()
    ]
    return RegionDepartments(
        region,
        lines=sorted((line for line in lines if line.standing.counts.total), key=SORT_KEYS[order]),
        without_duties=[line.department for line in lines if not line.standing.counts.total],
    )

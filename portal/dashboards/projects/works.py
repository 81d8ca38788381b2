"""The list of works: the key projects of all plans, filtered by what the address says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, QueryDict

from indicators.core.verdicts import Severity, Verdict
from indicators.display import SEVERITY_WORDS
from indicators.models import Plan
from portal.dashboards.choices import (
    LONGEST_TEXT,
    MOST_CHOICES,
    Choice,
    asked_code,
    asked_row,
    kept_query,
    with_chosen,
)
from portal.dashboards.projects.lines import UNREPORTED, UNREPORTED_LABEL, ProjectLine, for_lines, project_line
from portal.dashboards.years import last_complete_year
from projects.models import (
    Deliverable,
    KeyProject,
    ProgressReport,
    ProjectAssessment,
    ProjectColumn,
    ProjectKind,
    ProjectResponsibility,
    ProjectStatus,
)
from projects.permissions import answered_by
from regions.models import Department, Region

PER_PAGE = 50
PER_FILE = 5000

STATUSES: Mapping[str, str] = {**dict(ProjectStatus.choices), UNREPORTED: UNREPORTED_LABEL}
KINDS: Mapping[str, str] = dict(ProjectKind.choices)
#: Verdicts, and what sums them up: a severity, or that nothing was promised that could be judged.
WARNINGS = {Severity.CRITICAL: "red", Severity.WARNING: "yellow"}
NOT_JUDGED = "none"
VERDICTS: Mapping[str, str] = {
    **{code: SEVERITY_WORDS[severity] for severity, code in WARNINGS.items()},
    **dict(Verdict.choices()),
    NOT_JUDGED: "没有可评价的建设内容",
}


@dataclass(frozen=True)
class WorksFilter:
    """What the address asks for; empty means all. `year` shows reports up to its end and the verdicts of that year;
    without it the newest reports and the verdicts of the newest complete year."""

    plan: Plan | None = None
    column: ProjectColumn | None = None
    department: Department | None = None
    place: Region | None = None
    status: str = ""
    kind: str = ""
    verdict: str = ""
    year: int | None = None
    text: str = ""

    @property
    def stated(self) -> list[tuple[str, str]]:
        """What was chosen, as label and words."""
        pairs = [
            ("规划", self.plan.title if self.plan else ""),
            ("专栏", self.column_in_words),
            ("责任部门", f"{self.department.region} {self.department.name}" if self.department else ""),
            ("地区", f"{self.place.name}（含下级）" if self.place else ""),
            ("项目状态", STATUSES.get(self.status, "")),
            ("类型", KINDS.get(self.kind, "")),
            ("评价", VERDICTS.get(self.verdict, "")),
            ("年度", f"{self.year} 年" if self.year else ""),
            ("搜索", self.text),
        ]
        return [(label, words) for label, words in pairs if words]

    @property
    def column_in_words(self) -> str:
        """The column with its plan where that is not chosen too; empty without one."""
        if self.column is None:
            return ""
        return str(self.column) if self.column.plan == self.plan else f"{self.column.plan.title} {self.column}"


@dataclass(frozen=True)
class WorksChoices:
    """What the select boxes offer. Columns and departments are offered within a plan: of all plans they would be too
    many."""

    plans: list[Choice]
    columns: list[Choice]
    departments: list[Choice]
    places: list[Choice]
    statuses: list[Choice]
    kinds: list[Choice]
    verdicts: list[Choice]
    years: list[Choice]


@dataclass(frozen=True)
class WorksPage:
    """What the page shows. Verdicts are those of `year`."""

    asked: WorksFilter
    choices: WorksChoices
    year: int
    lines: list[ProjectLine]
    page: Page[KeyProject]
    query: str

    @property
    def column_code(self) -> str:
        """The code of the chosen column; empty without one."""
        return column_code(self.asked.column) if self.asked.column else ""


def asked_works(query: QueryDict) -> WorksFilter:
    """The filter that the address states. Up to four queries; raises Http404 for what does not exist."""
    return WorksFilter(
        plan=asked_row(query, "plan", Plan.objects.select_related("region"), "slug", "规划"),
        column=asked_column(query.get("column", "").strip()),
        department=asked_row(query, "department", Department.objects.select_related("region"), "code", "部门"),
        place=asked_row(query, "place", Region.objects.all(), "slug", "地区"),
        status=asked_code(query, "status", STATUSES, "项目状态"),
        kind=asked_code(query, "kind", KINDS, "类型"),
        verdict=asked_code(query, "verdict", VERDICTS, "评价"),
        year=asked_year(query.get("year", "").strip()),
        text=query.get("q", "").strip()[:LONGEST_TEXT],
    )


def column_code(column: ProjectColumn) -> str:
    """What an address calls a column whose plan is loaded: bazhong-2."""
    return f"{column.plan.slug}-{column.number}"


def asked_column(code: str) -> ProjectColumn | None:
    """The column of that code; None for the empty one. One query at most; raises Http404."""
    slug, _, number = code.rpartition("-")
    columns = ProjectColumn.objects.select_related("plan")
    known = len(number) < 5 and number.isascii() and number.isdigit()
    found = columns.filter(plan__slug=slug, number=number).first() if known else None
    if code and found is None:
        raise Http404(f"没有“{code[:LONGEST_TEXT]}”这个专栏。请在列表上方重新选择。")
    return found


def asked_year(text: str) -> int | None:
    """A year of four digits; None where none is asked for. Raises Http404 for anything else."""
    if not text:
        return None
    if len(text) != 4 or not (text.isascii() and text.isdigit()):
        raise Http404(f"“{text[:LONGEST_TEXT]}”不是年度。请在列表上方重新选择。")
    return int(text)


def works_page(query: QueryDict, *, person_id: int | None, today: date, as_file: bool = False) -> WorksPage:
    """The projects that the address asks for, in the order of plans and columns; `as_file` gives many at once.

    Queries: up to four for what is asked; number of projects; the eight of `for_lines`; up to four for choices.
    """
    asked = asked_works(query)
    year = asked.year or last_complete_year(today)
    per_page = PER_FILE if as_file else PER_PAGE
    page = Paginator(works(asked, year), per_page).get_page(query.get("page"))
    return WorksPage(
        asked=asked,
        choices=choices_for(asked, person_id=person_id),
        year=year,
        lines=[project_line(project) for project in page.object_list],
        page=page,
        query=kept_query(query),
    )


def works(asked: WorksFilter, year: int) -> QuerySet[KeyProject]:
    """The projects with all that a row shows, in a total order."""
    projects = KeyProject.objects.select_related(
        "group__column__plan__region", "group__column__plan__coordinating_department"
    ).order_by("group__column__plan__slug", "group__column__number", "group__position", "position", "pk")
    if asked.plan:
        projects = projects.filter(group__column__plan=asked.plan)
    if asked.column:
        projects = projects.filter(group__column=asked.column)
    if asked.department:
        projects = projects.filter(answered_by(asked.department))
    if asked.place:
        projects = projects.filter(located_in(asked.place))
    if asked.kind:
        projects = projects.filter(kind=asked.kind)
    if asked.status:
        projects = projects.filter(has_status(asked.status, until=asked.year))
    if asked.verdict:
        projects = projects.filter(has_verdict(asked.verdict, year))
    if asked.text:
        projects = projects.alias(companies_text=Cast("companies", TextField())).filter(says(asked.text))
    return for_lines(projects, year, until=asked.year)


def located_in(place: Region) -> Q:
    """Projects in the place or below it. A project whose place the source does not state lies in the plan's region."""
    places = Region.objects.within(place)
    stated = KeyProject.places.through.objects.filter(keyproject=OuterRef("pk"))
    inside = Exists(stated.filter(region__in=places))
    return Q(inside) | (~Q(Exists(stated)) & Q(group__column__plan__region__in=places))


def has_status(status: str, *, until: int | None) -> Q:
    """Projects whose last report states the status; UNREPORTED: those without any."""
    reports = ProgressReport.objects.newest(until=until).filter(project=OuterRef("pk"))
    if status == UNREPORTED:
        return ~Q(Exists(reports))
    return Q(Exists(reports.filter(project_status=status)))


def has_verdict(code: str, year: int) -> Q:
    """Projects whose standing verdict is the one of that code, or has its severity; NOT_JUDGED: those without one."""
    verdicts = ProjectAssessment.objects.standing_in(year).filter(project=OuterRef("pk"))
    if code == NOT_JUDGED:
        return ~Q(Exists(verdicts))
    severities = [severity for severity, each in WARNINGS.items() if each == code]
    if severities:
        return Q(Exists(verdicts.filter(severity__in=severities)))
    return Q(Exists(verdicts.filter(verdict=code)))


def says(text: str) -> Q:
    """Projects that name the text: themselves, their code, place, companies, group or what they build."""
    # SQLite keeps JSON as written, with escapes for Chinese; PostgreSQL keeps the characters.
    escaped = json.dumps(text)[1:-1]
    own = Q(name__icontains=text) | Q(code__icontains=text) | Q(summary__icontains=text) | Q(location__icontains=text)
    companies = Q(companies_text__icontains=text) | Q(companies_text__icontains=escaped)
    built = Deliverable.objects.filter(project=OuterRef("pk")).filter(
        Q(name__icontains=text) | Q(wording__icontains=text)
    )
    return own | companies | Q(group__title__icontains=text) | Q(Exists(built))


def choices_for(asked: WorksFilter, *, person_id: int | None) -> WorksChoices:
    """What the select boxes offer. Queries: plans with columns, places; columns and departments of the chosen plan."""
    plans = Plan.objects.own_regions_first(person_id).filter(Exists(ProjectColumn.objects.filter(plan=OuterRef("pk"))))[
        :MOST_CHOICES
    ]
    listed = list(plans)
    years = [asked.plan] if asked.plan else listed
    span = [year for plan in years for year in plan.years]
    columns = asked.plan.project_columns.select_related("plan") if asked.plan else ProjectColumn.objects.none()
    departments = departments_of_plan(asked.plan) if asked.plan else Department.objects.none()
    chosen_plan = Choice(asked.plan.slug, asked.plan.title) if asked.plan else None
    chosen_column = Choice(column_code(asked.column), asked.column_in_words) if asked.column else None
    chosen_department = Choice(asked.department.code, asked.department.name) if asked.department else None
    chosen_place = Choice(asked.place.slug, asked.place.name) if asked.place else None
    return WorksChoices(
        plans=with_chosen([Choice(plan.slug, plan.title) for plan in listed], chosen_plan),
        columns=with_chosen([Choice(column_code(each), str(each)) for each in columns], chosen_column),
        departments=with_chosen([Choice(each.code, each.name) for each in departments], chosen_department),
        places=with_chosen([Choice(each.slug, each.name) for each in places_of(asked.plan)], chosen_place),
        statuses=[Choice(code, label) for code, label in STATUSES.items()],
        kinds=[Choice(code, label) for code, label in KINDS.items()],
        verdicts=[Choice(code, label) for code, label in VERDICTS.items()],
        years=[Choice(str(year), f"{year} 年") for year in sorted({*span, *([asked.year] if asked.year else [])})],
    )


def departments_of_plan(plan: Plan) -> QuerySet[Department]:
    """Departments that answer for projects of the plan, its coordinating department included."""
    duties = ProjectResponsibility.objects.filter(department=OuterRef("pk"), project__group__column__plan=plan)
    return Department.objects.filter(Q(Exists(duties)) | Q(pk=plan.coordinating_department_id))[:MOST_CHOICES]


def places_of(plan: Plan | None) -> QuerySet[Region]:
    """Places of projects: of the plan, else of all plans, the regions of plans with columns included."""
    places = KeyProject.places.through.objects.filter(region=OuterRef("pk"))
    columns = ProjectColumn.objects.filter(plan__region=OuterRef("pk"))
    if plan is not None:
        places = places.filter(keyproject__group__column__plan=plan)
        columns = columns.filter(plan=plan)
    return Region.objects.filter(Q(Exists(places)) | Q(Exists(columns)))[:MOST_CHOICES]

"""The list of departments, and the page of one: what it leads and shares, and what needs its attention."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from indicators.models import Indicator, MeasureResponsibility, Plan, Responsibility
from portal.dashboards.department_attention import Due, RedIndicator, dues_of, reds_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from projects.models import ProjectResponsibility
from regions.models import Department, DutyRole, Region
from regions.permissions import Person

REGIONS_PER_PAGE = 10
REGIONS_PER_FILE = 200


@dataclass
class DutyCounts:
    """How much a department answers for. `coordinating` are indicators it leads because the source names no lead."""

    leading: int = 0
    coordinating: int = 0
    participating: int = 0
    measures: int = 0
    projects: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return self.leading + self.coordinating + self.participating + self.measures + self.projects


@dataclass(frozen=True)
class DepartmentLine:
    """A department in the list."""

    department: Department
    counts: DutyCounts


@dataclass(frozen=True)
class RegionDepartments:
    """A region with its departments: those that answer for something, and those that no document gives anything to."""

    region: Region
    lines: list[DepartmentLine]
    without_duties: list[Department]


@dataclass(frozen=True)
class DepartmentList:
    """What the list shows."""

    regions: list[RegionDepartments]
    page: Page[Region]


@dataclass(frozen=True)
class IndicatorGroup:
    """Indicators for which a department answers in the same way; `count` leaves out components."""

    key: str
    heading: str
    rows: list[IndicatorRow]

    @property
    def count(self) -> int:
        """Rows without components."""
        return headline_count(self.rows)


@dataclass
class PlanDuties:
    """What a department answers for in one plan, judged in `year`; measures by chapter, projects by column."""

    plan: Plan
    year: int
    leading: list[IndicatorRow] = field(default_factory=list)
    coordinating: list[IndicatorRow] = field(default_factory=list)
    participating: list[IndicatorRow] = field(default_factory=list)
    measures: dict[str, list[MeasureResponsibility]] = field(default_factory=dict)
    projects: dict[str, list[ProjectResponsibility]] = field(default_factory=dict)

    @property
    def counts(self) -> DutyCounts:
        """How much that is; components are counted through their parent."""
        return DutyCounts(
            leading=headline_count(self.leading),
            coordinating=headline_count(self.coordinating),
            participating=headline_count(self.participating),
            measures=sum(map(len, self.measures.values())),
            projects=sum(map(len, self.projects.values())),
        )

    @property
    def indicator_groups(self) -> list[IndicatorGroup]:
        """The groups that have rows."""
        groups = [
            IndicatorGroup("leading", "牵头的指标", self.leading),
            IndicatorGroup("coordinating", "统筹的指标", self.coordinating),
            IndicatorGroup("participating", "参与负责的指标", self.participating),
        ]
        return [group for group in groups if group.rows]


@dataclass(frozen=True)
class DepartmentPage:
    """What the page of a department shows."""

    department: Department
    year: int
    counts: DutyCounts
    plans: list[PlanDuties]
    dues: list[Due]
    reds: list[RedIndicator]

    @property
    def overdue(self) -> list[Due]:
        """What should have been handed in."""
        return [due for due in self.dues if due.is_overdue]

    @property
    def upcoming(self) -> list[Due]:
        """What is to be handed in and not late yet."""
        return [due for due in self.dues if not due.is_overdue]


def department_list(*, person_id: int | None, page_number: str | None, as_file: bool = False) -> DepartmentList:
    """Departments by region, the person's own region first; `as_file` gives many regions instead of a page's.

    Seven queries: number of regions; regions; departments; duties for indicators, measures and projects; coordinated
    indicators.
    """
    per_page = REGIONS_PER_FILE if as_file else REGIONS_PER_PAGE
    page = Paginator(Region.objects.with_departments(person_id), per_page).get_page(page_number)
    regions = list(page.object_list)
    departments = [department for region in regions for department in region.departments.all()]
    counts = duty_counts(departments)
    return DepartmentList(
        regions=[region_departments(region, counts) for region in regions],
        page=page,
    )


def region_departments(region: Region, counts: dict[int, DutyCounts]) -> RegionDepartments:
    """The departments of a region, which must be prefetched, with their counts."""
    lines = [DepartmentLine(each, counts.get(each.pk, DutyCounts())) for each in region.departments.all()]
    return RegionDepartments(
        region,
        lines=[line for line in lines if line.counts.total],
        without_duties=[line.department for line in lines if not line.counts.total],
    )


def duty_counts(departments: list[Department]) -> dict[int, DutyCounts]:
    """How much each department answers for. Four grouped queries."""
    found: defaultdict[int, DutyCounts] = defaultdict(DutyCounts)
    headline = Responsibility.objects.filter(indicator__parent=None)
    for (department, role), count in by_department_and_role(not_coordinated(headline), departments).items():
        if role == DutyRole.LEAD:
            found[department].leading = count
        else:
            found[department].participating = count
    for (department, _), count in by_department_and_role(MeasureResponsibility.objects.all(), departments).items():
        found[department].measures += count
    for (department, _), count in by_department_and_role(ProjectResponsibility.objects.all(), departments).items():
        found[department].projects += count
    coordinated = (
        without_lead(Indicator.objects.headline())
        .filter(plan__coordinating_department__in=departments)
        .order_by()
        .values_list("plan__coordinating_department")
        .annotate(count=Count("pk"))
    )
    for department, count in coordinated:
        found[department].coordinating = count
    return found


def by_department_and_role(duties: QuerySet[Any], departments: list[Department]) -> dict[tuple[int, str], int]:
    """Number of duties by department and role. One grouped query."""
    rows = (
        duties.filter(department__in=departments)
        .order_by()
        .values_list("department", "role")
        .annotate(count=Count("pk"))
    )
    return {(department, role): count for department, role, count in rows}


def not_coordinated(duties: QuerySet[Responsibility]) -> QuerySet[Responsibility]:
    """Without shares in indicators that the same department coordinates: those count as coordinated."""
    leads = Responsibility.objects.filter(indicator=OuterRef("indicator"), role=DutyRole.LEAD)
    return duties.exclude(~Exists(leads), indicator__plan__coordinating_department=F("department"))


def without_lead(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators for which the source names no lead; the coordinating department leads them."""
    leads = Responsibility.objects.filter(indicator=OuterRef("pk"), role=DutyRole.LEAD)
    return indicators.filter(~Exists(leads))


def department_page(department: Department, year: int, *, person: Person, today: date) -> DepartmentPage:
    """Everything a department answers for, by plan, and what needs its attention.

    Queries: the nine of `plan_duties`, those of `dues_of`, one of `reds_of`.
    """
    plans = plan_duties(department, year)
    led = [duties.plan for duties in plans if duties.leading or duties.coordinating]
    rows = [row for duties in plans for group in duties.indicator_groups for row in group.rows]
    return DepartmentPage(
        department=department,
        year=year,
        counts=total_counts(plans),
        plans=plans,
        dues=dues_of(department, led, person=person, today=today),
        reds=reds_of([(row.indicator, row.assessment) for row in rows], year),
    )


def plan_duties(department: Department, year: int) -> list[PlanDuties]:
    """What a department answers for, by plan.

    Nine queries: the six of `indicators_for_rows`, measures, projects and what these are to deliver. `year` is held
    within the years of each plan.
    """
    plans: dict[int, PlanDuties] = {}

    def duties_in(plan: Plan) -> PlanDuties:
        return plans.setdefault(plan.pk, PlanDuties(plan, plan.nearest_year(year)))

    named = Responsibility.objects.filter(indicator=OuterRef("pk"), department=department)
    coordinated = without_lead(Indicator.objects.filter(plan__coordinating_department=department))
    indicators = Indicator.objects.filter(Q(Exists(named)) | Q(pk__in=coordinated.values("pk")))
    footnotes = Footnotes()
    for indicator in indicators_for_rows(indicators, year):
        duties = duties_in(indicator.plan)
        row = build_row(indicator, duties.year, footnotes)
        if department in row.duties.leads:
            duties.leading.append(row)
        elif row.duties.coordinating == department:
            duties.coordinating.append(row)
        else:
            duties.participating.append(row)
    for measure_duty in measure_duties(department):
        measure = measure_duty.measure
        duties_in(measure.plan).measures.setdefault(measure.chapter, []).append(measure_duty)
    for project_duty in project_duties(department):
        column = project_duty.project.group.column
        duties_in(column.plan).projects.setdefault(str(column), []).append(project_duty)
    return sorted(plans.values(), key=lambda duties: duties.plan.slug)


def measure_duties(department: Department) -> QuerySet[MeasureResponsibility]:
    """The department's measures in the order of the plan. One query."""
    return (
        MeasureResponsibility.objects.filter(department=department)
        .select_related("measure__plan")
        .order_by("measure__plan__slug", "measure__position")
    )


def project_duties(department: Department) -> QuerySet[ProjectResponsibility]:
    """The department's projects in the order of the columns, with what they are to deliver. Two queries."""
    return (
        ProjectResponsibility.objects.filter(department=department)
        .select_related("project__group__column__plan")
        .prefetch_related("project__deliverables")
        .order_by("project__group__column__number", "project__group__position", "project__position")
    )


def headline_count(rows: list[IndicatorRow]) -> int:
    """Rows without components."""
    return sum(not row.is_component for row in rows)


def total_counts(plans: list[PlanDuties]) -> DutyCounts:
    """The counts of all plans together."""
    total: Counter[str] = Counter()
    for duties in plans:
        total.update(vars(duties.counts))
    return DutyCounts(**total)

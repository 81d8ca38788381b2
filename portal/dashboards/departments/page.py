"""The page of a department: what it leads and shares, and what needs its attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from indicators.models import Indicator, Measure, MeasureResponsibility, Plan, Responsibility
from portal.dashboards.departments.attention import Due, RedIndicator, dues_of, reds_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from projects.models import KeyProject, ProjectResponsibility
from projects.services.due import IN_COLUMN_ORDER
from regions.models import Department, DutyRole
from regions.permissions import Person

Owner = TypeVar("Owner", Measure, KeyProject)

#: The part of a department that coordinates the plan where nobody is named as lead.
COORDINATING_LABEL = "统筹"


@dataclass
class DutyCounts:
    """How much a department answers for. `coordinating` are indicators it leads because the source names no lead, as
    are `coordinated_measures` of the `measures` and `coordinated_projects` of the `projects`."""

    leading: int = 0
    coordinating: int = 0
    participating: int = 0
    measures: int = 0
    coordinated_measures: int = 0
    projects: int = 0
    coordinated_projects: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return self.indicators + self.measures + self.projects

    @property
    def has_coordinated(self) -> bool:
        """Whether the department answers for anything because nobody is named as lead."""
        return bool(self.coordinating or self.coordinated_measures or self.coordinated_projects)

    @property
    def indicators(self) -> int:
        """Indicators of every part."""
        return self.leading + self.coordinating + self.participating


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


@dataclass(frozen=True)
class Duty(Generic[Owner]):
    """A measure or project (`owner`) for which a department answers. `part` is 牵头, 统筹 or 责任; `basis` says where
    the department is named, if elsewhere."""

    owner: Owner
    part: str
    basis: str

    @property
    def is_shared(self) -> bool:
        """Whether somebody else leads."""
        return self.part == DutyRole.PARTICIPATING.label


@dataclass
class PlanDuties:
    """What a department answers for in one plan, judged in `year`; measures by chapter, projects by column."""

    plan: Plan
    year: int
    leading: list[IndicatorRow] = field(default_factory=list)
    coordinating: list[IndicatorRow] = field(default_factory=list)
    participating: list[IndicatorRow] = field(default_factory=list)
    measures: dict[str, list[Duty[Measure]]] = field(default_factory=dict)
    projects: dict[str, list[Duty[KeyProject]]] = field(default_factory=dict)

    @property
    def counts(self) -> DutyCounts:
        """How much that is; components are counted through their parent."""
        return DutyCounts(
            leading=headline_count(self.leading),
            coordinating=headline_count(self.coordinating),
            participating=headline_count(self.participating),
            measures=sum(map(len, self.measures.values())),
            coordinated_measures=coordinated_count(self.measures),
            projects=sum(map(len, self.projects.values())),
            coordinated_projects=coordinated_count(self.projects),
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
    def shared_reds(self) -> int:
        """How many of the red indicators others lead, so that they count as theirs elsewhere."""
        return sum(red.is_shared for red in self.reds)

    @property
    def overdue(self) -> list[Due]:
        """What should have been handed in."""
        return [due for due in self.dues if due.is_overdue]

    @property
    def upcoming(self) -> list[Due]:
        """What is to be handed in and not late yet."""
        return [due for due in self.dues if not due.is_overdue]


def without_lead(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators for which the source names no lead; the coordinating department leads them."""
    leads = Responsibility.objects.filter(indicator=OuterRef("pk"), role=DutyRole.LEAD)
    return indicators.filter(~Exists(leads))


def department_page(department: Department, year: int, *, person: Person, today: date) -> DepartmentPage:
    """Everything a department answers for, by plan, and what needs its attention.

    Queries: the nine of `plan_duties`, those of `dues_of`, one of `reds_of`.
    """
    plans = plan_duties(department, year)
    rows = [row for duties in plans for group in duties.indicator_groups for row in group.rows]
    return DepartmentPage(
        department=department,
        year=year,
        counts=total_counts(plans),
        plans=plans,
        dues=dues_of(department, [duties.plan for duties in plans], person=person, today=today),
        reds=reds_of(
            [(row.indicator, row.assessment) for row in rows],
            year,
            shared={row.indicator.pk for duties in plans for row in duties.participating},
        ),
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
        measure = measure_duty.owner
        duties_in(measure.plan).measures.setdefault(measure.chapter, []).append(measure_duty)
    for project_duty in project_duties(department):
        column = project_duty.owner.group.column
        duties_in(column.plan).projects.setdefault(str(column), []).append(project_duty)
    return sorted(plans.values(), key=lambda duties: duties.plan.slug)


def measure_duties(department: Department) -> list[Duty[Measure]]:
    """The measures that the department leads, coordinates or shares, in the order of the plan. One query."""
    named = MeasureResponsibility.objects.filter(measure=OuterRef("pk"))
    measures = answered_by(Measure.objects.all(), named, department, "plan")
    return duties_of(measures.select_related("plan").order_by("plan__slug", "position", "code"))


def project_duties(department: Department) -> list[Duty[KeyProject]]:
    """The projects that the department leads, coordinates or shares, in the order of the columns, with what they are to
    deliver. Two queries."""
    named = ProjectResponsibility.objects.filter(project=OuterRef("pk"))
    projects = answered_by(KeyProject.objects.all(), named, department, "group__column__plan")
    return duties_of(
        projects.select_related("group__column__plan").prefetch_related("deliverables").order_by(*IN_COLUMN_ORDER)
    )


def answered_by(owners: QuerySet[Any], named: QuerySet[Any], department: Department, plan: str) -> QuerySet[Any]:
    """Those that name the department, and those without a lead in a plan that it coordinates, as everywhere else.

    `named` are the duties of the outer row. Annotated with what `duties_of` reads: `own_role` and `own_basis` (None
    where the department is not named), `is_coordinated`.
    """
    own = named.filter(department=department)
    coordinated = ~Q(Exists(named.filter(role=DutyRole.LEAD))) & Q(**{f"{plan}__coordinating_department": department})
    answered: QuerySet[Any] = owners.filter(Q(Exists(own)) | coordinated).annotate(
        own_role=Subquery(own.values("role")),
        own_basis=Subquery(own.values("basis")),
        is_coordinated=ExpressionWrapper(coordinated, BooleanField()),
    )
    return answered


def duties_of(owners: QuerySet[Any]) -> list[Duty[Any]]:
    """Evaluates `answered_by`. A share in what the department itself coordinates counts as coordinated."""
    return [
        Duty(
            owner,
            COORDINATING_LABEL if owner.is_coordinated else str(DutyRole(owner.own_role).label),
            owner.own_basis or "",
        )
        for owner in owners
    ]


def coordinated_count(groups: Mapping[str, Sequence[Duty[Owner]]]) -> int:
    """How many the department answers for only because it coordinates the plan."""
    return sum(duty.part == COORDINATING_LABEL for duties in groups.values() for duty in duties)


def headline_count(rows: list[IndicatorRow]) -> int:
    """Rows without components."""
    return sum(not row.is_component for row in rows)


def total_counts(plans: list[PlanDuties]) -> DutyCounts:
    """The counts of all plans together."""
    total: Counter[str] = Counter()
    for duties in plans:
        total.update(vars(duties.counts))
    return DutyCounts(**total)

"""The page of a department: what it leads and shares, and what needs its attention."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from indicators.models import Indicator, Measure, MeasureResponsibility, Plan, Responsibility
from portal.dashboards.department_attention import Due, RedIndicator, dues_of, reds_of
from portal.dashboards.rows import Footnotes, IndicatorRow, build_row, indicators_for_rows
from projects.models import KeyProject, ProjectResponsibility
from regions.models import Department, DutyRole
from regions.permissions import Person


@dataclass
class DutyCounts:
    """How much a department answers for. `coordinating` are indicators it leads because the source names no lead;
    `unnamed_measures` and `unnamed_projects` are measures and projects for the same reason, beside those that name it.
    """

    leading: int = 0
    coordinating: int = 0
    participating: int = 0
    measures: int = 0
    projects: int = 0
    unnamed_measures: int = 0
    unnamed_projects: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(vars(self).values())


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
    """What a department answers for in one plan, judged in `year`; measures by chapter, projects by column.

    `unnamed_measures` and `unnamed_projects` are numbers of those for which the source names no lead, so that the
    department answers for them as the one that coordinates the plan.
    """

    plan: Plan
    year: int
    leading: list[IndicatorRow] = field(default_factory=list)
    coordinating: list[IndicatorRow] = field(default_factory=list)
    participating: list[IndicatorRow] = field(default_factory=list)
    measures: dict[str, list[MeasureResponsibility]] = field(default_factory=dict)
    projects: dict[str, list[ProjectResponsibility]] = field(default_factory=dict)
    unnamed_measures: int = 0
    unnamed_projects: int = 0

    @property
    def counts(self) -> DutyCounts:
        """How much that is; components are counted through their parent."""
        return DutyCounts(
            leading=headline_count(self.leading),
            coordinating=headline_count(self.coordinating),
            participating=headline_count(self.participating),
            measures=sum(map(len, self.measures.values())),
            projects=sum(map(len, self.projects.values())),
            unnamed_measures=self.unnamed_measures,
            unnamed_projects=self.unnamed_projects,
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

    Eleven queries: the six of `indicators_for_rows`, measures, projects and what these are to deliver, and how many
    measures and projects have no lead. `year` is held within the years of each plan.
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
    coordinated_plans = [pk for pk, duties in plans.items() if duties.plan.coordinating_department_id == department.pk]
    measures = Measure.objects.filter(plan__in=coordinated_plans).exclude(responsibilities__role=DutyRole.LEAD)
    for plan_id, number in measures.order_by().values_list("plan").annotate(Count("pk")):
        plans[plan_id].unnamed_measures = number
    projects = KeyProject.objects.filter(group__column__plan__in=coordinated_plans)
    unled = projects.exclude(responsibilities__role=DutyRole.LEAD).order_by()
    for plan_id, number in unled.values_list("group__column__plan").annotate(Count("pk")):
        plans[plan_id].unnamed_projects = number
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

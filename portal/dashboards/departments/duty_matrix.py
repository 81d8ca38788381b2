"""The matrix of a plan's duties: its indicators by the departments that answer for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Prefetch

from indicators.models import Category, Indicator, Plan, Responsibility
from indicators.permissions import may_review
from indicators.services.duties import assignable_in_order, stamps
from indicators.services.duty_cells import CellKey
from portal.dashboards.duty_history import newest_assignments
from portal.dashboards.events import Event
from regions.models import Department, DutyRole, Region
from regions.permissions import Person


@dataclass(frozen=True)
class Sign:
    """How a duty is shown: a symbol and its words."""

    symbol: str
    label: str


SIGNS = {DutyRole.LEAD: Sign("●", "牵头"), DutyRole.PARTICIPATING: Sign("○", "责任")}
#: No lead is named, so the plan's coordinating department leads.
COORDINATING = Sign("◎", "统筹")


@dataclass(frozen=True)
class MatrixColumn:
    """A department. `label` names its region too where that is not the plan's."""

    department: Department
    label: str
    coordinates: bool


@dataclass(frozen=True)
class MatrixCell:
    """What a department has to do with an indicator. `stored` is a DutyRole or empty, `duty` the same as the person
    has just changed it; `leads_instead` where it leads as the coordinating department."""

    column: MatrixColumn
    stored: str
    duty: str
    leads_instead: bool

    @property
    def signs(self) -> list[Sign]:
        """The signs, none for a department that does not answer; a coordinating department may share as well."""
        own = [SIGNS[DutyRole(self.duty)]] if self.duty else []
        return [COORDINATING, *own] if self.leads_instead else own

    @property
    def symbols(self) -> str:
        """The signs without their words."""
        return "".join(sign.symbol for sign in self.signs)

    @property
    def is_changed(self) -> bool:
        """Whether the person changed it and it is not saved."""
        return self.stored != self.duty


@dataclass(frozen=True)
class MatrixRow:
    """An indicator with a cell for each column. `seen` is its stamp, `refusals` are the reasons why it was not
    saved."""

    indicator: Indicator
    cells: list[MatrixCell]
    seen: str
    refusals: Sequence[str]


@dataclass(frozen=True)
class MatrixGroup:
    """The rows of a category."""

    category: Category
    rows: list[MatrixRow]


@dataclass(frozen=True)
class Unsaved:
    """What a person sent and the portal did not save: the changed cells, the stamps that the page had shown, and why
    single indicators were refused."""

    changes: Mapping[CellKey, str] = field(default_factory=dict)
    seen: Mapping[int, str] = field(default_factory=dict)
    refusals: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DutyMatrix:
    """What the page shows. `others` are departments for which a reviewer may add a column, by region; `added` those
    already added; `events` the newest changes."""

    plan: Plan
    columns: list[MatrixColumn]
    groups: list[MatrixGroup]
    may_edit: bool
    others: list[tuple[Region, list[Department]]] = field(default_factory=list)
    added: Sequence[str] = ()
    events: list[Event] = field(default_factory=list)

    @property
    def rows(self) -> list[MatrixRow]:
        """The rows of all groups."""
        return [row for group in self.groups for row in group.rows]

    @property
    def has_named_departments(self) -> bool:
        """Whether any department is named for any indicator."""
        return any(cell.stored for row in self.rows for cell in row.cells)

    @property
    def width(self) -> int:
        """The number of columns, the indicators' own included."""
        return len(self.columns) + 1


def duty_matrix(plan: Plan, person: Person, *, added: Sequence[str] = (), unsaved: Unsaved | None = None) -> DutyMatrix:
    """Every indicator of the plan by the departments that answer for one, the coordinating department first.

    `added` are codes of further departments. Expects region and coordinating department to be loaded. Queries:
    indicators, duties, permission, history (two); for reviewers departments and stamps.
    """
    may_edit = may_review(person, plan)
    indicators = list(indicators_with_duties(plan))
    assignable = list(assignable_in_order(plan)) if may_edit else []
    unsaved = unsaved or Unsaved()
    named = {duty.department for indicator in indicators for duty in indicator.responsibilities.all()}
    chosen = {each for each in assignable if each.code in added or any(each.pk == key for _, key in unsaved.changes)}
    columns = matrix_columns(plan, named | chosen)
    seen = stamps(indicators) if may_edit else {}
    rows = [matrix_row(indicator, columns, seen.get(indicator.pk, ""), unsaved) for indicator in indicators]
    standing = {column.department for column in columns}
    missing = [each for each in assignable if each not in standing]
    return DutyMatrix(
        plan=plan,
        columns=columns,
        groups=[
            MatrixGroup(category, list(group))
            for category, group in groupby(rows, key=lambda row: row.indicator.category)
        ],
        may_edit=may_edit,
        others=[(region, list(group)) for region, group in groupby(missing, key=lambda each: each.region)],
        added=[each.code for each in assignable if each in chosen],
        events=newest_assignments(Responsibility, "indicator", {each.pk: each.name for each in indicators}),
    )


def indicators_with_duties(plan: Plan) -> list[Indicator]:
    """The indicators of a plan by category, components after their parent, with the departments that answer. Two
    queries."""
    duties = Responsibility.objects.select_related("department__region").order_by("role", "position")
    return list(
        Indicator.objects.filter(plan=plan)
        .select_related("category", "parent")
        .order_by("category__position", "position", "code")
        .prefetch_related(Prefetch("responsibilities", duties))
    )


def matrix_columns(plan: Plan, departments: set[Department]) -> list[MatrixColumn]:
    """A column for the coordinating department, then for each of the others in the order of their region's list."""
    first = plan.coordinating_department

    def place(department: Department) -> tuple[bool, str, int]:
        return department.region_id != plan.region_id, department.region.slug, department.pk

    return [
        MatrixColumn(
            department=each,
            label=each.name if each.region_id == plan.region_id else f"{each.region}{each.name}",
            coordinates=each == first,
        )
        for each in [first, *sorted(departments - {first}, key=place)]
    ]


def matrix_row(indicator: Indicator, columns: list[MatrixColumn], stamp: str, unsaved: Unsaved) -> MatrixRow:
    """The row of an indicator whose duties are loaded. Queries nothing.

    Who is told why an indicator was refused sees how it stands now, so that saving once more is meant; before that the
    stamp stays the one that the person saw.
    """
    stored = {duty.department_id: duty.role for duty in indicator.responsibilities.all()}
    keys = [column.department.pk for column in columns]
    duties = [unsaved.changes.get((indicator.pk, key), stored.get(key, "")) for key in keys]
    refusals = unsaved.refusals.get(indicator.pk, ())
    has_lead = DutyRole.LEAD in duties
    return MatrixRow(
        indicator=indicator,
        cells=[
            MatrixCell(column, stored.get(key, ""), duty, leads_instead=column.coordinates and not has_lead)
            for column, key, duty in zip(columns, keys, duties, strict=True)
        ],
        seen=stamp if refusals else unsaved.seen.get(indicator.pk, stamp),
        refusals=refusals,
    )

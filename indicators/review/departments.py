"""The pages on which a reviewer assigns departments: who answers now and why, and whom one can choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from indicators.models import Indicator, Plan, ReviewStatus, YearlyValue
from indicators.review.duty_forms import DepartmentsForm
from indicators.services.duties import DutyOwner, assignable_in_order, duty_records, stamp
from regions.models import AbstractResponsibility, Department, DutyRole, Region


@dataclass(frozen=True)
class Standing:
    """A department that answers now. `basis` is the document, else where the duty comes from; `who` is empty for what
    the plan's own text says."""

    duty: AbstractResponsibility
    basis: str
    who: str
    when: datetime | None
    reason: str


@dataclass(frozen=True)
class Choice:
    """A department to choose, as the form has it: ticked as lead, as participating, or neither."""

    department: Department
    leads: bool
    participates: bool


@dataclass(frozen=True)
class RegionChoices:
    """The departments of one region. Those of other regions stay folded until one of them is chosen."""

    region: Region
    is_own: bool
    choices: list[Choice]

    @property
    def is_open(self) -> bool:
        """Whether the group is shown unfolded."""
        return self.is_own or any(choice.leads or choice.participates for choice in self.choices)


@dataclass(frozen=True)
class DutyChoices:
    """Who answers for an indicator, measure or project now, and whom a reviewer may choose."""

    plan: Plan
    standing: list[Standing]
    departments: list[Department]

    @property
    def has_lead(self) -> bool:
        """Whether a department is named as lead."""
        return any(each.duty.role == DutyRole.LEAD for each in self.standing)

    @property
    def codes(self) -> dict[str, list[str]]:
        """Codes of the departments that stand, by role, in their order."""
        return {
            str(role): [each.duty.department.code for each in self.standing if each.duty.role == role]
            for role in DutyRole
        }

    def regions(self, form: DepartmentsForm) -> list[RegionChoices]:
        """Every department by region, ticked as the form says."""
        lead, participating = form.ticked("lead"), form.ticked("participating")
        return [
            RegionChoices(
                region,
                region.pk == self.plan.region_id,
                [Choice(each, each.code in lead, each.code in participating) for each in departments],
            )
            for region, departments in groupby(self.departments, key=lambda department: department.region)
        ]


@dataclass(frozen=True)
class DepartmentsPage:
    """What the page shows. `unfinished` counts drafts and returned values that the next lead goes on with."""

    indicator: Indicator
    duties: DutyChoices
    seen: str
    unfinished: int
    components: list[Indicator]


def duty_choices(owner: DutyOwner) -> DutyChoices:
    """Expects the plan and its region to be loaded. Three queries: duties, their records, departments."""
    duties = owner.responsibilities.select_related("department").order_by("role", "position")
    records = duty_records(owner).select_related("history_user")
    newest = {record.id: record for record in records.order_by("history_id")}
    return DutyChoices(
        plan=owner.plan,
        standing=[standing_of(duty, newest.get(duty.pk)) for duty in duties],
        departments=list(assignable_in_order(owner.plan)),
    )


def departments_page(indicator: Indicator) -> DepartmentsPage:
    """Expects plan, region and coordinating department to be loaded.

    Six queries: the three of `duty_choices`; stamp; unfinished values; components.
    """
    unfinished = YearlyValue.objects.filter(
        indicator=indicator, status__in=[ReviewStatus.DRAFT, ReviewStatus.RETURNED]
    ).count()
    return DepartmentsPage(
        indicator=indicator,
        duties=duty_choices(indicator),
        seen=stamp(indicator),
        unfinished=unfinished,
        components=list(indicator.components.order_by("position", "code")),
    )


def standing_of(duty: AbstractResponsibility, record: Any) -> Standing:
    """A duty with the record that made it what it is."""
    by_person = record is not None and record.history_user is not None
    return Standing(
        duty=duty,
        basis=duty.basis or ("未写明文件" if by_person else "规划原文"),
        who=str(record.history_user) if by_person else "",
        when=record.history_date if by_person else None,
        reason=(record.history_change_reason or "") if by_person else "",
    )

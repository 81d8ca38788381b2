"""What departments hand in for reporting rounds, as rows of queries that can be counted and listed together: values,
counties' values, statements on measures, reports on projects."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from indicators.core.codes import ValueType
from indicators.models import MeasureResponsibility, ReportingRound, Responsibility, ValueOrigin
from indicators.services.measures_due import MEASURES_DUE, due_measures, statement_due
from indicators.services.owed import DutyKind
from indicators.services.round_progress import VALUES_DUE, due_indicators, due_shares, share_value_due, value_due
from projects.models import ProjectResponsibility
from projects.services.due import IN_COLUMN_ORDER, REPORTS_DUE, due_projects, report_due
from regions.models import Department, DutyRole

#: Figures that no department handed in.
UNREPORTED = (ValueOrigin.PUBLISHED, ValueOrigin.DEMONSTRATION)


@dataclass(frozen=True)
class DueSource:
    """Rows of what is due, each with its `state`. `records` is the query of what departments handed in for a row,
    `named` that of its leading duties. `owner` leads from a row to what the duties are about (with an underscore pair
    behind it, or empty for the row itself), `plan` to its plan, `county` to the county of a county's value; `order` are
    the fields in whose order the plan lists the owners."""

    kind: DutyKind
    rows: QuerySet[Any]
    records: QuerySet[Any]
    named: QuerySet[Any]
    owner: str
    plan: str
    name: str
    county: str
    order: tuple[str, ...]

    @property
    def deadline(self) -> F:
        """The deadline of the round that a row belongs to."""
        return F(f"{self.plan}__reporting_rounds__deadline")


def due_sources(rounds: QuerySet[ReportingRound]) -> list[DueSource]:
    """Everything that departments hand in for the rounds. Queries nothing."""
    return [
        DueSource(
            VALUES_DUE,
            due_indicators(rounds).exclude(value_type=ValueType.FINDING),
            value_due().exclude(origin__in=UNREPORTED),
            Responsibility.objects.filter(role=DutyRole.LEAD, indicator=OuterRef("pk")),
            owner="",
            plan="plan",
            name="name",
            county="",
            order=("position", "code"),
        ),
        DueSource(
            VALUES_DUE,
            due_shares(rounds).exclude(indicator__value_type=ValueType.FINDING),
            share_value_due().exclude(origin__in=UNREPORTED),
            Responsibility.objects.filter(role=DutyRole.LEAD, indicator=OuterRef("indicator")),
            owner="indicator__",
            plan="indicator__plan",
            name="indicator__name",
            county="region",
            order=("indicator__position", "indicator__code"),
        ),
        DueSource(
            MEASURES_DUE,
            due_measures(rounds),
            statement_due().exclude(is_demonstration=True),
            MeasureResponsibility.objects.filter(role=DutyRole.LEAD, measure=OuterRef("pk")),
            owner="",
            plan="plan",
            name="title",
            county="",
            order=("position", "code"),
        ),
        DueSource(
            REPORTS_DUE,
            due_projects(rounds),
            report_due().exclude(is_demonstration=True),
            ProjectResponsibility.objects.filter(role=DutyRole.LEAD, project=OuterRef("pk")),
            owner="",
            plan="group__column__plan",
            name="name",
            county="",
            order=IN_COLUMN_ORDER,
        ),
    ]


def led_by(source: DueSource, departments: Collection[Department]) -> Iterator[QuerySet[Any]]:
    """Rows that one of the departments leads, and those that one of them coordinates because nobody leads; `answering`
    is its key."""
    duty = f"{source.owner}responsibilities"
    leads = Q(**{f"{duty}__role": DutyRole.LEAD, f"{duty}__department__in": departments})
    yield source.rows.filter(leads).annotate(answering=F(f"{duty}__department"))
    coordinating = f"{source.plan}__coordinating_department"
    coordinated = source.rows.filter(~Exists(source.named), **{f"{coordinating}__in": departments})
    yield coordinated.annotate(answering=F(coordinating))

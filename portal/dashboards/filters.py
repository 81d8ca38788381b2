"""Filters of a plan's indicators that stand in the address, so that a view can be sent as a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Category, Indicator, Plan, Responsibility
from regions.models import Department


@dataclass(frozen=True)
class Choice:
    """One entry of a select box."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filters:
    """What the address asks for; an empty text asks for nothing. `category` and `department` are a key and a code."""

    category: str = ""
    constraint: str = ""
    department: str = ""
    verdict: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        """The filters of an address; codes that do not exist ask for nothing."""
        constraint, verdict = asked.get("constraint", ""), asked.get("verdict", "")
        return cls(
            category=asked.get("category", "")[:80],
            constraint=constraint if constraint in list(Constraint) else "",
            department=asked.get("department", "")[:80],
            verdict=verdict if verdict in list(Verdict) else "",
        )

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == Filters()

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without a question mark; empty when nothing is asked for."""
        return urlencode({each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)})

    def apply(self, indicators: QuerySet[Indicator], year: int) -> QuerySet[Indicator]:
        """The indicators asked for; the verdict is that of `year`. A department that coordinates the plan counts where
        nobody leads. A component follows its parent's verdict no more than its own."""
        if self.category:
            indicators = indicators.filter(category__key=self.category)
        if self.constraint:
            indicators = indicators.filter(constraint=self.constraint)
        if self.department:
            duties = Responsibility.objects.filter(indicator=OuterRef("pk"))
            indicators = indicators.filter(
                Exists(duties.filter(department__code=self.department))
                | Q(~Exists(duties.filter(role="lead")), plan__coordinating_department__code=self.department)
            )
        if self.verdict:
            standing = Assessment.objects.standing_in(year).filter(indicator=OuterRef("pk"), verdict=self.verdict)
            indicators = indicators.filter(Exists(standing))
        return indicators


@dataclass(frozen=True)
class FilterForm:
    """The select boxes of a plan's filters."""

    filters: Filters
    categories: list[Choice]
    constraints: list[Choice]
    departments: list[Choice]
    verdicts: list[Choice]


def filter_form(plan: Plan, filters: Filters) -> FilterForm:
    """The choices that make sense for the plan. Three queries: categories, constraint types, departments."""
    categories = [(each.key, each.name) for each in Category.objects.filter(plan=plan).order_by("position")]
    used = set(Indicator.objects.filter(plan=plan).order_by().values_list("constraint", flat=True).distinct())
    answering = Responsibility.objects.filter(indicator__plan=plan, department=OuterRef("pk"))
    departments = Department.objects.filter(Exists(answering) | Q(pk=plan.coordinating_department_id))
    return FilterForm(
        filters=filters,
        categories=choices(categories, filters.category),
        constraints=choices([(each, each.label) for each in Constraint if each in used], filters.constraint),
        departments=choices(departments.order_by("name").values_list("code", "name"), filters.department),
        verdicts=choices([(each, each.label) for each in Verdict], filters.verdict),
    )


def choices(entries: Iterable[tuple[str, str]], chosen: str) -> list[Choice]:
    """Entries of a select box with the chosen one marked."""
    return [Choice(str(value), label, value == chosen) for value, label in entries]

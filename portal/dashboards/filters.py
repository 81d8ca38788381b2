"""Filters of a plan's indicators that stand in the address, so that a view can be sent as a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.http import QueryDict

from indicators.core.codes import Constraint
from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator
from portal.dashboards.rows import duties_of
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

    def match(self, indicator: Indicator, standing: Assessment | None) -> bool:
        """Whether the indicator, which has that verdict in the year of the page, is asked for. A department that
        coordinates the plan counts where nobody leads. A component follows its parent's verdict no more than its own.
        Expects category, plan and duties to be loaded."""
        return (
            self.category in ("", indicator.category.key)
            and self.constraint in ("", indicator.constraint)
            and self.verdict in ("", standing.verdict if standing else "-")
            and (not self.department or self.department in {each.code for each in answering(indicator)})
        )


@dataclass(frozen=True)
class FilterForm:
    """The select boxes of a plan's filters."""

    filters: Filters
    categories: list[Choice]
    constraints: list[Choice]
    departments: list[Choice]
    verdicts: list[Choice]

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What is filtered by, in words."""
        boxes = [
            ("类别", self.categories),
            ("指标属性", self.constraints),
            ("部门", self.departments),
            ("评价", self.verdicts),
        ]
        return [(name, choice.label) for name, choices in boxes for choice in choices if choice.is_chosen]


def filter_form(indicators: Iterable[Indicator], filters: Filters) -> FilterForm:
    """The choices that make sense for the plan's indicators, in their order. Queries nothing."""
    loaded = list(indicators)
    categories = {each.category.key: each.category.name for each in loaded}
    used = {each.constraint for each in loaded}
    departments = {department.code: department.name for each in loaded for department in answering(each)}
    return FilterForm(
        filters=filters,
        categories=choices(categories.items(), filters.category),
        constraints=choices([(each, each.label) for each in Constraint if each in used], filters.constraint),
        departments=choices(sorted(departments.items(), key=lambda entry: entry[1]), filters.department),
        verdicts=choices([(each, each.label) for each in Verdict], filters.verdict),
    )


def answering(indicator: Indicator) -> list[Department]:
    """The departments that answer for the indicator; expects them to be loaded."""
    duties = duties_of(indicator)
    return [*duties.leads, *([duties.coordinating] if duties.coordinating else []), *duties.participating]


def choices(entries: Iterable[tuple[str, str]], chosen: str) -> list[Choice]:
    """Entries of a select box with the chosen one marked."""
    return [Choice(str(value), label, value == chosen) for value, label in entries]

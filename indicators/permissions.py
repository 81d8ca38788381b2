"""May this person do this to this object? The one place that answers, for pages, admin, Excel and API alike.

Entry staff act for the departments they belong to, reviewers for the region of theirs, administrators everywhere.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.core.codes import ValueType
from indicators.models import Indicator, Plan, Responsibility, ValueImport
from regions.models import Department, DutyRole, Role
from regions.permissions import Person, departments_of, is_administrator


def led_by(departments: QuerySet[Department]) -> Q:
    """Indicators that these departments lead: named as lead, or coordinating where the source names no lead.

    A component without responsibilities of its own follows the same rule as any other indicator.
    """
    leads = Responsibility.objects.filter(indicator=OuterRef("pk"), role=DutyRole.LEAD)
    return Q(Exists(leads.filter(department__in=departments))) | (
        ~Q(Exists(leads)) & Q(plan__coordinating_department__in=departments)
    )


def answered_indicators(person: Person) -> QuerySet[Indicator]:
    """Indicators that the person's departments answer for, or whose plan the person reviews. Leaves only: a parent
    takes no value of its own."""
    indicators = Indicator.objects.filter(components=None)
    if is_administrator(person):
        return indicators
    own = departments_of(person, Role.ENTRY)
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return indicators.filter(led_by(own) | Q(plan__region__in=reviewed))


def enterable_indicators(person: Person) -> QuerySet[Indicator]:
    """Answered indicators whose values the person may enter: findings are the reviewers'."""
    indicators = answered_indicators(person)
    if is_administrator(person):
        return indicators
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return indicators.filter(~Q(value_type=ValueType.FINDING) | Q(plan__region__in=reviewed))


def may_enter_value(person: Person, indicator: Indicator) -> bool:
    """True when the person may record a value of this indicator. One query."""
    return enterable_indicators(person).filter(pk=indicator.pk).exists()


def may_review(person: Person, plan: Plan) -> bool:
    """True when the person approves values of this plan: a reviewer of a department of the plan's region. One query."""
    return is_administrator(person) or departments_of(person, Role.REVIEWER).filter(region=plan.region_id).exists()


def reviewed_plans(person: Person) -> QuerySet[Plan]:
    """Plans whose values and rounds the person decides, by region. One query when evaluated."""
    plans = Plan.objects.select_related("region").order_by("region__slug", "slug")
    if is_administrator(person):
        return plans
    return plans.filter(region__in=departments_of(person, Role.REVIEWER).values("region"))


def may_review_any(person: Person) -> bool:
    """True for a reviewer of whatever region, and for administrators. One query."""
    return is_administrator(person) or departments_of(person, Role.REVIEWER).exists()


def may_see_import(person: Person, value_import: ValueImport) -> bool:
    """True for the person who uploaded the file and for those who review its plan. One query at most."""
    return value_import.uploaded_by_id == person.pk or may_review(person, value_import.plan)

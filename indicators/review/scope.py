"""Which plans a person reviews, as a set: the same answer as indicators.permissions.may_review gives for one plan."""

from __future__ import annotations

from django.db.models import QuerySet

from indicators.models import Plan
from regions.models import Role
from regions.permissions import Person, departments_of, is_administrator


def reviewable_plans(person: Person) -> QuerySet[Plan]:
    """Plans whose rounds and values the person decides: those of the reviewers' regions; all for administrators."""
    plans = Plan.objects.select_related("region").order_by("region__slug", "slug")
    if is_administrator(person):
        return plans
    return plans.filter(region__in=departments_of(person, Role.REVIEWER).values("region"))

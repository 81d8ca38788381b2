"""Who a person is: the roles that memberships give. What follows from them for plans is asked of
indicators.permissions.

Inactive and anonymous people are nobody. Who looks back at a past moment (regions.moment) reads as everybody does:
there is nothing to do in the past, and who answers for something today need not have answered for it then.
"""

from __future__ import annotations

from django.db.models import QuerySet

from regions.models import Department, Membership, Role
from regions.moment import asked_moment
from regions.people import Person as Person  # who asks, for those who ask


def roles_of(person: Person) -> frozenset[str]:
    """Every role the person has in some department; a superuser is an administrator.

    One query the first time; the answer stays with the person object, which lives for one request.
    """
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    known: frozenset[str] | None = person.__dict__.get("_roles")
    if known is None:
        roles = set(Membership.objects.filter(user_id=person.pk).values_list("role", flat=True))
        known = frozenset(roles | ({Role.ADMINISTRATOR} if getattr(person, "is_superuser", False) else set()))
        person.__dict__["_roles"] = known
    return known


def is_administrator(person: Person) -> bool:
    """Keeps reference data, people and plans; nobody does while looking back."""
    return asked_moment() is None and Role.ADMINISTRATOR in roles_of(person)


def may_use_admin(person: Person) -> bool:
    """Sees the admin at all: entry staff, reviewers and administrators; leadership reads the pages."""
    return bool(roles_of(person) & {Role.ENTRY, Role.REVIEWER, Role.ADMINISTRATOR})


def departments_of(person: Person, role: Role) -> QuerySet[Department]:
    """Departments for which the person acts in that role; none while looking back. One query when evaluated."""
    if not person.is_authenticated or not person.is_active or asked_moment() is not None:
        return Department.objects.none()
    return Department.objects.filter(memberships__in=Membership.objects.filter(user_id=person.pk, role=role))

"""Who a person is: the roles that memberships give. What follows from them for plans is asked of
indicators.permissions.

An administrator is a superuser. Inactive and anonymous people are nobody.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from regions.models import Department, Membership, Role

Person = AbstractBaseUser | AnonymousUser


def is_administrator(person: Person) -> bool:
    """Keeps reference data, people and plans."""
    return person.is_authenticated and person.is_active and bool(getattr(person, "is_superuser", False))


def may_use_admin(person: Person) -> bool:
    """Sees the admin at all: entry staff, reviewers and administrators; leadership reads the pages."""
    return person.is_authenticated and person.is_active and bool(getattr(person, "is_staff", False))


def departments_of(person: Person, role: Role) -> QuerySet[Department]:
    """Departments the person belongs to in that role. One query when evaluated."""
    if not person.is_authenticated or not person.is_active:
        return Department.objects.none()
    return Department.objects.filter(memberships__in=Membership.objects.filter(user_id=person.pk, role=role))

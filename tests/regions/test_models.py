"""Departments and memberships: what the database itself refuses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from regions.models import Department, Membership, Role
from tests.factories import DepartmentFactory, RegionFactory, UserFactory, led_by

pytestmark = pytest.mark.django_db


def test_a_department_name_stands_once_in_a_region() -> None:
    region = RegionFactory.create()
    DepartmentFactory.create(region=region, name="县林业局")
    with pytest.raises(ValidationError, match="该地区已有同名部门"):
        Department(region=region, code="another", name="县林业局").full_clean()
    Department(region=RegionFactory.create(), code="elsewhere", name="县林业局").full_clean()


def test_a_role_stands_once_in_a_department() -> None:
    department, user = DepartmentFactory.create(), UserFactory.create()
    Membership.objects.create(department=department, user=user, role=Role.ENTRY)
    with pytest.raises(ValidationError, match="已有同一角色"):
        Membership(department=department, user=user, role=Role.ENTRY).full_clean()
    Membership(department=department, user=user, role=Role.REVIEWER).full_clean()


def test_a_department_that_answers_for_something_cannot_be_deleted() -> None:
    department = DepartmentFactory.create()
    led_by(department)
    with pytest.raises(ProtectedError):
        department.delete()

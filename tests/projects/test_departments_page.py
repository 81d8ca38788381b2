"""Reviewers say which departments answer for a key project; whoever leads it then reports on it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from projects.models import KeyProject, ProjectResponsibility
from projects.permissions import may_report
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of, project_led_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def project(bureau: Department) -> KeyProject:
    return project_led_by(bureau, quantity=Decimal(100))


def page_of(project: KeyProject) -> str:
    return f"/review/projects/{project.code}/departments/"


def test_a_reviewer_hands_a_project_to_another_department(
    client: Client, project: KeyProject, bureau: Department
) -> None:
    other = DepartmentFactory.create(region=bureau.region)
    staff = member_of(other, Role.ENTRY)
    client.force_login(member_of(bureau, Role.REVIEWER))
    form = client.get(page_of(project)).context["form"]
    posted = {"lead": [other.code], "participating": [bureau.code], "reason": "职责调整", "seen": form["seen"].value()}
    answer = client.post(page_of(project), posted, follow=True)
    assert "已保存新的责任部门" in answer.content.decode()
    assert may_report(staff, project)
    assert ProjectResponsibility.history.latest().history_change_reason == "职责调整"


def test_without_a_reason_nothing_changes_and_the_choice_stays(
    client: Client, project: KeyProject, bureau: Department
) -> None:
    other = DepartmentFactory.create(region=bureau.region)
    client.force_login(member_of(bureau, Role.REVIEWER))
    seen = client.get(page_of(project)).context["form"]["seen"].value()
    answer = client.post(page_of(project), {"lead": [other.code], "seen": seen})
    assert "请写明调整原因" in answer.content.decode()
    assert answer.context["form"].ticked("lead") == {other.code}
    assert [duty.department for duty in project.responsibilities.all()] == [bureau]


@pytest.mark.parametrize("role", [Role.ENTRY, Role.LEADER])
def test_others_are_told_who_does_it(client: Client, project: KeyProject, bureau: Department, role: Role) -> None:
    client.force_login(member_of(bureau, role))
    answer = client.get(page_of(project))
    assert answer.status_code == 403
    assert "由本规划的审核人员或管理员调整" in answer.content.decode()

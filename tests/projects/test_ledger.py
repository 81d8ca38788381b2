"""The pages on which problems are raised, resolved, moved and reopened, by role; what was typed is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from projects.models import KeyProject, ProjectProblem
from projects.services.problems import ProblemEntry, move_problem_deadline, raise_problem, resolve_problem
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of, project_led_by

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    """That many days from today."""
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def reader(bureau: Department) -> User:
    return member_of(bureau, Role.LEADER)


@pytest.fixture
def project(bureau: Department) -> KeyProject:
    return project_led_by(bureau, quantity=Decimal(100), code="piles")


@pytest.fixture
def problem(project: KeyProject, bureau: Department, staff: User) -> ProjectProblem:
    entry = ProblemEntry(project, "施工用地手续没有办完", bureau, in_days(20))
    return raise_problem(entry, person=staff, now=timezone.now())


def page_of(client: Client, person: User, address: str) -> str:
    """The page as the person sees it."""
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class TestRaising:
    ADDRESS = "/projects/piles/problems/"

    def test_a_problem_is_raised_and_told(self, client: Client, project: KeyProject, staff: User) -> None:
        page = page_of(client, staff, self.ADDRESS)
        owner = project.responsibilities.get().department
        assert f'<option value="{owner.code}" selected>' in page
        data = {"description": "资金没有到位", "owner": owner.code, "deadline": in_days(5).isoformat()}
        response = client.post(self.ADDRESS, data, follow=True)
        assert response.redirect_chain[-1][0] == "/projects/piles/#problems-heading"
        page = response.content.decode()
        assert "问题已登记" in page
        assert "还剩 5 天" in page
        problem = ProjectProblem.objects.get()
        assert (problem.owner, problem.raised_by) == (owner, staff)
        assert problem.history.get().channel == "问题台账"

    def test_what_was_typed_is_kept(self, client: Client, project: KeyProject, staff: User) -> None:
        client.force_login(staff)
        response = client.post(
            self.ADDRESS, {"description": "资金没有到位", "owner": "", "deadline": in_days(-3).isoformat()}
        )
        page = response.content.decode()
        assert "请选择责任单位" in page
        assert "资金没有到位</textarea>" in page
        assert f'value="{in_days(-3).isoformat()}"' in page
        owner = project.responsibilities.get().department
        response = client.post(
            self.ADDRESS, {"description": "资金", "owner": owner.code, "deadline": in_days(-3).isoformat()}
        )
        assert "整改期限不能早于今天" in response.content.decode()
        assert not ProjectProblem.objects.exists()

    def test_too_long_a_text_says_how_long_it_is(self, client: Client, project: KeyProject, staff: User) -> None:
        client.force_login(staff)
        assert "您写了 501 字" in client.post(self.ADDRESS, {"description": "难" * 501}).content.decode()

    def test_departments_of_elsewhere_are_not_offered(self, client: Client, project: KeyProject, staff: User) -> None:
        elsewhere = DepartmentFactory.create()
        assert elsewhere.code not in page_of(client, staff, self.ADDRESS)
        data = {"description": "资金", "owner": elsewhere.code, "deadline": in_days(5).isoformat()}
        assert "没有这个部门" in client.post(self.ADDRESS, data).content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_leadership_reads_only(self, client: Client, project: KeyProject, reader: User, method: str) -> None:
        client.force_login(reader)
        assert getattr(client, method)(self.ADDRESS).status_code == 403

    def test_a_project_that_is_not_there(self, client: Client, staff: User) -> None:
        client.force_login(staff)
        response = client.get("/projects/nowhere/problems/")
        assert response.status_code == 404
        assert "没有代码为“nowhere”的项目" in response.content.decode()


class TestOneProblem:
    def test_forms_by_role(
        self, client: Client, problem: ProjectProblem, staff: User, reviewer: User, reader: User
    ) -> None:
        def offered(person: User) -> list[str]:
            page = page_of(client, person, f"/problems/{problem.pk}/")
            return [name for name in ("resolve", "deadline", "reopen") if f'name="form" value="{name}"' in page]

        assert offered(reader) == []
        assert offered(staff) == ["resolve"]
        assert offered(reviewer) == ["resolve", "deadline"]
        resolve_problem(problem, resolution="已办完", revision=1, person=staff, now=timezone.now())
        assert offered(staff) == []
        assert offered(reviewer) == ["reopen"]

    def test_the_way_of_a_problem(self, client: Client, problem: ProjectProblem, reviewer: User) -> None:
        address = f"/problems/{problem.pk}/"
        client.force_login(reviewer)
        later = in_days(60)
        data = {"form": "deadline", "revision": "1", "deadline": later.isoformat(), "reason": "雨季停工"}
        page = client.post(address, data, follow=True).content.decode()
        assert "整改期限已调整" in page
        assert "还剩 60 天" in page
        assert "雨季停工" in page
        data = {"form": "resolve", "revision": "2", "resolution": "手续已办完"}
        page = client.post(address, data, follow=True).content.decode()
        assert "问题已销号" in page
        assert "手续已办完" in page
        data = {"form": "reopen", "revision": "3", "reason": "复查没有解决"}
        assert "问题已重新列入台账" in client.post(address, data, follow=True).content.decode()
        problem.refresh_from_db()
        assert problem.is_open
        assert {record.channel for record in problem.history.filter(history_type="~")} == {"问题台账"}

    def test_an_empty_form_is_refused_in_words(self, client: Client, problem: ProjectProblem, reviewer: User) -> None:
        client.force_login(reviewer)
        data = {"form": "deadline", "revision": "1", "deadline": "", "reason": "雨季停工"}
        page = client.post(f"/problems/{problem.pk}/", data).content.decode()
        assert "请填写新的整改期限" in page
        assert "雨季停工</textarea>" in page

    def test_whoever_is_slower_keeps_the_text_and_may_go_on(
        self, client: Client, problem: ProjectProblem, staff: User, reviewer: User
    ) -> None:
        move_problem_deadline(problem, deadline=in_days(30), reason="雨季", revision=1, person=reviewer)
        client.force_login(staff)
        data = {"form": "resolve", "revision": "1", "resolution": "手续已办完"}
        page = client.post(f"/problems/{problem.pk}/", data).content.decode()
        assert f"{reviewer}在您打开本页之后处理过这个问题" in page
        assert "手续已办完</textarea>" in page
        assert 'name="revision" value="2"' in page
        assert client.post(f"/problems/{problem.pk}/", data | {"revision": "2"}).status_code == 302

    def test_what_was_written_about_a_problem_resolved_meanwhile_is_not_lost(
        self, client: Client, problem: ProjectProblem, staff: User, reviewer: User
    ) -> None:
        resolve_problem(problem, resolution="已办完", revision=1, person=reviewer, now=timezone.now())
        client.force_login(staff)
        data = {"form": "resolve", "revision": "1", "resolution": "我写的解决情况"}
        page = client.post(f"/problems/{problem.pk}/", data).content.decode()
        assert f"{reviewer}在您打开本页之后处理过这个问题" in page
        assert "我写的解决情况" in page

    def test_those_who_may_not_are_refused(self, client: Client, problem: ProjectProblem, reader: User) -> None:
        client.force_login(reader)
        data = {"form": "resolve", "revision": "1", "resolution": "已办完"}
        assert client.post(f"/problems/{problem.pk}/", data).status_code == 403

    def test_what_does_not_exist(self, client: Client, problem: ProjectProblem, staff: User) -> None:
        client.force_login(staff)
        assert client.get(f"/problems/{problem.pk + 1}/").status_code == 404
        assert client.post(f"/problems/{problem.pk}/", {"form": "other"}).status_code == 404

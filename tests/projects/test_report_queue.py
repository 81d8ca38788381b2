"""The reviewers' queue of progress reports: what it shows, deciding singly and many at once, who may."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Plan, ReviewStatus
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport
from projects.services.files import ReportKey, add_progress_file
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import approve_reports
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, member_of, project_led_by
from tests.indicators.uploads import pdf

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
QUEUE = "/review/the-plan/2022/projects/"


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市经信局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(bureau: Department, reviewer: User) -> Plan:
    """A plan whose rounds of 2021 and 2022 are open."""
    plan: Plan = PlanFactory.create(slug="the-plan", title="测试规划", coordinating_department=bureau)
    for year in (2021, 2022):
        open_round(plan, year, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def project(plan: Plan, bureau: Department) -> KeyProject:
    """Promises 100 charging points by 2025."""
    return project_led_by(bureau, quantity=Decimal(100), plan=plan)


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def report(project: KeyProject, person: User, quantity: int, year: int = 2022, **values: Any) -> ProgressReport:
    """A report of the person, handed in."""
    as_draft = values.pop("as_draft", False)
    entry = ReportEntry(
        project,
        year,
        project_status=values.pop("project_status", "construction"),
        quantities={project.deliverables.get().pk: Decimal(quantity)},
        **values,
    )
    return record_report(entry, person=person, now=NOW, as_draft=as_draft)


def token(record: ProgressReport) -> str:
    return f"{record.pk}:{record.revision}"


def text(response: Any) -> str:
    assert response.status_code == 200
    shown: str = response.content.decode()
    return shown


def test_a_report_is_shown_with_all_that_a_reviewer_needs(
    signed_in: Client, project: KeyProject, staff: User, reviewer: User
) -> None:
    first = report(project, staff, 20, year=2021, project_status="preparation", investment_paid=Decimal(300))
    approve_reports([first], person=reviewer, now=NOW)
    add_progress_file(ReportKey(project, 2022), pdf("现场.pdf"), person=staff, now=NOW)
    report(project, staff, 45, investment_paid=Decimal(800), problems="用地未批", next_step="四月开工", note="含试点")
    page = text(signed_in.get(QUEUE))
    before_and_after = ("前期 →", "在建", "+25", "完成 45%", "+500", "待填报", "符合序时进度", "上期：2021年")
    for shown in (*before_and_after, "市经信局", "2022年", "用地未批", "四月开工", "含试点", "现场.pdf", "王填报"):
        assert shown in page, shown


def test_many_are_approved_at_once(
    signed_in: Client, project: KeyProject, plan: Plan, bureau: Department, staff: User
) -> None:
    reports = [report(each, staff, 10) for each in (project, project_led_by(bureau, quantity=Decimal(50), plan=plan))]
    done = signed_in.post(QUEUE, {"step": "approve", "report": [token(each) for each in reports]}, follow=True)
    assert "已审定 2 份进展报告" in text(done)
    assert set(ProgressReport.objects.values_list("status", flat=True)) == {ReviewStatus.APPROVED}
    page = text(signed_in.get(f"{QUEUE}?state=approved"))
    assert "重新打开所选" in page


def test_a_return_needs_a_comment_and_keeps_what_was_chosen(
    signed_in: Client, project: KeyProject, staff: User
) -> None:
    waiting = report(project, staff, 10)
    page = text(signed_in.post(QUEUE, {"step": "return", "report": [token(waiting)], "comment": " "}))
    assert "请写明退回意见" in page
    assert f'value="{token(waiting)}" aria-label="选择公共充电设施2022年的报告" checked' in page
    signed_in.post(QUEUE, {"step": "return", "report": [token(waiting)], "comment": "请附照片"})
    assert "审核意见：请附照片" in text(signed_in.get(f"{QUEUE}?state=returned"))


def test_an_approved_report_is_reopened_with_a_reason(
    signed_in: Client, project: KeyProject, staff: User, reviewer: User
) -> None:
    [approved] = approve_reports([report(project, staff, 10)], person=reviewer, now=NOW)
    page = text(signed_in.post(QUEUE, {"step": "reopen", "report": [token(approved)], "comment": ""}))
    assert "请写明重新打开的原因" in page
    signed_in.post(QUEUE, {"step": "reopen", "report": [token(approved)], "comment": "数量有误"})
    approved.refresh_from_db()
    assert (approved.status, approved.review_comment) == (ReviewStatus.RETURNED, "数量有误")


def test_what_changed_meanwhile_is_told_and_not_decided(signed_in: Client, project: KeyProject, staff: User) -> None:
    seen = report(project, staff, 10)
    before = token(seen)
    report(project, staff, 12, revision=seen.revision)
    page = text(signed_in.post(QUEUE, {"step": "approve", "report": [before]}))
    assert "王填报处理过" in page
    assert "充电桩 累计 12个" in page
    assert "所选进展报告都没有改动" in page


def test_nobody_approves_their_own(signed_in: Client, project: KeyProject, reviewer: User) -> None:
    own = report(project, reviewer, 10)
    page = text(signed_in.post(QUEUE, {"step": "approve", "report": [token(own)]}))
    assert "由您本人提交" in page


def test_a_quarter_is_reviewed_and_says_that_it_decides_nothing(
    signed_in: Client, project: KeyProject, staff: User
) -> None:
    report(project, staff, 10, quarter=2)
    page = text(signed_in.get(QUEUE))
    assert "2022年第二季度" in page
    assert "不影响年度评价" in page


def test_the_missing_are_listed(
    signed_in: Client, project: KeyProject, plan: Plan, bureau: Department, staff: User
) -> None:
    begun = project_led_by(bureau, quantity=Decimal(50), plan=plan, name="污水管网")
    report(begun, staff, 5, as_draft=True)
    report(project, staff, 10, quarter=1)
    page = text(signed_in.get(f"{QUEUE}?state=missing"))
    assert "未填报" in page
    assert "草稿，尚未提交" in page
    report(project, staff, 20)
    assert ">公共充电设施<" not in text(signed_in.get(f"{QUEUE}?state=missing"))


def test_the_file_holds_what_the_page_shows(signed_in: Client, project: KeyProject, staff: User) -> None:
    report(project, staff, 10, problems="用地未批")
    answer: Any = signed_in.get(f"{QUEUE}?format=csv")
    content = b"".join(answer.streaming_content).decode()
    assert "用地未批" in content
    answer = signed_in.get(f"{QUEUE}?format=csv&table=累计数量")
    assert "充电桩" in b"".join(answer.streaming_content).decode()
    assert signed_in.get(f"{QUEUE}?state=missing&format=xlsx").status_code == 200


def test_only_reviewers_of_the_plan_open_the_queue(
    client: Client, project: KeyProject, bureau: Department, staff: User
) -> None:
    for person in (
        staff,
        member_of(bureau, Role.LEADER),
        member_of(DepartmentFactory.create(), Role.REVIEWER),
    ):
        client.force_login(person)
        assert client.get(QUEUE).status_code == 403
        assert client.post(QUEUE, {"step": "approve"}).status_code == 403
    client.force_login(member_of(bureau, Role.ADMINISTRATOR))
    assert client.get(QUEUE).status_code == 200
    assert client.get("/review/the-plan/2031/projects/").status_code == 404


def test_rounds_and_the_queue_of_values_lead_to_the_reports(
    signed_in: Client, project: KeyProject, staff: User
) -> None:
    report(project, staff, 10, quarter=2)
    page = text(signed_in.get("/review/"))
    assert "1 个项目，已提交 0 个" in page
    assert "待审核 1 份" in page
    assert f'href="{QUEUE}"' in page
    assert f'href="{QUEUE}"' in text(signed_in.get("/review/the-plan/2022/"))


def test_the_queue_costs_the_same_for_many_reports(
    signed_in: Client, project: KeyProject, plan: Plan, bureau: Department, staff: User
) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            each = project_led_by(bureau, quantity=Decimal(50), plan=plan)
            report(each, staff, 3, year=2021)
            report(each, staff, 5)

    def queries(path: str) -> int:
        signed_in.get(path)
        with CaptureQueriesContext(connection) as captured:
            text(signed_in.get(path))
        return len(captured)

    add(1)
    paths = [QUEUE, f"{QUEUE}?state=missing", "/review/"]
    few = [queries(path) for path in paths]
    add(8)
    assert [queries(path) for path in paths] == few

"""Which projects owe a report, and who hears of it by mail."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from indicators.models import ReportingRound
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject, Quarter
from projects.services.due import owed_reports, reports_by_state
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import return_reports
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of, project_led_by

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
DAY_BEFORE = date(2022, 3, 30)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市经信局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报", email="tianbao@example.org")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def project(bureau: Department, staff: User) -> KeyProject:
    return project_led_by(bureau, quantity=Decimal(100))


@pytest.fixture
def opened(project: KeyProject, reviewer: User) -> ReportingRound:
    return open_round(project.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)


def report(project: KeyProject, person: User, quarter: int = Quarter.YEAR, *, as_draft: bool = False) -> None:
    entry = ReportEntry(project, 2021, quarter, project_status="construction")
    record_report(entry, person=person, now=NOW, as_draft=as_draft)


def owed() -> list[tuple[str, str]]:
    return [(each.name, each.state) for each in owed_reports(ReportingRound.objects.all())]


def test_a_project_owes_its_report_until_it_is_handed_in(
    opened: ReportingRound, project: KeyProject, staff: User, reviewer: User
) -> None:
    [first] = owed_reports(ReportingRound.objects.all())
    assert (first.project, first.state, first.round) == (project, "", opened)
    assert [each.name for each in first.departments] == ["市经信局"]
    report(project, staff, Quarter.SECOND)
    assert owed() == [(project.name, "")]
    report(project, staff, as_draft=True)
    assert owed() == [(project.name, "draft")]
    assert reports_by_state(ReportingRound.objects.all())[opened.pk] == {"draft": 1}


def test_the_fourth_quarter_closes_a_year_too_and_a_returned_report_is_owed(
    opened: ReportingRound, project: KeyProject, staff: User, reviewer: User
) -> None:
    report(project, staff, Quarter.FOURTH)
    assert owed() == []
    return_reports(project.progress_reports.all(), comment="核对", person=reviewer, now=NOW)
    assert owed() == [(project.name, "returned")]


def test_the_coordinating_department_owes_where_nobody_leads(opened: ReportingRound, project: KeyProject) -> None:
    project.responsibilities.all().delete()
    [each] = owed_reports(ReportingRound.objects.all())
    assert each.departments == (project.plan.coordinating_department,)


def test_one_mail_lists_values_and_projects(
    opened: ReportingRound, project: KeyProject, bureau: Department, settings: Settings, tmp_path: Path
) -> None:
    led_by(bureau, plan=project.plan, name="森林覆盖率")
    out = StringIO()
    call_command("send_reminders", today=DAY_BEFORE, stdout=out)
    assert "已发送 1 封" in out.getvalue()
    [message] = mail.outbox
    assert "填报提醒：还有 1 项指标、1 个重点项目没有提交" in message.subject
    for shown in (
        f"{project.plan.title} 2021 年指标数值，截止日期 2022年3月31日，还有 1 天",
        "1. 森林覆盖率（市经信局）",
        f"{project.plan.title} 2021 年重点项目进展报告，截止日期 2022年3月31日，还有 1 天",
        "1. 公共充电设施（市经信局）",
    ):
        assert shown in message.body
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")
    call_command("send_reminders", today=DAY_BEFORE, stdout=out)
    [written] = list((tmp_path / "mails").iterdir())
    assert "tianbao@example.org" in written.read_text()


def test_a_department_with_projects_alone_hears_too(opened: ReportingRound, project: KeyProject, staff: User) -> None:
    report(project, staff, as_draft=True)
    call_command("send_reminders", today=DAY_BEFORE, stdout=StringIO())
    [message] = mail.outbox
    assert "还有 1 个重点项目没有提交" in message.subject
    assert "公共充电设施（市经信局，草稿未提交）" in message.body


def test_what_is_owed_costs_the_same_for_many(opened: ReportingRound, project: KeyProject, reviewer: User) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            department = DepartmentFactory.create(region=project.plan.region)
            plan = PlanFactory.create(coordinating_department=department)
            project_led_by(department, quantity=Decimal(1), plan=plan)
            ReportingRound.objects.create(
                plan=plan, year=2021, deadline=date(2022, 3, 31), opened_by=reviewer, opened_at=NOW
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owed_reports(ReportingRound.objects.all())
        return len(captured)

    add(1)
    few = queries()
    add(8)
    assert queries() == few == 3  # rounds, projects, duties
    assert len(owed()) == 10

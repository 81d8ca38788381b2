"""Who hears when of what is missing; mails go through a backend that keeps what it was given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from indicators.models import Indicator, Plan, ReportingRound
from indicators.services.recording import record_value
from indicators.services.reminders import is_reminder_day, reminders, send_reminders
from indicators.services.round_progress import overdue_departments
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import return_values
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, IndicatorFactory, PlanFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
DEADLINE = date(2022, 3, 31)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市水利局")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, email="shenhe@example.org")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报", email="tianbao@example.org")


@pytest.fixture
def indicator(bureau: Department, reviewer: User, staff: User) -> Indicator:
    """Led by the bureau, in a plan whose 2021 round is due on 31 March 2022."""
    indicator = led_by(bureau, name="森林覆盖率")
    open_round(indicator.plan, 2021, deadline=DEADLINE, person=reviewer, now=NOW)
    return indicator


def submit(indicator: Indicator, person: User, *, as_draft: bool = False) -> None:
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal(96))
    record_value(entry, person=person, now=NOW, as_draft=as_draft)


def test_the_days_are_exact() -> None:
    days = [offset for offset in range(-20, 30) if is_reminder_day(DEADLINE, DEADLINE + timedelta(days=offset))]
    assert days == [-7, -1, 1, 8, 15, 22, 29]


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2022, 3, 24), "还有 7 天"),
        (date(2022, 3, 30), "还有 1 天"),
        (date(2022, 4, 1), "已逾期 1 天"),
        (date(2022, 4, 8), "已逾期 8 天"),
    ],
)
def test_entry_staff_hear_what_is_missing(indicator: Indicator, today: date, words: str) -> None:
    assert send_reminders(today).sent == 1
    [message] = mail.outbox
    assert message.to == ["tianbao@example.org"]
    assert "还有 1 项指标没有提交" in message.subject
    for shown in ("王填报，您好", indicator.plan.title, "2021 年", "2022年3月31日", words, "1. 森林覆盖率（市水利局）"):
        assert shown in message.body


@pytest.mark.parametrize("today", [date(2022, 3, 23), date(2022, 3, 31), date(2022, 4, 2)])
def test_other_days_are_quiet(indicator: Indicator, today: date) -> None:
    assert send_reminders(today).sent == 0


def test_nobody_hears_of_what_was_handed_in(indicator: Indicator, staff: User) -> None:
    submit(indicator, staff)
    assert reminders(date(2022, 4, 1)) == []


def test_drafts_and_returned_values_are_named_as_such(indicator: Indicator, staff: User, reviewer: User) -> None:
    submit(indicator, staff, as_draft=True)
    second = led_by(staff.memberships.get().department, plan=indicator.plan, name="水土保持率", position=1)
    submit(second, staff)
    return_values(second.values.all(), comment="核对", person=reviewer, now=NOW)
    [reminder] = reminders(date(2022, 4, 1))
    assert reminder.parts[0].lines == ("森林覆盖率（市水利局，草稿未提交）", "水土保持率（市水利局，已退回，待修改）")


def test_one_mail_lists_all_rounds_and_departments_of_a_person(
    indicator: Indicator, bureau: Department, staff: User, reviewer: User
) -> None:
    other = DepartmentFactory.create(region=bureau.region)
    led_by(other, plan=indicator.plan)
    staff.memberships.create(department=other, role=Role.ENTRY)
    open_round(indicator.plan, 2022, deadline=date(2022, 4, 8), person=reviewer, now=NOW)
    [reminder] = reminders(date(2022, 4, 1))
    assert [(part.round.year, len(part.lines)) for part in reminder.parts] == [(2021, 2), (2022, 2)]


def test_findings_parents_and_past_targets_are_nobodys_debt(indicator: Indicator, bureau: Department) -> None:
    plan = indicator.plan
    led_by(bureau, plan=plan, value_type="finding", wording="基本建立体系")
    led_by(bureau, plan=plan, code="parent")
    IndicatorFactory.create(plan=plan, parent=Indicator.objects.get(code="parent"), target_year=2021, name="分项")
    [reminder] = reminders(date(2022, 4, 1))
    assert {line.split("（")[0] for line in reminder.parts[0].lines} == {"森林覆盖率", "分项"}


def test_the_coordinating_department_answers_where_nobody_is_named(indicator: Indicator, reviewer: User) -> None:
    plan: Plan = PlanFactory.create(coordinating_department__region=indicator.plan.region)
    IndicatorFactory.create(plan=plan)
    member_of(plan.coordinating_department, Role.ENTRY, email="tongchou@example.org")
    open_round(plan, 2021, deadline=DEADLINE, person=reviewer, now=NOW)
    assert {each.address for each in reminders(date(2022, 4, 1))} == {"tianbao@example.org", "tongchou@example.org"}


def test_people_without_address_and_people_who_left(indicator: Indicator, bureau: Department, staff: User) -> None:
    member_of(bureau, Role.ENTRY, full_name="无邮箱")
    staff.is_active = False
    staff.save()
    out = StringIO()
    call_command("send_reminders", today=date(2022, 4, 1), stdout=out)
    assert mail.outbox == []
    assert "没有邮箱、未能提醒：无邮箱" in out.getvalue()


def test_the_command_writes_mails_through_the_configured_backend(
    indicator: Indicator, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    out = StringIO()
    call_command("send_reminders", "--today", "2022-03-24", stdout=out)
    assert "已发送 1 封" in out.getvalue()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_server_that_cannot_be_reached_is_said(indicator: Indicator, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(CommandError, match="王填报"):
        call_command("send_reminders", today=date(2022, 4, 1), stdout=StringIO())


def test_leadership_sees_who_is_overdue(indicator: Indicator, bureau: Department, staff: User) -> None:
    assert overdue_departments(DEADLINE) == []
    [late] = overdue_departments(date(2022, 4, 3))
    assert (late.department, late.count, late.days, late.round.year) == (bureau, 1, 3, 2021)
    assert overdue_departments(date(2022, 4, 3), plans=Plan.objects.exclude(pk=indicator.plan_id)) == []
    submit(indicator, staff)
    assert overdue_departments(date(2022, 4, 3)) == []


def test_overdue_departments_and_reminders_cost_the_same_for_many(indicator: Indicator, reviewer: User) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            department = DepartmentFactory.create(region=indicator.plan.region)
            member_of(department, Role.ENTRY, email="x@example.org")
            plan = led_by(department).plan
            ReportingRound.objects.create(plan=plan, year=2021, deadline=DEADLINE, opened_by=reviewer, opened_at=NOW)
            led_by(department, plan=plan)

    def counts() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as overdue:
            overdue_departments(date(2022, 4, 1))
        with CaptureQueriesContext(connection) as reminded:
            reminders(date(2022, 4, 1))
        return len(overdue), len(reminded)

    add(1)
    few = counts()
    add(18)
    # overdue: rounds, indicators, shares, duties; reminders: deadlines, those four, memberships
    assert few == counts() == (4, 6)
    assert len(overdue_departments(date(2022, 4, 1))) == 20

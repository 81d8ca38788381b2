"""The board of departments: whose indicators, projects and measures stand well, and who hands in on time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import (
    Indicator,
    MeasureReport,
    MeasureResponsibility,
    Plan,
    Responsibility,
    ReviewStatus,
    ValueOrigin,
    YearlyValue,
)
from indicators.services.judging import judge_indicators
from indicators.services.rounds import open_round
from portal.accounts.models import User
from portal.dashboards.departments.board import DepartmentBoard, DepartmentLine, department_board
from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectGroup, ProjectResponsibility
from projects.services.judging import judge_projects
from regions.models import Department, DepartmentAlias, DutyRole, Role
from tests.factories import DepartmentFactory, IndicatorFactory, MeasureFactory, PlanFactory, TargetFactory, member_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def bureau() -> Department:
    """The department that coordinates the plan."""
    return DepartmentFactory.create(name="市生态环境局")


@pytest.fixture
def other(bureau: Department) -> Department:
    return DepartmentFactory.create(region=bureau.region, name="市水利局")


@pytest.fixture
def plan(bureau: Department) -> Plan:
    plan: Plan = PlanFactory.create(slug="the-plan", coordinating_department=bureau)
    return plan


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


def board(address: str = "") -> DepartmentBoard:
    return department_board(QueryDict(address), person_id=None, today=TODAY)


def line_of(department: Department, address: str = "") -> DepartmentLine:
    return next(line for line in board(address).lines if line.department == department)


def indicator(plan: Plan, lead: Department | None = None, value: int | None = None) -> Indicator:
    """An indicator with the target ≥95 for 2025, and its value of that year."""
    found: Indicator = IndicatorFactory.create(plan=plan)
    TargetFactory.create(indicator=found)
    if lead:
        Responsibility.objects.create(indicator=found, department=lead, role=DutyRole.LEAD)
    if value is not None:
        handed_in(found, 2025, value, at=datetime(2026, 3, 1, tzinfo=UTC))
    judge_indicators([found], now=timezone.now())
    return found


def handed_in(
    indicator: Indicator, year: int, value: int, *, at: datetime, origin: ValueOrigin = ValueOrigin.FORM
) -> None:
    YearlyValue.objects.create(
        indicator=indicator,
        region=indicator.plan.region,
        year=year,
        value=Decimal(value),
        status=ReviewStatus.APPROVED,
        submitted_at=at,
        approved_at=timezone.now(),
        origin=origin,
    )


def test_verdicts_count_for_those_who_lead_and_for_the_coordinator_where_nobody_does(
    plan: Plan, bureau: Department, other: Department
) -> None:
    indicator(plan, other, value=96)
    missed = indicator(plan, other, value=90)
    Responsibility.objects.create(indicator=missed, department=bureau, role=DutyRole.PARTICIPATING)
    indicator(plan)
    tally = line_of(other).standing.indicators
    assert [(each.mark.tone, each.count) for each in tally.tones] == [("bad", 1), ("met", 1)]
    assert (tally.red, tally.total) == (1, 2)
    standing = line_of(bureau).standing
    assert (standing.counts.coordinating, standing.counts.participating) == (1, 1)
    assert [(each.mark.tone, each.count) for each in standing.indicators.tones] == [("waiting", 1)]


def test_bars_fill_their_width(plan: Plan, other: Department) -> None:
    for value in (96, 97, 90):
        indicator(plan, other, value=value)
    bar = line_of(other).standing.indicators.bar
    assert [segment.start for segment in bar] == [0, bar[0].width]
    assert sum(segment.width for segment in bar) == 1000


def test_projects_and_measures_stand_beside_indicators(plan: Plan, bureau: Department, other: Department) -> None:
    column = ProjectColumn.objects.create(plan=plan, number=1, label="专栏一", title="项目")
    group = ProjectGroup.objects.create(column=column, position=1)
    project = KeyProject.objects.create(group=group, code="p-1", name="充电桩", kind="facility")
    Deliverable.objects.create(project=project, name="充电桩", quantity=20, unit="个", wording="充电桩20个")
    ProjectResponsibility.objects.create(project=project, department=other, role=DutyRole.LEAD)
    judge_projects([project], now=timezone.now())
    led, unled = MeasureFactory.create_batch(2, plan=plan)
    MeasureResponsibility.objects.create(measure=led, department=other, role=DutyRole.LEAD)
    MeasureReport.objects.create(
        measure=led,
        year=2025,
        progress="completed",
        statement="已完成。",
        status=ReviewStatus.APPROVED,
        approved_at=timezone.now(),
    )
    MeasureReport.objects.create(measure=unled, year=2025, progress="completed", statement="未审定。")
    standing = line_of(other).standing
    assert standing.works.total == 1
    assert (standing.completed_measures, standing.led_measures) == (1, 1)
    coordinating = line_of(bureau).standing
    assert (coordinating.completed_measures, coordinating.led_measures) == (0, 1)
    assert (coordinating.counts.measures, coordinating.counts.coordinated_measures) == (1, 1)


class TestPunctuality:
    def test_on_time_late_overdue_and_pending(self, plan: Plan, other: Department, reviewer: User) -> None:
        first, second, third, _ = (indicator(plan, other) for _ in range(4))
        open_round(plan, 2024, deadline=date(2025, 3, 31), note="", person=reviewer, now=timezone.now())
        # Half past midnight in Shanghai is the day after: the deadline's day is a day there.
        handed_in(first, 2024, 96, at=datetime(2025, 3, 31, 15, 59, tzinfo=UTC))
        handed_in(second, 2024, 96, at=datetime(2025, 3, 31, 16, 30, tzinfo=UTC))
        handed_in(third, 2024, 96, at=datetime(2026, 1, 1, tzinfo=UTC), origin=ValueOrigin.DEMONSTRATION)
        times = line_of(other).punctuality
        assert (times.on_time, times.late, times.most_days_late) == (1, 1, 1)
        assert (times.overdue, times.most_days_overdue) == (1, (TODAY - date(2025, 3, 31)).days)
        open_round(plan, 2025, deadline=date(2099, 3, 31), note="", person=reviewer, now=timezone.now())
        assert line_of(other).punctuality.pending == 4

    def test_statements_and_reports_count_too(
        self, plan: Plan, bureau: Department, other: Department, reviewer: User
    ) -> None:
        measure = MeasureFactory.create(plan=plan)
        MeasureResponsibility.objects.create(measure=measure, department=other, role=DutyRole.LEAD)
        column = ProjectColumn.objects.create(plan=plan, number=1, label="专栏一", title="项目")
        group = ProjectGroup.objects.create(column=column, position=1)
        KeyProject.objects.create(group=group, code="p-1", name="充电桩", kind="facility")
        open_round(plan, 2025, deadline=date(2026, 3, 31), note="", person=reviewer, now=timezone.now())
        assert line_of(other).punctuality.overdue == 1
        assert line_of(bureau).punctuality.overdue == 1

    def test_without_rounds_nothing_is_said(
        self, client: Client, plan: Plan, other: Department, reviewer: User
    ) -> None:
        indicator(plan, other)
        client.force_login(reviewer)
        assert not line_of(other).punctuality.is_asked
        assert "还没有开放填报轮次" in client.get("/departments/").content.decode()


class TestFilters:
    def test_a_plan_limits_departments_and_what_is_counted(
        self, plan: Plan, bureau: Department, other: Department
    ) -> None:
        indicator(plan, other, value=96)
        second = PlanFactory.create(slug="second-plan", coordinating_department=bureau)
        indicator(second, bureau, value=96)
        assert {line.department for line in board("plan=second-plan").lines} == {bureau}
        assert line_of(bureau, "plan=second-plan").standing.indicators.total == 1
        assert {line.department for line in board("plan=the-plan").lines} == {other}

    def test_region_and_search(self, plan: Plan, bureau: Department, other: Department) -> None:
        indicator(plan, other, value=96)
        indicator(plan, value=96)
        DepartmentAlias.objects.create(department=other, name="市水务局")
        assert {line.department for line in board("q=水务").lines} == {other}
        assert len(board(f"region={bureau.region.slug}").lines) == 2
        assert board("q=没有这个部门").regions == []

    def test_order(self, plan: Plan, bureau: Department, other: Department, reviewer: User) -> None:
        indicator(plan, bureau, value=96)
        indicator(plan, other, value=90)
        indicator(plan)
        open_round(plan, 2025, deadline=date(2026, 3, 31), note="", person=reviewer, now=timezone.now())
        assert [line.department for line in board("plan=the-plan").lines] == [other, bureau]
        assert [line.department for line in board("plan=the-plan&order=late").lines] == [bureau, other]
        assert [line.department for line in board("plan=the-plan&order=name").lines] == [bureau, other]

    @pytest.mark.parametrize("address", ["?plan=nothing", "?region=nothing", "?order=nothing"])
    def test_what_does_not_exist_is_refused(self, client: Client, reviewer: User, address: str) -> None:
        client.force_login(reviewer)
        assert client.get(f"/departments/{address}").status_code == 404


def test_page_and_file_say_the_same(client: Client, plan: Plan, other: Department, reviewer: User) -> None:
    indicator(plan, other, value=90)
    open_round(plan, 2025, deadline=date(2026, 3, 31), note="", person=reviewer, now=timezone.now())
    client.force_login(reviewer)
    page = client.get("/departments/?plan=the-plan").content.decode()
    assert '<span class="visually-hidden">未完成、反向变化或滞后</span> 1' in page
    assert '<span class="visually-hidden">，红色预警</span> 1' in page
    rows = load_workbook(BytesIO(client.get("/departments/?plan=the-plan&format=xlsx").getvalue()))["部门"].values
    header, *lines = rows
    row = next(dict(zip(header, line, strict=True)) for line in lines if other.name in line)
    assert (row["指标：未完成、反向变化或滞后（项）"], row["指标红色预警（项）"], row["按时提交（项）"]) == (1, 1, 1)

"""A page costs the same number of queries however much it shows; the comments name them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import (
    Assessment,
    Baseline,
    Category,
    Indicator,
    Measure,
    MeasureResponsibility,
    Mention,
    Plan,
    ReportingRound,
    Responsibility,
    Topic,
    YearlyValue,
)
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from projects.models import (
    Deliverable,
    DeliveredQuantity,
    KeyProject,
    ProgressReport,
    ProjectColumn,
    ProjectGroup,
    ProjectProblem,
    ProjectResponsibility,
)
from projects.services.judging import judge_projects
from regions.history import attribute
from regions.models import Department, DutyRole
from tests.factories import (
    CategoryFactory,
    DepartmentFactory,
    EvidenceFileFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    TargetDocumentFileFactory,
    TargetFactory,
    UserFactory,
    YearlyValueFactory,
)

pytestmark = pytest.mark.usefixtures("loaded_plans")


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    """A client that is signed in as leadership."""
    client.force_login(leader)
    return client


@pytest.fixture
def plan() -> Plan:
    """A plan of its own region, empty."""
    return PlanFactory.create(slug="small-plan")


def queries(client: Client, address: str) -> list[str]:
    """The queries of a page that answers 200; pages are warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


def assert_constant(client: Client, address: str, add: Callable[[int], object], expected: int) -> None:
    """The page takes `expected` queries for 2 objects and for 20, and its file no more than the page."""
    file = f"{address}{'&' if '?' in address else '?'}format=xlsx"
    for number in range(2):
        add(number)
    few, few_in_file = queries(client, address), queries(client, file)
    for number in range(2, 20):
        add(number)
    many, many_in_file = queries(client, address), queries(client, file)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) == expected, "\n".join(many)
    assert len(few_in_file) == len(many_in_file) <= expected, "\n".join(many_in_file)


def full_indicator(plan: Plan, category: Category, number: int, topic: Topic | None = None) -> Indicator:
    """An indicator with everything that a row shows, and a component."""
    indicator: Indicator = IndicatorFactory.create(plan=plan, category=category, position=number * 2, topic=topic)
    component: Indicator = IndicatorFactory.create(
        plan=plan, category=category, position=number * 2 + 1, parent=indicator
    )
    for each in (indicator, component):
        TargetFactory.create(indicator=each, note=f"目标说明 {each.code}")
        Baseline.objects.create(indicator=each, region=plan.region, year=2020, value=90, text="90", note="脚注")
        lead, other = DepartmentFactory.create_batch(2, region=plan.region)
        Responsibility.objects.create(indicator=each, department=lead, role=DutyRole.LEAD, position=1)
        Responsibility.objects.create(indicator=each, department=other, role=DutyRole.PARTICIPATING, position=2)
    YearlyValueFactory.create(indicator=component, year=2025, value=80)
    judge_indicators([indicator], now=timezone.now())
    return indicator


def test_overview(reader: Client) -> None:
    def add(number: int) -> None:
        plan = PlanFactory.create(slug=f"a-plan-{number}")
        indicator = full_indicator(plan, CategoryFactory.create(plan=plan), 0)
        Assessment.ever.filter(indicator__plan=plan).update(judged_at=timezone.now() - timedelta(days=30))
        YearlyValue.objects.filter(indicator__plan=plan).update(value=99, approved_by=UserFactory.create())
        judge_indicators([indicator], now=timezone.now())
        full_column(plan, 0)
        ReportingRound.objects.create(
            plan=plan, year=2021, deadline=date(2022, 3, 31), opened_by=UserFactory.create(), opened_at=timezone.now()
        )

    # session, user, roles; plans with their numbers; verdicts; warnings; overdue: rounds, indicators, shares;
    # departments; projects; changed verdicts
    assert_constant(reader, "/", add, 12)
    assert len(queries(reader, "/?since=review")) == 12
    assert len(queries(reader, "/screen/")) == 12
    assert reader.get("/").context["page"].changes


def test_plan(reader: Client, plan: Plan) -> None:
    def add(number: int) -> None:
        full_indicator(plan, CategoryFactory.create(plan=plan), number)

    # session, user, roles; plan; indicators, baselines, targets, duties, values, verdicts; categories
    assert_constant(reader, "/plans/small-plan/?year=2025&constraint=binding", add, 11)


def test_plan_years(reader: Client, plan: Plan) -> None:
    def add(number: int) -> None:
        full_indicator(plan, CategoryFactory.create(plan=plan), number)

    # session, user, roles; plan; indicators, duties, verdicts
    assert_constant(reader, "/plans/small-plan/years/?year=2025&constraint=binding", add, 7)


def test_compare(reader: Client) -> None:
    topic = Topic.objects.create(key="test-topic", name="主题", domain="air")

    def add(number: int) -> None:
        plan = PlanFactory.create(slug=f"a-plan-{number}")
        full_indicator(plan, CategoryFactory.create(plan=plan), 0, topic)

    # session, user, roles; span of years; plans; topics; verdicts
    assert_constant(reader, "/compare/?year=2025", add, 7)


def test_topic(reader: Client) -> None:
    topic = Topic.objects.create(key="test-topic", name="主题", domain="air")

    def add(number: int) -> None:
        plan = PlanFactory.create(slug=f"a-plan-{number}")
        indicator = full_indicator(plan, CategoryFactory.create(plan=plan), 0, topic)
        IndicatorFactory.create(plan=plan)
        county = RegionFactory.create()
        TargetFactory.create(indicator=indicator, region=county)
        YearlyValueFactory.create(indicator=indicator, region=county, year=2025, value=80)

    # session, user, roles; topic; span of years; indicators, baselines, targets, duties, values, verdicts
    assert_constant(reader, "/compare/test-topic/?year=2025", add, 11)


def test_indicator(reader: Client, plan: Plan) -> None:
    topic = Topic.objects.create(key="test-topic", name="主题", domain="air")
    category = CategoryFactory.create(plan=plan)
    indicator = IndicatorFactory.create(plan=plan, category=category, code="the-indicator", topic=topic)
    TargetFactory.create(indicator=indicator)
    Baseline.objects.create(indicator=indicator, region=plan.region, year=2020, value=90, text="90")

    YearlyValueFactory.create(indicator=indicator, year=2021, value=91)

    def add(number: int) -> None:
        other = PlanFactory.create()
        full_indicator(other, CategoryFactory.create(plan=other), 0, topic)
        component = IndicatorFactory.create(plan=plan, category=category, parent=indicator)
        TargetFactory.create(indicator=component)
        Mention.objects.create(indicator=indicator, section=f"第{number}章", wording="≥95", agrees=False)
        Responsibility.objects.create(
            indicator=indicator, department=DepartmentFactory.create(region=plan.region), role=DutyRole.LEAD
        )
        measure = Measure.objects.create(plan=plan, code=f"measure-{number}", title="任务")
        measure.indicators.add(indicator)
        MeasureResponsibility.objects.create(
            measure=measure, department=DepartmentFactory.create(region=plan.region), role=DutyRole.LEAD
        )
        Baseline.objects.create(
            indicator=indicator, region=plan.region, year=2020, value=90, text="90", version=number + 2
        )
        version = TargetFactory.create(indicator=indicator, version=number + 2)
        TargetDocumentFileFactory.create(target=version)
        EvidenceFileFactory.create(indicator=indicator)
        judge_indicators([indicator], now=timezone.now())

    # session, user, roles; the indicator, its components and the same topic elsewhere: indicators, baselines, targets,
    # duties, values, verdicts; evidence and documents; mentions and measures with their departments; history
    assert_constant(reader, "/indicators/the-indicator/", add, 12)


def full_column(plan: Plan, number: int) -> list[KeyProject]:
    """A column of three projects with everything that a row shows."""
    column = ProjectColumn.objects.create(plan=plan, number=number + 1, label="专栏", title="项目", section="第三章")
    group = ProjectGroup.objects.create(column=column, label="（一）", title="工程", position=1)
    projects = []
    for position in range(3):
        project = KeyProject.objects.create(
            group=group, code=f"{plan.slug}-{number}-{position}", name="项目", kind="facility", position=position
        )
        project.places.add(RegionFactory.create())
        department = DepartmentFactory.create(region=plan.region)
        ProjectResponsibility.objects.create(project=project, department=department, role=DutyRole.LEAD)
        deliver(project, 1)
        projects.append(project)
        problem(project, department)
    judge_projects(projects, now=timezone.now())
    return projects


def deliver(project: KeyProject, position: int, *, year: int = 2022) -> None:
    """A further deliverable of the project, and a report that states it."""
    deliverable = Deliverable.objects.create(
        project=project, name="充电桩", quantity=20, unit="个", wording="充电桩20个", position=position
    )
    report = ProgressReport.objects.create(
        project=project, year=year, project_status="construction", status="approved", approved_at=timezone.now()
    )
    DeliveredQuantity.objects.create(report=report, deliverable=deliverable, quantity=5)


def problem(project: KeyProject, owner: Department) -> ProjectProblem:
    """An open problem."""
    return ProjectProblem.objects.create(
        project=project,
        description="没有资金",
        owner=owner,
        deadline=date(2022, 5, 1),
        raised_on=date(2022, 4, 1),
        raised_by=UserFactory.create(),
    )


def test_project_columns(reader: Client, plan: Plan) -> None:
    def add(number: int) -> None:
        full_column(plan, number)

    # session, user, roles; plan; columns, groups, projects, places, deliverables, duties, reports, delivered
    # quantities, verdicts, problems
    assert_constant(reader, "/plans/small-plan/projects/", add, 14)


def test_project(reader: Client, plan: Plan) -> None:
    [project, *_] = full_column(plan, 0)
    ProgressReport.objects.all().delete()
    Deliverable.objects.filter(project=project).delete()
    category = CategoryFactory.create(plan=plan)

    def add(number: int) -> None:
        deliver(project, number + 1, year=2021 + number)
        project.places.add(RegionFactory.create())
        department = DepartmentFactory.create(region=plan.region)
        ProjectResponsibility.objects.create(project=project, department=department, role=DutyRole.LEAD)
        measure = Measure.objects.create(plan=plan, code=f"measure-{number}", title="任务")
        measure.indicators.add(IndicatorFactory.create(plan=plan, category=category))
        MeasureResponsibility.objects.create(measure=measure, department=department, role=DutyRole.LEAD)
        project.measures.add(measure)
        problem(project, department)
        judge_projects([project], now=timezone.now())

    # session, user, roles; project; may report, may review; places, deliverables and their verdicts, duties, measures,
    # their duties and indicators; reports and their quantities; files; problems; verdict; history of project,
    # deliverables, duties, reports and their quantities, problems
    assert_constant(reader, f"/projects/{project.code}/", add, 24)


def test_works(reader: Client) -> None:
    def add(number: int) -> None:
        full_column(PlanFactory.create(slug=f"a-plan-{number}"), 0)

    # session, user, roles; number of projects, projects, places, deliverables, duties, reports, delivered quantities,
    # verdicts, problems; plans and places to choose from
    assert_constant(reader, "/projects/", add, 14)


def test_problems(reader: Client) -> None:
    def add(number: int) -> None:
        full_column(PlanFactory.create(slug=f"a-plan-{number}"), 0)

    # session, user, roles; number of problems, problems, counts by state; plans and departments to choose from
    assert_constant(reader, "/problems/", add, 8)


def test_departments(reader: Client) -> None:
    def add(number: int) -> None:
        plan = PlanFactory.create(coordinating_department__region__slug=f"a-region-{number}")
        full_indicator(plan, CategoryFactory.create(plan=plan), 0)
        DepartmentFactory.create_batch(2, region=plan.region)
        column = ProjectColumn.objects.create(plan=plan, number=1, label="专栏一", title="项目")
        group = ProjectGroup.objects.create(column=column, position=1)
        KeyProject.objects.create(group=group, code=f"project-{number}", name="项目", kind="facility")
        Measure.objects.create(plan=plan, code=f"measure-{number}", title="任务")
        ReportingRound.objects.create(
            plan=plan, year=2025, deadline=date(2026, 3, 31), opened_by=UserFactory.create(), opened_at=timezone.now()
        )

    # session, user, roles; plans and regions to choose from; number of regions, regions, departments; verdicts of
    # indicators, verdicts of projects, statements on measures; what is due
    assert_constant(reader, "/departments/?order=late", add, 12)


def test_department(reader: Client, plan: Plan) -> None:
    department: Department = plan.coordinating_department
    category = CategoryFactory.create(plan=plan)
    column = ProjectColumn.objects.create(plan=plan, number=1, label="专栏一", title="项目")
    group = ProjectGroup.objects.create(column=column, position=1)

    def add(number: int) -> None:
        led = full_indicator(plan, category, number)
        Responsibility.objects.create(indicator=led, department=department, role=DutyRole.LEAD)
        coordinated = IndicatorFactory.create(plan=plan, category=category)
        TargetFactory.create(indicator=coordinated)
        judge_indicators([coordinated], now=timezone.now())
        measure = Measure.objects.create(plan=plan, code=f"measure-{number}", title="任务", chapter=f"第{number}章")
        MeasureResponsibility.objects.create(measure=measure, department=department, role=DutyRole.LEAD)
        project = KeyProject.objects.create(
            group=group, code=f"project-{number}", name="项目", kind="facility", position=number
        )
        ProjectResponsibility.objects.create(project=project, department=department, role=DutyRole.LEAD)
        Deliverable.objects.create(project=project, name="充电桩", quantity=20, unit="个", wording="充电桩20个")
        if number < 5:
            ReportingRound.objects.create(
                plan=plan,
                year=2021 + number,
                deadline=date(2022, 3, 31),
                opened_by=UserFactory.create(),
                opened_at=timezone.now(),
            )

    # session, user, roles; department; indicators, baselines, targets, duties, values, verdicts; measures; projects,
    # deliverables; whether the person enters, plans that the person reviews; what is missing; last known red verdicts
    assert_constant(reader, f"/departments/{department.code}/", add, 17)
    # session, user, roles; department; indicators, baselines, targets, duties, values, verdicts; measures; projects,
    # deliverables
    assert_constant(reader, f"/departments/{department.code}/duties/", lambda number: add(number + 20), 13)


def test_measures(reader: Client, plan: Plan) -> None:
    def add(number: int) -> None:
        measure = Measure.objects.create(plan=plan, code=f"measure-{number}", title="任务", chapter=f"第{number}章")
        measure.indicators.add(IndicatorFactory.create(plan=plan))
        for department in DepartmentFactory.create_batch(2, region=plan.region):
            duty = MeasureResponsibility(measure=measure, department=department, role=DutyRole.LEAD)
            attribute(duty, person=UserFactory.create(), reason="改革")
            duty.save()
        attribute(measure, person=UserFactory.create(), reason="改革")
        measure.indicators.add(IndicatorFactory.create(plan=plan))

    # session, user, roles; plan; measures, duties, indicators, projects; statements; permission; history of departments
    # (measures changed, records) and of indicators (measures changed, records, indicators)
    assert_constant(reader, "/plans/small-plan/measures/", add, 15)

"""Pages as of a day: how they are reached, what they show, and what stays in the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Indicator, Responsibility, ReviewStatus, YearlyValue
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from portal.dashboards.urls import urlpatterns
from projects.models import DeliveredQuantity, KeyProject, ProgressReport, ProjectAssessment, ProjectProblem
from projects.services.judging import judge_projects
from regions.history import attribute
from regions.models import Department, DutyRole
from regions.moment import as_of
from tests.factories import DepartmentFactory, PlanFactory, UserFactory, YearlyValueFactory, led_by, project_led_by

pytestmark = pytest.mark.usefixtures("loaded_plans")
MARCH = datetime(2022, 3, 1, 4, tzinfo=UTC)
MAY, JULY = MARCH + timedelta(days=61), MARCH + timedelta(days=122)


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(code="the-office", name="甲局")


@pytest.fixture
def indicator(department: Department) -> Indicator:
    """At least 95 by 2025. 2021 is empty until March 2022, 80 in March, 96 in May, reopened in July."""
    plan = PlanFactory.create(slug="the-plan", coordinating_department=department)
    indicator = led_by(department, code="the-indicator", plan=plan)
    judge_indicators([indicator], now=MARCH - timedelta(days=30))
    value = YearlyValueFactory.build(indicator=indicator, region=indicator.plan.region, value=Decimal(80))
    write(value, MARCH)
    value.value = Decimal(96)
    write(value, MAY)
    value.status = ReviewStatus.RETURNED
    write(value, JULY)
    return indicator


def write(row: YearlyValue | Responsibility | ProgressReport | DeliveredQuantity, moment: datetime) -> None:
    """Save as a person did at that moment, and judge as the services do."""
    attribute(row, person=UserFactory.create())
    row._history_date = moment  # type: ignore[union-attr]  # simple-history reads it
    row.save()
    if isinstance(row, YearlyValue):
        judge_indicators([row.indicator], now=moment)


def page(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, answer.get("Location")
    return answer.content.decode()


@pytest.mark.parametrize(
    ("day", "value", "verdict"),
    [
        ("2022-02-28", "—", "待填报"),
        ("2022-03-01", "80", "滞后"),
        ("2022-04-30", "80", "滞后"),
        ("2022-05-01", "96", "提前达标"),
        ("2022-07-02", "—", "待填报"),
    ],
)
def test_a_plan_shows_value_and_verdict_of_the_day(
    reader: Client, indicator: Indicator, day: str, value: str, verdict: str
) -> None:
    answer = reader.get(f"/as-of/{day}/plans/the-plan/?year=2021")
    [row] = [row for group in answer.context["page"].table for row in group.rows]
    assert row.value == value
    assert row.assessment.get_verdict_display() in (verdict, "缺少基期值")
    assert f"截至 {day} 的情况" in answer.content.decode()


def test_an_indicator_shows_value_verdict_and_history_of_the_day(reader: Client, indicator: Indicator) -> None:
    answer = reader.get("/as-of/2022-04-30/indicators/the-indicator/")
    [row] = [row for row in answer.context["page"].years if row.year == 2021]
    assert row.value == "80%"
    assert all(event.when <= MAY for event in answer.context["page"].history)


def test_who_answers_is_who_answered_then(reader: Client, indicator: Indicator) -> None:
    later = DepartmentFactory.create(region=indicator.plan.region, name="乙局")
    write(Responsibility(indicator=indicator, department=later, role=DutyRole.PARTICIPATING), MAY)
    assert "乙局" not in page(reader, "/as-of/2022-04-30/plans/the-plan/")
    assert "乙局" in page(reader, "/as-of/2022-05-01/plans/the-plan/")


@pytest.fixture
def project(department: Department) -> KeyProject:
    """20 charging points; 4 reported for 2021 in May 2022, a problem raised in July."""
    project = project_led_by(department, quantity=Decimal(20), code="the-project")
    judge_projects([project], now=MARCH)
    report = ProgressReport(
        project=project, year=2021, project_status="construction", status="approved", approved_at=MAY
    )
    write(report, MAY)
    write(DeliveredQuantity(report=report, deliverable=project.deliverables.get(), quantity=4), MAY)
    judge_projects([project], now=MAY)
    problem = ProjectProblem(
        project=project,
        description="没有资金",
        owner=department,
        deadline=date(2022, 8, 1),
        raised_on=date(2022, 7, 1),
        raised_by=UserFactory.create(),
    )
    write(problem, JULY)  # type: ignore[arg-type]
    return project


def test_a_project_shows_reports_verdicts_and_problems_of_the_day(reader: Client, project: KeyProject) -> None:
    before = reader.get("/as-of/2022-04-30/projects/the-project/").context["page"]
    assert (before.report, before.current.verdict, before.open_problems) == (None, "awaiting_value", [])
    after = reader.get("/as-of/2022-06-30/projects/the-project/").context["page"]
    assert after.report.year == 2021
    assert after.current.verdict == "on_track"
    assert after.open_problems == []
    assert reader.get("/as-of/2022-07-31/projects/the-project/").context["page"].open_problems
    assert "没有资金" not in page(reader, "/as-of/2022-06-30/problems/")
    assert "没有资金" in page(reader, "/as-of/2022-07-31/problems/")


def test_verdicts_on_projects_are_kept_when_they_change(project: KeyProject) -> None:
    in_2021 = ProjectAssessment.ever.filter(project=project, year=2021).order_by("pk")
    assert [each.verdict for each in in_2021] == ["awaiting_value", "on_track"]
    stood = list(ProjectAssessment.ever.filter(project=project).values_list("pk", "replaced_at"))
    judge_projects([project], now=timezone.now())
    assert list(ProjectAssessment.ever.filter(project=project).values_list("pk", "replaced_at")) == stood
    with as_of(MARCH):
        assert ProjectAssessment.objects.get(project=project, year=2021).verdict == "awaiting_value"


ADDRESSES = {
    "overview": "/",
    "screen": "/screen/",
    "plan": "/plans/bazhong/",
    "plan_years": "/plans/bazhong/years/",
    "plan_midterm": "/plans/bazhong/midterm/",
    "plan_final": "/plans/bazhong/final/",
    "project_columns": "/plans/bazhong/projects/",
    "compare": "/compare/",
    "topic": "/compare/good-air-days-ratio/",
    "works": "/projects/",
    "project": "/projects/the-project/",
    "problems": "/problems/",
    "plan_duties": "/plans/bazhong/duties/",
    "plan_measures": "/plans/bazhong/measures/",
    "indicator": "/indicators/bazhong-05/",
    "departments": "/departments/",
    "department": "/departments/bazhong-ecology-environment/",
    "department_duties": "/departments/bazhong-ecology-environment/duties/",
}


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_every_public_page_looks_back(reader: Client, project: KeyProject, name: str) -> None:
    address = ADDRESSES[name]
    content = page(reader, f"/as-of/2025-12-31{address}")
    assert "截至 2025-12-31 的情况" in content
    assert f'href="{address}">回到今天' in content
    assert 'href="/static/' in content
    if name != "screen":
        assert 'href="/as-of/2025-12-31/departments/"' in content
    assert "截至" not in page(reader, address).replace("回看本页截至", "").replace("截至当年累计", "")


def test_the_query_leads_to_the_day_and_keeps_the_rest(reader: Client) -> None:
    answer = reader.get("/plans/bazhong/?year=2023&as_of=2024-06-30")
    assert answer["Location"] == "/as-of/2024-06-30/plans/bazhong/?year=2023"
    another = reader.get("/as-of/2024-06-30/plans/bazhong/?as_of=2023-12-31&year=2023")
    assert another["Location"] == "/as-of/2023-12-31/plans/bazhong/?year=2023"


@pytest.mark.parametrize(
    ("asked", "word"),
    [("2999-01-01", "还没有到"), ("2023-02-30", "不是日期"), ("31.12.2023", "不是日期"), ("x" * 500, "不是日期")],
)
def test_a_day_that_cannot_be_shown_is_told_and_ignored(reader: Client, asked: str, word: str) -> None:
    for address in (f"/?as_of={asked}", f"/as-of/{asked}/"):
        answer = reader.get(address, follow=True)
        assert answer.redirect_chain == [("/", 302)]
        assert word in " ".join(map(str, get_messages(answer.wsgi_request)) or []) + answer.content.decode()


def test_today_is_now(reader: Client) -> None:
    today = timezone.localdate()
    for address in (f"/?as_of={today}", "/?as_of=", f"/as-of/{today}/"):
        answer = reader.get(address, follow=True)
        assert answer.redirect_chain == [("/", 302)]
        assert '<p class="message"' not in answer.content.decode()


@pytest.mark.parametrize("address", ["/entry/", "/review/", "/admin/", "/password/", "/plans/bazhong/reports/", "/no/"])
def test_other_pages_never_look_back(client: Client, administrator: User, address: str) -> None:
    client.force_login(administrator)
    answer = client.get(f"/as-of/2023-12-31{address}?year=2022")
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?year=2022")
    assert client.get(f"{address}?as_of=2023-12-31").status_code in (200, 302, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/as-of/2023-12-31//evil.example/",
        "/as-of/x//evil.example",
        "/as-of//%2Fevil.example",
        "/with-submitted//evil.example/",
    ],
)
def test_no_address_leads_to_another_host(client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address)):
        assert answer["Location"].startswith("/%2Fevil.example")


def test_what_is_sent_from_a_past_day_arrives_today(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    answer = client.post("/as-of/2023-12-31/plans/bazhong/duties/", {})
    assert (answer.status_code, answer["Location"]) == (307, "/plans/bazhong/duties/")


def test_nothing_can_be_done_on_a_past_day(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    assert client.get("/plans/bazhong/duties/").context["page"].may_edit
    assert not client.get("/as-of/2025-12-31/plans/bazhong/duties/").context["page"].may_edit
    past = client.get("/as-of/2025-12-31/indicators/bazhong-05/").context["page"]
    assert not past.may_enter
    assert not past.may_review


def test_a_draft_of_then_is_nobodys_business(client: Client, administrator: User, indicator: Indicator) -> None:
    client.force_login(administrator)
    value = YearlyValueFactory.build(
        indicator=indicator, region=indicator.plan.region, year=2022, value=77, status="draft", approved_at=None
    )
    write(value, MAY)
    past = page(client, "/as-of/2022-12-31/indicators/the-indicator/")
    assert "77%" not in past


def test_a_past_day_asks_for_a_sign_in_and_comes_back(client: Client, loaded_plans: None) -> None:
    answer = client.get("/as-of/2023-12-31/plans/bazhong/", follow=True)
    assert answer.redirect_chain[-1][0] == "/login/?next=%2Fas-of%2F2023-12-31%2Fplans%2Fbazhong%2F"


def test_a_day_before_the_portal_says_so(reader: Client) -> None:
    content = page(reader, "/as-of/2019-12-31/plans/bazhong/")
    assert "起有评价记录，这一天还没有" in content
    assert "≥73.5" in content or "73.5" in content


def test_a_plan_offers_its_middle_and_its_end(reader: Client) -> None:
    content = page(reader, "/plans/bazhong/?year=2023")
    assert '<a href="/plans/bazhong/?as_of=2023-12-31">中期（2023年）</a>' in content
    assert '<a href="/plans/bazhong/?as_of=2025-12-31">期末（2025年）</a>' in content


def test_files_state_the_day(reader: Client, indicator: Indicator) -> None:
    answer = reader.get("/as-of/2022-04-30/plans/the-plan/?year=2021&format=xlsx")
    book = load_workbook(BytesIO(answer.content))
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows(max_col=2)}
    assert str(facts["截至"]).startswith("2022年04月30日")
    assert "%E6%88%AA%E8%87%B320220430" in answer["Content-Disposition"]
    header, row = [[cell.value for cell in line] for line in book["指标"].iter_rows()]
    assert row[header.index("数值")] == 80


@pytest.mark.parametrize("name", ["overview", "plan", "indicator", "works", "department"])
def test_a_past_day_costs_no_more_than_the_line_that_says_so(reader: Client, name: str) -> None:
    def number(address: str) -> int:
        reader.get(address)
        with CaptureQueriesContext(connection) as captured:
            reader.get(address)
        return len(captured)

    assert number(f"/as-of/2026-01-01{ADDRESSES[name]}") <= number(ADDRESSES[name]) + 1

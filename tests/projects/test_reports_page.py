"""The approved progress reports of a plan: the page and its file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, Quarter
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from regions.models import Department, Role
from tests.factories import DepartmentFactory, KeyProjectFactory, PlanFactory, member_of, project_led_by

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
PAGE = "/plans/the-plan/projects/reports/"


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def plan(department: Department) -> Plan:
    plan: Plan = PlanFactory.create(coordinating_department=department, slug="the-plan")
    return plan


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY)


@pytest.fixture
def reader(client: Client, department: Department) -> Client:
    client.force_login(member_of(department, Role.LEADER))
    return client


def reported(department: Department, plan: Plan, staff: User, name: str, year: int = 2021) -> None:
    """A project with two deliverables, one of them reported on at mid-year and at the end."""
    project = project_led_by(department, quantity=Decimal(100), plan=plan, name=name)
    Deliverable.objects.create(project=project, name="充电站", quantity=10, unit="座", wording="充电站10座", position=2)
    piles = project.deliverables.get(name="充电桩")
    for quarter, quantity in ((Quarter.SECOND, 10), (Quarter.YEAR, 20)):
        entry = ReportEntry(
            project,
            year,
            quarter,
            "construction",
            quantities={piles.pk: Decimal(quantity)},
            investment_paid=Decimal(0),
            problems="=征地",
        )
        record_report(entry, person=staff, now=NOW)


def test_the_page_lists_what_was_approved(reader: Client, department: Department, plan: Plan, staff: User) -> None:
    reported(department, plan, staff, "公共充电设施")
    KeyProjectFactory.create(plan=plan, name="没有报告的项目")
    page = reader.get(f"{PAGE}?year=2021").content.decode()
    for words in (
        "2 个重点项目中 1 个有已审定的进展报告（第二季度、全年）",
        "充电桩 20 / 100 个",
        "充电站 — / 10 座",
        "在建",
    ):
        assert words in page, words
    assert page.index("充电桩 10 / 100 个") < page.index("充电桩 20 / 100 个")
    assert "没有报告的项目" not in page


def test_the_file_has_what_the_page_has(reader: Client, department: Department, plan: Plan, staff: User) -> None:
    reported(department, plan, staff, "公共充电设施")
    answer = reader.get(f"{PAGE}?year=2021&format=xlsx")
    rows = list(openpyxl.load_workbook(BytesIO(answer.content))["项目进展"].iter_rows(values_only=True))
    titles = [str(title) for title in rows[0]]
    found = [dict(zip(titles, row, strict=True)) for row in rows[1:]]
    assert [(row["季度"], row["建设内容"], row["累计完成数量"], row["累计完成投资（万元）"]) for row in found] == [
        ("第二季度", "充电桩", 10, 0),
        ("第二季度", "充电站", None, None),
        ("全年", "充电桩", 20, 0),
        ("全年", "充电站", None, None),
    ]
    assert [row["存在问题"] for row in found] == ["=征地", None, "=征地", None]
    text = b"".join(reader.get(f"{PAGE}?year=2021&format=csv")).decode()
    assert "'=征地" in text


def test_unapproved_reports_are_not_listed(reader: Client, department: Department, plan: Plan, staff: User) -> None:
    open_round(plan, 2021, deadline=date(2022, 3, 31), person=member_of(department, Role.REVIEWER), now=NOW)
    reported(department, plan, staff, "公共充电设施")
    page = reader.get(f"{PAGE}?year=2021").content.decode()
    assert "2021 年还没有已审定的进展报告" in page
    assert "公共充电设施" not in page


def test_a_plan_without_projects_and_a_year_that_is_not_there(reader: Client, plan: Plan) -> None:
    assert "没有工程项目专栏" in reader.get(PAGE).content.decode()
    assert reader.get(f"{PAGE}?year=2031").status_code == 404
    assert reader.get(f"{PAGE}?year=x").status_code == 404
    assert reader.get("/plans/none/projects/reports/").status_code == 404


def test_as_many_queries_for_many_projects_as_for_one(
    reader: Client, department: Department, plan: Plan, staff: User
) -> None:
    def queries() -> int:
        reader.get(PAGE)  # the first request of a session asks for more
        with CaptureQueriesContext(connection) as asked:
            reader.get(f"{PAGE}?year=2021")
        return len(asked)

    reported(department, plan, staff, "公共充电设施")
    before = queries()
    for number in range(5):
        reported(department, plan, staff, f"第{number}项工程")
    assert queries() == before

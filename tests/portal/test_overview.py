"""What the overview lists beside the warnings: what waits with its owners, key projects at a glance, and the file."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Indicator, Plan, Target
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from portal.dashboards.overview.page import Overview
from portal.dashboards.overview.plan_projects import plan_projects
from projects.models import KeyProject, ProgressReport, ProjectStatus
from projects.services.judging import judge_projects
from regions.models import DutyRole, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    PlanFactory,
    TargetFactory,
    led_by,
    member_of,
    project_led_by,
)

pytestmark = pytest.mark.usefixtures("loaded_plans")


@pytest.fixture
def plan() -> Plan:
    """A plan of its own region; its people see it first."""
    return PlanFactory.create(slug="own-plan", title="本县规划")


@pytest.fixture
def reader(client: Client, plan: Plan) -> Client:
    """Leadership of the plan's region."""
    person: User = member_of(plan.coordinating_department, Role.LEADER)
    client.force_login(person)
    return client


def page_of(client: Client, address: str = "/") -> Overview:
    """What the overview shows."""
    page: Overview = client.get(address).context["page"]
    return page


def sheet(client: Client, title: str) -> list[dict[str, Any]]:
    """The rows of one sheet of the overview's file."""
    book = load_workbook(BytesIO(client.get("/?format=xlsx").getvalue()))
    sheet: Any = book[title]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


class TestPending:
    """目标待下达和待填报"""

    @pytest.fixture
    def waiting(self, plan: Plan) -> list[Indicator]:
        """A value that two departments owe together, one that nobody is named for, and a target that is not handed
        down."""
        forestry, water = (DepartmentFactory.create(region=plan.region, name=name) for name in ("林业局", "水利局"))
        shared = led_by(forestry, plan=plan, name="河湖岸线", code="shared")
        shared.responsibilities.create(department=water, role=DutyRole.LEAD, position=2)
        unnamed = IndicatorFactory.create(plan=plan, name="森林覆盖率", code="unnamed")
        TargetFactory.create(indicator=unnamed)
        handed_down = led_by(forestry, plan=plan, name="考核目标", code="handed-down")
        Target.objects.filter(indicator=handed_down).delete()
        TargetFactory.create(indicator=handed_down, wording="完成省下达目标")
        indicators = [shared, unnamed, handed_down]
        judge_indicators(indicators, now=timezone.now())
        return indicators

    def test_is_grouped_by_department_and_counts_once(self, reader: Client, plan: Plan, waiting: list[Any]) -> None:
        found = page_of(reader).pending[0]
        assert (found.plan, found.targets, found.values) == (plan, 1, 2)
        assert found.departments[0].department.name == "林业局"
        assert {
            each.department.name: (each.targets, each.values, [line.indicator.code for line in each.lines])
            for each in found.departments
        } == {
            "林业局": (1, 1, ["handed-down", "shared"]),
            "水利局": (0, 1, ["shared"]),
            plan.coordinating_department.name: (0, 1, ["unnamed"]),
        }

    def test_all_plans_together_are_as_many_as_the_verdicts(self, reader: Client, waiting: list[Any]) -> None:
        page = page_of(reader)
        verdicts = {str(row.verdict): row.total for row in page.counts.rows}
        assert (page.pending_targets, page.pending_values) == (verdicts["awaiting_target"], verdicts["awaiting_value"])

    def test_the_page_links_what_waits_and_who_has_to_act(self, reader: Client, waiting: list[Any]) -> None:
        html = reader.get("/").content.decode()
        section = html[html.index('id="pending"') :]
        assert '<a href="/indicators/handed-down/">考核目标</a>' in section
        department = waiting[2].responsibilities.get().department
        assert f"/departments/{department.code}/?year=2025" in section

    def test_the_file_has_every_line_once_with_its_owners(self, reader: Client, waiting: list[Any]) -> None:
        rows = {row["指标代码"]: row for row in sheet(reader, "目标待下达和待填报")}
        assert (rows["shared"]["待办"], rows["shared"]["牵头单位"]) == ("待填报", "林业局、水利局")
        assert rows["unnamed"]["牵头单位"].endswith("（统筹）")
        assert rows["handed-down"]["待办"] == "目标待下达"
        page = page_of(reader)
        assert len(sheet(reader, "目标待下达和待填报")) == page.pending_targets + page.pending_values


class TestProjects:
    """重点项目"""

    @pytest.fixture
    def projects(self, plan: Plan) -> list[KeyProject]:
        """One that is behind and suspended, one that nobody reported on."""
        department = DepartmentFactory.create(region=plan.region)
        projects = [project_led_by(department, quantity=Decimal(20), plan=plan) for _ in range(2)]
        report = ProgressReport.objects.create(
            project=projects[0],
            year=2025,
            project_status=ProjectStatus.SUSPENDED,
            status_reason="资金未到位",
            status="approved",
            approved_at=timezone.now(),
        )
        report.delivered_quantities.create(deliverable=projects[0].deliverables.get(), quantity=5)
        judge_projects(projects, now=timezone.now())
        return projects

    def test_are_counted_by_status_and_verdict(self, reader: Client, plan: Plan, projects: list[Any]) -> None:
        found = page_of(reader).projects[0]
        assert (found.plan, found.total, found.behind, found.waiting) == (plan, 2, 1, 1)
        assert [(each.label, each.count) for each in found.statuses] == [("停缓建", 1), ("未报告", 1)]
        assert [(each.verdict, each.count) for each in found.verdicts] == [("missed", 1), ("awaiting_value", 1)]

    def test_every_number_leads_to_as_many_projects(self, reader: Client, plan: Plan, projects: list[Any]) -> None:
        html = reader.get("/").content.decode()
        for query, number in (
            ("", 2),
            ("&amp;status=suspended", 1),
            ("&amp;status=unreported", 1),
            ("&amp;verdict=missed", 1),
            ("&amp;verdict=awaiting_value", 1),
        ):
            address = f"/projects/?plan=own-plan{query}"
            assert f'href="{address}"' in html
            assert reader.get(address.replace("&amp;", "&")).context["page"].page.paginator.count == number

    def test_a_plan_without_projects_is_not_listed(self, reader: Client, plan: Plan) -> None:
        assert plan not in [each.plan for each in page_of(reader).projects]
        assert plan_projects([], 2025) == []

    def test_the_file_has_a_row_for_each_plan(self, reader: Client, projects: list[Any]) -> None:
        row = sheet(reader, "重点项目")[0]
        assert (row["规划标识"], row["重点项目（个）"], row["停缓建（个）"]) == ("own-plan", 2, 1)
        assert (row["未完成或滞后（个）"], row["评价：待填报（个）"]) == (1, 1)


class TestPages:
    """More plans than one page has room for."""

    def test_a_page_that_does_not_exist_gives_the_nearest(
        self, reader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("portal.dashboards.overview.page.PLANS_PER_PAGE", 4)
        numbers = {asked: page_of(reader, f"/?page={asked}").page.number for asked in ("1", "2", "9", "0", "x", "-1")}
        assert numbers == {"1": 1, "2": 2, "9": 2, "0": 2, "x": 1, "-1": 1}
        assert page_of(reader, "/?page=2").page.paginator.num_pages == 2
        assert "本页只说其中 2 份规划，共 6 份" in reader.get("/?page=2").content.decode()

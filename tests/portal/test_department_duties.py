"""A department's whole responsibility: what is due, overdue and red, and the list of its duties to print and sign."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Indicator, Plan, ReportingRound, ReviewStatus
from indicators.services.duties import assign_departments, stamp
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from projects.models import KeyProject, ProjectColumn, ProjectGroup, ProjectResponsibility
from regions.models import Department, DutyRole, Region, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    MeasureFactory,
    PlanFactory,
    TargetFactory,
    UserFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
BUREAU = "/departments/bazhong-ecology-environment/"


@pytest.fixture
def office() -> Department:
    return DepartmentFactory.create(name="市水利局", code="the-office")


@pytest.fixture
def soil(office: Department) -> Indicator:
    """Led by the office, with the target ≥95."""
    plan = PlanFactory.create(slug="the-plan", coordinating_department__region=office.region)
    return led_by(office, plan=plan, code="soil", name="水土保持率")


def open_round(indicator: Indicator, year: int, *, days: int) -> ReportingRound:
    """The round of a year whose deadline is so many days from today."""
    opened: ReportingRound = ReportingRound.objects.create(
        plan=indicator.plan,
        year=year,
        deadline=timezone.localdate() + timedelta(days=days),
        opened_by=UserFactory.create(),
        opened_at=timezone.now(),
    )
    return opened


def text(client: Client, address: str, person: User | None = None) -> str:
    if person is not None:
        client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def block(page: str, key: str) -> str:
    """What stands under 逾期未交 (overdue), 待办 (due) or 红色预警 (red)."""
    return page[page.index(f'id="{key}-heading"') :].split("</section>")[0]


def sheet(client: Client, address: str, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the page's workbook by header."""
    book: Any = load_workbook(BytesIO(client.get(f"{address}?format=xlsx").content))
    header, *lines = book[title].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


class TestDues:
    PAGE = "/departments/the-office/"

    def test_what_is_due_and_what_is_overdue(self, client: Client, soil: Indicator) -> None:
        open_round(soil, 2021, days=-3)
        open_round(soil, 2022, days=5)
        page = text(client, self.PAGE, member_of(DepartmentFactory.create(), Role.LEADER))
        assert "2021 年指标数值" in block(page, "overdue")
        assert "已逾期 3 天" in block(page, "overdue")
        assert "水土保持率" in block(page, "overdue")
        assert "2022 年指标数值" in block(page, "due")
        assert "还有 5 天" in block(page, "due")
        rows = sheet(client, self.PAGE, "待办和逾期")
        assert [(row["事项"], row["期限"], row["未提交（项）"]) for row in rows] == [
            ("2021 年指标数值", "已逾期 3 天", 1),
            ("2022 年指标数值", "还有 5 天", 1),
        ]

    def test_the_links_lead_to_where_the_person_acts(self, client: Client, soil: Indicator, office: Department) -> None:
        open_round(soil, 2021, days=0)
        row = f"row-{soil.pk}-{soil.plan.region_id}"
        coordinating = soil.plan.coordinating_department
        for person, expected in (
            (member_of(office, Role.ENTRY), ("/entry/the-plan/2021/", f'href="/entry/the-plan/2021/#{row}"')),
            (member_of(coordinating, Role.REVIEWER), ("/review/the-plan/2021/?state=missing", "/indicators/soil/")),
            (member_of(coordinating, Role.ENTRY), ("/plans/the-plan/?year=2021", "/indicators/soil/")),
        ):
            due = block(text(client, self.PAGE, person), "due")
            assert "今天截止" in due
            for link in expected:
                assert link in due
                address = re.sub(r'^href="|#.*|"$', "", link)
                assert client.get(address).status_code == 200

    @pytest.mark.parametrize(
        ("status", "owed"), [(ReviewStatus.DRAFT, True), (ReviewStatus.RETURNED, True), (ReviewStatus.SUBMITTED, False)]
    )
    def test_what_is_handed_in_is_not_due(self, client: Client, soil: Indicator, status: str, owed: bool) -> None:
        open_round(soil, 2021, days=5)
        YearlyValueFactory.create(indicator=soil, value=Decimal("96.7"), status=status, approved_at=None)
        page = text(client, self.PAGE, member_of(DepartmentFactory.create(), Role.LEADER))
        assert ("2021 年指标数值" in block(page, "due")) is owed
        assert "96.7" not in page

    def test_who_shares_owes_nothing(self, client: Client, soil: Indicator, office: Department) -> None:
        open_round(soil, 2021, days=5)
        sharing = DepartmentFactory.create(region=office.region)
        soil.responsibilities.create(department=sharing, role=DutyRole.PARTICIPATING)
        page = text(client, f"/departments/{sharing.code}/", member_of(sharing, Role.ENTRY))
        assert "没有待提交的事项" in page
        assert "水土保持率" in page

    def test_red_now_and_red_when_last_known(self, client: Client, soil: Indicator, office: Department) -> None:
        soil.baselines.create(region=soil.plan.region, year=2020, value=90, text="90")
        YearlyValueFactory.create(indicator=soil, year=2022, value=85)
        judge_indicators([soil], now=timezone.now())
        person = member_of(office, Role.LEADER)
        now = block(text(client, f"{self.PAGE}?year=2022", person), "red")
        assert "反向变化" in now
        assert "尚无新数值" not in now
        later = block(text(client, f"{self.PAGE}?year=2023"), "red")
        assert "2022 年" in later
        assert "此后尚无新数值" in later
        assert "没有红色预警" in block(text(client, f"{self.PAGE}?year=2021"), "red")

    def test_red_of_others_is_marked_where_the_department_takes_part(
        self, client: Client, soil: Indicator, office: Department
    ) -> None:
        soil.baselines.create(region=soil.plan.region, year=2020, value=90, text="90")
        YearlyValueFactory.create(indicator=soil, year=2022, value=85)
        sharing = DepartmentFactory.create(region=office.region)
        soil.responsibilities.create(department=sharing, role=DutyRole.PARTICIPATING)
        judge_indicators([soil], now=timezone.now())
        person = member_of(sharing, Role.LEADER)
        assert "其中参与负责 1 项" in block(text(client, f"/departments/{sharing.code}/?year=2022", person), "red")
        assert "参与" not in block(text(client, f"{self.PAGE}?year=2022"), "red")

    def test_a_component_is_red_through_its_parent(self, client: Client, soil: Indicator, office: Department) -> None:
        component = IndicatorFactory.create(plan=soil.plan, parent=soil, category=soil.category, name="其中：耕地")
        TargetFactory.create(indicator=component)
        component.baselines.create(region=soil.plan.region, year=2020, value=90, text="90")
        component.responsibilities.create(department=office, role=DutyRole.LEAD)
        YearlyValueFactory.create(indicator=component, year=2022, value=85)
        judge_indicators([soil], now=timezone.now())
        red = block(text(client, f"{self.PAGE}?year=2022", member_of(office, Role.LEADER)), "red")
        assert "红色预警<span" in red
        assert " 1 项" in red
        assert "其中：耕地" not in red


@pytest.mark.usefixtures("loaded_plans")
class TestDutyList:
    def duties_in_the_source(self, name: str) -> Counter[tuple[str, str]]:
        """What the files of Bazhong give a department, by kind and part; components are left out."""
        found: Counter[tuple[str, str]] = Counter()
        for slug in ("bazhong", "bazhong-checklist"):
            path = settings.BASE_DIR / "fixtures" / "plans" / f"{slug}.yaml"
            source = yaml.safe_load(path.read_text(encoding="utf-8"))
            groups = [group for column in source.get("columns") or [] for group in column["groups"]]
            for kind, entries in (
                ("指标", source["indicators"]),
                ("任务", (source.get("measures") or {}).get("items", [])),
                ("重点项目", [project for group in groups for project in group["projects"]]),
            ):
                for entry in entries:
                    if name in (entry.get("lead") or []):
                        found[kind, "牵头"] += 1
                    elif not entry.get("lead") and source["plan"]["coordinating_department"] == name:
                        found[kind, "统筹"] += 1
                    elif name in (entry.get("participating") or []):
                        found[kind, "责任"] += 1
        return found

    def test_it_lists_what_the_source_gives_the_department(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        rows = sheet(client, f"{BUREAU}duties/", "责任清单")
        counted = Counter((row["类别"], row["分工"]) for row in rows if "-" not in row["序号"])
        assert counted == self.duties_in_the_source("市生态环境局")
        assert counted["指标", "统筹"] == 66
        assert counted["任务", "统筹"] == 116
        assert counted["重点项目", "统筹"] == 153
        assert sum(counted.values()) == 66 + 12 + 8 + 15 + 116 + 153
        page = text(client, f"{BUREAU}duties/")
        assert (
            "指标 86 项（牵头 12，统筹 66，责任 8），任务 131 项（其中统筹 116），重点项目 153 个（其中统筹 153）"
            in page
        )
        numbers = re.findall(r'data-label="序号" class="num">([^<]+)<', page)
        assert numbers == [row["序号"] for row in rows]
        assert [number for number in numbers if "-" not in number] == [str(number) for number in range(1, 371)]

    def test_rows_say_target_part_and_place_as_printed(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        rows = {row["代码"]: row for row in sheet(client, f"{BUREAU}duties/", "责任清单")}
        indicator = rows["bazhong-02"]
        assert indicator["目标/时限"] == "<27.0（2025 年）"
        assert (indicator["分工"], indicator["章节"]) == ("统筹", "第二章第三节专栏一")
        page = text(client, f"{BUREAU}duties/")
        for words in ("责任清单", "负责人（签字）", f"{timezone.localdate():%Y}年", "巴中市 市生态环境局"):
            assert words in page

    def test_components_are_numbered_behind_their_indicator(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        rows = {row["代码"]: row for row in sheet(client, f"{BUREAU}duties/", "责任清单")}
        component = Indicator.objects.filter(plan__slug="bazhong-checklist").exclude(parent=None)[0]
        assert component.parent is not None
        assert rows[component.code]["序号"] == f"{rows[component.parent.code]['序号']}-1"

    def test_a_project_says_what_it_delivers(self, client: Client, leader: User, bureau: Department) -> None:
        project = KeyProject.objects.filter(group__column__plan__slug="bazhong", deliverables__quantity=3600)[0]
        ProjectResponsibility.objects.create(project=project, department=bureau, role=DutyRole.LEAD)
        client.force_login(leader)
        row = next(row for row in sheet(client, f"{BUREAU}duties/", "责任清单") if row["代码"] == project.code)
        assert "3600个" in row["目标/时限"]
        assert (row["类别"], row["分工"]) == ("重点项目", "牵头")
        assert project.group.column.label in row["章节"]
        exported = sheet(client, BUREAU, "重点项目")
        assert exported[0]["章节"] == project.group.column.section

    def test_an_assignment_changes_the_list_at_once(
        self, client: Client, leader: User, reviewer: User, bureau: Department
    ) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        assign_departments(
            indicator, lead=[bureau], participating=[], reason="明确分工", seen=stamp(indicator), person=reviewer
        )
        page = text(client, f"{BUREAU}duties/", leader)
        assert "牵头 13，统筹 65" in page

    def test_an_idle_or_unknown_department(self, client: Client, leader: User) -> None:
        idle = DepartmentFactory.create(region=Region.objects.get(slug="bazhong"), name="市档案馆")
        assert "没有牵头或参与的指标、任务和项目" in text(client, f"/departments/{idle.code}/duties/", leader)
        assert client.get("/departments/nobody/duties/").status_code == 404
        client.logout()
        assert client.get(f"{BUREAU}duties/").status_code == 302

    def test_indicators_of_the_file_say_their_section(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        assert sheet(client, BUREAU, "指标")[0]["章节"] == "第二章第三节专栏一"


def test_a_round_without_a_due_indicator_is_not_due(client: Client, office: Department, soil: Indicator) -> None:
    open_round(soil, 2021, days=5).plan.indicators.update(target_year=2020)
    assert "没有待提交的事项" in text(client, "/departments/the-office/", member_of(office, Role.LEADER))


class TestCoordinated:
    """What a department answers for only because it coordinates the plan and the source names no lead."""

    @pytest.fixture
    def plan(self, office: Department) -> Plan:
        """A plan that the office coordinates; it has no indicators."""
        return PlanFactory.create(slug="the-plan", coordinating_department=office, region=office.region)

    @pytest.fixture
    def other(self, office: Department) -> Department:
        return DepartmentFactory.create(region=office.region, name="市林业局", code="other")

    def add_project(self, plan: Plan, name: str) -> KeyProject:
        column, _ = ProjectColumn.objects.get_or_create(plan=plan, number=1, label="专栏一", title="项目")
        group, _ = ProjectGroup.objects.get_or_create(column=column, position=1)
        return KeyProject.objects.create(group=group, code=f"p-{group.projects.count()}", name=name, kind="facility")

    def test_measures_and_projects_are_listed_and_counted(
        self, client: Client, plan: Plan, office: Department, other: Department
    ) -> None:
        # Only a share, though the office coordinates; led by another; led by the office itself.
        shared, led, own, _ = (MeasureFactory.create(plan=plan, title=title) for title in ("甲", "乙", "丙", "丁"))
        shared.responsibilities.create(department=office, role=DutyRole.PARTICIPATING, basis="分工方案")
        shared.responsibilities.create(department=other, role=DutyRole.PARTICIPATING)
        led.responsibilities.create(department=other, role=DutyRole.LEAD)
        own.responsibilities.create(department=office, role=DutyRole.LEAD)
        self.add_project(plan, "湿地")
        self.add_project(plan, "苗圃").responsibilities.create(department=other, role=DutyRole.LEAD)
        page = text(client, "/departments/the-office/duties/", member_of(office, Role.LEADER))
        assert "任务 3 项（其中统筹 2），重点项目 1 个（其中统筹 1）" in page
        rows = sheet(client, "/departments/the-office/duties/", "责任清单")
        assert [(row["内容"], row["分工"]) for row in rows] == [
            ("甲", "统筹"),
            ("丙", "牵头"),
            ("丁", "统筹"),
            ("湿地", "统筹"),
        ]
        assert sheet(client, "/departments/the-office/", "任务")[0]["分工依据"] == "分工方案"
        assert [
            (row["内容"], row["分工"]) for row in sheet(client, f"/departments/{other.code}/duties/", "责任清单")
        ] == [("甲", "责任"), ("乙", "牵头"), ("苗圃", "牵头")]

    def test_every_page_tells_the_same_number(self, client: Client, plan: Plan, office: Department) -> None:
        shared = MeasureFactory.create(plan=plan, title="甲")
        shared.responsibilities.create(department=office, role=DutyRole.PARTICIPATING)
        MeasureFactory.create(plan=plan, title="乙")
        project = self.add_project(plan, "湿地")
        project.responsibilities.create(department=office, role=DutyRole.PARTICIPATING)
        client.force_login(member_of(office, Role.LEADER))
        counts = client.get("/departments/the-office/").context["page"].counts
        lines = client.get("/departments/?plan=the-plan").context["page"].lines
        [board] = [line for line in lines if line.department == office]
        assert counts == board.standing.counts
        assert (counts.measures, counts.coordinated_measures) == (2, 2)
        assert (counts.projects, counts.coordinated_projects) == (1, 1)
        page = text(client, "/departments/the-office/")
        for link, shown in (
            ("/plans/the-plan/measures/?department=the-office", "2 项任务，全部共 2 项"),
            ("/projects/?plan=the-plan&amp;department=the-office", "湿地"),
        ):
            assert link in page
            assert shown in text(client, link.replace("&amp;", "&"))

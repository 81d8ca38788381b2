"""The matrix of a plan's duties: read by everybody, changed by its reviewers, several cells at once or none."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from indicators.models import Indicator, Plan, Responsibility
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from regions.models import Department, DutyRole, Region, Role
from tests.factories import DepartmentFactory, IndicatorFactory, PlanFactory, RegionFactory, led_by, member_of

pytestmark = pytest.mark.django_db
PAGE = "/plans/the-plan/duties/"


@pytest.fixture
def region() -> Region:
    """A city in a province."""
    return RegionFactory.create(name="巴城市", parent=RegionFactory.create(name="川省"))


@pytest.fixture
def bureau(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市生态环境局")


@pytest.fixture
def water(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市水利局")


@pytest.fixture
def forestry(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市林业局")


@pytest.fixture
def plan(bureau: Department) -> Plan:
    return PlanFactory.create(slug="the-plan", coordinating_department=bureau)


@pytest.fixture
def soil(plan: Plan, water: Department) -> Indicator:
    """Led by 市水利局."""
    return led_by(water, plan=plan, code="soil", name="水土保持率", number="1", position=1)


@pytest.fixture
def air(plan: Plan) -> Indicator:
    """Without a department."""
    return IndicatorFactory.create(plan=plan, code="air", name="优良天数比率", number="2", position=2)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def signs(page: str) -> dict[str, list[str]]:
    """The words of each cell by the name of the indicator."""
    found = {}
    for row in re.findall(r"<tr[^>]*>\s*<th scope=\"row\".*?</tr>", page, re.DOTALL):
        name = re.search(r"data-indicator-name>([^<]+)<", row)
        assert name
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        found[name[1]] = ["".join(re.findall(r'class="duty-word">([^<]+)', cell)) for cell in cells]
    return found


def columns(page: str) -> list[str]:
    """The departments of the header."""
    return re.findall(r'class="matrix-department".*?<a href="[^"]+">([^<]+)</a>', page)


def sent(*changes: tuple[Indicator, Department, str], **more: Any) -> dict[str, Any]:
    """What the page's script sends."""
    return {
        "change": [f"{indicator.pk}:{department.pk}:{role}" for indicator, department, role in changes],
        "seen": [f"{indicator.pk}:{stamp(indicator)}" for indicator, _, _ in changes],
        "reason": "机构改革",
        "basis": "",
    } | more


def duties(indicator: Indicator) -> list[str]:
    return [str(duty) for duty in Responsibility.objects.filter(indicator=indicator)]


class TestReading:
    def test_rows_are_indicators_and_columns_departments(
        self, client: Client, soil: Indicator, air: Indicator, forestry: Department
    ) -> None:
        Responsibility.objects.create(indicator=soil, department=forestry, role=DutyRole.PARTICIPATING, position=2)
        client.force_login(member_of(DepartmentFactory.create(), Role.LEADER))
        page = text(client.get(PAGE))
        assert columns(page) == ["市生态环境局", "市水利局", "市林业局"]
        assert signs(page) == {"水土保持率": ["", "牵头", "责任"], "优良天数比率": ["统筹", "", ""]}
        assert "没有指定牵头单位，由统筹部门市生态环境局牵头" in page
        assert "data-duty-form" not in page
        assert 'name="department"' not in page

    def test_a_coordinating_department_that_shares_shows_both(
        self, signed_in: Client, air: Indicator, bureau: Department
    ) -> None:
        Responsibility.objects.create(indicator=air, department=bureau, role=DutyRole.PARTICIPATING)
        assert signs(text(signed_in.get(PAGE))) == {"优良天数比率": ["统筹责任"]}

    def test_departments_of_another_region_say_so(self, signed_in: Client, soil: Indicator, region: Region) -> None:
        above = DepartmentFactory.create(region=region.parent, name="水利厅")
        Responsibility.objects.create(indicator=soil, department=above, role=DutyRole.PARTICIPATING)
        assert columns(text(signed_in.get(PAGE))) == ["市生态环境局", "市水利局", "川省水利厅"]

    def test_the_file_shows_the_same_signs(self, signed_in: Client, soil: Indicator, air: Indicator) -> None:
        book: Any = load_workbook(BytesIO(signed_in.get(f"{PAGE}?format=xlsx").content))
        header, *rows = book["责任分工"].iter_rows(values_only=True)
        assert header[5:] == ("市生态环境局", "市水利局")
        assert [row[3:] for row in rows] == [("水土保持率", None, None, "●"), ("优良天数比率", None, "◎", None)]
        assert "◎ 统筹" in dict(book["说明"].iter_rows(values_only=True))["说明"]

    def test_a_plan_without_indicators_and_one_without_departments(self, signed_in: Client, plan: Plan) -> None:
        assert "还没有指标" in text(signed_in.get(PAGE))
        IndicatorFactory.create(plan=plan)
        assert "文件没有写明各项指标的责任部门" in text(signed_in.get(PAGE))

    def test_it_is_linked_from_the_plans_pages(self, signed_in: Client, soil: Indicator) -> None:
        for address in ("/plans/the-plan/", "/plans/the-plan/projects/"):
            assert f'href="{PAGE}"' in text(signed_in.get(address))

    def test_it_costs_the_same_for_many(self, signed_in: Client, plan: Plan, reviewer: User) -> None:
        # session, user, plan, roles, permission; indicators, duties, departments, stamps, changed indicators, records
        counts = []
        for number in (2, 18):
            for _ in range(number):
                indicator = IndicatorFactory.create(plan=plan)
                new = DepartmentFactory.create_batch(2, region=plan.region)
                assign_departments(
                    indicator, lead=new, participating=[], reason="改革", seen=stamp(indicator), person=reviewer
                )
            for address in (PAGE, f"{PAGE}?format=xlsx"):
                signed_in.get(address)
                with CaptureQueriesContext(connection) as captured:
                    assert signed_in.get(address).status_code == 200
                counts.append(len(captured))
        assert counts == [11, 11, 11, 11], [query["sql"] for query in captured]


class TestChanging:
    def test_a_column_is_added_for_a_department_that_may_be_chosen(
        self, signed_in: Client, soil: Indicator, forestry: Department
    ) -> None:
        elsewhere = DepartmentFactory.create(name="外县林业局")
        page = text(signed_in.get(PAGE))
        assert f'<option value="{forestry.code}">市林业局</option>' in page
        assert "外县林业局" not in page
        page = text(signed_in.get(f"{PAGE}?department={forestry.code}&department={elsewhere.code}"))
        assert columns(page) == ["市生态环境局", "市水利局", "市林业局"]

    def test_several_cells_are_saved_for_one_reason_and_told_below(
        self, signed_in: Client, soil: Indicator, air: Indicator, water: Department, forestry: Department
    ) -> None:
        changes = sent((soil, water, ""), (soil, forestry, "lead"), (air, water, "participating"), basis="巴府办1号")
        page = text(signed_in.post(PAGE, changes, follow=True))
        assert "已保存 2 项指标的责任部门" in page
        assert duties(soil) == ["牵头：市林业局"]
        assert duties(air) == ["责任：市水利局"]
        assert signs(page)["优良天数比率"] == ["统筹", "责任", ""]
        history = page[page.index("最近的调整") :]
        for words in (
            "修改 水土保持率的责任部门",
            "途径：责任分工表",
            "<del>市水利局</del>",
            "<ins>市林业局</ins>",
            "巴府办1号",
        ):
            assert words in history
        assert "原因：机构改革" in history
        assert "机构改革" in text(signed_in.get("/indicators/soil/"))

    def test_who_stands_keeps_the_order(
        self, signed_in: Client, reviewer: User, soil: Indicator, water: Department, bureau: Department
    ) -> None:
        assign_departments(
            soil, lead=[water, bureau], participating=[], reason="改革", seen=stamp(soil), person=reviewer
        )
        earlier = DepartmentFactory.create(region=bureau.region, name="市城管局")
        signed_in.post(PAGE, sent((soil, earlier, "lead")))
        assert duties(soil) == ["牵头：市水利局", "牵头：市生态环境局", "牵头：市城管局"]

    def test_somebody_was_faster_at_one_indicator_so_nothing_is_saved_and_the_clicks_stay(
        self,
        signed_in: Client,
        soil: Indicator,
        air: Indicator,
        bureau: Department,
        water: Department,
        forestry: Department,
    ) -> None:
        changes = sent((soil, forestry, "participating"), (air, water, "lead"), basis="巴府办1号")
        other = member_of(bureau, Role.REVIEWER, full_name="王审核")
        assign_departments(soil, lead=[bureau], participating=[], reason="更正", seen=stamp(soil), person=other)
        page = text(signed_in.post(PAGE, changes))
        assert "1 项指标不能保存，全部改动都没有保存" in page
        assert "王审核在您打开本页之后调整了本指标的责任部门" in page
        assert 'value="机构改革"' in page
        assert 'value="巴府办1号"' in page
        assert signs(page) == {"水土保持率": ["牵头", "", "责任"], "优良天数比率": ["", "牵头", ""]}
        assert 'data-stored="" data-duty="participating"' in page
        assert f'data-seen="{stamp(soil)}"' in page
        assert (duties(soil), duties(air)) == (["牵头：市生态环境局"], [])
        again = sent((soil, forestry, "participating"), (air, water, "lead"))
        assert "已保存 2 项指标" in text(signed_in.post(PAGE, again, follow=True))
        assert duties(soil) == ["牵头：市生态环境局", "责任：市林业局"]

    def test_a_missing_reason_does_not_hide_what_happened_meanwhile(
        self, signed_in: Client, soil: Indicator, bureau: Department, forestry: Department
    ) -> None:
        changes = sent((soil, forestry, "lead"), reason="")
        seen = stamp(soil)
        other = member_of(bureau, Role.REVIEWER)
        assign_departments(soil, lead=[bureau], participating=[], reason="更正", seen=seen, person=other)
        page = text(signed_in.post(PAGE, changes))
        assert "请写明调整原因" in page
        assert f'data-seen="{seen}"' in page
        assert signs(page)["水土保持率"][-1] == "牵头"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ([], "没有收到改动"),
            (["x:y:lead"], "没有收到改动"),
            (["1:2:owner"], "没有收到改动"),
            (["999999:{water}:lead"], "已不在本规划中"),
            (["{soil}:999999:lead"], "有一个部门不能选"),
            (["{soil}:{elsewhere}:lead"], "有一个部门不能选"),
            (["{soil}:{water}:lead"], "与现在的分工相同"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, signed_in: Client, soil: Indicator, water: Department, change: list[str], words: str
    ) -> None:
        keys = {"soil": soil.pk, "water": water.pk, "elsewhere": DepartmentFactory.create().pk}
        changes = sent((soil, water, "")) | {"change": [each.format(**keys) for each in change]}
        assert words in text(signed_in.post(PAGE, changes))
        assert duties(soil) == ["牵头：市水利局"]

    def test_an_indicator_of_another_plan_is_refused(
        self, signed_in: Client, soil: Indicator, water: Department
    ) -> None:
        other = led_by(DepartmentFactory.create())
        assert "已不在本规划中" in text(signed_in.post(PAGE, sent((other, water, "lead"))))

    def test_only_reviewers_of_the_plan_change_it(
        self, client: Client, soil: Indicator, bureau: Department, water: Department, reviewer: User
    ) -> None:
        changes = sent((soil, water, ""))
        people = [
            member_of(bureau, Role.ENTRY),
            member_of(bureau, Role.LEADER),
            member_of(DepartmentFactory.create(), Role.REVIEWER),
        ]
        for person in people:
            client.force_login(person)
            assert client.get(PAGE).status_code == 200
            assert client.post(PAGE, changes).status_code == 403
        client.logout()
        assert client.get(PAGE).status_code == 302
        assert client.post(PAGE, changes).status_code == 302
        assert duties(soil) == ["牵头：市水利局"]
        client.force_login(member_of(bureau, Role.ADMINISTRATOR))
        assert client.post(PAGE, changes).status_code == 302
        assert duties(soil) == []

"""A plan from its own table, as administrators create one: upload, correct, create, and the office reports."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.models import Assessment, Plan, YearlyValue
from portal.accounts.models import User
from regions.models import Department, Region, RegionLevel, Role
from tests.factories import DepartmentFactory, RegionFactory, member_of
from tests.indicators.plan_tables import HEADERS, ROWS, plan_table

pytestmark = pytest.mark.django_db
ADDRESS = "/plans/new/"
COVER = {
    "title": "示例县生态环境保护规划",
    "new_region": "示例县",
    "coordinating": "示例县生态环境局",
    "slug": "shili",
}


@pytest.fixture
def city() -> Region:
    return RegionFactory.create(slug="shilishi", name="示例市", level=RegionLevel.PREFECTURE)


@pytest.fixture
def keeper(city: Region) -> User:
    return member_of(DepartmentFactory.create(region=city), Role.ADMINISTRATOR)


@pytest.fixture
def office(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def uploaded(client: Client, city: Region, content: bytes | None = None, **typed: str) -> Any:
    """The answer to the first step."""
    file = SimpleUploadedFile("示例县指标表.xlsx", plan_table() if content is None else content)
    return client.post(ADDRESS, {"step": "upload", **COVER, "parent": str(city.pk), "file": file, **typed})


def fields(response: Any) -> dict[str, Any]:
    """What a browser would send of the page's form: the page itself carries everything."""
    page = response.content.decode()
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if attributes.get("type") == "checkbox" and not re.search(r"\bchecked\b", tag):
            continue
        if "name" in attributes:
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[name] = [html.unescape(inner)]
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', inner)
        found[name] = [chosen[1] if chosen else ""]
    found.pop("csrfmiddlewaretoken", None)
    return found


def send(client: Client, response: Any, step: str, **typed: str) -> Any:
    """Send the page's form with that button, some fields changed (row_0_name for row-0-name)."""
    changed = {re.sub(r"^row_(\d+)_", r"row-\1-", name): value for name, value in typed.items()}
    return client.post(ADDRESS, {**fields(response), **changed, "step": step})


def text(response: Any) -> str:
    """The page without markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def test_the_rows_are_shown_as_they_are_understood(office: Client, city: Region) -> None:
    page = uploaded(office, city)
    sent = fields(page)
    assert page.status_code == 200
    assert sent["row-TOTAL_FORMS"] == ["4"]
    assert [sent[f"row-{number}-category"] for number in range(4)] == [["环境质量"]] * 2 + [["生态保护"]] * 2
    assert (sent["row-0-name"], sent["row-0-unit"], sent["row-0-baseline"]) == (["示例优良天数比例"], ["%"], ["90"])
    assert (sent["row-0-constraint"], sent["row-0-direction"]) == (["binding"], ["higher"])
    assert (sent["row-1-value_type"], sent["row-1-direction"]) == (["grade"], ["lower"])
    assert sent["row-3-measure"] == ["additive"]
    assert (sent["baseline_year"], sent["target_year"], sent["period_start"]) == (["2020"], ["2025"], ["2021"])
    assert "系统理解为：不低于95" in text(page)
    assert "没有看懂这个目标" in text(page)
    assert set(sent["new_department"]) == {"示例县生态环境局", "示例县气象局", "示例县林业局"}


def test_a_corrected_wording_is_understood_again_and_nothing_is_lost(office: Client, city: Region) -> None:
    page = uploaded(office, city, issuer="示例县人民政府")
    again = send(office, page, "understand", row_2_wording="≥42", row_0_name="示例天数比例")
    before, after = fields(page), fields(again)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed == {"row-2-wording", "row-0-name"}
    assert after.keys() == before.keys()
    assert "系统理解为：不低于42" in text(again)
    assert "没有看懂这个目标" not in text(again)


def test_the_plan_is_created_judged_and_reported(office: Client, city: Region) -> None:
    page = uploaded(office, city)
    answer = send(office, page, "create", row_2_wording="≥42")
    assert (answer.status_code, answer["Location"]) == (302, "/plans/shili/")
    plan = Plan.objects.get(slug="shili")
    opened = office.get("/plans/shili/", follow=True).content.decode()
    assert "已创建规划，共 4 项指标" in opened
    assert f'<a href="/review/?plan={plan.pk}">开始填报</a>' in opened
    assert f'<option value="{plan.pk}" selected>' in office.get(f"/review/?plan={plan.pk}").content.decode()
    assert Assessment.objects.filter(indicator__plan=plan).count() == 4 * 5
    assert plan.history.get().channel == "新建规划页面"

    forest = plan.indicators.get(name="示例覆盖率")
    staff = member_of(Department.objects.get(region=plan.region, name="示例县林业局"), Role.ENTRY)
    client = Client()
    client.force_login(staff)
    sheet = client.get("/entry/shili/2021/")
    assert "示例覆盖率" in sheet.content.decode()
    assert "示例优良天数比例" not in sheet.content.decode()
    sent = {name: value for name, value in fields(sheet).items() if not name.startswith("format")}
    [cell] = [name for name in sent if name.endswith(f"{forest.pk}-{plan.region_id}") and "value" in name]
    client.post("/entry/shili/2021/", {**sent, cell: "41.5"})
    assert YearlyValue.objects.filter(indicator=forest, year=2021).count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(office: Client, city: Region) -> None:
    answer = send(office, uploaded(office, city), "create", title="", row_0_name="", row_0_baseline="967")
    assert answer.status_code == 200
    assert "请填写名称。" in text(answer)
    assert "请填写指标名称。" in text(answer)
    assert "967 超出可能范围" in text(answer)
    assert fields(answer)["row-0-baseline"] == ["967"]
    assert not Plan.objects.filter(slug="shili").exists()
    assert not Region.objects.filter(name="示例县").exists()


def test_a_year_that_cannot_be_read_is_said_once(office: Client, city: Region) -> None:
    answer = send(office, uploaded(office, city), "create", target_year="二〇二五")
    assert "年份请填四位数字" in text(answer)
    assert "请填写目标年" not in text(answer)
    assert fields(answer)["target_year"] == ["二〇二五"]


def test_an_unknown_department_is_made_only_when_ticked(office: Client, city: Region) -> None:
    page = uploaded(office, city)
    sent = fields(page) | {"step": "create", "new_department": ["示例县生态环境局", "示例县林业局"]}
    refused = office.post(ADDRESS, sent)
    assert "部门名录中没有“示例县气象局”" in text(refused)
    assert 'value="示例县气象局"> 示例县气象局' in refused.content.decode()
    created = office.post(ADDRESS, sent | {"row-0-participating": ""})
    assert created.status_code == 302
    assert not Department.objects.filter(name="示例县气象局").exists()


def test_rows_are_left_out_and_added(office: Client, city: Region) -> None:
    page = send(office, uploaded(office, city), "add")
    assert fields(page)["row-TOTAL_FORMS"] == ["5"]
    changed = {"row-2-DELETE": "on", "row-4-name": "示例强度", "row-4-wording": "≤3", "row-4-constraint": "expected"}
    answer = office.post(ADDRESS, fields(page) | changed | {"step": "create"})
    assert answer.status_code == 302
    plan = Plan.objects.get(slug="shili")
    assert list(plan.indicators.values_list("name", "direction").order_by("position")) == [
        ("示例优良天数比例", "higher"),
        ("示例断面水质", "lower"),
        ("示例治理面积", "higher"),
        ("示例强度", "lower"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ not a workbook", "不是工作簿"),
        (b"", "文件是空的"),
        (plan_table([["说明"], ["没有表"]]), "没有找到指标表"),
        (plan_table([HEADERS]), "没有指标"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_the_cover_kept(
    office: Client, city: Region, content: bytes, said: str
) -> None:
    answer = uploaded(office, city, content)
    assert said in text(answer)
    assert fields(answer)["title"] == [COVER["title"]]
    assert fields(answer)["parent"] == [str(city.pk)]


def test_too_many_rows_are_refused(office: Client, city: Region) -> None:
    many = [*ROWS[:2], *(["示例", number, f"示例指标{number}", 1, "≥2", "", "", ""] for number in range(301))]
    assert "一份规划最多 300 行" in text(uploaded(office, city, plan_table(many)))


def test_only_administrators_create_plans(client: Client, city: Region) -> None:
    for role in (Role.ENTRY, Role.REVIEWER, Role.LEADER):
        client.force_login(member_of(DepartmentFactory.create(region=city), role))
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"step": "create"}).status_code == 403
        assert ADDRESS not in client.get("/").content.decode()


def test_administrators_find_the_page(office: Client) -> None:
    assert f'href="{ADDRESS}"' in office.get("/").content.decode()
    assert f'href="{ADDRESS}"' in office.get("/admin/indicators/plan/").content.decode()


def test_a_form_that_was_tampered_with_is_answered(office: Client, city: Region) -> None:
    page = uploaded(office, city)
    assert office.post(ADDRESS, {"step": "create"}).status_code == 200
    assert send(office, page, "create", row_0_constraint="sideways").status_code == 200
    assert send(office, page, "understand", **{"row-TOTAL_FORMS": "100000"}).status_code == 200
    assert not Plan.objects.filter(slug="shili").exists()

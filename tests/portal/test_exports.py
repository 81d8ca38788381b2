"""Every list as a file: the same rows as its page, the same permission, the same filter, and what a file must state."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from types import NoneType
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from indicators.downloads import Export
from indicators.models import Indicator, Plan, ReviewStatus, Target
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.workbook.export import Column, ExportTable
from portal.accounts.models import User
from regions.models import Department, Region
from tests.factories import IndicatorFactory, PlanFactory, YearlyValueFactory, led_by

pytestmark = pytest.mark.usefixtures("loaded_plans")

PAGES = [
    "/",
    "/plans/bazhong/",
    "/plans/bazhong/?year=2023",
    "/plans/bazhong/projects/",
    "/projects/",
    "/projects/?plan=liaoyuan&kind=facility",
    "/projects/liaoyuan-c02-01/",
    "/problems/",
    "/plans/bazhong-checklist/duties/",
    "/plans/liaoyuan/measures/",
    "/departments/",
    "/departments/bazhong-ecology-environment/",
    "/departments/bazhong-ecology-environment/duties/",
    "/indicators/bazhong-02/",
    "/entry/",
    "/entry/bazhong/2023/",
    "/review/",
    "/review/bazhong/2023/",
    "/review/bazhong/2024/?state=approved",
    "/review/bazhong/2023/?state=missing",
    "/review/bazhong/2023/?state=returned",
    "/entry/liaoyuan/2022/measures/",
    "/review/liaoyuan/2022/measures/?state=missing",
]
HOSTILE = "=cmd|' /C calc'!A0"


def with_format(address: str, kind: str) -> str:
    """The address of the page's file."""
    return f"{address}{'&' if '?' in address else '?'}format={kind}"


def workbook(client: Client, address: str) -> Any:
    """The page's workbook."""
    response = client.get(with_format(address, "xlsx"))
    assert response.status_code == 200, address
    return load_workbook(BytesIO(response.content))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by its headers."""
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def facts_of(book: Any) -> dict[str, str]:
    """What the file says of itself."""
    return dict(book["说明"].iter_rows(values_only=True))


def csv_rows(client: Client, address: str) -> list[list[str]]:
    """The page's csv file, the first table."""
    response = client.get(with_format(address, "csv"))
    text = b"".join(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline="")))


@pytest.fixture
def manager(client: Client, administrator: User) -> Client:
    """A client that sees every page."""
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_hands_out_a_file_that_nobody_keeps(manager: Client, address: str) -> None:
    page = manager.get(address).content.decode()
    links = re.findall(r'<a href="(\?[^"]+)"', page[page.index('class="export-links"') :].split("</p>")[0])
    assert len(links) >= 2
    for link in links:
        response = manager.get(address.split("?")[0] + link.replace("&amp;", "&"))
        assert response.status_code == 200, link
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert b"".join(response)


@pytest.mark.parametrize("address", PAGES)
def test_a_file_has_typed_cells_and_says_what_it_holds(manager: Client, administrator: User, address: str) -> None:
    book = workbook(manager, address)
    *sheets, notes = book.worksheets
    for sheet in sheets:
        assert sheet.freeze_panes == "A2"
        for row in sheet.iter_rows(min_row=2):
            assert all(cell.data_type in "snd" and cell.hyperlink is None for cell in row)
    facts = facts_of(book)
    assert notes.title == "说明"
    assert f"{administrator}（guanli）" == facts["导出人"]
    assert facts["导出时间"].startswith(f"{timezone.localdate():%Y年%m月%d日}")
    assert facts["演示数据"] == "不含演示数据。"
    assert {"内容", "数据范围", "说明", "行数"} <= facts.keys()


def test_demonstration_figures_are_marked_in_the_notes_and_the_name(administrator: User) -> None:
    table = ExportTable("指标", [Column("名称", str)], ["x"])
    export = Export(name=["总览"], page="总览", tables=[table], has_demonstration=True)
    now = timezone.now()
    assert ("演示数据", "含演示数据，不能作为实际数值使用。") in export.facts(person=administrator, now=now)
    assert "含演示数据" in export.file_name("csv", now=now)  # type: ignore[arg-type]


class TestPlan:
    def test_a_row_says_what_the_page_says(self, manager: Client) -> None:
        page = manager.get("/plans/bazhong/?year=2024").content.decode()
        rows = rows_of(workbook(manager, "/plans/bazhong/?year=2024")["指标"])
        assert [row["指标代码"] for row in rows] == re.findall(r'<tr id="([^"]+)"', page)
        for row in rows:
            shown = re.sub(r"\s+", "", strip_tags(page[page.index(f'<tr id="{row["指标代码"]}"') :].split("</tr>")[0]))
            shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'").replace("&quot;", '"')
            for column in ("指标名称", "单位", "基期值（原文）", "数值", "目标（原文）", "评价", "预警", "理由"):
                if row[column] is not None:
                    assert re.sub(r"\s+", "", str(row[column])) in shown, (row["指标代码"], column)
        assert facts_of(workbook(manager, "/plans/bazhong/?year=2024"))["评价年度"] == "2024 年"

    def test_figures_years_and_words(self, manager: Client) -> None:
        rows = {row["指标代码"]: row for row in rows_of(workbook(manager, "/plans/bazhong/?year=2024")["指标"])}
        row = rows["bazhong-02"]
        assert (row["基期值"], row["数值"], row["数值年度"], row["目标年"]) == (28.1, 28.5, 2024, 2025)
        assert (row["目标（原文）"], row["评价"], row["预警"]) == ("<27.0", "反向变化", "红色预警")
        assert row["牵头单位"] == "市生态环境局（统筹）"

    def test_csv_has_the_same_rows(self, manager: Client) -> None:
        lines = csv_rows(manager, "/plans/bazhong/?year=2024")
        rows = rows_of(workbook(manager, "/plans/bazhong/?year=2024")["指标"])
        assert lines[0] == list(rows[0])
        assert len(lines) == len(rows) + 1
        assert [line[0] for line in lines[1:]] == [row["指标代码"] for row in rows]

    def test_the_name_says_plan_year_and_day(self, manager: Client) -> None:
        response = manager.get("/plans/bazhong/?year=2024&format=csv")
        name = unquote(response["Content-Disposition"].split("''")[1])
        assert name == f"巴中市“十四五”生态环境保护规划_2024年_指标_{timezone.localdate():%Y%m%d}.csv"

    def test_a_year_that_is_not_judged_gives_no_file(self, manager: Client) -> None:
        response = manager.get("/plans/bazhong/?year=2030&format=xlsx", follow=True)
        assert response["Content-Type"].startswith("text/html")
        assert "“2030”不在评价年份之内" in response.content.decode()

    def test_hostile_names_stay_texts(self, manager: Client) -> None:
        plan = PlanFactory.create(slug="hostile", title='=1+1/\\:*?"<>|')
        IndicatorFactory.create(plan=plan, name=HOSTILE, number="+1", unit="@x", section="-1")
        book = workbook(manager, "/plans/hostile/")
        assert rows_of(book["指标"])[0]["指标名称"] == HOSTILE
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
        line = csv_rows(manager, "/plans/hostile/")[1]
        assert {f"'{HOSTILE}", "'+1", "'@x"} <= set(line)
        assert not any(cell[:1] in "=+-@" for cell in line if cell)
        header = manager.get("/plans/hostile/?format=xlsx")["Content-Disposition"]
        assert not re.search(r'[/\\:*?"<>|]', unquote(header.split("''")[1]))


def test_unknown_format_and_table_say_what_to_do(manager: Client) -> None:
    assert "没有这种格式的文件" in manager.get("/plans/bazhong/?format=pdf").content.decode()
    response = manager.get("/?format=csv&table=x")
    assert (response.status_code, "这一页没有这个表" in response.content.decode()) == (404, True)


def test_overview_lists_all_warnings_where_the_page_shows_the_worst(manager: Client) -> None:
    book = workbook(manager, "/")
    rows = rows_of(book["规划"])
    assert [row["规划标识"] for row in rows][:1] == ["bazhong"]
    assert len(rows) == Plan.objects.count()
    warnings = rows_of(book["需要关注的指标"])
    assert {type(row["与目标差距"]) for row in warnings if row["单位"] == "%"} <= {int, float, NoneType}
    assert len(warnings) == sum(row["红色预警（项）"] + row["黄色预警（项）"] for row in rows) >= 20


def test_a_long_list_is_more_than_one_file_and_says_so(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.dashboards.overview.page.PLANS_PER_FILE", 2)
    books = [workbook(manager, f"/?page={number}") for number in (1, 2, 3)]
    plans = [row["规划标识"] for book in books for row in rows_of(book["规划"])]
    assert sorted(plans) == sorted(Plan.objects.values_list("slug", flat=True))
    assert "共 5 个规划，分 3 个文件，这是第 2 个" in facts_of(books[1])["范围"]


def test_indicator_by_year_with_versions(manager: Client) -> None:
    Target.objects.filter(indicator__code="bazhong-01").update(assigned_value=Decimal("96.2"), document="川环函1号")
    book = workbook(manager, "/indicators/bazhong-02/")
    row = next(row for row in rows_of(book["历年数值与评价"]) if row["年度"] == 2024)
    assert (row["数值"], row["当年应达到"], row["与目标差距"]) == (28.5, 27.2, 1.5)
    assert row["序时进度完成率（%）"] == -45.5
    assert row["来源网址"].startswith("http")
    versions = rows_of(workbook(manager, "/indicators/bazhong-01/")["目标和基期值各版本"])
    assert (versions[0]["下达数"], versions[0]["依据文件"], versions[0]["现行"]) == (96.2, "川环函1号", "是")
    assert isinstance(versions[0]["生效日期"], datetime)


def test_projects_and_what_they_deliver(manager: Client) -> None:
    book = workbook(manager, "/plans/bazhong/projects/")
    projects = {row["项目代码"] for row in rows_of(book["项目"])}
    deliverables = rows_of(book["建设内容"])
    assert {row["项目代码"] for row in deliverables} <= projects
    assert all(isinstance(row["数量"], int | float) for row in deliverables)


def test_departments_with_and_without_duties(manager: Client) -> None:
    rows = rows_of(workbook(manager, "/departments/")["部门"])
    assert {row["部门代码"] for row in rows} == set(Department.objects.values_list("code", flat=True))
    bureau = next(row for row in rows if row["部门代码"] == "bazhong-ecology-environment")
    book = workbook(manager, "/departments/bazhong-ecology-environment/")
    assert len(rows_of(book["任务"])) == bureau["任务（项）"]
    coordinated = [row for row in rows_of(book["指标"]) if row["本部门分工"] == "统筹" and not row["所属指标"]]
    assert len(coordinated) == bureau["统筹指标（项）"]


class TestWork:
    """The sheet of 我的填报 and the reviewers' queue: values that do not count yet, for those who work on them."""

    @pytest.fixture
    def draft(self, entry_staff: User, reviewer: User) -> Indicator:
        """An indicator of Bazhong with a draft of 12.34 for 2023."""
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        open_round(indicator.plan, 2023, deadline=date(2099, 3, 31), note="", person=reviewer, now=timezone.now())
        entry = ValueEntry(indicator, indicator.plan.region, 2023, Decimal("27.34"), source=HOSTILE)
        record_value(entry, person=entry_staff, now=timezone.now(), as_draft=True)
        return indicator

    def test_the_sheet_has_the_persons_rows_with_their_states(
        self, client: Client, draft: Indicator, entry_staff: User
    ) -> None:
        client.force_login(entry_staff)
        page = client.get("/entry/bazhong/2023/").content.decode()
        book = workbook(client, "/entry/bazhong/2023/")
        rows = rows_of(book["填报表"])
        assert len(rows) == page.count("<tr id=")
        row = next(row for row in rows if row["指标代码"] == "bazhong-02")
        assert (row["2023 年数值"], row["状态"], row["2023 年数据来源"]) == (27.34, "草稿", HOSTILE)
        assert row["2023 年应达到"] == 27.4
        assert row["按此值评价"]
        assert "尚未审定" in facts_of(book)["数据范围"]

    def test_a_draft_is_in_no_file_of_anybody_else(
        self, client: Client, draft: Indicator, other_entry_staff: User, leader: User
    ) -> None:
        for person in (other_entry_staff, leader):
            client.force_login(person)
            for kind in ("xlsx", "csv"):
                assert client.get(f"/entry/bazhong/2023/?format={kind}").status_code == 403
                assert client.get(f"/review/bazhong/2023/?format={kind}").status_code == 403
                assert client.get(f"/review/?format={kind}").status_code == 403
            for address in (
                "/",
                "/plans/bazhong/?year=2023",
                "/indicators/bazhong-02/",
                "/departments/bazhong-ecology-environment/?year=2023",
                "/entry/",
            ):
                for sheet in workbook(client, address):
                    for row in sheet.iter_rows(values_only=True):
                        assert 27.34 not in row
                        assert not any("27.34" in str(cell) for cell in row)

    def test_nobody_signed_in_gets_nothing(self, client: Client) -> None:
        for address in PAGES:
            response = client.get(with_format(address, "csv"))
            assert (response.status_code, response["Location"].startswith("/login/")) == (302, True)

    def test_each_tab_of_the_queue(self, client: Client, draft: Indicator, entry_staff: User, reviewer: User) -> None:
        client.force_login(reviewer)
        missing = rows_of(workbook(client, "/review/bazhong/2023/?state=missing")["未提交"])
        assert next(row for row in missing if row["指标代码"] == "bazhong-02")["状态"] == "草稿，尚未提交"
        record = draft.values.get(year=2023)
        record.status, record.submitted_by, record.submitted_at = ReviewStatus.SUBMITTED, entry_staff, timezone.now()
        record.save()
        (row,) = rows_of(workbook(client, "/review/bazhong/2023/")["待审核"])
        assert (row["数值"], row["提交人"], row["审定前的评价"]) == (27.34, str(entry_staff), "待填报")
        assert isinstance(row["提交时间"], datetime)
        (row,) = rows_of(workbook(client, "/review/")["填报任务"])
        assert (row["年度"], row["截止日期"].date(), row["待审核（项）"]) == (2023, date(2099, 3, 31), 1)

    def test_queries_do_not_grow_with_the_rows(self, client: Client, administrator: User) -> None:
        plan = PlanFactory.create(slug="small-plan")
        open_round(plan, 2023, deadline=date(2024, 3, 31), note="", person=administrator, now=timezone.now())
        client.force_login(administrator)
        addresses = ["/entry/small-plan/2023/", "/entry/", "/review/", "/review/small-plan/2023/"]

        def add(count: int) -> None:
            for _ in range(count):
                indicator = led_by(plan.coordinating_department, plan=plan)
                YearlyValueFactory.create(
                    indicator=indicator, year=2023, value=96, status=ReviewStatus.SUBMITTED, approved_at=None
                )
                judge_indicators([indicator], now=timezone.now())

        def queries(address: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            return len(captured)

        add(2)
        queries("/")
        pages = [queries(address) for address in addresses]
        few = [queries(with_format(address, "xlsx")) for address in addresses]
        add(18)
        many = [queries(with_format(address, "xlsx")) for address in addresses]
        assert few == many
        assert all(file <= page for file, page in zip(few, pages, strict=True))


def test_a_region_name_is_no_formula_in_any_list(manager: Client) -> None:
    Region.objects.filter(slug="bazhong").update(name="@SUM(A1)")
    for address in ("/", "/departments/"):
        assert not any(cell.startswith(("=", "+", "@")) for line in csv_rows(manager, address) for cell in line)

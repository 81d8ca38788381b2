"""The pages of projects: columns of a plan, one project, the list of works, and the ledger of problems."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from indicators.models import Measure, Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject, ProgressFile, ProgressReport, ProjectResponsibility
from projects.services.problems import ProblemEntry, raise_problem, resolve_problem
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import approve_reports, return_reports
from regions.models import Department, DutyRole, Region, Role
from tests.factories import DepartmentFactory, KeyProjectFactory, PlanFactory, RegionFactory, member_of, project_led_by

pytestmark = pytest.mark.usefixtures("loaded_plans")


def html(client: Client, address: str, status: int = 200) -> str:
    """The page's HTML."""
    response = client.get(address)
    assert response.status_code == status, response
    return response.content.decode()


def words(page: str) -> str:
    """The text of the page without blanks."""
    return re.sub(r"\s+", "", strip_tags(page))


def codes(page: str) -> list[str]:
    """The projects that the page lists, in their order."""
    return re.findall(r'<tr id="([^"]+)"', page)


def sheet(client: Client, address: str, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the page's workbook."""
    response = client.get(f"{address}{'&' if '?' in address else '?'}format=xlsx")
    assert response.status_code == 200
    table: Any = load_workbook(BytesIO(response.content))[title]
    header, *rows = table.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    """A client that is signed in as leadership."""
    client.force_login(leader)
    return client


@pytest.fixture
def county(loaded_plans: None) -> Department:
    """A department of its own region."""
    return DepartmentFactory.create(region=RegionFactory.create(slug="small-county", name="小县"), code="small-bureau")


@pytest.fixture
def staff(county: Department) -> User:
    return member_of(county, Role.ENTRY)


@pytest.fixture
def project(county: Department) -> KeyProject:
    """Promises 100 charging points by 2025 in a plan of its own."""
    plan = PlanFactory.create(slug="small-plan", coordinating_department=county)
    return project_led_by(county, quantity=Decimal(100), plan=plan, code="piles")


def reported(project: KeyProject, year: int, quantity: int | None, person: User, **stated: Any) -> ProgressReport:
    """A report of the project's first deliverable."""
    as_draft = stated.pop("as_draft", False)
    deliverable = project.deliverables.first()
    quantities = {} if deliverable is None or quantity is None else {deliverable.pk: Decimal(quantity)}
    entry = ReportEntry(project, year, quantities=quantities, **{"project_status": "construction", **stated})
    return record_report(entry, person=person, now=timezone.now(), as_draft=as_draft)


class TestColumns:
    @pytest.mark.parametrize(
        ("slug", "columns", "projects"), [("bazhong", 9, 153), ("liaoyuan", 5, 47), ("qiandongnan", 10, 106)]
    )
    def test_every_column_and_project_stands_there(
        self, reader: Client, slug: str, columns: int, projects: int
    ) -> None:
        page = html(reader, f"/plans/{slug}/projects/")
        assert f"共{columns}个专栏，{projects}个重点项目" in words(page)
        stored = KeyProject.objects.filter(group__column__plan__slug=slug)
        assert sorted(codes(page)) == sorted(stored.values_list("code", flat=True))
        for each in Plan.objects.get(slug=slug).project_columns.all():
            assert f'href="#column-{each.number}"' in page
        assert len(sheet(reader, f"/plans/{slug}/projects/", "各专栏进展")) == columns
        assert [row["项目代码"] for row in sheet(reader, f"/plans/{slug}/projects/", "项目")] == codes(page)

    def test_without_reports_the_page_says_so(self, reader: Client) -> None:
        page = words(html(reader, "/plans/liaoyuan/projects/"))
        assert "还没有进展报告" in page
        assert "未报告15（100%）" in page
        assert "2项，还没有报告数量" in page
        assert "没有量化的建设内容，按项目状态跟踪" in page

    def test_progress_per_column_and_project(
        self, reader: Client, project: KeyProject, county: Department, staff: User
    ) -> None:
        other = KeyProjectFactory.create(group=project.group, code="other", position=2)
        Deliverable.objects.create(project=other, name="充电站", quantity=50, unit="个", wording="50个", position=1)
        KeyProjectFactory.create(group=project.group, code="talks", position=3)
        reported(project, 2025, 30, staff)
        raise_problem(ProblemEntry(project, "没有资金", county, timezone.localdate()), person=staff, now=timezone.now())
        page = html(reader, "/plans/small-plan/projects/")
        text = words(page)
        assert "在建1（33%）、未报告2（66%）" in text
        assert "▲黄色预警1个" in text
        assert "2项，已报1项，全部完成0项已完成30/150个" in text
        assert 'aria-label="绿色低碳重点项目完成 20%"' in page
        assert '<progress class="done" max="100" value="30" aria-label="充电桩完成 30%">' in page
        assert "未销号问题1个" in text
        [row] = sheet(reader, "/plans/small-plan/projects/", "各专栏进展")
        assert (row["在建（个）"], row["未报告（个）"], row["黄色预警（个）"]) == (1, 2, 1)
        assert (row["承诺合计"], row["累计完成合计"], row["合计的单位"]) == (150, 30, "个")

    def test_quantities_of_different_units_are_not_added_up(self, reader: Client, project: KeyProject) -> None:
        Deliverable.objects.create(project=project, name="管线", quantity=7, unit="条", wording="7条", position=2)
        [row] = sheet(reader, "/plans/small-plan/projects/", "各专栏进展")
        assert (row["建设内容（项）"], row["承诺合计"], row["合计的单位"]) == (2, None, None)

    def test_nearly_everything_is_not_everything(self, reader: Client, project: KeyProject, staff: User) -> None:
        Deliverable.objects.filter(project=project).update(quantity=1000)
        reported(project, 2025, 999, staff)
        assert "完成 99%" in html(reader, "/plans/small-plan/projects/")


class TestProject:
    def test_every_loaded_project_has_its_page(self, reader: Client) -> None:
        for code in KeyProject.objects.values_list("code", flat=True)[::15]:
            html(reader, f"/projects/{code}/")

    def test_what_the_source_says(self, reader: Client) -> None:
        project = KeyProject.objects.exclude(companies=[]).filter(code__startswith="liaoyuan")[0]
        text = words(html(reader, f"/projects/{project.code}/"))
        assert "".join(project.companies[0].split()) in text
        assert "没有指定牵头单位，由统筹部门牵头" in text
        assert "按规划目标年2025年完成" in text
        assert "还没有进展报告" in text

    def test_a_project_without_quantities_is_followed_by_its_status(
        self, reader: Client, project: KeyProject, staff: User
    ) -> None:
        project.deliverables.all().delete()
        reported(project, 2024, None, staff, project_status="suspended", status_reason="资金没有落实")
        text = words(html(reader, "/projects/piles/"))
        assert "停缓建2024年报告" in text
        assert "原因：资金没有落实" in text
        assert "不评价进度，按项目状态跟踪" in text

    def test_quantities_by_year_with_verdict_and_way(self, reader: Client, project: KeyProject, staff: User) -> None:
        reported(project, 2021, 20, staff)
        reported(project, 2023, 50, staff, investment_paid=Decimal("120.5"))
        reported(project, 2025, 100, staff, project_status="completed", next_step="移交运行")
        page = html(reader, "/projects/piles/")
        text = words(page)
        assert "完工2025年报告2025年✓已完成" in text
        for year, total, verdict in ((2021, 20, "符合序时进度"), (2023, 50, "略有滞后"), (2025, 100, "已完成")):
            cell = page[page.index(f'data-label="{year} 年底累计"') :].split("</td>")[0]
            assert strip_tags(cell.split(">", 1)[1]).split() == [f"{total}{verdict}"]
        assert "累计完成投资120.5万元" in text
        assert "（+30）" in text
        assert "下一步：移交运行" in text
        assert '<polyline class="reported"' in page
        assert "充电桩（个）：已完成100，承诺100，完成100%。" in text
        assert "不低于100个" in text
        assert re.search(r"修改记录.*新增2021年进展报告.*累计完成数量：充电桩20个", text)

    def test_drafts_are_seen_by_those_who_write_and_review_only(
        self, client: Client, project: KeyProject, county: Department, staff: User
    ) -> None:
        reviewer, leader = member_of(county, Role.REVIEWER), member_of(county, Role.LEADER)
        stranger = member_of(DepartmentFactory.create(), Role.REVIEWER)
        open_round(project.plan, 2023, deadline=date(2024, 3, 31), person=reviewer, now=timezone.now())
        report = reported(project, 2023, 50, staff, next_step="秘密安排")
        ProgressFile.objects.create(
            project=project,
            year=2023,
            file="00/none",
            name="现场.jpg",
            content_type="image/jpeg",
            size=1024,
            sha256="0" * 64,
            uploaded_at=timezone.now(),
            uploaded_by=staff,
        )

        def sees(person: User) -> bool:
            client.force_login(person)
            page, file = html(client, "/projects/piles/"), sheet(client, "/projects/piles/", "进展报告")
            found = {"秘密安排" in page, "现场.jpg" in page, "2023年" in {row["报告期"] for row in file}}
            assert len(found) == 1
            return found.pop()

        assert [sees(person) for person in (staff, reviewer, leader, stranger)] == [True, True, False, False]
        assert "待审核，不计入评价" in words(self.page(client, reviewer))
        return_reports([report], comment="照片不清楚", person=reviewer, now=timezone.now())
        assert "审核意见：照片不清楚" in words(self.page(client, staff))
        report = reported(project, 2023, 60, staff, next_step="秘密安排", revision=2)
        approve_reports([report], person=reviewer, now=timezone.now())
        assert [sees(person) for person in (leader, stranger)] == [True, True]
        history = words(self.page(client, leader)).split("修改记录")[1]
        assert "充电桩60个" in history
        assert "充电桩50个" not in history

    @staticmethod
    def page(client: Client, person: User) -> str:
        """The project's page as the person sees it."""
        client.force_login(person)
        return html(client, "/projects/piles/")

    def test_links_to_act_for_those_who_may(
        self, client: Client, project: KeyProject, county: Department, staff: User
    ) -> None:
        assert "登记问题" in self.page(client, staff)
        assert "登记问题" not in self.page(client, member_of(county, Role.LEADER))

    def test_measures_and_indicators_that_it_serves(self, reader: Client) -> None:
        measure = Measure.objects.filter(indicators__isnull=False)[0]
        project = KeyProject.objects.filter(group__column__plan__slug="liaoyuan", measures=None)[0]
        assert "还没有关联到任务和指标" in html(reader, f"/projects/{project.code}/")
        project.measures.add(measure)
        page = html(reader, f"/projects/{project.code}/")
        assert measure.title in page
        for indicator in measure.indicators.all():
            assert f"/indicators/{indicator.code}/" in page

    def test_open_and_resolved_problems(
        self, reader: Client, project: KeyProject, county: Department, staff: User
    ) -> None:
        assert "没有未销号的问题" in html(reader, "/projects/piles/")
        now = timezone.now()
        entry = ProblemEntry(project, "没有资金", county, timezone.localdate() + timedelta(days=3))
        problem = raise_problem(entry, person=staff, now=now)
        assert "▲还剩3天没有资金" in words(html(reader, "/projects/piles/"))
        resolve_problem(problem, resolution="资金已到位", revision=1, person=staff, now=now)
        text = words(html(reader, "/projects/piles/"))
        assert "没有未销号的问题" in text
        assert "已销号1个" in text
        assert "资金已到位" in text

    def test_a_correction_is_told_with_old_and_new_quantity(
        self, reader: Client, project: KeyProject, staff: User
    ) -> None:
        reported(project, 2021, 20, staff)
        reported(project, 2021, 15, staff, revision=1, reason="重复统计", note="核减")
        text = words(html(reader, "/projects/piles/")).split("修改记录")[1]
        assert "累计完成数量：充电桩20个→改为充电桩15个" in text
        assert "原因：重复统计" in text

    def test_a_code_that_nobody_knows(self, reader: Client) -> None:
        assert "没有代码为“nowhere”的项目" in html(reader, "/projects/nowhere/", 404)


class TestWorks:
    def test_all_projects_in_the_order_of_plans_page_by_page(self, reader: Client) -> None:
        stored = KeyProject.objects.order_by(
            "group__column__plan__slug", "group__column__number", "group__position", "position"
        ).values_list("code", flat=True)
        found = [code for number in range(1, 8) for code in codes(html(reader, f"/projects/?page={number}"))]
        assert found == list(stored)
        assert "共306个" in words(html(reader, "/projects/"))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("plan=liaoyuan", 47),
            ("plan=banan", 0),
            ("status=unreported", 306),
            ("status=construction", 0),
        ],
    )
    def test_filters_over_the_loaded_plans(self, reader: Client, query: str, expected: int) -> None:
        page = html(reader, f"/projects/?{query}")
        assert f"共{expected}个" in words(page)
        assert len(sheet(reader, f"/projects/?{query}", "项目")) == expected

    def test_projects_without_quantities(self, reader: Client) -> None:
        stored = KeyProject.objects.filter(deliverables=None).count()
        assert len(sheet(reader, "/projects/?verdict=none", "项目")) == stored > 0

    def test_kind_and_place_with_the_places_below_it(self, reader: Client) -> None:
        county = Region.objects.get(slug="liaoyuan-dongfeng")
        named = set(KeyProject.objects.filter(places=county).values_list("code", flat=True))
        assert {row["项目代码"] for row in sheet(reader, "/projects/?place=liaoyuan-dongfeng", "项目")} == named
        assert named
        # Without a place of its own a project lies where its plan does.
        for place in ("liaoyuan", "jilin"):
            assert len(sheet(reader, f"/projects/?place={place}", "项目")) == 47
        survey = KeyProject.objects.filter(kind="survey", group__column__plan__slug="bazhong").count()
        assert len(sheet(reader, "/projects/?kind=survey&plan=bazhong", "项目")) == survey

    @pytest.mark.parametrize("text", ["袜业", "东北袜业园", "liaoyuan-c01-02"])
    def test_text_is_found_in_names_companies_and_codes(self, reader: Client, text: str) -> None:
        assert "liaoyuan-c01-02" in codes(html(reader, f"/projects/?q={text}"))

    def test_text_is_found_in_what_is_built_and_is_no_pattern(self, reader: Client, project: KeyProject) -> None:
        assert "piles" in codes(html(reader, "/projects/?q=充电桩"))
        assert codes(html(reader, "/projects/?q=%25")) == [
            row["项目代码"] for row in sheet(reader, "/projects/?q=%25", "项目")
        ]
        assert "piles" not in codes(html(reader, "/projects/?q=%25"))

    def test_department_leads_shares_or_coordinates(
        self, reader: Client, project: KeyProject, county: Department
    ) -> None:
        shared = KeyProjectFactory.create(plan=project.plan, code="shared")
        lead, helper = DepartmentFactory.create_batch(2, region=county.region)
        ProjectResponsibility.objects.create(project=shared, department=lead, role=DutyRole.LEAD, position=1)
        ProjectResponsibility.objects.create(project=shared, department=helper, role=DutyRole.PARTICIPATING, position=2)
        KeyProjectFactory.create(plan=project.plan, code="coordinated")
        assert codes(html(reader, f"/projects/?department={helper.code}")) == ["shared"]
        assert codes(html(reader, f"/projects/?department={county.code}")) == ["piles", "coordinated"]
        page = html(reader, "/projects/?plan=small-plan")
        assert f'<option value="{helper.code}">' in page
        assert helper.code not in html(reader, "/projects/")

    def test_status_and_verdict_now_and_at_the_end_of_a_year(
        self, reader: Client, project: KeyProject, staff: User
    ) -> None:
        reported(project, 2022, 40, staff, project_status="preparation")
        reported(project, 2025, 30, staff, note="核减")
        for query, is_listed in (
            ("status=construction", True),
            ("status=preparation", False),
            ("status=preparation&year=2023", True),
            ("status=unreported&year=2021", True),
            ("verdict=missed", True),
            ("verdict=yellow", True),
            ("verdict=red", False),
            ("verdict=on_track&year=2022", True),
            ("verdict=none", False),
        ):
            page = html(reader, f"/projects/?plan=small-plan&{query}")
            assert codes(page) == (["piles"] if is_listed else []), query
        assert "没有符合条件的项目" in html(reader, "/projects/?plan=small-plan&verdict=red")

    def test_a_draft_changes_nothing(
        self, reader: Client, project: KeyProject, county: Department, staff: User
    ) -> None:
        reviewer = member_of(county, Role.REVIEWER)
        open_round(project.plan, 2025, deadline=date(2026, 3, 31), person=reviewer, now=timezone.now())
        reported(project, 2025, 30, staff, as_draft=True)
        for address in ("/projects/?plan=small-plan", "/plans/small-plan/projects/"):
            assert "未报告" in html(reader, address)
            assert sheet(reader, address, "项目")[0]["项目状态"] == "未报告"
            assert sheet(reader, address, "建设内容")[0]["累计完成"] is None

    def test_the_filter_stands_in_every_link(self, reader: Client) -> None:
        page = html(reader, "/projects/?plan=bazhong&status=unreported&q=&page=1")
        assert 'href="?plan=bazhong&amp;status=unreported&amp;page=2"' in page
        assert '<option value="bazhong" selected>' in page
        assert '<option value="unreported" selected>' in page
        assert "plan=bazhong&amp;status=unreported&amp;q=&amp;format=xlsx" in page

    def test_a_file_says_what_the_page_says(self, reader: Client, project: KeyProject, staff: User) -> None:
        reported(project, 2025, 30, staff, investment_paid=Decimal("12.5"))
        [row] = sheet(reader, "/projects/?plan=small-plan", "项目")
        page = words(html(reader, "/projects/?plan=small-plan"))
        for column in ("规划", "专栏", "项目名称", "类型", "牵头单位", "项目状态", "报告期", "评价", "预警", "理由"):
            assert "".join(str(row[column]).split()) in page, column
        assert (row["累计完成投资（万元）"], row["评价年度"]) == (12.5, 2025)
        text = b"".join(reader.get("/projects/?plan=small-plan&format=csv&table=建设内容")).decode()
        [header, line] = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""))
        assert dict(zip(header, line, strict=True))["累计完成"] == "30"

    @pytest.mark.parametrize(
        "query", ["plan=x", "department=x", "place=x", "status=x", "kind=x", "verdict=x", "year=20", "year=二〇二三"]
    )
    def test_what_does_not_exist_is_refused_in_words(self, reader: Client, query: str) -> None:
        assert "请在列表上方重新选择" in html(reader, f"/projects/?{query}", 404)

    def test_an_asked_text_is_never_trusted(self, reader: Client) -> None:
        assert "<script>" not in html(reader, "/projects/?q=<script>")
        assert "<script>" not in html(reader, "/projects/?plan=<script>", 404)


class TestProblems:
    @pytest.fixture
    def problems(self, project: KeyProject, county: Department, staff: User) -> None:
        """One overdue, one soon due, one with time, one resolved."""
        other, today, now = (
            DepartmentFactory.create(region=county.region, code="roads"),
            timezone.localdate(),
            timezone.now(),
        )
        for text, owner, days in (("甲事", county, 0), ("乙事", county, 4), ("丙事", other, 40), ("丁事", other, 50)):
            raise_problem(ProblemEntry(project, text, owner, today + timedelta(days=days)), person=staff, now=now)
        resolve_problem(project.problems.get(description="丁事"), resolution="办妥", revision=1, person=staff, now=now)
        project.problems.filter(description="甲事").update(
            deadline=today - timedelta(days=9), raised_on=today - timedelta(days=30)
        )

    @staticmethod
    def listed(page: str) -> list[str]:
        """The problems in the order of the page."""
        return re.findall(r'<th scope="row"><a href="/problems/\d+/">(.+?)</a>', page)

    @pytest.mark.usefixtures("problems")
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["甲事", "乙事", "丙事"]),
            ("state=overdue", ["甲事"]),
            ("state=resolved", ["丁事"]),
            ("state=all", ["甲事", "乙事", "丙事", "丁事"]),
            ("department=roads", ["丙事"]),
            ("department=roads&state=all", ["丙事", "丁事"]),
            ("plan=small-plan&department=small-bureau", ["甲事", "乙事"]),
            ("plan=bazhong", []),
        ],
    )
    def test_filters_and_file(self, reader: Client, query: str, expected: list[str]) -> None:
        assert self.listed(html(reader, f"/problems/?{query}")) == expected
        assert [row["问题"] for row in sheet(reader, f"/problems/?{query}", "问题")] == expected

    @pytest.mark.usefixtures("problems")
    def test_time_is_said_in_words_with_a_sign(self, reader: Client) -> None:
        text = words(html(reader, "/problems/?state=all"))
        assert "■逾期9天" in text
        assert "▲还剩4天" in text
        assert "还剩40天" in text
        assert "✓已销号" in text
        assert "未销号3已逾期1已销号1全部4" in text
        assert [row["逾期（天）"] for row in sheet(reader, "/problems/", "问题")] == [9, None, None]

    @pytest.mark.usefixtures("problems")
    def test_the_overview_counts_them(self, reader: Client) -> None:
        text = words(html(reader, "/"))
        assert "未销号的问题3个，其中■逾期1个。" in text

    def test_empty(self, reader: Client) -> None:
        assert "没有未销号的问题" in html(reader, "/problems/")
        assert "没有未销号的问题。" not in html(reader, "/")
        assert html(reader, "/problems/?state=gone", 404)

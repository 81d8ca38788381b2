"""The lists of projects: the columns of a plan with their progress, and all works with their filters."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectResponsibility
from projects.services.problems import ProblemEntry, raise_problem
from regions.models import Department, DutyRole, Region, Role
from tests.factories import DepartmentFactory, KeyProjectFactory, member_of
from tests.portal.project_pages.steps import codes, html, reported, sheet, words

pytestmark = pytest.mark.usefixtures("loaded_plans")


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
        assert "在建1（33%）、未报告2（67%）" in text
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

    def test_a_status_leads_to_just_these_projects(self, reader: Client, project: KeyProject, staff: User) -> None:
        column = ProjectColumn.objects.create(plan=project.plan, number=9, label="专栏九", title="其他", section="")
        elsewhere = KeyProjectFactory.create(group=column.groups.create(position=1), code="elsewhere")
        for each in (project, elsewhere):
            reported(each, 2025, None, staff)
        page = html(reader, "/plans/small-plan/projects/")
        address = re.search(r'href="(/projects/\?[^"]*column=small-plan-9[^"]*)"', page)
        assert address
        found = html(reader, address[1].replace("&amp;", "&"))
        assert codes(found) == ["elsewhere"]
        assert "专栏：专栏九其他" in words(found)


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
            ("plan=bazhong&column=bazhong-2", 23),
            ("column=liaoyuan-5", 8),
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
        "query",
        [
            "plan=x",
            "column=x",
            "column=bazhong-99",
            "column=bazhong-²",
            "department=x",
            "place=x",
            "status=x",
            "kind=x",
            "verdict=x",
            "year=20",
            "year=二〇二三",
        ],
    )
    def test_what_does_not_exist_is_refused_in_words(self, reader: Client, query: str) -> None:
        assert "请在列表上方重新选择" in html(reader, f"/projects/?{query}", 404)

    def test_an_asked_text_is_never_trusted(self, reader: Client) -> None:
        assert "<script>" not in html(reader, "/projects/?q=<script>")
        assert "<script>" not in html(reader, "/projects/?plan=<script>", 404)

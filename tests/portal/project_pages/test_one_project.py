"""The page of one project: what the source says, what was reported, and who sees what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from indicators.models import Measure
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject, ProgressFile
from projects.services.files import ReportKey, add_progress_file
from projects.services.problems import ProblemEntry, raise_problem, resolve_problem
from projects.services.review import approve_reports, return_reports
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of
from tests.indicators.files.samples import PDF, image
from tests.portal.project_pages.steps import html, reported, sheet, words

pytestmark = pytest.mark.usefixtures("loaded_plans")


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

    def test_photos_are_shown_and_documents_listed(self, reader: Client, project: KeyProject, staff: User) -> None:
        reported(project, 2025, 30, staff)
        key, now = ReportKey(project, 2025), timezone.now()
        files = [
            SimpleUploadedFile("现场.jpg", image("JPEG")),
            SimpleUploadedFile("全景.jpg", image("JPEG", (48, 32))),
            SimpleUploadedFile("验收.pdf", PDF),
        ]
        photo, large, _ = (add_progress_file(key, file, person=staff, now=now) for file in files)
        ProgressFile.objects.filter(pk=large.pk).update(size=20_000_000)
        page = html(reader, "/projects/piles/")
        assert re.findall(r'<img class="photo" src="([^"]+)"', page) == [photo.get_absolute_url()]
        for name in ("现场.jpg", "全景.jpg", "验收.pdf"):
            assert name in page

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

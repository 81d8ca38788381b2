"""Who may import progress reports, and which files are refused."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.models import ImportState, Plan
from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport, ReportImport
from projects.services.imports import check, receive
from projects.workbook.template import ENTRY_SHEET, FIRST_ROW
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of, project_led_by
from tests.projects.report_imports.steps import NOW, START, table, template, upload

pytestmark = pytest.mark.django_db


class TestWhoMay:
    def test_only_those_who_report_on_the_plan_upload(self, client: Client, charging: KeyProject) -> None:
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert client.get(START).status_code == 403
        assert client.get("/entry/the-plan/2022/projects/template/").status_code == 403

    def test_a_year_or_period_that_is_not_there(self, signed_in: Client, charging: KeyProject) -> None:
        assert signed_in.get("/entry/the-plan/2031/projects/import/").status_code == 404
        assert signed_in.get("/entry/the-plan/2022/projects/template/?quarter=7").status_code == 404

    @pytest.mark.parametrize(("role", "status"), [(Role.ENTRY, 404), (Role.REVIEWER, 200), (Role.LEADER, 404)])
    def test_others_of_the_department(
        self,
        client: Client,
        department: Department,
        plan: Plan,
        survey: KeyProject,
        staff: User,
        role: Role,
        status: int,
    ) -> None:
        data = ContentFile(table(("土壤状况调查", "", "", "前期", None, None, None)), name="进展表.xlsx")
        received = receive(data, plan, year=2022, quarter=0, person=staff, now=NOW)
        comparison = check(received, person=staff)
        assert comparison is not None
        client.force_login(member_of(department, role))
        path = received.get_absolute_url()
        assert client.get(path).status_code == status
        stamp = comparison.file.stamp
        assert client.post(path, {"action": "draft", "stamp": stamp}).status_code in (403, 404)
        assert not ProgressReport.objects.exists()

    def test_a_reviewer_chooses_whose_template(
        self, client: Client, plan: Plan, charging: KeyProject, survey: KeyProject, reviewer: User
    ) -> None:
        other = DepartmentFactory.create(region=plan.region, name="市水利局")
        project_led_by(other, quantity=Decimal(5), plan=plan, code="water", name="水库")
        client.force_login(reviewer)
        assert "市水利局" in client.get(START).content.decode()
        for query, codes in (
            ("", {"charging", "survey", "water"}),
            (f"department={other.code}", {"water"}),
            (f"department={plan.coordinating_department.code}", {"charging", "survey"}),
        ):
            sheet = openpyxl.load_workbook(BytesIO(template(client, query)))[ENTRY_SHEET]
            assert {str(row[0].value) for row in sheet.iter_rows(min_row=FIRST_ROW + 1)} == codes


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("表.xlsx", b"MZ\x90\x00" + b"\0" * 100, "这个文件是程序"),
        ("表.xlsx", table()[:500], "不完整或已损坏"),
        ("表.pdf", b"%PDF-1.7 ...", "这是 PDF 文件"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_kept(
    signed_in: Client, charging: KeyProject, name: str, data: bytes, words: str
) -> None:
    assert words in upload(signed_in, data, name).content.decode()
    assert not ReportImport.objects.exists()


def test_templates_of_another_plan_or_content_are_refused(
    signed_in: Client, department: Department, plan: Plan, charging: KeyProject
) -> None:
    other = PlanFactory.create(coordinating_department=department, slug="other", region=plan.region)
    project_led_by(department, quantity=Decimal(5), plan=other)
    led_by(department, plan=plan)
    foreign = signed_in.get("/entry/other/2022/projects/template/").content
    assert "这是另一份规划（other）的模板" in upload(signed_in, foreign, quarter="").content.decode()
    assert ReportImport.objects.get().state == ImportState.REFUSED
    values = signed_in.get("/entry/the-plan/template/?year=2022").content
    assert "这是指标填报表的模板" in upload(signed_in, values).content.decode()
    own = template(signed_in)
    answer = signed_in.post("/entry/the-plan/import/", {"file": SimpleUploadedFile("表.xlsx", own)}, follow=True)
    assert "这是项目进展的模板" in answer.content.decode()

"""Progress reports from a workbook are compared with what is there and confirmed as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import ImportState, Plan, ReviewStatus
from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport, ProjectAssessment, ReportImport
from projects.services.imports import check, confirm, receive
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import approve_reports
from projects.workbook.template import ENTRY_SHEET, FIRST_ROW, HEADER_ROW
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of, project_led_by
from tests.projects.report_imports.steps import NOW, imported, quantities, table, template, upload

pytestmark = pytest.mark.django_db


def filled(data: bytes, cells: Mapping[tuple[int, str], str | int]) -> bytes:
    """The template with contents typed into its rows (counted from 0) and columns (by title)."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book[ENTRY_SHEET]
    titles = [cell.value for cell in sheet[HEADER_ROW + 1]]
    for (row, title), content in cells.items():
        sheet.cell(FIRST_ROW + 1 + row, titles.index(title) + 1).value = content
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_template_comes_back_filled(signed_in: Client, charging: KeyProject, survey: KeyProject, staff: User) -> None:
    piles = charging.deliverables.get(name="充电桩")
    first = ReportEntry(charging, 2021, project_status="construction", quantities={piles.pk: Decimal(20)})
    record_report(first, person=staff, now=NOW)
    answer = signed_in.get("/entry/the-plan/2022/projects/template/?quarter=4")
    assert answer["Content-Disposition"].startswith("attachment")
    data = filled(
        answer.content,
        {
            (0, "本期累计完成数量*"): 45,
            (1, "本期累计完成数量*"): "4座",
            (0, "项目状态*"): "在建",
            (0, "累计完成投资（万元）"): 1200,
            (2, "项目状态*"): "前期",
            (2, "下一步安排"): "招标",
        },
    )
    sheet = openpyxl.load_workbook(BytesIO(data))[ENTRY_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
    assert [row[:6] for row in rows[:2]] == [
        ["charging", "公共充电设施", "充电桩", "个", 100, 20],
        ["charging", "公共充电设施", "充电站", "座", 10, None],
    ]
    page = upload(signed_in, data, quarter="")
    shown = page.content.decode()
    for words in ("2022年第四季度", "新增", "45个", "4座", "待填报", "符合序时进度", "前期"):
        assert words in shown
    assert not ProgressReport.objects.filter(year=2022).exists()
    assert "已导入：新增 2 份" in imported(signed_in, data, "submit", quarter="")
    report = ProgressReport.objects.get(project=charging, year=2022)
    assert (report.quarter, report.status, report.investment_paid) == (4, ReviewStatus.SUBMITTED, Decimal(1200))
    assert quantities(report) == {"充电桩": Decimal(45), "充电站": Decimal(4)}
    record = report.history.latest()
    assert (record.history_user, record.channel, record.report_import) == (staff, "项目进展导入", report.report_import)
    assert ReportImport.objects.latest("pk").quarter == 4


def test_the_page_shows_what_would_happen_and_stores_nothing(
    signed_in: Client, plan: Plan, charging: KeyProject, survey: KeyProject, staff: User
) -> None:
    piles = charging.deliverables.get(name="充电桩")
    entry = ReportEntry(
        charging, 2022, project_status="construction", quantities={piles.pk: Decimal(40)}, problems="旧"
    )
    record_report(entry, person=staff, now=NOW, as_draft=True)
    project_led_by(DepartmentFactory.create(region=plan.region), quantity=Decimal(5), plan=plan, name="长输管线改造")
    data = table(
        ("公共充电设施", "充电桩", 45, "完工", None, "征地", None),
        ("土壤状况调查", None, None, "停缓建", None, None, None),
        ("长输管线改造", None, 3, "在建", None, None, None),
        ("公共充电", "充电桩", 45, "在建", None, None, None),
        ("公共充电设施", "换电站", 1, None, None, None, None),
    )
    page = upload(signed_in, data).content.decode()
    for words in (
        "Sheet A5",
        "最接近的是：“公共充电设施”（charging）",
        "没有名为“换电站”的建设内容",
        "修改",
        "<del>40个</del>",
        "<ins>45个</ins>",
        "<del>旧</del>",
        "停缓建或取消的项目请写明原因",
        "不是该项目的牵头单位",
        "项目状态是“完工”，但充电桩只完成 45个",
        "不能导入",
        "没有写入任何报告",
    ):
        assert words in page, words
    assert ProgressReport.objects.count() == 1
    path = ReportImport.objects.get().get_absolute_url()
    marked = openpyxl.load_workbook(BytesIO(signed_in.get(f"{path}problems.xlsx").content))["Sheet"]
    assert "没有名为" in str(marked["B6"].comment)
    assert "停缓建或取消的项目请写明原因" in str(marked["D3"].comment)
    assert "不是该项目的牵头单位" in str(marked["D4"].comment)
    page = signed_in.post(path, {"action": "draft", "stamp": "whatever"}).content.decode()
    assert "全部内容都没有导入" in page
    assert ProgressReport.objects.get().problems == "旧"


def test_what_the_file_leaves_empty_stays_as_it_is(signed_in: Client, charging: KeyProject, staff: User) -> None:
    piles, stations = charging.deliverables.all()
    entry = ReportEntry(
        charging,
        2022,
        project_status="suspended",
        status_reason="资金未到位",
        quantities={piles.pk: Decimal(40), stations.pk: Decimal(4)},
        problems="征地",
    )
    record_report(entry, person=staff, now=NOW, as_draft=True)
    imported(signed_in, table(("公共充电设施", "充电桩", 45, "在建", 600, None, None)))
    report = ProgressReport.objects.get()
    assert quantities(report) == {"充电桩": Decimal(45), "充电站": Decimal(4)}
    assert (report.project_status, report.status_reason, report.problems) == ("construction", "", "征地")


def test_the_same_file_twice_changes_nothing(signed_in: Client, charging: KeyProject, survey: KeyProject) -> None:
    data = table(
        ("公共充电设施", "充电桩", 45, "在建", 600, "征地", None), ("土壤状况调查", "", "", "前期", None, None, None)
    )
    assert "新增 2 份" in imported(signed_in, data, "submit")
    assert "文件与已有报告完全相同" in upload(signed_in, data).content.decode()
    assert {report.revision for report in ProgressReport.objects.all()} == {1}


def test_what_changed_in_between_is_shown_again(
    signed_in: Client, department: Department, charging: KeyProject
) -> None:
    page = upload(signed_in, table(("公共充电设施", "充电桩", 45, "在建", None, None, None)))
    stamp = page.context["page"].comparison.file.stamp
    colleague = member_of(department, Role.ENTRY)
    piles = charging.deliverables.get(name="充电桩")
    entry = ReportEntry(charging, 2022, project_status="construction", quantities={piles.pk: Decimal(44)})
    record_report(entry, person=colleague, now=NOW, as_draft=True)
    again = signed_in.post(page.redirect_chain[-1][0], {"action": "draft", "stamp": stamp}).content.decode()
    assert "您核对之后，他人修改了其中的报告" in again
    assert "<del>44个</del>" in again
    assert quantities(ProgressReport.objects.get()) == {"充电桩": Decimal(44)}


def test_a_total_that_falls_may_only_be_a_draft_without_a_word(
    signed_in: Client, charging: KeyProject, staff: User
) -> None:
    piles = charging.deliverables.get(name="充电桩")
    entry = ReportEntry(charging, 2021, project_status="construction", quantities={piles.pk: Decimal(50)})
    record_report(entry, person=staff, now=NOW)
    page = upload(signed_in, table(("公共充电设施", "充电桩", 45, "在建", None, None, None))).content.decode()
    assert "比2021年已报的 50个 少" in page
    assert "只能存为草稿" in page
    explained = table(("公共充电设施", "充电桩", 45, "在建", None, None, "核减重复统计"))
    assert "导入并提交审核" in upload(signed_in, explained).content.decode()


def test_reports_count_at_once_where_no_review_is_asked_and_say_why_they_change(
    signed_in: Client, plan: Plan, charging: KeyProject, staff: User
) -> None:
    def send(quantity: int, reason: str = "") -> ReportImport:
        data = ContentFile(table(("公共充电设施", "充电桩", quantity, "在建", None, None, None)), name="进展表.xlsx")
        received = receive(data, plan, year=2021, quarter=0, reason=reason, person=staff, now=NOW)
        comparison = check(received, person=staff)
        assert comparison is not None
        if comparison.is_clean:
            confirm(received, stamp=comparison.file.stamp, as_draft=False, person=staff, now=NOW)
        received.refresh_from_db()
        return received

    assert send(20).state == ImportState.DONE
    assert ProjectAssessment.objects.get(project=charging, year=2021).verdict == "awaiting_value"  # no station reported
    refused = send(21)
    assert (refused.state, refused.counts) == (ImportState.CHECKED, {"error": 1, "problems": 0})
    assert send(21, "漏报").state == ImportState.DONE
    report = ProgressReport.objects.get()
    assert (report.status, quantities(report)) == (ReviewStatus.APPROVED, {"充电桩": Decimal(21)})
    assert report.history.latest().history_change_reason == "漏报"


def test_the_reason_for_a_change_may_be_given_after_the_upload(
    signed_in: Client, charging: KeyProject, staff: User
) -> None:
    def send(quantity: int) -> Any:
        data = table(("公共充电设施", "充电桩", quantity, "在建", None, None, None))
        file = SimpleUploadedFile("进展表.xlsx", data)
        return signed_in.post("/entry/the-plan/2021/projects/import/", {"file": file, "quarter": "0"}, follow=True)

    def confirm_page(page: Any) -> None:
        stamp = page.context["page"].comparison.file.stamp
        signed_in.post(page.request["PATH_INFO"], {"action": "submit", "stamp": stamp})

    confirm_page(send(20))
    page = send(21)
    path = page.request["PATH_INFO"]
    assert "不必重新上传" in page.content.decode()
    assert "请写明修改原因。" in signed_in.post(path, {"action": "explain", "change_reason": " "}).content.decode()
    explained = signed_in.post(path, {"action": "explain", "change_reason": "漏报"}, follow=True)
    assert "不必重新上传" not in explained.content.decode()
    confirm_page(explained)
    report = ProgressReport.objects.get()
    assert quantities(report) == {"充电桩": Decimal(21)}
    assert report.history.latest().history_change_reason == "漏报"


def test_an_approved_report_is_locked_in_template_and_import(
    signed_in: Client, charging: KeyProject, survey: KeyProject, reviewer: User
) -> None:
    imported(signed_in, table(("公共充电设施", "充电桩", 45, "在建", None, None, None)), "submit")
    approve_reports(ProgressReport.objects.all(), person=reviewer, now=NOW)
    sheet = openpyxl.load_workbook(BytesIO(template(signed_in)))[ENTRY_SHEET]
    row = sheet[FIRST_ROW + 1]
    assert [row[6].value, row[7].value, row[13].value] == [45, "在建", "已审定"]
    assert all(cell.protection.locked for cell in row)
    page = upload(signed_in, table(("公共充电设施", "充电桩", 46, "在建", None, None, None))).content.decode()
    assert "已锁定" in page
    assert "请审核人员先“重新打开”" in page


def test_comparing_takes_as_many_queries_for_many_projects_as_for_few(
    signed_in: Client, department: Department, plan: Plan
) -> None:
    def queries(count: int) -> tuple[int, int]:
        """Of the comparison's page and of the template, with so many projects."""
        for number in range(plan_projects(plan), count):
            project_led_by(department, quantity=Decimal(5), plan=plan, name=f"第{number}项工程")
        rows = [(f"第{number}项工程", "充电桩", number, "在建", None, None, None) for number in range(count)]
        path = upload(signed_in, table(*rows)).redirect_chain[-1][0]
        with CaptureQueriesContext(connection) as page:
            assert f"第{count - 1}项工程" in signed_in.get(path).content.decode()
        with CaptureQueriesContext(connection) as written:
            template(signed_in)
        return len(page), len(written)

    assert queries(2) == queries(12)


def plan_projects(plan: Plan) -> int:
    return KeyProject.objects.filter(group__column__plan=plan).count()

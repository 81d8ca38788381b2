"""Importing progress reports from a workbook: compared, confirmed as a whole, undone as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
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
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, DeliveredQuantity, KeyProject, ProgressReport, ProjectAssessment, ReportImport
from projects.services.imports import check, confirm, receive, undo
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import approve_reports
from projects.workbook.template import ENTRY_SHEET, FIRST_ROW, HEADER_ROW
from regions.models import Department, Role
from tests.factories import DepartmentFactory, KeyProjectFactory, PlanFactory, led_by, member_of, project_led_by

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
START = "/entry/the-plan/2022/projects/import/"
HEADER = ("项目名称", "建设内容", "累计完成数量", "项目状态", "累计完成投资（万元）", "存在问题", "说明")


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(name="市发展改革委")


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(department: Department, reviewer: User) -> Plan:
    """Reports of 2022 go through review, those of other years count at once."""
    plan: Plan = PlanFactory.create(coordinating_department=department, slug="the-plan")
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def charging(department: Department, plan: Plan) -> KeyProject:
    """Promises 100 charging points and 10 stations by 2025."""
    project = project_led_by(department, quantity=Decimal(100), plan=plan, code="charging", name="公共充电设施")
    Deliverable.objects.create(
        project=project, name="充电站", quantity=10, unit="座", wording="建设充电站10座", position=2
    )
    return project


@pytest.fixture
def survey(department: Department, plan: Plan) -> KeyProject:
    """Promises no quantity, and nobody leads it: the coordinating department reports."""
    project: KeyProject = KeyProjectFactory.create(plan=plan, code="survey", name="土壤状况调查")
    return project


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def table(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (header, *rows):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client: Client, data: bytes, name: str = "进展表.xlsx", **fields: str) -> Any:
    return client.post(START, {"file": SimpleUploadedFile(name, data), "quarter": "0", **fields}, follow=True)


def imported(client: Client, data: bytes, action: str = "draft", **fields: str) -> str:
    """Upload and confirm what the page shows; gives the page that follows."""
    page = upload(client, data, **fields)
    path = page.redirect_chain[-1][0]
    answer = client.post(path, {"action": action, "stamp": page.context["page"].comparison.file.stamp}, follow=True)
    return answer.content.decode()


def template(client: Client, query: str = "") -> bytes:
    return b"".join(client.get(f"/entry/the-plan/2022/projects/template/?{query}"))


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


def quantities(report: ProgressReport) -> dict[str, Decimal]:
    return {each.deliverable.name: each.quantity for each in report.delivered_quantities.all()}


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
    assert "比2021年已报的 50 少" in page
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


class TestUndo:
    def test_it_brings_everything_back(
        self, signed_in: Client, charging: KeyProject, survey: KeyProject, staff: User
    ) -> None:
        piles, stations = charging.deliverables.all()
        entry = ReportEntry(
            charging,
            2022,
            project_status="construction",
            quantities={piles.pk: Decimal(40), stations.pk: Decimal(4)},
            problems="征地",
        )
        record_report(entry, person=staff, now=NOW, as_draft=True)
        DeliveredQuantity.objects.get(deliverable=stations).delete()
        data = table(
            ("公共充电设施", "充电桩", 45, "停缓建", 600, "资金", None),
            ("公共充电设施", "充电站", 5, None, None, None, None),
            ("土壤状况调查", None, None, "前期", None, None, None),
            header=(*HEADER[:3], "项目状态", "累计完成投资（万元）", "停缓建原因", "说明"),
        )
        assert "新增 1 份，修改 1 份" in imported(signed_in, data)
        done = ReportImport.objects.get()
        undone = undo(done, reason="文件拿错了", person=staff, now=NOW)
        assert undone.state == ImportState.UNDONE
        back = ProgressReport.objects.get()
        assert quantities(back) == {"充电桩": Decimal(40)}
        assert (back.project_status, back.status_reason, back.problems) == ("construction", "", "征地")
        assert (back.investment_paid, back.report_import, back.status) == (None, None, ReviewStatus.DRAFT)
        assert back.history.latest().history_change_reason == "撤销导入“进展表.xlsx”：文件拿错了"
        gone = ProgressReport.history.filter(project=survey).latest()
        assert (gone.history_type, gone.history_user) == ("-", staff)

    def test_verdicts_go_back_too(self, plan: Plan, charging: KeyProject, staff: User) -> None:
        rows = [("公共充电设施", name, 20, "在建", None, None, None) for name in ("充电桩", "充电站")]
        received = receive(ContentFile(table(*rows), name="表.xlsx"), plan, year=2021, quarter=0, person=staff, now=NOW)
        comparison = check(received, person=staff)
        assert comparison is not None
        confirm(received, stamp=comparison.file.stamp, as_draft=False, person=staff, now=NOW)
        assert ProjectAssessment.objects.get(project=charging, year=2021).verdict == "on_track"
        undo(received, reason="文件拿错了", person=staff, now=NOW)
        assert ProjectAssessment.objects.get(project=charging, year=2021).verdict == "awaiting_value"

    def test_not_when_a_report_was_touched_since(
        self, signed_in: Client, charging: KeyProject, survey: KeyProject, reviewer: User
    ) -> None:
        data = table(
            ("公共充电设施", "充电桩", 45, "在建", None, None, None), ("土壤状况调查", "", "", "前期", None, None, None)
        )
        imported(signed_in, data, "submit")
        approve_reports(ProgressReport.objects.filter(project=survey), person=reviewer, now=NOW)
        path = ReportImport.objects.get().get_absolute_url()
        page = signed_in.post(path, {"action": "undo", "reason": "文件拿错了"}).content.decode()
        assert "有 1 份后来又有改动，不能整体撤销：土壤状况调查（李审核）" in page
        assert 'value="文件拿错了"' in page
        assert ProgressReport.objects.count() == 2

    def test_it_needs_a_reason(self, signed_in: Client, survey: KeyProject) -> None:
        imported(signed_in, table(("土壤状况调查", "", "", "前期", None, None, None)))
        path = ReportImport.objects.get().get_absolute_url()
        assert "请写明撤销原因" in signed_in.post(path, {"action": "undo", "reason": " "}).content.decode()
        assert ProgressReport.objects.count() == 1


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


def test_discarding_stores_nothing(signed_in: Client, survey: KeyProject) -> None:
    page = upload(signed_in, table(("土壤状况调查", "", "", "前期", None, None, None)))
    path = page.redirect_chain[-1][0]
    assert "已放弃这次导入" in signed_in.post(path, {"action": "discard"}, follow=True).content.decode()
    assert not ProgressReport.objects.exists()
    assert "不能再做这一步" in signed_in.post(path, {"action": "draft", "stamp": "x"}).content.decode()


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

"""Importing a workbook: compared, confirmed as a whole, undone as a whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client

from indicators.models import ImportState, Indicator, Plan, ReviewStatus, ValueImport, ValueOrigin, YearlyValue
from indicators.services.imports import check, confirm, receive, state_reason, undo
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(name="市生态环境局")


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def plan(department: Department) -> Plan:
    """Values of 2022 go through review, those of other years count at once."""
    plan: Plan = PlanFactory.create(coordinating_department=department, slug="the-plan")
    reviewer = member_of(department, Role.REVIEWER)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def forest(department: Department, plan: Plan) -> Indicator:
    return led_by(department, plan=plan, code="forest", name="森林覆盖率", unit="%")


@pytest.fixture
def air(department: Department, plan: Plan) -> Indicator:
    return led_by(department, plan=plan, code="air", name="优良天数比例", unit="%")


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def table(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


YEARS = ("指标名称", "单位", "2022年", "数据来源", "说明")


def stored(plan: Plan) -> QuerySet[YearlyValue]:
    return YearlyValue.objects.filter(indicator__plan=plan)


def received(data: bytes, plan: Plan, staff: User, **options: Any) -> ValueImport:
    upload = ContentFile(data, name="指标表.xlsx")
    value_import = receive(upload, plan, person=staff, now=NOW, **options)
    check(value_import, person=staff)
    return value_import


def upload(client: Client, data: bytes, name: str = "指标表.xlsx", **fields: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/entry/the-plan/import/", {"file": file, **fields}, follow=True)


def imported(client: Client, data: bytes, action: str = "draft") -> str:
    """Upload and confirm what the page shows; gives the page that follows."""
    page = upload(client, data)
    path = page.redirect_chain[-1][0]
    answer = client.post(path, {"action": action, "stamp": page.context["page"].comparison.file.stamp}, follow=True)
    return answer.content.decode()


def test_a_template_comes_back_filled(signed_in: Client, plan: Plan, forest: Indicator, air: Indicator) -> None:
    answer = signed_in.get("/entry/the-plan/template/?year=2022")
    assert answer["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    sheet = book["填报表"]
    titles = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in titles if "指标名称" in row)
    names = [row[header.index("指标名称")] for row in titles]
    column = next(place for place, title in enumerate(header, 1) if title.startswith("2022年"))
    sheet.cell(names.index("森林覆盖率") + 1, column).value = 63.5
    sheet.cell(names.index("优良天数比例") + 1, column).value = "96.7%"
    filled = BytesIO()
    book.save(filled)
    page = imported(signed_in, filled.getvalue())
    assert "已导入：新增 2 个" in page
    assert {(value.indicator.code, value.value, value.status) for value in stored(plan)} == {
        ("forest", Decimal("63.5"), ReviewStatus.DRAFT),
        ("air", Decimal("96.7"), ReviewStatus.DRAFT),
    }


def test_the_page_shows_what_would_happen_and_stores_nothing(
    signed_in: Client, plan: Plan, forest: Indicator, air: Indicator, staff: User
) -> None:
    record_value(ValueEntry(air, plan.region, 2022, Decimal(90)), person=staff, now=NOW, as_draft=True)
    foreign = led_by(DepartmentFactory.create(region=plan.region), plan=plan, name="耕地保有量")
    data = table(
        YEARS,
        ("森林覆盖率", "%", 63.5, "林业公报", None),
        ("优良天数比例", "%", 91, None, None),
        (foreign.name, "%", 12, None, None),
        ("森林覆盖面积", "%", 12, None, None),
    )
    page = upload(signed_in, data).content.decode()
    for words in ("Sheet A5", "新增", "修改", "不由您填报", "90%", "91%", "森林覆盖率", "不能导入", "没有写入任何数值"):
        assert words in page
    assert stored(plan).count() == 1
    path = ValueImport.objects.get().get_absolute_url()
    marked = openpyxl.load_workbook(BytesIO(signed_in.get(f"{path}problems.xlsx").content))
    assert "不是该指标的牵头单位" in str(marked["Sheet"]["C4"].comment)
    assert "森林覆盖率" in str(marked["Sheet"]["A5"].comment)
    page = signed_in.post(path, {"action": "draft", "stamp": "whatever"}).content.decode()
    assert "全部内容都没有导入" in page
    assert stored(plan).count() == 1


def test_the_same_file_twice_changes_nothing(signed_in: Client, plan: Plan, forest: Indicator) -> None:
    data = table(YEARS, ("森林覆盖率", "%", 63.5, "公报", "核对过"))
    assert "新增 1 个" in imported(signed_in, data, "submit")
    page = upload(signed_in, data).content.decode()
    assert "文件与已有数值完全相同" in page
    assert stored(plan).get().revision == 1
    assert stored(plan).get().status == ReviewStatus.SUBMITTED


def test_the_exported_sheet_comes_back_as_it_went(
    signed_in: Client, plan: Plan, forest: Indicator, air: Indicator, staff: User
) -> None:
    for indicator, year, source in ((forest, 2021, ""), (forest, 2023, "年鉴"), (air, 2021, "公报"), (air, 2023, "")):
        record_value(ValueEntry(indicator, plan.region, year, Decimal(60), source=source), person=staff, now=NOW)
    for kind in ("xlsx", "csv"):
        answer = signed_in.get(f"/entry/the-plan/2023/?format={kind}")
        comparison = upload(signed_in, answer.getvalue(), f"填报表.{kind}").context["page"].comparison
        assert comparison.file.problems == []
        assert comparison.counts == {"unchanged": 4, "problems": 0}


def test_what_changed_in_between_is_shown_again(
    signed_in: Client, department: Department, plan: Plan, forest: Indicator
) -> None:
    page = upload(signed_in, table(YEARS, ("森林覆盖率", "%", 63.5, None, None)))
    stamp = page.context["page"].comparison.file.stamp
    colleague = member_of(department, Role.ENTRY)
    record_value(ValueEntry(forest, plan.region, 2022, Decimal(60)), person=colleague, now=NOW, as_draft=True)
    path = page.redirect_chain[-1][0]
    again = signed_in.post(path, {"action": "draft", "stamp": stamp})
    assert "您核对之后，他人修改了其中的数值" in again.content.decode()
    assert "60%" in again.content.decode()
    assert stored(plan).get().value == 60


def test_a_jump_without_a_word_may_only_be_a_draft(
    signed_in: Client, plan: Plan, forest: Indicator, staff: User
) -> None:
    record_value(ValueEntry(forest, plan.region, 2021, Decimal("63.5")), person=staff, now=NOW)
    page = upload(signed_in, table(YEARS, ("森林覆盖率", "%", 0.6, None, None)))
    assert "只能存为草稿" in page.content.decode()
    explained = upload(signed_in, table(YEARS, ("森林覆盖率", "%", 0.6, None, "砍伐")))
    assert "导入并提交审核" in explained.content.decode()


def test_an_import_counts_at_once_where_no_review_is_asked_and_says_why(
    signed_in: Client, plan: Plan, forest: Indicator
) -> None:
    header = ("指标名称", "单位", "2023年", "数据来源", "说明")
    assert "新增 1 个" in imported(signed_in, table(header, ("森林覆盖率", "%", 63.5, None, None)), "submit")
    assert stored(plan).get().status == ReviewStatus.APPROVED
    changed = table(header, ("森林覆盖率", "%", 64, None, None))
    assert "修改时请写明原因" in upload(signed_in, changed).content.decode()
    page = upload(signed_in, changed, reason="公报更正")
    stamp = page.context["page"].comparison.file.stamp
    signed_in.post(page.redirect_chain[-1][0], {"action": "submit", "stamp": stamp})
    record = stored(plan).get()
    assert (record.value, record.origin) == (Decimal(64), ValueOrigin.IMPORT)
    newest = record.history.latest()
    assert (newest.history_change_reason, newest.channel, newest.value_import) == (
        "公报更正",
        "表格导入",
        record.value_import,
    )


def test_the_reason_for_a_change_may_be_given_after_the_upload(
    signed_in: Client, plan: Plan, forest: Indicator, staff: User
) -> None:
    record_value(ValueEntry(forest, plan.region, 2023, Decimal("63.5")), person=staff, now=NOW)
    page = upload(signed_in, table(("指标名称", "2023年"), ("森林覆盖率", 64)))
    path = page.redirect_chain[-1][0]
    assert "不必重新上传" in page.content.decode()
    assert "待改正" in signed_in.get("/entry/the-plan/import/").content.decode()
    assert "请写明修改原因。" in signed_in.post(path, {"action": "explain", "change_reason": " "}).content.decode()
    assert "原因" in signed_in.post(path, {"action": "explain", "change_reason": "长" * 501}).content.decode()
    explained = signed_in.post(path, {"action": "explain", "change_reason": "公报更正"}, follow=True)
    assert "不必重新上传" not in explained.content.decode()
    assert "待确认" in signed_in.get("/entry/the-plan/import/").content.decode()
    stamp = explained.context["page"].comparison.file.stamp
    signed_in.post(path, {"action": "submit", "stamp": stamp})
    record = stored(plan).get()
    assert (record.value, record.history.latest().history_change_reason) == (Decimal(64), "公报更正")


def test_nobody_else_states_the_reason_and_not_after_the_import(
    plan: Plan, forest: Indicator, staff: User, department: Department
) -> None:
    value_import = received(table(YEARS, ("森林覆盖率", "%", 63.5, None, None)), plan, staff)
    with pytest.raises(PermissionDenied):
        state_reason(value_import, reason="更正", person=member_of(department, Role.ENTRY))
    confirm(value_import, stamp=stamp_of(value_import, staff), as_draft=True, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="已导入"):
        state_reason(value_import, reason="更正", person=staff)


def test_the_page_says_how_each_sheet_was_understood(signed_in: Client, plan: Plan, forest: Indicator) -> None:
    shown = upload(signed_in, table(("指标名称", "2022年", "2023年"), ("森林覆盖率", 63.5, 64))).content.decode()
    assert "工作表“Sheet”：每行一个指标，年度为列（2022、2023），读到 2 个数值。" in shown


def test_a_real_figure_does_not_come_from_where_the_one_of_demonstration_did(
    plan: Plan, forest: Indicator, air: Indicator, staff: User
) -> None:
    for indicator, origin in ((forest, ValueOrigin.DEMONSTRATION), (air, ValueOrigin.FORM)):
        entry = ValueEntry(indicator, plan.region, 2023, Decimal(60), source="某处", note="某事")
        record_value(entry, person=staff, now=NOW, origin=origin)
    data = table(("指标名称", "2023年"), ("森林覆盖率", 61), ("优良天数比例", 61))
    value_import = received(data, plan, staff, reason="实际数")
    confirm(value_import, stamp=stamp_of(value_import, staff), as_draft=False, person=staff, now=NOW)
    assert [(value.source, value.note) for value in stored(plan).order_by("-indicator__code")] == [
        ("", ""),
        ("某处", "某事"),
    ]


class TestUndo:
    def test_it_brings_everything_back(self, plan: Plan, forest: Indicator, air: Indicator, staff: User) -> None:
        record_value(
            ValueEntry(air, plan.region, 2022, Decimal(90), source="初报"), person=staff, now=NOW, as_draft=True
        )
        data = table(YEARS, ("森林覆盖率", "%", 63.5, "甲", None), ("优良天数比例", "%", 91, "乙", None))
        value_import = received(data, plan, staff)
        confirm(value_import, stamp=stamp_of(value_import, staff), as_draft=True, person=staff, now=NOW)
        assert stored(plan).count() == 2
        undone = undo(value_import, reason="文件拿错了", person=staff, now=NOW)
        assert undone.state == ImportState.UNDONE
        back = stored(plan).get()
        assert (back.indicator, back.value, back.source, back.value_import) == (air, Decimal(90), "初报", None)
        assert back.history.latest().history_change_reason == "撤销导入“指标表.xlsx”：文件拿错了"
        gone = YearlyValue.history.filter(indicator=forest).latest()
        assert (gone.history_type, gone.history_user) == ("-", staff)

    def test_not_when_a_value_was_touched_since(
        self, signed_in: Client, department: Department, plan: Plan, forest: Indicator, air: Indicator
    ) -> None:
        data = table(YEARS, ("森林覆盖率", "%", 63.5, None, None), ("优良天数比例", "%", 91, None, None))
        imported(signed_in, data, "submit")
        reviewer = member_of(department, Role.REVIEWER, full_name="李审核")
        approve_values(stored(plan).filter(indicator=air), person=reviewer, now=NOW)
        path = ValueImport.objects.get().get_absolute_url()
        page = signed_in.post(path, {"action": "undo", "reason": "文件拿错了"}).content.decode()
        assert "1 个后来又有改动，不能整体撤销：优良天数比例 2022 年（李审核）" in page
        assert 'value="文件拿错了"' in page
        assert stored(plan).count() == 2

    def test_it_needs_a_reason(self, signed_in: Client, plan: Plan, forest: Indicator) -> None:
        imported(signed_in, table(YEARS, ("森林覆盖率", "%", 63.5, None, None)))
        path = ValueImport.objects.get().get_absolute_url()
        assert "请写明撤销原因" in signed_in.post(path, {"action": "undo", "reason": " "}).content.decode()
        assert stored(plan).count() == 1


def stamp_of(value_import: ValueImport, staff: User) -> str:
    comparison = check(value_import, person=staff)
    assert comparison is not None
    return comparison.file.stamp


class TestWhoMay:
    def test_only_those_who_enter_the_plan_upload(self, client: Client, plan: Plan, forest: Indicator) -> None:
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert client.get("/entry/the-plan/import/").status_code == 403
        assert client.get("/entry/the-plan/template/").status_code == 403

    @pytest.mark.parametrize(("role", "status"), [(Role.ENTRY, 404), (Role.REVIEWER, 200), (Role.LEADER, 404)])
    def test_others_of_the_department(
        self,
        client: Client,
        department: Department,
        plan: Plan,
        forest: Indicator,
        staff: User,
        role: Role,
        status: int,
    ) -> None:
        value_import = received(table(YEARS, ("森林覆盖率", "%", 63.5, None, None)), plan, staff)
        other = member_of(department, role)
        client.force_login(other)
        path = value_import.get_absolute_url()
        assert client.get(path).status_code == status
        stamp = stamp_of(value_import, staff)
        assert client.post(path, {"action": "draft", "stamp": stamp}).status_code in (403, 404)
        assert not stored(plan).exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("表.xlsx", b"MZ\x90\x00" + b"\0" * 100, "这个文件是程序"),
        ("表.xlsx", table(YEARS)[:500], "不完整或已损坏"),
        ("表.pdf", b"%PDF-1.7 ...", "这是 PDF 文件"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_kept(
    signed_in: Client, plan: Plan, forest: Indicator, name: str, data: bytes, words: str
) -> None:
    assert words in upload(signed_in, data, name).content.decode()
    assert not ValueImport.objects.exists()


def test_a_template_of_another_plan_is_refused(
    signed_in: Client, department: Department, plan: Plan, forest: Indicator
) -> None:
    other = PlanFactory.create(coordinating_department=department, slug="other", region=plan.region)
    led_by(department, plan=other)
    template = signed_in.get("/entry/other/template/").content
    assert "这是另一份规划（other）的模板" in upload(signed_in, template).content.decode()
    assert ValueImport.objects.get().state == ImportState.REFUSED


def test_discarding_stores_nothing(signed_in: Client, plan: Plan, forest: Indicator) -> None:
    page = upload(signed_in, table(YEARS, ("森林覆盖率", "%", 63.5, None, None)))
    path = page.redirect_chain[-1][0]
    assert "已放弃这次导入" in signed_in.post(path, {"action": "discard"}, follow=True).content.decode()
    assert not stored(plan).exists()
    assert "不能再做这一步" in signed_in.post(path, {"action": "draft", "stamp": "x"}).content.decode()

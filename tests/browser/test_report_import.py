"""Progress reports by Excel in Chromium: template, a project filled, what it would change, handed in, undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators.models import Plan, ReviewStatus
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, ProgressReport
from projects.workbook.template import ENTRY_SHEET, HEADER_ROW
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def piles(loaded_plans: None, entry_staff: User, reviewer: User) -> Deliverable:
    """A promised quantity of Bazhong's plan; the round of 2022 is open."""
    plan = Plan.objects.get(slug="bazhong")
    open_round(plan, 2022, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    found = Deliverable.objects.filter(project__group__column__plan=plan).order_by("pk").first()
    assert found is not None
    return found


def template_of(page: Page, directory: Path, period: str) -> Path:
    """Download the template of a period as staff do."""
    section = page.get_by_role("region", name="下载模板")
    section.get_by_label("期间").select_option(label=period)
    with page.expect_download() as download:
        section.get_by_role("button", name="下载模板").click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    return path


def fill(path: Path, deliverable: Deliverable, quantity: float | str, status: str) -> None:
    """Type a quantity and the project's status into the template."""
    book = openpyxl.load_workbook(path)
    sheet = book[ENTRY_SHEET]
    titles = [cell.value for cell in sheet[HEADER_ROW + 1]]
    for row in sheet.iter_rows(min_row=HEADER_ROW + 2):
        if row[0].value == deliverable.project.code and row[titles.index("建设内容")].value == deliverable.name:
            row[titles.index("本期累计完成数量*")].value = quantity
            row[titles.index("项目状态*")].value = status
    book.save(path)


def send(visitor: Visitor, path: Path) -> None:
    """Upload a file on the start page."""
    visitor.open("/entry/bazhong/2022/projects/import/")
    visitor.page.get_by_label("文件", exact=True).set_input_files(path)
    visitor.page.get_by_role("button", name="上传并核对").click()


def assert_fits(visitor: Visitor) -> None:
    """Nothing serious on the open page, nothing out of reach, on a screen and on a phone."""
    for width in (390, 1280):
        assert visitor.findings_at(width) == []


def test_a_template_is_filled_compared_handed_in_and_undone(
    visitor: Visitor, piles: Deliverable, entry_staff: User, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/entry/bazhong/2022/projects/import/")
    assert_fits(visitor)
    template = template_of(page, tmp_path, "全年")
    assert template.name.startswith("巴中市“十四五”生态环境保护规划_2022年_项目进展")
    fill(template, piles, "很多", "快完工了")
    send(visitor, template)
    problems = page.get_by_role("region", name="要改正的单元格")
    expect(problems.get_by_role("row").filter(has_text="快完工了")).to_contain_text("请填：储备、前期、在建")
    expect(page.get_by_role("button", name="导入")).to_have_count(0)
    assert_fits(visitor)
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_role("status")).to_contain_text("已放弃这次导入")

    fill(template, piles, float(piles.quantity) / 2, "在建")
    send(visitor, template)
    line = page.get_by_role("row").filter(has_text=piles.project.code)
    for words in ("新增", piles.name, "在建"):
        expect(line).to_contain_text(words)
    assert_fits(visitor)
    assert not ProgressReport.objects.filter(project=piles.project).exists()
    page.get_by_role("button", name="导入并提交审核").click()
    expect(page.get_by_role("status")).to_contain_text("已导入：新增 1 份")
    assert_fits(visitor)
    assert ProgressReport.objects.get(project=piles.project).status == ReviewStatus.SUBMITTED

    send(visitor, template)
    expect(page.get_by_text("文件与已有报告完全相同")).to_be_visible()
    page.go_back()
    page.get_by_role("row").filter(has_text="已导入").get_by_role("link").click()
    page.get_by_label("撤销原因").fill("文件拿错了")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("status")).to_contain_text("已撤销这次导入")
    assert_fits(visitor)
    assert not ProgressReport.objects.filter(project=piles.project).exists()

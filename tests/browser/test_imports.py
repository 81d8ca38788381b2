"""An import in Chromium: template, two figures, what they would change, handed in, approved, undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from indicators.models import ImportState, Plan, ReviewStatus, ValueImport, YearlyValue
from indicators.services.rounds import open_round
from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

AIR = "地级及以上城市空气质量优良天数比率"
PM25 = "地级及以上城市细颗粒物(PM2.5)浓度"
START = "/entry/bazhong/import/"


@pytest.fixture
def opened(loaded_plans: None, reviewer: User) -> Plan:
    """Bazhong's plan with the round of 2021 open."""
    plan = Plan.objects.get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    return plan


def template_of_2021(page: Page, directory: Path) -> Path:
    """Download the template as staff do."""
    page.get_by_role("link", name="我的填报").click()
    page.get_by_role("link", name=re.compile("下载模板、从表格导入.*巴中市“十四五”生态环境保护规划")).click()
    for year in page.get_by_role("checkbox").all():
        year.uncheck()
    page.get_by_label("2021 年").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载模板").click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    return path


def fill(path: Path, figures: Mapping[str, float | str]) -> None:
    """Type figures of 2021 into the template."""
    book = openpyxl.load_workbook(path)
    sheet = book["填报表"]
    titles = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in titles if "指标名称" in row)
    names = [row[header.index("指标名称")] for row in titles]
    column = next(place for place, title in enumerate(header, 1) if title.startswith("2021年"))
    for name, figure in figures.items():
        sheet.cell(names.index(name) + 1, column).value = figure
    book.save(path)


def send(visitor: Visitor, path: Path) -> None:
    """Upload a file on the start page."""
    visitor.open(START)
    visitor.page.get_by_label("文件", exact=True).set_input_files(path)
    visitor.page.get_by_role("button", name="上传并核对").click()


def line(page: Page, name: str) -> Locator:
    """The row of the indicator in the comparison."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def assert_fits(visitor: Visitor) -> None:
    """Nothing serious on the open page, nothing out of reach, on a screen and on a phone."""
    for width in (390, 1280):
        assert visitor.findings_at(width) == []


def test_a_template_is_filled_compared_handed_in_and_after_approval_not_undone(
    visitor: Visitor, opened: Plan, entry_staff: User, reviewer: User, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/")
    template = template_of_2021(page, tmp_path)
    assert template.name == "巴中市“十四五”生态环境保护规划_2021年_填报模板.xlsx"
    fill(template, {AIR: 96.7, PM25: "27.6"})
    send(visitor, template)

    expect(page.get_by_role("link", name="新增 2")).to_be_visible()
    for words in ("新增", "27.6μg/m3", "待填报", "符合序时进度"):
        expect(line(page, PM25)).to_contain_text(words)
    expect(line(page, AIR)).to_contain_text("目标待下达")
    assert_fits(visitor)
    assert not YearlyValue.objects.filter(year=2021, indicator__plan=opened).exists()

    page.get_by_role("button", name="导入并提交审核").click()
    expect(page.get_by_role("status")).to_contain_text("已导入：新增 2 个")
    assert_fits(visitor)
    values = YearlyValue.objects.filter(year=2021, indicator__plan=opened)
    assert {value.status for value in values} == {ReviewStatus.SUBMITTED}
    address = page.url
    page.get_by_role("link", name="从表格导入").click()
    expect(page.get_by_role("row").filter(has_text=template.name)).to_contain_text("已导入")
    assert_fits(visitor)
    page.get_by_role("button", name="退出").click()

    visitor.sign_in(reviewer)
    visitor.open("/review/bazhong/2021/")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审定所选").click()
    expect(page.get_by_text("已审定 2 项")).to_be_visible()
    page.goto(address)
    page.get_by_label("撤销原因").fill("文件拿错了")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("alert")).to_contain_text("这次导入的数值中有 2 个后来又有改动，不能整体撤销")
    expect(page.get_by_label("撤销原因")).to_have_value("文件拿错了")
    assert_fits(visitor)
    assert {value.status for value in values.all()} == {ReviewStatus.APPROVED}


def test_an_import_is_undone_as_a_whole(visitor: Visitor, opened: Plan, entry_staff: User, tmp_path: Path) -> None:
    page = visitor.page
    values = YearlyValue.objects.filter(year=2021, indicator__plan=opened)
    visitor.sign_in(entry_staff)
    visitor.open("/")
    template = template_of_2021(page, tmp_path)
    fill(template, {PM25: 27.6})
    send(visitor, template)
    page.get_by_role("button", name="导入，存为草稿").click()
    expect(page.get_by_text("草稿只有本部门和审核人员看得到")).to_be_visible()
    assert values.get().status == ReviewStatus.DRAFT

    fill(template, {PM25: 27.9})
    send(visitor, template)
    expect(page.get_by_role("link", name="修改 1")).to_be_visible()
    expect(line(page, PM25)).to_contain_text("27.6μg/m3")
    page.get_by_role("button", name="导入，存为草稿").click()
    page.get_by_label("撤销原因").fill("文件拿错了")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_role("status")).to_contain_text("已撤销这次导入")
    expect(page.get_by_role("button", name="撤销导入")).to_have_count(0)
    assert_fits(visitor)
    assert f"{values.get().value:.1f}" == "27.6"


def test_the_page_of_a_waiting_import_turns_by_itself_when_the_worker_is_done(
    visitor: Visitor, opened: Plan, entry_staff: User, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/")
    template = template_of_2021(page, tmp_path)
    fill(template, {PM25: 27.6})
    send(visitor, template)
    expect(page.get_by_role("heading", name="各个数值会怎样变动")).to_be_visible()
    ValueImport.objects.update(state=ImportState.WAITING)
    visitor.open(ValueImport.objects.get().get_absolute_url())
    expect(page.get_by_role("heading", name="正在核对")).to_be_visible()
    expect(page.get_by_role("progressbar", name="导入进度")).to_be_visible()
    assert_fits(visitor)
    ValueImport.objects.update(state=ImportState.CHECKED)
    expect(page.get_by_role("link", name="新增 1")).to_be_visible(timeout=10_000)


def test_what_is_wrong_is_listed_and_the_marked_file_comes_back(
    visitor: Visitor, opened: Plan, entry_staff: User, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/")
    template = template_of_2021(page, tmp_path)
    fill(template, {AIR: "九十六", PM25: 27.6})
    send(visitor, template)
    problems = page.get_by_role("region", name="要改正的单元格")
    expect(problems.get_by_role("row").filter(has_text="九十六")).to_contain_text("阿拉伯数字")
    expect(page.get_by_text("还有问题没有解决，不能导入")).to_be_visible()
    expect(page.get_by_role("button", name="导入")).to_have_count(0)
    assert_fits(visitor)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注了问题的文件").click()
    assert download.value.suggested_filename == f"{template.stem}_问题标注.xlsx"
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_role("status")).to_contain_text("已放弃这次导入")
    assert_fits(visitor)

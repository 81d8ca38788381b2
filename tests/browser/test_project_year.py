"""One key project's year by three people in Chromium: report, return, mend with a photo, approve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from indicators.models import Plan, ReviewStatus
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport, ProjectAssessment
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from tests.browser.conftest import Visitor
from tests.browser.test_review import change_person
from tests.indicators.files.samples import image

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/entry/bazhong/2021/projects/"
QUEUE = "/review/bazhong/2021/projects/"


@pytest.fixture
def plant(loaded_plans: None, reviewer: User) -> KeyProject:
    """华能巴中燃机项目一期 of Bazhong's second column, 90 万千瓦 by 2025; the round of 2021 is open."""
    plan = Plan.objects.get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    return KeyProject.objects.get(code="bazhong-c02-13")


def form_of(project: KeyProject, quarter: int = 0) -> str:
    return f"/entry/projects/{project.code}/2021/{quarter}/"


def quantity(visitor: Visitor) -> Locator:
    """The field of the one deliverable."""
    return visitor.page.get_by_role("textbox", name="本期累计完成")


def test_a_project_is_reported_returned_mended_and_approved(
    visitor: Visitor, plant: KeyProject, entry_staff: User, reviewer: User, leader: User, tmp_path: Path
) -> None:
    page = visitor.page
    (tmp_path / "施工现场.jpg").write_bytes(image("JPEG"))
    visitor.sign_in(entry_staff)
    visitor.open("/entry/")
    page.get_by_role("table", name="重点项目进展").get_by_role("link", name="2021 年").click()
    page.get_by_role("link", name=plant.name, exact=True).click()
    page.get_by_label("项目状态").select_option(label="在建")
    quantity(visitor).fill("三十")
    page.get_by_label("存在问题").fill("山区段征地慢")
    expect(page.get_by_text("是中文数字")).to_be_visible()
    quantity(visitor).fill("9")
    page.get_by_label("累计完成投资（万元）").fill("1,200")
    expect(page.locator("[data-verdict]")).to_contain_text("滞后")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()

    change_person(visitor, reviewer)
    visitor.open("/review/")
    page.get_by_role("link", name="待审核 1 份").click()
    row = page.get_by_role("row").filter(has_text=plant.name)
    for shown in ("在建", "9", "1200", "山区段征地慢", "待填报", "滞后", "没有照片和附件"):
        expect(row.first).to_contain_text(shown)
    page.get_by_label(f"选择{plant.name}2021年的报告").check()
    page.get_by_label("审核意见").fill("请附现场照片，并核对里程")
    page.get_by_role("button", name="退回所选").click()
    expect(page.get_by_role("status")).to_contain_text("已退回 1 份进展报告")

    change_person(visitor, entry_staff)
    visitor.open("/entry/")
    page.get_by_role("link", name=f"2021年 {plant.name}").click()
    expect(page.get_by_text("审核意见：请附现场照片，并核对里程")).to_be_visible()
    page.get_by_label("选择文件").set_input_files([tmp_path / "施工现场.jpg"])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已上传 1 个文件")).to_be_visible()
    quantity(visitor).fill("18")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()

    change_person(visitor, reviewer)
    visitor.open(QUEUE)
    row = page.get_by_role("row").filter(has_text=plant.name).first
    with page.expect_download() as saved:
        row.get_by_role("link", name="施工现场.jpg").click()
    assert saved.value.suggested_filename == "施工现场.jpg"
    expect(row).to_contain_text("完成 20%")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审定所选").click()
    expect(page.get_by_role("status")).to_contain_text("已审定 1 份进展报告")
    assert ProjectAssessment.objects.get(project=plant, year=2021).verdict == "on_track"

    change_person(visitor, entry_staff)
    visitor.open(LIST)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=plant.name, exact=True))
    for shown in ("在建", "已审定", "符合序时进度"):
        expect(row).to_contain_text(shown)
    row.get_by_role("link", name=plant.name, exact=True).click()
    expect(page.get_by_text("这份报告已审定并锁定").first).to_be_visible()
    expect(page.get_by_role("button", name="保存草稿")).to_have_count(0)

    change_person(visitor, leader)
    visitor.open(plant.get_absolute_url())
    expect(page.get_by_role("img", name="装机的累计完成数量与应有进度")).to_be_visible()
    expect(page.get_by_text("装机（万千瓦）：已完成 18，承诺 90，完成 20%。")).to_be_visible()
    expect(page.locator("circle.total title").filter(has_text="2021年：18")).to_have_count(1)
    photo = page.locator("img.photo")
    photo.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 24", arg=photo.element_handle())
    with page.expect_download():
        page.evaluate("(address) => { location.href = address }", plant.progress_files.get().get_absolute_url())

    # Those who report see the digests of files in the history: they break on a small screen.
    change_person(visitor, entry_staff)
    visitor.open(plant.get_absolute_url())
    expect(page.get_by_text("SHA-256")).to_be_visible()
    assert visitor.findings_at(390) == []


def test_what_was_typed_survives_the_end_of_the_session(visitor: Visitor, plant: KeyProject, entry_staff: User) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open(form_of(plant))
    page.get_by_label("项目状态").select_option(label="前期")
    page.get_by_label("下一步安排").fill("六月开工，先行段已招标")
    expect(page.get_by_text("2 行有未保存的内容")).to_be_visible()
    page.context.clear_cookies(name="sessionid")  # as after the idle time-out
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/login/**")
    visitor.sign_in(entry_staff)
    visitor.open(form_of(plant))
    expect(page.get_by_text("已恢复您上次填写、尚未保存的 2 行")).to_be_visible()
    expect(page.get_by_label("下一步安排")).to_have_value("六月开工，先行段已招标")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status").filter(has_text="已存为草稿")).to_be_visible()
    report = ProgressReport.objects.get()
    assert (report.project_status, report.next_step) == ("preparation", "六月开工，先行段已招标")
    visitor.open(form_of(plant))
    expect(page.get_by_text("已恢复您上次填写")).to_have_count(0)


def test_two_people_at_one_report(visitor: Visitor, plant: KeyProject, entry_staff: User, reviewer: User) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open(form_of(plant))
    page.get_by_label("项目状态").select_option(label="在建")
    quantity(visitor).fill("9")
    page.keyboard.press("Tab")
    expect(page.locator("[data-verdict]")).to_contain_text("滞后")
    [deliverable] = plant.deliverables.all()
    write_as(reviewer, plant, deliverable.pk, 45)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("在您打开之后已填报或修改了2021年的进展报告")
    expect(page.get_by_text("现在存的是：45")).to_be_visible()
    expect(quantity(visitor)).to_have_value("9")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("status").filter(has_text="已存为草稿")).to_be_visible()
    report = ProgressReport.objects.get()
    assert report.status == ReviewStatus.DRAFT
    assert report.delivered_quantities.get().quantity == 9


def write_as(person: User, project: KeyProject, deliverable: int, figure: int) -> None:
    """A draft of somebody else."""
    entry = ReportEntry(project, 2021, project_status="construction", quantities={deliverable: Decimal(figure)})
    record_report(entry, person=person, now=timezone.now(), as_draft=True)

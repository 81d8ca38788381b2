"""Evidence by three people in Chromium: staff upload it, the reviewer reads it and decides, another department sees
nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import EvidenceFile, Indicator, Plan
from indicators.services.evidence import EvidenceKey, add_evidence
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.factories import member_of
from tests.indicators.files.samples import PDF
from tests.indicators.uploads import pdf

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/entry/bazhong/2021/bazhong-02/evidence/"


@pytest.fixture
def submitted(loaded_plans: None, reviewer: User, entry_staff: User) -> Indicator:
    """PM2.5 of Bazhong, its value of 2021 submitted in the open round."""
    plan = Plan.objects.select_related("region").get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    record_value(ValueEntry(indicator, plan.region, 2021, Decimal("27.6")), person=entry_staff, now=timezone.now())
    return indicator


def test_staff_upload_evidence_and_the_reviewer_saves_it(
    visitor: Visitor, submitted: Indicator, entry_staff: User, reviewer: User, tmp_path: Path
) -> None:
    page = visitor.page
    (tmp_path / "2021年公报（终稿）.pdf").write_bytes(PDF)
    (tmp_path / "程序.pdf").write_bytes(b"MZ\x90\x00")
    visitor.sign_in(entry_staff)
    visitor.open("/entry/bazhong/2021/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=submitted.name, exact=True))
    row.get_by_role("link", name="添加佐证材料").click()
    page.get_by_label("选择文件").set_input_files([tmp_path / "2021年公报（终稿）.pdf", tmp_path / "程序.pdf"])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已上传 1 个文件")
    expect(page.get_by_role("alert")).to_contain_text("“程序.pdf”没有上传：内容不是可以上传的类型")

    visitor.sign_in(reviewer)
    visitor.open("/review/bazhong/2021/")
    with page.expect_download() as saved:
        page.get_by_role("row").filter(has_text="27.6").get_by_role("link", name="2021年公报（终稿）.pdf").click()
    assert saved.value.suggested_filename == "2021年公报（终稿）.pdf"
    assert Path(saved.value.path()).read_bytes() == PDF

    file = EvidenceFile.objects.get()
    neighbour = Department.objects.filter(region=submitted.plan.region).exclude(
        pk=entry_staff.memberships.get().department_id
    )[0]
    visitor.sign_in(member_of(neighbour, Role.ENTRY))
    for path in (PAGE, file.get_absolute_url()):
        visitor.open(path)
        expect(page.get_by_role("heading", name="没有找到这一页")).to_be_visible()
        visitor.complaints.clear()  # Chromium reports the refused page itself


def test_a_file_is_removed_with_a_reason_by_keyboard(visitor: Visitor, submitted: Indicator, entry_staff: User) -> None:
    page, key = visitor.page, EvidenceKey(submitted, submitted.plan.region, 2021)
    add_evidence(key, pdf(), person=entry_staff, now=timezone.now())
    visitor.sign_in(entry_staff)
    visitor.open(PAGE)
    page.get_by_text("删除“2022年公报.pdf”").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请写明删除原因")
    page.get_by_label("删除原因").fill("年份不对")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已删除“2022年公报.pdf”")
    expect(page.get_by_role("region", name="已删除的文件")).to_contain_text("年份不对")


def test_the_pages_are_accessible_at_office_and_phone_width(
    visitor: Visitor, submitted: Indicator, entry_staff: User, reviewer: User
) -> None:
    page, key = visitor.page, EvidenceKey(submitted, submitted.plan.region, 2021)
    for name in ("2021年巴中市生态环境状况公报（盖章扫描件，征求各部门意见后的最终稿）.pdf", "a" * 150 + ".pdf"):
        add_evidence(key, pdf(name, name), person=entry_staff, now=timezone.now())
    visitor.sign_in(reviewer)
    for path in (PAGE, "/entry/bazhong/2021/", "/review/bazhong/2021/", "/indicators/bazhong-02/targets/"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            visitor.open(path)
            page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
            assert visitor.serious_findings() == [], f"{path} at {width}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path} scrolls sideways at {width}"

"""An administrator imports a reference table in the browser; files of lists are saved, never shown."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from portal.accounts.models import User
from regions.models import Region
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_table_is_exported_changed_and_imported(visitor: Visitor, administrator: User, tmp_path: Path) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open("/admin/regions/region/?level__exact=province")
    assert visitor.serious_findings() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert download.value.suggested_filename.startswith("地区_")
    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    sheet = book["地区"]
    sheet["B2"] = "改名省"
    changed = tmp_path / "地区.xlsx"
    book.save(changed)
    slug = str(sheet["A2"].value)

    page.get_by_role("link", name="导入", exact=True).click()
    assert visitor.serious_findings() == []
    page.get_by_label("要导入的文件").set_input_files(changed)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("将新增或修改 1 条，3 条没有变化")).to_be_visible()
    expect(page.get_by_role("row", name="修改")).to_contain_text("改名省")
    assert visitor.serious_findings() == []
    assert Region.objects.get(slug=slug).name != "改名省"
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入地区：新增 0 条，修改 1 条，没有变化 3 条")).to_be_visible()
    assert Region.objects.get(slug=slug).name == "改名省"


def test_everything_that_is_wrong_is_said_at_once(visitor: Visitor, administrator: User, tmp_path: Path) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    wrong = tmp_path / "地区.csv"
    wrong.write_text("标识,名称,层级,上级地区标识\nx-1,,村级,nowhere\n")
    visitor.open("/admin/regions/region/import/")
    page.get_by_label("要导入的文件").set_input_files(wrong)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("alert")).to_contain_text("文件中有 3 处问题，没有导入任何内容")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert visitor.serious_findings() == []
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
    assert not Region.objects.filter(slug="x-1").exists()


def test_a_list_is_saved_as_a_file_by_keyboard(visitor: Visitor, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/plans/bazhong/?year=2024")
    page.get_by_role("link", name="Excel").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.startswith("巴中市“十四五”生态环境保护规划_2024年_指标_")
    page.emulate_media(media="print")
    assert not page.get_by_text("导出", exact=False).first.is_visible()

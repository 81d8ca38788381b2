"""Reference tables as files: what administrators export comes back unchanged, and an import is all or nothing."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from openpyxl import Workbook, load_workbook

from indicators.models import Topic
from portal.accounts.models import User
from portal.reference_tables.reading import LARGEST_FILE, MOST_ROWS
from regions.models import Department, Region

pytestmark = pytest.mark.usefixtures("loaded_plans")

REGIONS = "/admin/regions/region/"
DEPARTMENTS = "/admin/regions/department/"
TOPICS = "/admin/indicators/topic/"
REGION_COLUMNS = ["标识", "名称", "层级", "上级地区标识", "行政区划代码"]


@pytest.fixture
def keeper(client: Client, administrator: User) -> Client:
    """A client that is signed in as an administrator."""
    client.force_login(administrator)
    return client


def workbook(*rows: list[Any]) -> SimpleUploadedFile:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("地区.xlsx", file.getvalue())


def text_file(text: str, encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    """A csv file."""
    return SimpleUploadedFile("地区.csv", text.encode(encoding))


def preview(client: Client, address: str, file: SimpleUploadedFile) -> str:
    """The page after choosing a file."""
    response = client.post(f"{address}import/", {"import_file": file, "format": "0", "resource": "0"})
    assert response.status_code == 200
    return response.content.decode()


def confirm(client: Client, address: str, page: str, **changes: str) -> Any:
    """Confirm the preview."""
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    return client.post(f"{address}process_import/", hidden | changes, follow=True)


def words(page: str) -> str:
    """The text of the page without blanks."""
    return re.sub(r"\s+", "", strip_tags(page))


class TestImport:
    def test_new_and_changed_rows_are_previewed_then_saved_with_author_and_reason(
        self, keeper: Client, administrator: User
    ) -> None:
        file = workbook(
            REGION_COLUMNS,
            ["bazhong", "巴中市（改）", "市（州）级", "sichuan", 511900],
            [None, None, None, None, None],
            ["sichuan-new", "新区", "县（区、市）级", "bazhong", "511999"],
            ["banan", "巴南区", "县（区、市）级", "chongqing", "500113"],
        )
        page = preview(keeper, REGIONS, file)
        assert "<del>巴中市</del> → <ins>巴中市（改）</ins>" in page
        assert "将新增或修改2条，1条没有变化" in words(page)
        assert Region.objects.get(slug="bazhong").name == "巴中市"
        assert not Region.objects.filter(slug="sichuan-new").exists()
        answer = confirm(keeper, REGIONS, page)
        assert "新增 1 条，修改 1 条，没有变化 1 条" in answer.content.decode()
        region = Region.objects.get(slug="sichuan-new")
        assert (region.name, region.level, region.division_code) == ("新区", "county", "511999")
        assert region.parent == Region.objects.get(slug="bazhong")
        for slug in ("bazhong", "sichuan-new"):
            record = Region.objects.get(slug=slug).history.latest()
            assert record.history_user == administrator
            assert record.history_change_reason == "后台导入：地区.xlsx"
        assert Region.objects.get(slug="banan").history.count() == 1
        assert set(LogEntry.objects.values_list("change_message", flat=True)) == {"从文件导入"}

    def test_one_bad_row_and_nothing_is_saved(self, keeper: Client) -> None:
        before = list(Region.history.values_list("pk", flat=True))
        file = workbook(
            REGION_COLUMNS,
            ["good-1", "甲县", "县（区、市）级", "bazhong", "511991"],
            ["bad-1", "乙县", "乡级", "nowhere", "511991"],
            ["bad 2", "", "县（区、市）级", "bazhong", "511993"],
            ["good-1", "甲县", "县（区、市）级", "bazhong", "511991"],
        )
        page = preview(keeper, REGIONS, file)
        text = words(page)
        assert "没有导入任何内容" in text
        assert "第3行层级乡级没有“乡级”这种层级。可以填：省级、" in text
        assert "第3行上级地区标识nowhere没有标识为“nowhere”的地区" in text
        assert "第3行——该行政区划代码已被另一个地区使用" in text
        assert "第4行名称—该字段不能为空" in text or "第4行名称—此字段不能为空" in text
        assert "第5行标识good-1与第2行的“good-1”重复" in text
        assert "确认导入" not in page
        assert not re.search(r"[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}", strip_tags(page.split('id="content-main"')[1]))
        assert list(Region.history.values_list("pk", flat=True)) == before

    def test_a_confirmed_file_that_became_wrong_saves_nothing(self, keeper: Client) -> None:
        file = workbook(
            REGION_COLUMNS,
            ["new-1", "甲县", "县（区、市）级", "bazhong", "511991"],
            ["new-2", "乙县", "县（区、市）级", "bazhong", "511992"],
        )
        page = preview(keeper, REGIONS, file)
        Region.objects.create(slug="other", name="丙县", level="county", division_code="511992")
        answer = confirm(keeper, REGIONS, page).content.decode()
        assert "该行政区划代码已被另一个地区使用" in answer
        assert not Region.objects.filter(slug__startswith="new-").exists()

    def test_what_somebody_changed_after_the_preview_is_not_overwritten(self, keeper: Client) -> None:
        page = preview(keeper, REGIONS, workbook(["标识", "名称"], ["bazhong", "巴中市（改）"]))
        Region.objects.filter(slug="bazhong").update(name="巴中")
        answer = confirm(keeper, REGIONS, page).content.decode()
        assert "预览之后有人改动了这些数据" in answer
        assert Region.objects.get(slug="bazhong").name == "巴中"

    def test_a_preview_that_was_tampered_with_is_refused(self, keeper: Client) -> None:
        page = preview(keeper, REGIONS, workbook(["标识", "名称"], ["bazhong", "巴中市（改）"]))
        answer = confirm(keeper, REGIONS, page, import_file_name="L2V0Yy9wYXNzd2Q:x:y").content.decode()
        assert "没有导入" in answer
        assert Region.objects.get(slug="bazhong").name == "巴中市"
        assert keeper.post(f"{REGIONS}process_import/", {"format": "7", "resource": "9"}).status_code == 200

    def test_columns_that_are_not_in_the_file_stay_as_they_are(self, keeper: Client) -> None:
        page = preview(keeper, REGIONS, text_file("标识,名称\nbazhong,巴中\n", "gb18030"))
        confirm(keeper, REGIONS, page)
        region = Region.objects.get(slug="bazhong")
        assert (region.name, region.division_code, region.level) == ("巴中", "511900", "prefecture")

    def test_departments_gain_aliases_and_lose_none(self, keeper: Client, administrator: User) -> None:
        department = Department.objects.get(aliases__name="市工业和信息局")
        old = set(department.aliases.values_list("name", flat=True))
        assert old
        page = preview(keeper, DEPARTMENTS, workbook(["代码", "别名"], [department.code, "市工信局；市工信委"]))
        confirm(keeper, DEPARTMENTS, page)
        assert set(department.aliases.values_list("name", flat=True)) == old | {"市工信局", "市工信委"}
        record = department.aliases.get(name="市工信局").history.get()
        assert record.history_user == administrator
        again = preview(keeper, DEPARTMENTS, workbook(["代码", "别名"], [department.code, "市工信委"]))
        assert "与现有数据完全相同" in again

    def test_topics(self, keeper: Client) -> None:
        page = preview(keeper, TOPICS, workbook(["标识", "名称", "领域"], ["noise-day", "昼间噪声", "噪声"]))
        confirm(keeper, TOPICS, page)
        assert Topic.objects.get(key="noise-day").domain == "noise"

    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (workbook(REGION_COLUMNS, ["x", "县", "省级", "", 3.9]), "E2：是小数 3.9"),
            (workbook(REGION_COLUMNS, ["x", True, "省级", "", ""]), "B2：是逻辑值"),
            (workbook(REGION_COLUMNS, ["x", "#DIV/0!", "省级", "", ""]), "B2：是错误值 #DIV/0!"),
            (workbook(["名称", "层级"], ["县", "省级"]), "缺少“标识”列"),
            (workbook(["标识", "名 称"], ["x", "县"]), "没有“名 称”这一列"),
            (workbook(["标识", "标识"], ["x", "县"]), "表头“标识”出现了不止一次"),
            (workbook(["标识", None, "名称"], ["x", "y", "县"]), "第 B 列没有表头"),
            (workbook(["标识", "名称"], ["x", "县", "多"]), "第 2 行的内容超出了表头的 2 列"),
            (workbook(["标识", "名称"]), "文件中没有数据"),
            (text_file(""), "文件中没有数据"),
            (text_file("标识,名称\n" * (MOST_ROWS + 2)), f"文件超过 {MOST_ROWS} 行"),
            (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no workbook"), "这个文件无法读取"),
            (SimpleUploadedFile("a.xlsx", b"MZ\x00\x00 a program"), "这个文件无法读取"),
            (SimpleUploadedFile("a.csv", b"x" * (LARGEST_FILE + 1)), "文件超过 1 MB"),
        ],
    )
    def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(
        self, keeper: Client, file: SimpleUploadedFile, message: str
    ) -> None:
        file.seek(0)
        page = preview(keeper, REGIONS, file)
        assert message in strip_tags(page).replace("&#x27;", "'")
        assert "确认导入" not in page

    def test_no_file(self, keeper: Client) -> None:
        page = keeper.post(f"{REGIONS}import/", {"format": "0", "resource": "0"}).content.decode()
        assert "请选择要导入的文件" in page


class TestExport:
    @pytest.mark.parametrize("address", [REGIONS, DEPARTMENTS, TOPICS])
    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_what_is_exported_comes_back_unchanged(self, keeper: Client, address: str, kind: str) -> None:
        response = keeper.get(f"{address}export/{kind}/")
        content = response.content if kind == "xlsx" else b"".join(response)
        text = words(preview(keeper, address, SimpleUploadedFile(f"表.{kind}", content)))
        assert "与现有数据完全相同，没有需要导入的内容" in text

    def test_an_export_is_filtered_and_searched_as_its_list(self, keeper: Client) -> None:
        response = keeper.get(f"{REGIONS}export/xlsx/?level__exact=province&q=省")
        book = load_workbook(BytesIO(response.content))
        names = [str(row[1]) for row in book["地区"].iter_rows(min_row=2, values_only=True)]
        assert sorted(names) == ["吉林省", "四川省", "贵州省"]
        facts = list(book["说明"].iter_rows(values_only=True))
        assert ("搜索", "省") in facts
        assert ("层级", "省级") in facts

    def test_hostile_names_come_out_and_back_as_texts(self, keeper: Client) -> None:
        Region.objects.filter(slug="bazhong").update(name="=cmd|' /C calc'!A0")
        content = keeper.get(f"{REGIONS}export/xlsx/").content
        cells = [cell for row in load_workbook(BytesIO(content))["地区"].iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        text = b"".join(keeper.get(f"{REGIONS}export/csv/"))
        assert "bazhong,'=cmd|" in text.decode()
        assert "完全相同" in preview(keeper, REGIONS, SimpleUploadedFile("a.csv", text))

    def test_queries_do_not_grow_with_the_rows(self, keeper: Client) -> None:
        def queries(rows: int) -> int:
            keep = list(Department.objects.values_list("pk", flat=True)[:rows])
            with CaptureQueriesContext(connection) as captured:
                keeper.get(f"{DEPARTMENTS}export/xlsx/?id__in={','.join(map(str, keep))}")
            return len(captured)

        queries(2)
        assert queries(2) == queries(20)


@pytest.mark.parametrize("role", ["entry_staff", "reviewer", "leader"])
@pytest.mark.parametrize("path", ["import/", "process_import/", "export/xlsx/", "export/csv/"])
@pytest.mark.parametrize("address", [REGIONS, DEPARTMENTS, TOPICS])
def test_only_administrators_import_and_export(
    client: Client, role: str, path: str, address: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    response = client.post(address + path) if path == "process_import/" else client.get(address + path)
    assert response.status_code == (302 if role == "leader" else 403)
    if role != "leader":
        assert f'href="{address}import/"' not in client.get(address).content.decode()


def test_the_list_offers_import_and_export(keeper: Client) -> None:
    page = keeper.get(f"{REGIONS}?level__exact=county").content.decode()
    assert f'href="{REGIONS}import/"' in page
    assert f'href="{REGIONS}export/xlsx/?level__exact=county"' in page

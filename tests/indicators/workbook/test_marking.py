"""Files that go back with their problems marked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from indicators.workbook import editing, marking, problem_list
from indicators.workbook.mark import PROBLEM_LIST_TITLE, SHEET_NAME, TemplateMark, read_mark
from indicators.workbook.marking import CellMark, mark_problems
from indicators.workbook.opening import open_workbook
from indicators.workbook.reading import read_values
from indicators.workbook.table import Kind, Merge, RawCell, SheetTable, Workbook
from indicators.workbook.template import ENTRY_SHEET, write_template
from tests.indicators.workbook import templates
from tests.indicators.workbook.files import SHEET_PART, repacked, with_sheet, xlsx

RED, YELLOW = "00FFC7CE", "00FFEB9C"
LIST_SHEET = "问题清单"
DAY, MORNING = datetime.fromisoformat("2023-09-05"), datetime.fromisoformat("2023-09-05T08:30")
D2 = CellMark("数据", "B2", "不是数字。请更正。")


def marked(data: bytes, marks: Sequence[CellMark]) -> tuple[bytes, openpyxl.Workbook]:
    """The marked file, and opened once more."""
    written = mark_problems(data, open_workbook(data), marks)
    return written, openpyxl.load_workbook(io.BytesIO(written))


def made(workbook: Workbook, marks: Sequence[CellMark]) -> openpyxl.Workbook:
    """The marked file of tables that were read from another format."""
    return openpyxl.load_workbook(io.BytesIO(mark_problems(b"", workbook, marks)))


def colours(sheet: Worksheet) -> dict[str, str]:
    """The coloured cells."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {cell.coordinate: str(cell.fill.fgColor.rgb) for cell in cells if cell.fill.fill_type == "solid"}


def comments(sheet: Worksheet) -> dict[str, str]:
    """The texts of the comments by cell."""
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment is not None}


def lines(book: openpyxl.Workbook) -> list[list[Any]]:
    """The lines of the list, without number."""
    return [[cell.value for cell in row][1:] for row in book[LIST_SHEET].iter_rows(min_row=5)]


def test_cells_are_coloured_and_commented_and_the_list_stands_in_front() -> None:
    data = xlsx(rows=[["指标名称", "2021年"], ["森林覆盖率", "约63"], ["PM2.5", 28.12345]])
    marks = [D2, CellMark("数据", "B3", "已四舍五入。", is_notice=True), CellMark("数据", "", "表中没有年度列。")]
    _, book = marked(data, marks)
    assert book.sheetnames == [LIST_SHEET, "数据"]
    assert colours(book["数据"]) == {"B2": RED, "B3": YELLOW}
    assert comments(book["数据"]) == {
        "B2": "【导入检查】\n问题：不是数字。请更正。",
        "B3": "【导入检查】\n提示：已四舍五入。",
    }
    assert lines(book) == [
        ["问题", "数据", "B2", "约63", "不是数字。请更正。"],
        ["提示", "数据", "B3", "28.12345", "已四舍五入。"],
        ["问题", "数据", "整张表", None, "表中没有年度列。"],
    ]
    assert str(book[LIST_SHEET]["A2"].value).startswith("2 个问题须改正后才能导入，1 个提示供核对。")
    assert book.active is book[LIST_SHEET]
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, False]


def test_lines_lead_to_their_places_unless_nobody_can_see_them() -> None:
    def hide(workbook: Any, sheet: Any) -> None:
        workbook.add_worksheet("甲'乙")
        workbook.add_worksheet("隐").hide()

    marks = [
        CellMark(name, place, "请看。") for name, place in (("数据", "2"), ("甲'乙", "B"), ("隐", "A1"), ("无", ""))
    ]
    _, book = marked(xlsx(hide), marks)
    links = [cell.hyperlink and cell.hyperlink.location for (cell,) in book[LIST_SHEET]["D5:D8"]]
    assert links == ["'数据'!A2", "'甲''乙'!B1", None, None]


def test_a_row_is_coloured_along_and_a_column_where_something_stands() -> None:
    rows: list[list[object]] = [["指标", "2021年", "备注"], ["甲", 1, ""], ["", "", ""], ["乙", 2, "注"]]
    _, book = marked(xlsx(rows=rows), [CellMark("数据", "4", "多余的行。"), CellMark("数据", "B", "没有读取。", True)])
    assert colours(book["数据"]) == {"B1": YELLOW, "B2": YELLOW, "A4": RED, "B4": RED, "C4": RED}
    assert list(comments(book["数据"])) == ["B1", "A4"]


def test_several_problems_of_a_cell_stand_in_one_comment_the_errors_first() -> None:
    marks = [CellMark("数据", "B2", "其一。", is_notice=True), D2, CellMark("数据", "B2", "其三。")]
    _, book = marked(xlsx(), marks)
    assert comments(book["数据"]) == {
        "B2": "【导入检查】\n问题：不是数字。请更正。\n问题：其三。\n提示：其一。",
    }
    assert colours(book["数据"]) == {"B2": RED}


def test_a_merged_cell_is_marked_where_it_shows() -> None:
    rows: list[list[object]] = [["指标", "2021年"], ["", ""], ["", ""], ["甲", 1]]
    data = xlsx(lambda _, sheet: sheet.merge_range(1, 0, 2, 1, "合并"), rows)
    _, book = marked(data, [CellMark("数据", "B3", "请取消合并。")])
    assert colours(book["数据"]) == {"A2": RED}
    assert [str(each) for each in book["数据"].merged_cells.ranges] == ["A2:B3"]


def test_everything_else_of_the_file_stays(tmp_path: Path) -> None:
    picture = tmp_path / "章.png"
    Image.new("RGB", (8, 8), "red").save(picture)

    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_formula("C2", "=B2*2", None, 126.8)
        sheet.write("D2", 0.5, workbook.add_format({"num_format": "0.0%", "bold": True}))
        sheet.write_string("E2", "=HYPERLINK(1)")
        sheet.set_column("A:A", 33)
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.data_validation("F2", {"validate": "list", "source": ["甲", "乙"]})
        sheet.conditional_format("B2:B9", {"type": "cell", "criteria": ">", "value": 1})
        sheet.insert_image("H2", picture)
        workbook.add_worksheet("另一张").write(0, 0, "原样")

    _, book = marked(xlsx(fill), [D2])
    sheet: Any = book["数据"]
    assert sheet["C2"].value == "=B2*2"
    assert (sheet["D2"].number_format, sheet["D2"].font.bold) == ("0.0%", True)
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet.column_dimensions["A"].width == pytest.approx(33.7, abs=1)
    assert sheet.row_dimensions[6].hidden
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["F2"]
    assert [str(rule.sqref) for rule in sheet.conditional_formatting] == ["B2:B9"]
    assert len(sheet._images) == 1
    assert book["另一张"]["A1"].value == "原样"


def test_a_marked_template_is_still_the_template_and_reads_the_same() -> None:
    data = write_template(templates.CONTENT)
    written, book = marked(data, [CellMark(ENTRY_SHEET, "M4", "请核对。"), CellMark(ENTRY_SHEET, "5", "没有权限。")])
    assert book[ENTRY_SHEET].protection.sheet
    assert book[SHEET_NAME].sheet_state == "veryHidden"
    reading = read_values(written, templates.INDICATORS)
    assert reading.mark == TemplateMark("bazhong", (2023,), "bazhong-ecology-environment")
    assert templates.stated(reading) == templates.PREFILLED
    assert reading.problems == []
    assert LIST_SHEET not in [outcome.name for outcome in reading.sheets]


def test_the_next_round_shows_only_what_is_left() -> None:
    first, book = marked(xlsx(), [D2, CellMark("数据", "A2", "没有这个指标。")])
    book["数据"]["A1"].comment = Comment("本人的批注", "填表人")
    again = CellMark("数据", "A2", "仍然没有这个指标。")
    second, book = marked(templates.saved(book), [again])
    assert book.sheetnames == [LIST_SHEET, "数据"]
    assert lines(book) == [["问题", "数据", "A2", "森林覆盖率", "仍然没有这个指标。"]]
    assert colours(book["数据"]) == {"A2": RED}
    assert comments(book["数据"]) == {
        "A1": "本人的批注",
        "A2": "【导入检查】\n问题：仍然没有这个指标。",
    }
    assert len(second) < 2 * len(first)


def test_the_persons_own_comment_stays_in_every_round() -> None:
    data = xlsx(lambda _, sheet: sheet.write_comment("B2", "来自统计局"))
    first, book = marked(data, [D2])
    assert comments(book["数据"]) == {"B2": "来自统计局\n\n【导入检查】\n问题：不是数字。请更正。"}
    _, book = marked(first, [])
    assert comments(book["数据"]) == {"B2": "来自统计局"}
    assert colours(book["数据"]) == {}


def test_a_sheet_of_the_same_name_is_the_persons_own() -> None:
    _, book = marked(xlsx(lambda workbook, _: workbook.add_worksheet(LIST_SHEET).write(0, 0, "自己的")), [D2])
    assert book.sheetnames == ["问题清单(2)", "数据", LIST_SHEET]
    assert book[LIST_SHEET]["A1"].value == "自己的"


def test_what_stands_there_is_told_as_the_person_sees_it_and_is_never_a_formula() -> None:
    table = SheetTable(
        "数据",
        [["=1+1", 0.967, "", "  "]],
        percent=frozenset({(0, 1)}),
        failures={(0, 2): "#DIV/0!"},
    )
    marks = [CellMark("数据", place, "=请看") for place in ("A1", "B1", "C1", "D1", "Z99")]
    book = made(Workbook(Kind.ODS, [table]), marks)
    assert [line[3] for line in lines(book)] == ["=1+1", "96.7%", "#DIV/0!", None, None]
    cells = [cell for row in book[LIST_SHEET].iter_rows(min_row=5) for cell in row if str(cell.value).startswith("=")]
    assert len(cells) == 6
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_formats_come_back_as_xlsx_with_the_same_sheets(kind: str) -> None:
    data = Path(__file__).with_name("saved").joinpath(f"template.{kind}").read_bytes()
    written, book = marked(data, [CellMark("填报表", "I8", "公式出错。")])
    assert book.sheetnames == [LIST_SHEET, "填报说明", "填报表", SHEET_NAME]
    assert colours(book["填报表"]) == {"I8": RED}
    assert f"按原文件（.{kind}）中的表格重新生成" in str(book[LIST_SHEET]["A3"].value)
    before, after = open_workbook(data), open_workbook(written)
    assert read_mark(after) == read_mark(before)
    old, new = before.sheet("填报表"), after.sheet("填报表")
    assert old is not None
    assert new is not None
    assert (new.rows, new.percent, new.failures) == (old.rows, old.percent, old.failures)
    assert (set(new.merges), new.hidden_rows) == (set(old.merges), old.hidden_rows)


def test_a_text_table_comes_back_as_xlsx() -> None:
    _, book = marked("指标名称,2023年\n森林覆盖率,=1+1\n".encode(), [CellMark("csv", "B2", "不是数字。")])
    assert (book["csv"]["B2"].value, book["csv"]["B2"].data_type) == ("=1+1", "s")
    assert colours(book["csv"]) == {"B2": RED}


def test_every_kind_of_cell_survives_being_made_anew() -> None:
    cells: list[RawCell] = ["文", 1.5, True, DAY.date(), MORNING, time(8, 30), timedelta(1.5)]
    table = SheetTable("数据", [[*cells, float("nan"), float("inf")]])
    (row,) = made(Workbook(Kind.ODS, [table]), [])["数据"].iter_rows(values_only=True)
    assert row[:3] == ("文", 1.5, True)
    assert row[3:6] == (DAY, MORNING, time(8, 30))
    assert row[7:] == ("nan", "inf")


def test_names_that_xlsx_does_not_allow_are_written_otherwise_and_told_as_they_were() -> None:
    names = ["一/二", "一:二", "长" * 40, "长" * 41, "'", ""]
    sheets = [SheetTable(name, [[name]]) for name in names]
    book = made(Workbook(Kind.ODS, sheets), [CellMark(name, "A1", "请看。") for name in names])
    assert book.sheetnames[1:] == ["一_二", "一_二(2)", "长" * 31, f"{'长' * 28}(2)", "表", "表(2)"]
    assert [line[1] or "" for line in lines(book)] == names
    assert all(colours(book[name]) == {"A1": RED} for name in book.sheetnames[1:])


def test_merges_are_kept_as_far_as_the_table_goes() -> None:
    merges = (Merge(0, 0, 1, 0), Merge(0, 1, 1_048_575, 16_383), Merge(5, 5, 6, 6))
    book = made(Workbook(Kind.XLS, [SheetTable("数据", [["a", "b", ""], ["", "", ""]], merges=merges)]), [])
    assert sorted(str(each) for each in book["数据"].merged_cells.ranges) == ["A1:A2", "B1:C2"]


def with_rule() -> bytes:
    """A file with a validation rule of a kind that does not exist."""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as package:
        sheet = package.read(SHEET_PART)
    rule = b'<dataValidations><dataValidation type="none such" sqref="A1"/></dataValidations></worksheet>'
    return repacked(xlsx(), {SHEET_PART: sheet.replace(b"</worksheet>", rule)})


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
WIDE = "A2:XFD1048576"
HOSTILE = {
    "merged cells without end": with_sheet(ROW, after=f'<mergeCells><mergeCell ref="{WIDE}"/></mergeCells>'),
    "links without end": with_sheet(ROW, after=f'<hyperlinks><hyperlink ref="{WIDE}" location="a"/></hyperlinks>'),
    "entities where reading never looks": repacked(
        xlsx(), {"docProps/app.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><Properties>&a;</Properties>'}
    ),
    "a picture that is none of the common ones": repacked(xlsx(), {"xl/media/image1.png": b"BM" + bytes(99)}),
    "a part that unpacks without end": repacked(xlsx(), {"xl/media/image1.png": b"\x89PNG" + bytes(30_000_000)}),
    "more XML than a table has": repacked(xlsx(), {"docProps/x.xml": b"<x>" + b" " * 9_000_000 + b"</x>"}),
    "a rule that openpyxl does not know": with_rule(),
    "a sheet in which openpyxl sees nothing": with_sheet(ROW + '<row r="2"><c r="A2"><v>1</v></c></row>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_openpyxl_had_better_not_load_is_made_anew(name: str) -> None:
    first = open_workbook(HOSTILE[name]).sheets[0]
    _, book = marked(HOSTILE[name], [CellMark(first.name, "A1", "请看。")])
    assert "重新生成" in str(book[LIST_SHEET]["A3"].value)
    assert book[first.name]["A1"].value == first.rows[0][0]
    assert colours(book[first.name]) == {"A1": RED}


def test_a_damaged_picture_does_not_matter() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as package:
        assert "docProps/app.xml" in package.namelist()
    data = bytearray(repacked(xlsx(), {"xl/media/image1.png": b"\x89PNG" + bytes(range(256))}))
    place = data.find(b"xl/media/image1.png") + len(b"xl/media/image1.png")
    data[place + 40] ^= 0xFF
    _, book = marked(bytes(data), [D2])
    assert "重新生成" in str(book[LIST_SHEET]["A3"].value)


def test_a_file_that_is_too_large_comes_back_as_the_list_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MOST_CELLS", 3)
    book = made(Workbook(Kind.XLS, [SheetTable("数据", [["a", "b"], ["c", "d"]])]), [CellMark("数据", "B2", "请看。")])
    assert book.sheetnames == [LIST_SHEET]
    assert "原文件太大" in str(book[LIST_SHEET]["A3"].value)
    assert lines(book) == [["问题", "数据", "B2", "d", "请看。"]]


def test_comments_and_lines_have_an_end_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "MOST_COMMENTS", 2)
    monkeypatch.setattr(problem_list, "MOST_LISTED", 3)
    rows = [["指标"], *(["甲"] for _ in range(5))]
    _, book = marked(xlsx(rows=rows), [CellMark("数据", f"A{line}", "请看。") for line in range(2, 7)])
    assert len(comments(book["数据"])) == 2
    assert len(colours(book["数据"])) == 5
    assert str(book[LIST_SHEET]["A8"].value).startswith("另有 2 条没有列出")


def test_the_title_of_the_list_is_what_the_reader_knows_it_by() -> None:
    _, book = marked(xlsx(rows=[["指标名称", "2021年"], ["x", 1]]), [D2])
    assert book[LIST_SHEET]["A1"].value == PROBLEM_LIST_TITLE

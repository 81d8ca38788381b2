"""Opening files of every kind: what stands in the cells, and what is known about them."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

import pytest

from indicators.workbook.biff import shared_texts
from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import WorkbookRefused
from indicators.workbook.table import Kind, Merge, SheetTable, column_index, column_letters, position, reference
from tests.indicators.workbook.files import (
    SHEET_PART,
    TABLE,
    TEXTS_PART,
    compound_file,
    ods,
    record,
    repacked,
    sheet_xml,
    with_sheet,
    xls,
    xlsx,
)

MARCH_5 = datetime.fromisoformat("2021-03-05")
CELL = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
TEXT_CELL = '<table:table-cell office:value-type="string"><text:p>{0}</text:p></table:table-cell>'


def only_sheet(data: bytes) -> SheetTable:
    (sheet,) = open_workbook(data).sheets
    return sheet


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", ";"), ("utf-16", "\t")],
)
def test_text_tables_in_the_encodings_of_offices(encoding: str, separator: str) -> None:
    text = f"指标名称{separator}2021年\r\n森林覆盖率{separator}63.4\r\n\r\n"
    workbook = open_workbook(text.encode(encoding))
    assert workbook.kind == Kind.CSV
    assert workbook.sheets[0].rows == [["指标名称", "2021年"], ["森林覆盖率", "63.4"]]


def test_a_quoted_field_of_a_text_table_keeps_its_comma_and_line_end() -> None:
    assert only_sheet('指标,说明\n森林覆盖率,"甲，乙,\n丙"\n'.encode()).rows[1] == ["森林覆盖率", "甲，乙,\n丙"]


def test_an_xlsx_file_is_read_with_what_surrounds_its_cells() -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write(2, 1, 0.967, workbook.add_format({"num_format": "0.0%"}))
        sheet.write(3, 1, 96.7, workbook.add_format({"num_format": '0.0"%"'}))
        sheet.write_datetime(4, 1, MARCH_5, workbook.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(5, 1, "=1/0", None, "#DIV/0!")
        sheet.write_boolean(6, 1, True)
        sheet.write_formula(7, 1, "=B2*2", None, 126.8)
        sheet.write_formula(8, 1, '="甲"', None, "甲")
        sheet.merge_range(9, 0, 10, 0, "合并")
        sheet.write(10, 1, 1)
        sheet.set_row(10, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        workbook.add_worksheet("隐藏").hide()

    workbook = open_workbook(xlsx(fill))
    sheet, hidden = workbook.sheets
    assert workbook.kind == Kind.XLSX
    assert (sheet.name, sheet.is_hidden, hidden.is_hidden) == ("数据", False, True)
    assert [row[1] for row in sheet.rows] == [*("2021年", 63.4, 0.967, 96.7, MARCH_5, "", True, 126.8, "甲", "", 1.0)]
    assert sheet.percent == {(2, 1)}
    assert sheet.failures == {(5, 1): "#DIV/0!"}
    assert sheet.merges == (Merge(9, 0, 10, 0),)
    assert sheet.hidden_rows == {10}
    assert sheet.hidden_columns == {1}


def test_a_formula_without_a_result_is_told_from_one_that_gives_nothing() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v></v></c><c r="C1" t="str"><f>""</f><v></v></c></row>'
    )
    rows += '<row r="2"><c r="D2"><v>1</v></c></row>'
    assert only_sheet(with_sheet(rows)).uncalculated == {(0, 0), (0, 1)}


def test_a_file_whose_elements_carry_a_prefix_or_no_cell_names_is_read() -> None:
    prefixed = b'<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>'
    prefixed += b'<x:row><x:c r="B2" t="inlineStr"><x:is><x:t>AB</x:t></x:is></x:c></x:row>'
    prefixed += b"</x:sheetData></x:worksheet>"
    assert only_sheet(repacked(xlsx(), {SHEET_PART: prefixed})).rows == [[1.0, 2.0], ["", "AB"]]


def test_shared_texts_keep_their_runs_and_leave_phonetic_readings_out() -> None:
    texts = "<sst><si><r><t>森林</t></r><r><t xml:space='preserve'> 覆盖率</t></r><rPh><t>かな</t></rPh></si></sst>"
    changed = {TEXTS_PART: texts.encode(), SHEET_PART: sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')}
    assert only_sheet(repacked(xlsx(), changed)).rows == [["森林 覆盖率"]]


def test_thousands_of_formatted_empty_rows_do_no_harm() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    rows += "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(2, 6000))
    assert only_sheet(with_sheet(rows)).rows == [[1.0]]


def test_an_ods_file_is_read_with_what_surrounds_its_cells() -> None:
    failed = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    share = CELL.format("0.967").replace("float", "percentage")
    commented = (
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="1">'
        "<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s/>乙</text:p></table:table-cell>"
    )
    date = '<table:table-cell office:value-type="date" office:date-value="2021-03-05"/>'
    body = (
        '<table:table table:name="表"><table:table-column table:visibility="collapse"/>'
        f"<table:table-row>{commented}{share}{failed}</table:table-row>"
        '<table:table-row table:visibility="collapse"><table:covered-table-cell/>'
        f"{CELL.format(1)}{date}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    workbook = open_workbook(ods(body))
    (sheet,) = workbook.sheets
    assert workbook.kind == Kind.ODS
    assert sheet.rows == [["甲 乙", 0.967, ""], ["", 1.0, MARCH_5]]
    assert sheet.percent == {(0, 1)}
    assert sheet.failures == {(0, 2): "#DIV/0!"}
    assert sheet.merges == (Merge(0, 0, 1, 0),)
    assert sheet.hidden_rows == {1}
    assert sheet.hidden_columns == {0}


def test_repeated_cells_and_rows_of_an_ods_file_are_laid_out() -> None:
    repeated = CELL.format(2).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"')
    body = (
        f'<table:table table:name="表"><table:table-row table:number-rows-repeated="2">{repeated}</table:table-row>'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f"<table:table-row>{TEXT_CELL.format('末')}</table:table-row></table:table>"
    )
    assert only_sheet(ods(body)).rows == [[2.0, 2.0]] * 2 + [["", ""]] * 3 + [["末", ""]]


def test_the_cells_of_an_xls_file_by_their_records() -> None:
    texts = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HB", 2, 1) + "甲乙".encode("utf-16-le"))
    percent = record(0xE0, struct.pack("<HH", 0, 0)) + record(0xE0, struct.pack("<HH", 0, 10))
    dates = record(0x41E, struct.pack("<HHB", 200, 8, 0) + b"yyyy-mm\x00"[:8]) + record(
        0xE0, struct.pack("<HH", 0, 200)
    )
    cells = b"".join(
        (
            record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0)),
            record(0x203, struct.pack("<HHHd", 0, 1, 1, 0.967)),
            record(0x27E, struct.pack("<HHHI", 0, 2, 0, (9670 << 2) | 3)),
            record(0xBD, struct.pack("<HHHIHIH", 1, 0, 0, (5 << 2) | 2, 0, (-7 << 2 & 0xFFFFFFFF) | 2, 1)),
            record(0x203, struct.pack("<HHHd", 1, 2, 2, 44260.0)),
            record(0x205, struct.pack("<HHHBB", 2, 0, 0, 1, 0)),
            record(0x205, struct.pack("<HHHBB", 2, 1, 0, 0x2A, 1)),
            record(0x06, struct.pack("<HHHBxB3xHHI", 2, 2, 0, 2, 0x07, 0xFFFF, 0, 0)),
            record(0x06, struct.pack("<HHHBxB3xHHI", 3, 0, 0, 0, 0, 0xFFFF, 0, 0)),
            record(0x207, struct.pack("<HB", 2, 0) + b"ab"),
            record(0x06, struct.pack("<HHHdHI", 3, 1, 0, 28.1, 0, 0)),
            record(0x208, struct.pack("<H10xHH", 3, 0x20, 0)),
            record(0x7D, struct.pack("<HHHHH", 2, 2, 0, 0, 1)),
            record(0xE5, struct.pack("<5H", 1, 0, 1, 0, 0)),
        )
    )
    workbook = open_workbook(xls(cells, before=texts + percent + dates))
    (sheet,) = workbook.sheets
    assert workbook.kind == Kind.XLS
    assert sheet.rows == [
        ["甲乙", 0.967, 96.7],
        [5.0, -7.0, MARCH_5],
        [True, "", ""],
        ["ab", 28.1, ""],
    ]
    assert sheet.percent == {(0, 1)}
    assert sheet.failures == {(2, 1): "#N/A", (2, 2): "#DIV/0!"}
    assert sheet.hidden_rows == {3}
    assert sheet.hidden_columns == {2}
    assert sheet.merges == (Merge(0, 0, 1, 0),)


def test_a_shared_text_of_an_xls_file_may_run_over_into_the_next_record() -> None:
    head = struct.pack("<II", 2, 2) + struct.pack("<HB", 4, 1) + "森林".encode("utf-16-le")
    rest = b"\x01" + "覆盖".encode("utf-16-le") + struct.pack("<HBH", 2, 0x08, 1) + b"ab" + b"\0\0\0\0"
    assert shared_texts([head, rest]) == ["森林覆盖", "ab"]
    narrow = b"\x00" + b"cd" + struct.pack("<HB", 1, 0) + b"e"
    assert shared_texts([struct.pack("<II", 2, 2) + struct.pack("<HB", 3, 0) + b"b", narrow]) == ["bcd", "e"]


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "文件是空的"),
        (b" \r\n", "文件是空的"),
        (b"%PDF-1.7", "这是 PDF"),
        (b"\x89PNG\r\n", "这是图片"),
        (b"Rar!\x1a\x07", "先解压"),
        (b"{\\rtf1", "不是工作簿"),
        (b"<html><table><tr><td>1", "其实是网页"),
        (b'<?xml version="1.0"?><Workbook/>', "其实是网页"),
        (b"MIME-Version: 1.0\r\n", "其实是网页"),
        (compound_file("WordDocument", b"x"), "不是工作簿"),
        (compound_file("Book", b"x"), "Excel 95"),
        (compound_file("Other", b"x"), "不是工作簿"),
        (
            repacked(xlsx(), {"word/document.xml": b"<d/>"}).replace(b"xl/workbook.xml", b"xx/workbook.xml"),
            "不是工作簿",
        ),
        (xlsx().replace(b"xl/workbook.xml", b"xl/workbook.bin"), ".xlsb"),
        (xlsx().replace(b"xl/", b"yy/"), "先解压"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_for_what_it_is(data: bytes, advice: str) -> None:
    with pytest.raises(WorkbookRefused, match=advice):
        open_workbook(data)


def test_a_workbook_is_recognised_by_its_content_and_not_by_anything_else() -> None:
    assert open_workbook(xlsx()).sheets[0].rows == TABLE


@pytest.mark.parametrize(("place", "name"), [((16, 3), "D17"), ((0, 0), "A1"), ((9, 25), "Z10"), ((9, 26), "AA10")])
def test_cells_are_called_as_people_call_them(place: tuple[int, int], name: str) -> None:
    assert reference(*place) == name
    assert position(name) == place


@pytest.mark.parametrize("column", [0, 25, 26, 701, 702, 16383])
def test_column_letters_lead_back_to_the_column(column: int) -> None:
    assert column_index(column_letters(column)) == column

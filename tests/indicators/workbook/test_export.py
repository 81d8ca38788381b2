"""Tables as files: figures, years and dates keep their types, texts stay texts, whatever they begin with."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from indicators.workbook.export import (
    WIDEST,
    WIDEST_OF_LONG,
    Cell,
    Column,
    ExportTable,
    csv_lines,
    xlsx,
)
from indicators.workbook.layout import LINE_HEIGHT, LONGEST_TEXT
from regions.formulas import FORMULA_STARTS, defused, undefused

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "＋1", "－1", "＠x", "\n=1"]
MIDNIGHT, MOMENT = (datetime.combine(date(2025, 3, 1), at) for at in (time(), time(9, 5)))
KINDS: list[Cell] = [Decimal("96.70"), Decimal("-0.5"), 2025, date(2025, 3, 1), MOMENT, "Ⅲ类", None]


def at(place: int) -> Callable[[list[Cell]], Cell]:
    """The cell at that place of a row."""
    return lambda row: row[place]


def table(*rows: list[Cell], title: str = "指标") -> ExportTable[list[Cell]]:
    """A table of so many columns as the rows have."""
    columns = [Column(f"第{place}列", at(place)) for place in range(len(rows[0]))]
    return ExportTable(title, columns, rows)


def opened(*tables: ExportTable[Any]) -> Any:
    """The workbook with the tables, read back."""
    return load_workbook(BytesIO(xlsx(tables, [("内容", "测试"), ("演示数据", "不含")])))


def lines(exported: ExportTable[Any]) -> list[list[str]]:
    """The csv file, read back."""
    return list(csv.reader(StringIO("".join(csv_lines(exported)).removeprefix("\ufeff"), newline="")))


class TestWorkbook:
    def test_cells_keep_their_types(self) -> None:
        row = opened(table(KINDS))["指标"][2]
        assert [cell.value for cell in row] == [96.7, -0.5, 2025, MIDNIGHT, MOMENT, "Ⅲ类", None]
        assert [cell.number_format for cell in row[:5]] == ["0.00", "0.0", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]

    def test_a_percentage_is_no_excel_percent(self) -> None:
        exported = ExportTable("指标", [Column("完成率", lambda row: row, unit="%")], [Decimal("96.7")])
        sheet = opened(exported)["指标"]
        assert (sheet["A1"].value, sheet["A2"].value, sheet["A2"].number_format) == ("完成率（%）", 96.7, "0.0")

    @pytest.mark.parametrize("text", [*HOSTILE, "https://example.org", "mailto:a@b", "12", "1e5", "{=1}", "<b>&"])
    def test_a_text_is_neither_formula_nor_link_nor_number(self, text: str) -> None:
        sheet = opened(table([text]))["指标"]
        assert sheet["A2"].data_type == "s"
        assert sheet["A2"].value.replace("_x000D_", "\r") == text
        assert sheet["A2"].hyperlink is None
        assert sheet["A2"].number_format == "@"

    def test_header_stays_in_sight_and_can_be_filtered(self) -> None:
        sheet = opened(table(["a", "b"], ["c", "d"]))["指标"]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:B3"

    def test_columns_are_as_wide_as_their_texts_and_long_texts_are_wrapped(self) -> None:
        sheet = opened(table(["巴中市生态环境局", "x", "中" * 20, "长" * 200], ["x", "x", "x", "x"]))["指标"]
        widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
        assert 16 <= widths[0] <= 20
        assert widths[1] < 11
        assert widths[2] <= WIDEST + 3 < widths[3] <= WIDEST_OF_LONG + 3
        assert sheet.row_dimensions[2].height == 10 * LINE_HEIGHT

    def test_prints_across_a4_with_its_header_on_every_page(self) -> None:
        sheet = opened(table(["a"]))["指标"]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"

    def test_the_last_sheet_states_the_facts(self) -> None:
        book = opened(table(["a"]), table(["b"], title="任务"))
        assert book.sheetnames == ["指标", "任务", "说明"]
        assert list(book["说明"].iter_rows(values_only=True)) == [("内容", "测试"), ("演示数据", "不含")]

    def test_a_table_without_rows_has_its_header(self) -> None:
        sheet = opened(ExportTable("指标", [Column("名称", str)], []))["指标"]
        assert [cell.value for cell in sheet[1]] == ["名称"]

    def test_a_text_beyond_what_a_cell_holds_is_cut(self) -> None:
        assert len(opened(table(["长" * 40_000]))["指标"]["A2"].value) == LONGEST_TEXT


class TestCsv:
    def test_excel_knows_its_encoding_and_lines(self) -> None:
        text = "".join(csv_lines(table(["甲"], ["乙"])))
        assert text == "\ufeff第0列\r\n甲\r\n乙\r\n"

    def test_cells_as_texts(self) -> None:
        assert lines(table(KINDS))[1] == ["96.70", "-0.5", "2025", "2025-03-01", "2025-03-01 09:05", "Ⅲ类", ""]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_text_that_would_be_a_formula_is_defused(self, text: str) -> None:
        assert lines(table([text]))[1] == [f"'{text}"]

    @pytest.mark.parametrize("text", ["-", "+", "96.7", "一=二", "'quoted'", "a@b"])
    def test_other_texts_stay_as_they_are(self, text: str) -> None:
        assert lines(table([text]))[1] == [text]

    def test_headers_are_defused_too(self) -> None:
        assert lines(ExportTable("指标", [Column("=1", str)], []))[0] == ["'=1"]

    @given(st.text())
    def test_no_text_begins_like_a_formula_and_every_one_comes_back(self, text: str) -> None:
        safe = defused(text)
        begins = safe.lstrip()
        assert begins[:1] not in FORMULA_STARTS or len(begins) == 1
        if not text.startswith("'"):
            assert undefused(safe) == text

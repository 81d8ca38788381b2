"""The hidden mark of our own templates."""

from __future__ import annotations

import pytest

from indicators.workbook.mark import SHEET_NAME, MarkError, TemplateMark, read_mark
from indicators.workbook.opening import open_workbook
from indicators.workbook.table import Kind, RawCell, SheetTable, Workbook
from tests.indicators.workbook.files import xlsx

MARK = TemplateMark("bazhong", (2022, 2023), "bazhong-sthj")


def marked(rows: list[list[RawCell]]) -> Workbook:
    return Workbook(Kind.XLSX, [SheetTable("表", []), SheetTable(SHEET_NAME, rows, is_hidden=True)])


def test_a_mark_is_read_back_as_it_was_written() -> None:
    assert read_mark(marked([list(pair) for pair in MARK.rows()])) == MARK


def test_a_mark_whose_texts_became_figures_is_read_too() -> None:
    rows: list[list[RawCell]] = [["x", ""], ["版本", 1.0], ["规划", "bazhong"], ["年度", 2023.0]]
    assert read_mark(marked(rows)) == TemplateMark("bazhong", (2023,))


def test_a_file_without_a_mark_is_no_template() -> None:
    assert read_mark(open_workbook(xlsx())) is None


@pytest.mark.parametrize(
    ("rows", "advice"),
    [
        ([], "重新下载模板"),
        ([["版本", "1"], ["规划", "bazhong"]], "重新下载模板"),
        ([["版本", "1"], ["规划", ""], ["年度", "2023"]], "重新下载模板"),
        ([["版本", "1"], ["规划", "bazhong"], ["年度", "今年"]], "重新下载模板"),
        ([["版本", "2"], ["规划", "bazhong"], ["年度", "2023"]], "更新版本的门户"),
    ],
)
def test_a_damaged_mark_says_what_to_do(rows: list[list[RawCell]], advice: str) -> None:
    with pytest.raises(MarkError, match=advice):
        read_mark(marked(rows))

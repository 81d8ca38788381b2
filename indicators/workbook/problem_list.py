"""The sheet that lists all problems of a workbook that goes back to the person who sent it. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbook.layout import row_height, writable
from indicators.workbook.mark import PROBLEM_LIST_TITLE
from regions.formulas import FORMULA_STARTS

SHEET_NAME = "问题清单"
HEADER = ("序号", "级别", "工作表", "位置", "表中内容", "问题和处理办法")
WIDTHS = (6, 8, 20, 10, 30, 80)
HEADER_LINE = 4
#: A longer list helps nobody; the rest is counted in a last line.
MOST_LISTED = 20_000
ERROR, NOTICE = "问题", "提示"
ERROR_FILL = PatternFill("solid", fgColor="FFC7CE")
NOTICE_FILL = PatternFill("solid", fgColor="FFEB9C")
A4 = 9


@dataclass(frozen=True)
class Listed:
    """A line of the list; `target` is the cell that it leads to ("'填报表'!D17"), "" for none."""

    sheet: str
    reference: str
    stands: str
    message: str
    is_notice: bool = False
    target: str = ""

    @property
    def level(self) -> str:
        """Whether it must be corrected, in words."""
        return NOTICE if self.is_notice else ERROR


def add_problem_list(book: openpyxl.Workbook, lines: Sequence[Listed], *, remark: str = "") -> None:
    """Put the list in front of all sheets and show it first. `remark` says how the file was made."""
    sheet = book.create_sheet(_free_name(book.sheetnames), 0)
    notices = sum(line.is_notice for line in lines)
    write_text(sheet, 1, 1, PROBLEM_LIST_TITLE).font = Font(bold=True, size=14)
    summary = (
        f"{len(lines) - notices} 个问题须改正后才能导入，{notices} 个提示供核对。"
        "问题单元格标红，提示标黄，批注写明原因；改好后直接上传这个文件，清单和批注不必删除。"
    )
    write_text(sheet, 2, 1, summary)
    write_text(sheet, 3, 1, remark)
    for place, (title, width) in enumerate(zip(HEADER, WIDTHS, strict=True), 1):
        cell = write_text(sheet, HEADER_LINE, place, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width + 2
    for number, line in enumerate(lines[:MOST_LISTED], 1):
        _write_line(sheet, HEADER_LINE + number, number, line)
    if len(lines) > MOST_LISTED:
        rest = f"另有 {len(lines) - MOST_LISTED} 条没有列出。请先改正以上各条，再上传检查。"
        write_text(sheet, HEADER_LINE + MOST_LISTED + 1, 1, rest)
    sheet.freeze_panes = sheet.cell(HEADER_LINE + 1, 1)
    sheet.print_title_rows = f"{HEADER_LINE}:{HEADER_LINE}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _show_first(book)


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Make the text the content of a cell that is not merged into another: never a formula, not even after an edit."""
    cell = cast(Cell, sheet.cell(row, column))
    cell.value = writable(text)
    cell.data_type = "s"
    cell.quotePrefix = text.lstrip().startswith(FORMULA_STARTS)
    return cell


def link_to(sheet: str, reference: str) -> str:
    """The place as formulas and links name it."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{reference}"


def _write_line(sheet: Worksheet, at: int, number: int, line: Listed) -> None:
    texts = (str(number), line.level, line.sheet, line.reference or "整张表", line.stands, line.message)
    for place, text in enumerate(texts, 1):
        write_text(sheet, at, place, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(at, 2).fill = NOTICE_FILL if line.is_notice else ERROR_FILL
    if line.target:
        cell = sheet.cell(at, HEADER.index("位置") + 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=line.target)
        cell.font = Font(underline="single", color="0563C1")
    sheet.row_dimensions[at].height = row_height(texts, WIDTHS)


def _free_name(taken: Iterable[str]) -> str:
    names = {name.lower() for name in taken}
    candidates = (SHEET_NAME, *(f"{SHEET_NAME}({number})" for number in range(2, len(names) + 3)))
    return next(name for name in candidates if name not in names)


def _show_first(book: openpyxl.Workbook) -> None:
    """Open the file at the list; a second selected sheet would receive what somebody types into the first."""
    book.active = 0
    for place, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = place == 0

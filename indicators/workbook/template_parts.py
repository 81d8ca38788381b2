"""What all templates share: how cells to fill and locked cells look, the guide, the hidden mark, the page setup. Pure:
no Django."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.workbook import mark
from indicators.workbook.layout import TEXT_FORMAT, row_height, writable
from indicators.workbook.mark import TemplateMark
from indicators.workbook.template_guide import GUIDE_SHEET

A4 = 9
ENTRY_COLOUR, ENTRY_HEADER_COLOUR = "#FFF9E0", "#F3DF9B"
LOCKED_COLOUR, HEADER_COLOUR, LINE_COLOUR = "#F2F2F2", "#E9EFEB", "#BFC8C2"
#: What people may do on the protected sheet; hiding rows is part of formatting them.
ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_rows": True,
    "format_columns": True,
    "delete_rows": True,
    "objects": True,
}
#: What Excel allows in the hint of a cell.
LONGEST_HINT_TITLE, LONGEST_HINT = 32, 255


class CellFormats:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[bool, bool, bool, bool], Format] = {}

    def header(self, *, is_entry: bool) -> Format:
        """The format of a title."""
        return self._book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "border_color": LINE_COLOUR,
                "bg_color": ENTRY_HEADER_COLOUR if is_entry else HEADER_COLOUR,
            }
        )

    def cell(self, *, is_entry: bool, is_open: bool, is_text: bool, begins_group: bool) -> Format:
        """The format of a cell, each made once."""
        wanted = (is_entry, is_open, is_text, begins_group)
        if wanted not in self._made:
            style = {
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": LINE_COLOUR,
                "locked": not is_open,
            }
            if is_entry:
                style["bg_color"] = ENTRY_COLOUR if is_open else LOCKED_COLOUR
            if is_text:
                style["num_format"] = TEXT_FORMAT
            if begins_group:
                style |= {"top": 2, "top_color": LINE_COLOUR}
            self._made[wanted] = self._book.add_format(style)
        return self._made[wanted]


def write_guide(book: Workbook, guide: Sequence[tuple[str, str]]) -> None:
    """The sheet that says how to fill the other one; `guide` are pairs of label and text."""
    sheet = book.add_worksheet(GUIDE_SHEET)
    label = book.add_format({"bold": True, "valign": "top", "bg_color": HEADER_COLOUR})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": TEXT_FORMAT})
    widths = [18, 90]
    for line, pair in enumerate(guide):
        sheet.write_string(line, 0, pair[0], label)
        sheet.write_string(line, 1, writable(pair[1]), text)
        sheet.set_row(line, row_height(pair, widths))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width + 2)
    set_up_print(sheet, GUIDE_SHEET)


def write_mark(book: Workbook, stamp: TemplateMark) -> None:
    """The hidden sheet by which the template is recognised when it comes back."""
    sheet = book.add_worksheet(mark.SHEET_NAME)
    for line, pair in enumerate(stamp.rows()):
        for place, text in enumerate(pair):
            sheet.write_string(line, place, text)
    sheet.very_hidden()


def set_up_print(sheet: Worksheet, title: str) -> None:
    """A4, as wide as the paper and as long as it takes, pages numbered. In a footer & begins a command."""
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{title[:100].replace('&', '&&')}&R第 &P 页，共 &N 页")

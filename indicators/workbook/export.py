"""Tables written as files that offices open: xlsx with typed cells, csv as Excel reads it. Pure: no Django.

A cell is a figure (Decimal), a whole number, a date, a moment of local time without zone, a text, or None for empty.
Figures stay numbers with the decimals they are written with; percentages are percentage points, so their unit stands
in the header or in a column of its own and never in the number format. A text is never a formula and never a link.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Generic, TypeVar

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.workbook.layout import LONGEST_TEXT, row_height, widest_line
from regions.formulas import BYTE_ORDER_MARK, defused

Row = TypeVar("Row")
Cell = Decimal | int | date | datetime | str | None

#: Columns are as wide as what stands in them, between these many half-width characters; more is wrapped. Sentences get
#: wider columns than names, and a header alone makes none wide.
NARROWEST, WIDEST, WIDEST_BY_HEADER = 6, 26, 10
LONG_TEXT, WIDEST_OF_LONG = 80, 44
FACTS_WIDTH = 88

DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
A4 = 9


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its header, and what it says of a row. `unit` stands in the header, behind the name."""

    name: str
    cell: Callable[[Row], Cell]
    unit: str = ""

    @property
    def header(self) -> str:
        """Name and unit."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True)
class ExportTable(Generic[Row]):
    """Rows and the columns that describe them. `title` names the sheet: at most 31 characters, none of []:*?/\\."""

    title: str
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]

    @property
    def headers(self) -> list[str]:
        """The header row."""
        return [column.header for column in self.columns]

    def lines(self) -> Iterator[list[Cell]]:
        """The cells of each row."""
        for row in self.rows:
            yield [column.cell(row) for column in self.columns]


def csv_lines(table: ExportTable[Any]) -> Iterator[str]:
    """The table line by line, as Excel and WPS read it: byte order mark, CRLF, texts that cannot become formulas."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([defused(header) for header in table.headers])
    for cells in table.lines():
        yield writer.writerow([csv_text(cell) for cell in cells])


class _Echo:
    """Gives back what the csv writer would write to a file."""

    def write(self, text: str) -> str:
        return text


def csv_text(cell: Cell) -> str:
    """A cell as text; a negative figure stays a figure."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return str(cell)


def xlsx(tables: Sequence[ExportTable[Any]], facts: Sequence[tuple[str, str]]) -> bytes:
    """A workbook with a sheet for each table, and a last sheet 说明 with the facts (label, text)."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        formats = _Formats(book)
        for table in tables:
            _write_table(book.add_worksheet(table.title), table, formats)
        _write_facts(book.add_worksheet("说明"), facts, formats)
    return file.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[str, Format] = {}
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E9EFEB", "bottom": 1}
        )
        # The format @ keeps a text a text also when somebody edits the cell.
        self.text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})

    def number(self, code: str) -> Format:
        """The format of that number format code."""
        if code not in self.made:
            self.made[code] = self.book.add_format({"valign": "top", "num_format": code})
        return self.made[code]


def _write_table(sheet: Worksheet, table: ExportTable[Any], formats: _Formats) -> None:
    """Header and rows, the widths and heights that they need, and the sheet made ready for screen and paper."""
    lines = list(table.lines())
    widths = [column_width(header, cells) for header, *cells in zip(table.headers, *lines, strict=True)]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width + 2)
        sheet.write_string(0, place, table.headers[place], formats.header)
    sheet.set_row(0, row_height(table.headers, widths))
    for line, cells in enumerate(lines, 1):
        sheet.set_row(line, row_height([csv_text(cell) for cell in cells], widths))
        for place, cell in enumerate(cells):
            _write_cell(sheet, line, place, cell, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(widths) - 1)
    sheet.repeat_rows(0)
    # A printed 96.7 or a number 12 is the document's text: no green corner asks to convert it.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(lines) + 1}"})
    _set_up_print(sheet, table.title)


def _write_cell(sheet: Worksheet, line: int, place: int, cell: Cell, formats: _Formats) -> None:
    """One cell by its type."""
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, place, cell[:LONGEST_TEXT], formats.text)
    elif isinstance(cell, Decimal):
        sheet.write_number(line, place, float(cell), formats.number(number_format(cell)))
    elif isinstance(cell, int):
        sheet.write_number(line, place, cell, formats.number("0"))
    else:
        sheet.write_datetime(line, place, cell, formats.number(MOMENT if isinstance(cell, datetime) else DATE))


def _write_facts(sheet: Worksheet, facts: Sequence[tuple[str, str]], formats: _Formats) -> None:
    for line, (label, text) in enumerate(facts):
        sheet.write_string(line, 0, label, formats.header)
        sheet.write_string(line, 1, text[:LONGEST_TEXT], formats.text)
        sheet.set_row(line, row_height([text], [FACTS_WIDTH]))
    sheet.set_column(0, 0, max((widest_line(label) for label, _ in facts), default=0) + 4)
    sheet.set_column(1, 1, FACTS_WIDTH + 2)
    _set_up_print(sheet, "说明")


def _set_up_print(sheet: Worksheet, title: str) -> None:
    """A4 across, as wide as the paper and as long as it takes, pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{title}&R第 &P 页，共 &N 页")


def number_format(figure: Decimal) -> str:
    """The number format that shows the figure with the decimals it is written with."""
    exponent = figure.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"0.{'0' * decimals}" if decimals else "0"


def column_width(header: str, cells: Sequence[Cell]) -> int:
    """Half-width characters that a column takes."""
    widest = max((widest_line(csv_text(cell)) for cell in cells), default=0)
    longest = WIDEST_OF_LONG if widest > LONG_TEXT else WIDEST
    return max(NARROWEST, min(widest_line(header), WIDEST_BY_HEADER), min(widest, longest))

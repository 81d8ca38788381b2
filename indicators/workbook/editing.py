"""A workbook to write into: the person's own file where that is safe, else one made anew from its tables.

Pure: no Django. Reading spends memory only on what it needs; openpyxl loads all of a file and spreads joined cells and
links out into single cells. Whatever would make that expensive is therefore made anew.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from math import isfinite

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbook import mark
from indicators.workbook.cells import show_raw
from indicators.workbook.layout import display_width
from indicators.workbook.parts import ZIP_ERRORS, is_xml, parse
from indicators.workbook.problem_list import write_text
from indicators.workbook.refusals import MEGABYTE, WorkbookRefused
from indicators.workbook.table import Kind, Merge, SheetTable, Workbook, column_letters, position

#: A file of 10,000 values by 12 columns unpacks to 5 MB of XML.
MOST_XML, MOST_UNPACKED = 8 * MEGABYTE, 24 * MEGABYTE
#: Cells in merged ranges and under links of one file.
MOST_JOINED = 100_000
#: A file with more filled cells is not made anew.
MOST_CELLS = 300_000
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
#: Elements whose range openpyxl spreads out into cells.
RANGES = frozenset({"mergeCell", "hyperlink"})
PERCENT_FORMAT = "0.00%"
WIDEST, ROWS_LOOKED_AT = 40, 100
LONGEST_SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def is_editable(data: bytes, workbook: Workbook) -> bool:
    """Whether openpyxl may load the file: an .xlsx within bounds whose every part is plain XML or a common picture."""
    if workbook.kind is not Kind.XLSX:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            written = [entry for entry in entries if is_xml(entry.filename)]
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                return False
            if sum(entry.file_size for entry in written) > MOST_XML:
                return False
            pictures = [entry for entry in entries if "/media/" in entry.filename]
            if not all(package.read(entry).startswith(PICTURES) for entry in pictures):
                return False
            return _is_plain(package.read(entry) for entry in written)
    except ZIP_ERRORS:  # in a part that reading had no need of
        return False


def load(data: bytes, workbook: Workbook) -> openpyxl.Workbook:
    """The person's file; formulas stay formulas.

    Raises ValueError where openpyxl finds less in it than reading did (it does not know the strict variant of .xlsx),
    and whatever openpyxl raises for a file that it finds wrong.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True, keep_links=False)
    if any(book[sheet.name].max_row < len(sheet.rows) for sheet in workbook.sheets):
        raise ValueError("openpyxl does not read the whole file")
    return book


def made_anew(workbook: Workbook) -> tuple[openpyxl.Workbook, dict[str, str]]:
    """A workbook of the same tables, and the names of its sheets by those of the file.

    Formulas become their results and formats are lost. Of a file that is too large there are no sheets.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheets = [sheet for sheet in workbook.sheets if not mark.is_problem_list(sheet)]
    names: dict[str, str] = {}
    if sum(raw != "" for sheet in sheets for row in sheet.rows for raw in row) <= MOST_CELLS:
        for sheet in sheets:
            names[sheet.name] = _sheet_name(sheet.name, names.values())
            _fill(book.create_sheet(names[sheet.name]), sheet)
    return book, names


def _is_plain(contents: Iterable[bytes]) -> bool:
    """Whether no part declares a document type, and few cells are joined."""
    joined = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal joined
        if name.rpartition(":")[2] in RANGES and "ref" in attributes:
            joined += _size(attributes["ref"])

    try:
        for content in contents:
            parse(content, start)
    except WorkbookRefused:
        return False
    return joined <= MOST_JOINED


def _size(range_: str) -> int:
    """How many cells a range such as A1:C3 has. Raises ValueError for anything else."""
    first, _, last = range_.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    return (bottom - top + 1) * (right - left + 1)


def _fill(sheet: Worksheet, table: SheetTable) -> None:
    for row, cells in enumerate(table.rows, 1):
        for column, raw in enumerate(cells, 1):
            if isinstance(raw, str):
                if raw:
                    write_text(sheet, row, column, raw)
            elif isinstance(raw, float) and not isfinite(raw):
                write_text(sheet, row, column, str(raw))
            else:
                sheet.cell(row, column).value = raw
    for row, column in table.percent:
        sheet.cell(row + 1, column + 1).number_format = PERCENT_FORMAT
    for (row, column), failure in table.failures.items():
        sheet.cell(row + 1, column + 1).value = failure
    for column in range(len(table.rows[0]) if table.rows else 0):
        sheet.column_dimensions[column_letters(column)].width = _width(table, column) + 2
    _set_visibility(sheet, table)
    _merge(sheet, table)


def _set_visibility(sheet: Worksheet, table: SheetTable) -> None:
    for row in table.hidden_rows:
        if row < len(table.rows):
            sheet.row_dimensions[row + 1].hidden = True
    for column in table.hidden_columns:
        sheet.column_dimensions[column_letters(column)].hidden = True
    if table.is_hidden:
        sheet.sheet_state = "veryHidden" if table.name == mark.SHEET_NAME else "hidden"


def _merge(sheet: Worksheet, table: SheetTable) -> None:
    """Join the cells that the file joins, as far as the table goes; of hidden sheets nobody checked them."""
    merges = [within for merge in table.merges if (within := _within(merge, table))]
    area = sum(
        (merge.last_row - merge.first_row + 1) * (merge.last_column - merge.first_column + 1) for merge in merges
    )
    if table.is_hidden or area > MOST_JOINED:
        return
    for merge in merges:
        sheet.merge_cells(
            start_row=merge.first_row + 1,
            start_column=merge.first_column + 1,
            end_row=merge.last_row + 1,
            end_column=merge.last_column + 1,
        )


def _within(merge: Merge, table: SheetTable) -> Merge | None:
    """The part of a merge that lies inside the table; None for a single cell or nothing."""
    height, width = len(table.rows), len(table.rows[0]) if table.rows else 0
    inside = Merge(
        merge.first_row, merge.first_column, min(merge.last_row, height - 1), min(merge.last_column, width - 1)
    )
    rows, columns = inside.last_row - inside.first_row, inside.last_column - inside.first_column
    return inside if rows >= 0 and columns >= 0 and rows + columns > 0 else None


def _width(table: SheetTable, column: int) -> int:
    """Half-width characters that the first rows of a column take."""
    widths = (display_width(show_raw(row[column])) for row in table.rows[:ROWS_LOOKED_AT])
    return min(max(widths, default=0), WIDEST)


def _sheet_name(name: str, taken: Iterable[str]) -> str:
    """A name that .xlsx allows and no other sheet has, as near to the given one as can be."""
    plain = _FORBIDDEN.sub("_", name).strip("' ")[:LONGEST_SHEET_NAME] or "表"
    names = {each.lower() for each in taken}
    number, free = 1, plain
    while free.lower() in names:
        number += 1
        ending = f"({number})"
        free = plain[: LONGEST_SHEET_NAME - len(ending)] + ending
    return free

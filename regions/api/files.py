"""Lists as csv and xlsx: the same rows and fields as the JSON list, all of them, in constant memory.

The parts of a nested record are columns of their own (`target.wording`), lists are separated by ；, whatever else is
not a plain value stands as JSON. Decimals stay the strings that JSON gives, as numbers in xlsx. A text never becomes a
formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from xlsxwriter import Workbook

from regions.api.fields import Figure, Row
from regions.formulas import BYTE_ORDER_MARK, defused

CHUNK = 64 * 1024
#: A sheet holds so many rows below its header; more go on in a next sheet.
ROWS_OF_SHEET = 1_000_000
#: Excel calculates with so many digits; a longer figure stays a text, so that no digit is lost.
DIGITS_OF_EXCEL = 15


@dataclass(frozen=True)
class Column:
    """A column of a file: its header, the way to its cell, and whether it holds decimals."""

    header: str
    path: tuple[str, ...]
    is_figure: bool

    def cell(self, row: Mapping[str, Any]) -> Any:
        """What the row says there; None where a nested record is absent."""
        value: Any = row
        for name in self.path:
            value = None if value is None else value[name]
        return value


def columns_of(row: type[Row]) -> list[Column]:
    """The columns of a file with such rows."""
    return list(_columns(row._declared_fields, ()))


def _columns(fields: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Column]:
    for name, field in fields.items():
        here = (*path, name)
        if isinstance(field, serializers.Serializer):
            yield from _columns(field.fields, here)
        else:
            yield Column(".".join(here), here, isinstance(field, Figure))


def cell_text(value: Any) -> str:
    """A plain value, a list or an object as one text; unknown as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "；".join(value)
    if isinstance(value, list | Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def csv_chunks(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The list as csv, UTF-8 with the mark that Excel needs."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([column.header for column in columns])
    for row in rows:
        cells = [(column, cell_text(column.cell(row))) for column in columns]
        writer.writerow([text if column.is_figure else defused(text) for column, text in cells])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_chunks(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The list as xlsx. It is written to a temporary file row by row, then read out piece by piece."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with TemporaryFile() as file:
        with Workbook(file, options) as book:
            bold = book.add_format({"bold": True})
            sheet: Any = None
            line = ROWS_OF_SHEET
            for row in rows:
                if line == ROWS_OF_SHEET:
                    sheet, line = begin_sheet(book, columns, bold), 0
                line += 1
                for place, column in enumerate(columns):
                    write_cell(sheet, line, place, column.cell(row), is_figure=column.is_figure)
            if sheet is None:
                begin_sheet(book, columns, bold)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def begin_sheet(book: Any, columns: Sequence[Column], bold: Any) -> Any:
    """A sheet with its header."""
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet("数据" if number == 1 else f"数据 {number}")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [column.header for column in columns], bold)
    return sheet


def write_cell(sheet: Any, line: int, place: int, value: Any, *, is_figure: bool) -> None:
    """A decimal or whole number becomes a number, everything else a text."""
    if value is None:
        return
    if isinstance(value, bool) or not (is_figure or isinstance(value, int)):
        sheet.write_string(line, place, cell_text(value))
    elif len(str(value).strip("-0.").replace(".", "")) > DIGITS_OF_EXCEL:
        sheet.write_string(line, place, str(value))
    else:
        sheet.write_number(line, place, Decimal(value))


class FileRenderer(BaseRenderer):
    """Names a format. The endpoint answers with a stream of `chunks`, so that nothing is rendered at once; errors are
    JSON whatever was asked for."""

    charset = None
    chunks: Callable[[Sequence[Column], Iterable[Mapping[str, Any]]], Iterator[bytes]]

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Nothing is rendered: raises NotImplementedError."""
        raise NotImplementedError("a file is streamed by its endpoint")


class CSVRenderer(FileRenderer):
    """`?format=csv`"""

    media_type = "text/csv"
    format = "csv"
    chunks = staticmethod(csv_chunks)


class XLSXRenderer(FileRenderer):
    """`?format=xlsx`"""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    chunks = staticmethod(xlsx_chunks)

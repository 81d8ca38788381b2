"""Files as offices and attackers make them, made by small code."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

from indicators.files.compound import SIGNATURE
from indicators.workbook.biff import BIFF8, BOF, EOF

SHEET_PART, TEXTS_PART, WORKBOOK_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
TABLE: list[list[object]] = [["指标名称", "2021年"], ["森林覆盖率", 63.4]]
SECTOR, END_OF_CHAIN, FAT_SECTOR, FREE = 4096, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def xlsx(fill: Callable[[Any, Any], None] | None = None, rows: Sequence[Sequence[object]] = TABLE) -> bytes:
    """A file with the rows in its sheet 数据; `fill` adds to it, given xlsxwriter's workbook and sheet."""
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written)
    sheet = workbook.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if fill:
        fill(workbook, sheet)
    workbook.close()
    return written.getvalue()


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The zip file with some parts replaced or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changed:
                target.writestr(name, source.read(name))
        for name, content in changed.items():
            target.writestr(name, content)
    return written.getvalue()


def sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    """A worksheet part with these rows."""
    return f"<worksheet>{before}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()


def with_sheet(rows: str, before: str = "", after: str = "") -> bytes:
    """An .xlsx file whose sheet has these rows, written as XML."""
    return repacked(xlsx(), {SHEET_PART: sheet_xml(rows, before, after)})


def claiming_size(data: bytes, name: str, size: int) -> bytes:
    """The zip file with a false size for one part in its directory."""
    forged = bytearray(data)
    place = forged.find(b"PK\x01\x02")
    while forged[place + 46 : place + 46 + len(name)] != name.encode():
        place = forged.find(b"PK\x01\x02", place + 4)
    struct.pack_into("<I", forged, place + 24, size)
    return bytes(forged)


def ods(body: str, manifest: str = "") -> bytes:
    """An .ods file with this inside its office:spreadsheet element."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c">'
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
        if manifest:
            package.writestr("META-INF/manifest.xml", manifest)
    return written.getvalue()


def record(number: int, body: bytes = b"") -> bytes:
    """One record of an .xls workbook."""
    return struct.pack("<HH", number, len(body)) + body


def xls(cells: bytes = b"", before: bytes = b"", name: str = "Sheet1", kind: int = 0) -> bytes:
    """An .xls file of one sheet: records of its cells, and records that stand before it."""
    opening = record(BOF, struct.pack("<HH12x", BIFF8, 5))
    encoded = name.encode("latin-1")
    offset = len(opening) + len(before) + 4 + 8 + len(encoded) + 4
    sheet = record(0x85, struct.pack("<IBBBB", offset, 0, kind, len(encoded), 0) + encoded)
    stream = opening + before + sheet + record(EOF) + record(BOF, struct.pack("<HH12x", BIFF8, 0x10)) + cells
    return compound_file("Workbook", stream + record(EOF))


def compound_file(name: str, content: bytes, storage: str = "") -> bytes:
    """A compound file with one stream, and an empty storage beside it."""
    body = content.ljust(SECTOR, b"\0")
    body += bytes(-len(body) % SECTOR)
    count = len(body) // SECTOR
    chain = [*range(1, count), END_OF_CHAIN, END_OF_CHAIN, FAT_SECTOR]
    chain += [FREE] * (SECTOR // 4 - len(chain))
    header = SIGNATURE + struct.pack(
        "<16x5H6x9I109I",
        *(0x3E, 4, 0xFFFE, 12, 6, 1, 1, count, 0, SECTOR, END_OF_CHAIN, 0, END_OF_CHAIN, 0, count + 1),
        *[FREE] * 108,
    )
    directory = (
        _entry("Root Entry", 5, child=1, start=END_OF_CHAIN)
        + _entry(name, 2, right=2 if storage else FREE, size=len(body))
        + _entry(storage, 1 if storage else 0, start=END_OF_CHAIN)
    )
    return header.ljust(SECTOR, b"\0") + body + directory.ljust(SECTOR, b"\0") + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, *, child: int = FREE, right: int = FREE, start: int = 0, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return struct.pack("<64sHBB3I36xIQ", encoded, length, kind, 1, FREE, right, child, start, size)

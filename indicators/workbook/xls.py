"""Opening .xls: the container, what the file says for all sheets, and its sheets. Pure: no Django.

The records are read here and not by calamine, which a forged .xls can make ask for any amount of memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from indicators.files.compound import BrokenContainerError, content_of, paths_in
from indicators.workbook.biff import BIFF8, BOF, CONTINUE, records, shared_texts, text_of
from indicators.workbook.days import FIRST_DAY, FIRST_DAY_MAC
from indicators.workbook.formats import DATE_FORMATS, PERCENT_FORMATS, shows_date, shows_percent
from indicators.workbook.refusals import (
    BROKEN,
    ENCRYPTED,
    LINKED,
    MACROS,
    NOT_A_WORKBOOK,
    OFFICE_DOCUMENT,
    TOO_OLD,
    Limits,
    WorkbookRefused,
)
from indicators.workbook.table import SheetTable
from indicators.workbook.xls_sheet import SheetRecords, Styles

FILEPASS, SUPBOOK, BOUNDSHEET, FORMAT, XF, SST, DATEMODE = 0x2F, 0x1AE, 0x85, 0x41E, 0xE0, 0xFC, 0x22
WORKSHEET, MACRO_SHEETS = 0, (1, 6)
#: What SUPBOOK says when it means the file itself or an add-in.
OWN_BOOKS = (0x0401, 0x3A01)


@dataclass(frozen=True)
class SheetStart:
    """A worksheet and where its records begin."""

    name: str
    offset: int
    is_hidden: bool


@dataclass
class Globals:
    """What the file says before its first sheet. `formats` belong to the cell styles in order."""

    sheets: list[SheetStart] = field(default_factory=list)
    formats: list[int] = field(default_factory=list)
    percent_formats: set[int] = field(default_factory=lambda: set(PERCENT_FORMATS))
    date_formats: set[int] = field(default_factory=lambda: set(DATE_FORMATS))
    text_pieces: list[bytes] = field(default_factory=list)
    first_day: datetime = FIRST_DAY

    @property
    def styles(self) -> Styles:
        """What all sheets share."""
        return Styles(
            texts=shared_texts(self.text_pieces),
            percent=frozenset(style for style, number in enumerate(self.formats) if number in self.percent_formats),
            dates=frozenset(style for style, number in enumerate(self.formats) if number in self.date_formats),
            first_day=self.first_day,
        )


def open_xls(data: bytes, limits: Limits) -> list[SheetTable]:
    """The sheets of a compound file. Raises WorkbookRefused, also when it holds something else than a workbook."""
    file = BytesIO(data)
    try:
        names = paths_in(file)
    except BrokenContainerError as error:
        raise WorkbookRefused(BROKEN) from error
    if "EncryptedPackage" in names:
        raise WorkbookRefused(ENCRYPTED)
    if "WordDocument" in names or "PowerPoint Document" in names:
        raise WorkbookRefused(OFFICE_DOCUMENT)
    if "Workbook" not in names:
        raise WorkbookRefused(TOO_OLD if "Book" in names else NOT_A_WORKBOOK)
    if any(name.startswith("_VBA_PROJECT_CUR") for name in names):
        raise WorkbookRefused(MACROS)
    try:
        return _sheets(content_of(file, "Workbook"), limits)
    except (BrokenContainerError, struct.error, LookupError, ValueError) as error:
        raise WorkbookRefused(BROKEN) from error


def _sheets(stream: bytes, limits: Limits) -> list[SheetTable]:
    found = _globals(stream)
    names = [sheet.name for sheet in found.sheets]
    limits.check_sheets(len(names))
    if not names or len(set(names)) < len(names):
        raise WorkbookRefused(BROKEN)
    styles = found.styles
    tables = []
    for sheet in found.sheets:
        content = SheetRecords(sheet.name, styles, limits)
        content.read(stream, sheet.offset)
        tables.append(content.table(is_hidden=sheet.is_hidden))
    return tables


def _globals(stream: bytes) -> Globals:
    """Read what stands before the sheets; refuse encryption, macros, links and formats older than Excel 97."""
    first, version = struct.unpack_from("<H2xH", stream)
    if first != BOF:
        raise WorkbookRefused(BROKEN)
    if version != BIFF8:
        raise WorkbookRefused(TOO_OLD)
    found = Globals()
    previous = 0
    for number, body in records(stream, 0):
        if number == FILEPASS:
            raise WorkbookRefused(ENCRYPTED)
        if number == SUPBOOK and struct.unpack_from("<H", body, 2)[0] not in OWN_BOOKS:
            raise WorkbookRefused(LINKED)
        if number == BOUNDSHEET:
            offset, state, kind, count, flags = struct.unpack_from("<IBBBB", body)
            if kind in MACRO_SHEETS:
                raise WorkbookRefused(MACROS)
            if kind == WORKSHEET:
                found.sheets.append(SheetStart(text_of(body[8:], count, flags), offset, is_hidden=bool(state & 3)))
        elif number == FORMAT:
            key, count, flags = struct.unpack_from("<HHB", body)
            code = text_of(body[5:], count, flags)
            if shows_percent(code):
                found.percent_formats.add(key)
            elif shows_date(code):
                found.date_formats.add(key)
        elif number == XF:
            found.formats.append(struct.unpack_from("<H", body, 2)[0])
        elif number == DATEMODE and body[0]:
            found.first_day = FIRST_DAY_MAC
        elif number == SST or (number == CONTINUE and previous == SST):
            found.text_pieces.append(body)
            number = SST
        previous = number
    return found

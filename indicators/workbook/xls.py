"""Opening .xls: the records of the workbook are looked through, then calamine reads the cells. Pure: no Django."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from indicators.workbook.biff import BIFF8, BOF, CONTINUE, records, text_lengths, text_of
from indicators.workbook.calamine import read_cells
from indicators.workbook.compound import contain, read_stream, stream_names
from indicators.workbook.formats import PERCENT_FORMATS, shows_percent
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
from indicators.workbook.xls_sheet import SheetLook, look_through

FILEPASS, SUPBOOK, BOUNDSHEET, FORMAT, XF, SST = 0x2F, 0x1AE, 0x85, 0x41E, 0xE0, 0xFC
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
    text_pieces: list[bytes] = field(default_factory=list)

    @property
    def percent_styles(self) -> frozenset[int]:
        """The cell styles that show a percentage."""
        return frozenset(style for style, number in enumerate(self.formats) if number in self.percent_formats)


def open_xls(data: bytes, limits: Limits) -> list[SheetTable]:
    """The sheets of a compound file. Raises WorkbookRefused, also when it holds something else than a workbook."""
    names = stream_names(data)
    if "EncryptedPackage" in names:
        raise WorkbookRefused(ENCRYPTED)
    if "WordDocument" in names or "PowerPoint Document" in names:
        raise WorkbookRefused(OFFICE_DOCUMENT)
    if "Workbook" not in names:
        raise WorkbookRefused(TOO_OLD if "Book" in names else NOT_A_WORKBOOK)
    if any(name.startswith("_VBA_PROJECT_CUR") for name in names):
        raise WorkbookRefused(MACROS)
    try:
        return _sheets(read_stream(data, "Workbook"), limits)
    except (struct.error, LookupError, ValueError) as error:
        raise WorkbookRefused(BROKEN) from error


def _sheets(stream: bytes, limits: Limits) -> list[SheetTable]:
    found = _globals(stream)
    names = [sheet.name for sheet in found.sheets]
    limits.check_sheets(len(names))
    if not names or len(set(names)) < len(names):
        raise WorkbookRefused(BROKEN)
    lengths = text_lengths(found.text_pieces)
    looks: list[SheetLook] = []
    characters = 0
    for sheet in found.sheets:
        look = look_through(stream, sheet.offset, sheet=sheet.name, percent_styles=found.percent_styles, limits=limits)
        characters += sum(lengths[number] for number in look.texts)
        limits.check_characters(characters)
        looks.append(look)
    cells = read_cells(contain("Workbook", stream), names)
    return [
        SheetTable(
            name=sheet.name,
            rows=rows,
            is_hidden=sheet.is_hidden,
            merges=merges,
            hidden_rows=frozenset(look.hidden_rows),
            hidden_columns=frozenset(look.hidden_columns),
            percent=frozenset(look.percent),
            failures=look.failures,
        )
        for sheet, look, (rows, merges) in zip(found.sheets, looks, cells, strict=True)
    ]


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
            if shows_percent(text_of(body[5:], count, flags)):
                found.percent_formats.add(key)
        elif number == XF:
            found.formats.append(struct.unpack_from("<H", body, 2)[0])
        elif number == SST or (number == CONTINUE and previous == SST):
            found.text_pieces.append(body)
            number = SST
        previous = number
    return found

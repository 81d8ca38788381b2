"""Looking through the records of an .xls sheet before anything of it is laid out in memory. Pure: no Django."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from indicators.workbook.biff import records
from indicators.workbook.refusals import BROKEN, Limits, WorkbookRefused
from indicators.workbook.table import Position

ROW, COLINFO, DIMENSIONS = 0x208, 0x7D, 0x200
NUMBER, RK, MULRK, LABELSST, LABEL, BOOLERR, FORMULA = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0x205, 0x06
BLANK, MULBLANK = 0x201, 0xBE
CELLS = frozenset({NUMBER, RK, MULRK, LABELSST, LABEL, BOOLERR, FORMULA, BLANK, MULBLANK})
FAILURES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
#: The largest sheet of the format.
MOST_ROWS, MOST_COLUMNS = 65_536, 256
#: Bytes 6 and 7 of a formula's result when it is no figure, and what byte 0 says then.
NO_FIGURE, RESULT_IS_FAILURE = b"\xff\xff", 2
RK_BYTES = 6


@dataclass
class SheetLook:
    """What is found. `texts` are the numbers of shared texts, one for each cell that shows one."""

    rows: int = 0
    columns: int = 0
    texts: list[int] = field(default_factory=list)
    percent: set[Position] = field(default_factory=set)
    failures: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def look_through(
    stream: bytes, offset: int, *, sheet: str, percent_styles: frozenset[int], limits: Limits
) -> SheetLook:
    """Look through the sheet whose records begin at `offset`. Raises WorkbookRefused when it is larger than the limits,
    and struct.error for a record that is too short."""
    look = SheetLook()
    elements = 0
    for number, body in records(stream, offset):
        if number in CELLS:
            elements += 1
            row, column, style = struct.unpack_from("<HHH", body)
            look.rows, look.columns = max(look.rows, row + 1), max(look.columns, column + 1)
            if number == LABELSST:
                look.texts.append(struct.unpack_from("<I", body, 6)[0])
            elif number in (MULRK, MULBLANK):
                look.columns = max(look.columns, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)
                if number == MULRK:
                    styles = struct.iter_unpack("<H4x", body[4:-2])
                    look.percent.update((row, column + i) for i, (each,) in enumerate(styles) if each in percent_styles)
            elif number == BOOLERR:
                if body[7]:
                    look.failures[row, column] = FAILURES.get(body[6], "#N/A")
            elif number == FORMULA and body[12:14] == NO_FIGURE:
                if body[6] == RESULT_IS_FAILURE:
                    look.failures[row, column] = FAILURES.get(body[8], "#N/A")
            elif style in percent_styles and number in (NUMBER, RK, FORMULA):
                look.percent.add((row, column))
        elif number == ROW:
            row, height_flags = struct.unpack_from("<H10xH", body)
            if height_flags & ROW_IS_HIDDEN:
                look.hidden_rows.add(row)
        elif number == COLINFO:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & COLUMN_IS_HIDDEN:
                look.hidden_columns.update(range(first, min(last + 1, MOST_COLUMNS)))
        elif number == DIMENSIONS:
            last_row, last_column = struct.unpack_from("<4xI2xH", body)
            if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
                raise WorkbookRefused(BROKEN)
    limits.check_elements(sheet, elements)
    limits.check_rectangle(sheet, look.rows, look.columns)
    return look

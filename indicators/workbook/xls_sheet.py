"""Reading the records of an .xls sheet ([MS-XLS], BIFF8). Pure: no Django."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indicators.workbook.biff import records, text_of
from indicators.workbook.days import FIRST_DAY, day_of
from indicators.workbook.refusals import Limits
from indicators.workbook.table import Merge, Position, RawCell, SheetTable

ROW, COLINFO, MERGED = 0x208, 0x7D, 0xE5
NUMBER, RK, MULRK, LABELSST, LABEL, BOOLERR, FORMULA, STRING = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0x205, 0x06, 0x207
FAILURES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN = 0x20, 0x01
#: Bytes 6 and 7 of a formula's result when it is no figure; byte 0 says then what it is.
NO_FIGURE = 0xFFFF
TEXT_FOLLOWS, IS_TRUTH, IS_FAILURE = 0, 1, 2
#: A short figure: divided by 100, or a whole number of 30 bits instead of the upper half of a long one.
RK_HUNDREDTH, RK_WHOLE = 0x01, 0x02
MOST_COLUMNS = 256


@dataclass(frozen=True)
class Styles:
    """What the file says for all sheets: shared texts, and the cell styles that show percentages or dates."""

    texts: Sequence[str]
    percent: frozenset[int]
    dates: frozenset[int]
    first_day: datetime = FIRST_DAY


@dataclass
class SheetRecords:
    """A sheet while its records are read one after another; see `SheetTable`."""

    name: str
    styles: Styles
    limits: Limits
    cells: list[tuple[int, int, RawCell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    percent: set[Position] = field(default_factory=set)
    failures: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    awaits_text: Position | None = None

    def read(self, stream: bytes, offset: int) -> None:
        """Read the sheet that begins at `offset`. Raises WorkbookRefused when it is larger than the limits, and
        struct.error, LookupError or ValueError for a record that contradicts itself."""
        readers = {
            NUMBER: self._number,
            RK: self._short_figure,
            MULRK: self._short_figures,
            LABELSST: self._shared_text,
            LABEL: self._text,
            BOOLERR: self._truth_or_failure,
            FORMULA: self._formula,
            STRING: self._text_of_formula,
            MERGED: self._merged,
            ROW: self._row,
            COLINFO: self._columns,
        }
        for number, body in records(stream, offset):
            if number in readers:
                readers[number](body)
                if len(self.cells) > self.limits.cells:
                    self.limits.check_elements(self.name, len(self.cells))

    def table(self, *, is_hidden: bool) -> SheetTable:
        """The finished sheet. Raises WorkbookRefused when it is larger than the limits."""
        places = [*self.failures, *((row, column) for row, column, _ in self.cells)]
        height = max((row for row, _ in places), default=-1) + 1
        width = max((column for _, column in places), default=-1) + 1
        self.limits.check_rectangle(self.name, height, width)
        rows: list[list[RawCell]] = [[""] * width for _ in range(height)]
        for row, column, value in self.cells:
            rows[row][column] = value
        return SheetTable(
            name=self.name,
            rows=rows,
            is_hidden=is_hidden,
            merges=tuple(self.merges),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            percent=frozenset(self.percent),
            failures=self.failures,
        )

    # Cells

    def _add_figure(self, row: int, column: int, style: int, figure: float) -> None:
        value: RawCell = figure
        if style in self.styles.percent:
            self.percent.add((row, column))
        elif style in self.styles.dates:
            value = day_of(figure, self.styles.first_day)
        self.cells.append((row, column, value))

    def _number(self, body: bytes) -> None:
        self._add_figure(*struct.unpack_from("<HHHd", body))

    def _short_figure(self, body: bytes) -> None:
        row, column, style, short = struct.unpack_from("<HHHI", body)
        self._add_figure(row, column, style, figure_of(short))

    def _short_figures(self, body: bytes) -> None:
        row, first = struct.unpack_from("<HH", body)
        for column, (style, short) in enumerate(struct.iter_unpack("<HI", body[4:-2]), start=first):
            self._add_figure(row, column, style, figure_of(short))

    def _shared_text(self, body: bytes) -> None:
        row, column, number = struct.unpack_from("<HH2xI", body)
        self.cells.append((row, column, self.styles.texts[number]))

    def _text(self, body: bytes) -> None:
        row, column, count, flags = struct.unpack_from("<HH2xHB", body)
        self.cells.append((row, column, text_of(body[9:], count, flags)))

    def _truth_or_failure(self, body: bytes) -> None:
        row, column, value, is_failure = struct.unpack_from("<HH2xBB", body)
        if is_failure:
            self.failures[row, column] = FAILURES.get(value, "#N/A")
        else:
            self.cells.append((row, column, bool(value)))

    def _formula(self, body: bytes) -> None:
        row, column, style, kind, value, mark = struct.unpack_from("<HHHBxB3xH", body)
        if mark != NO_FIGURE:
            self._add_figure(row, column, style, struct.unpack_from("<d", body, 6)[0])
        elif kind == TEXT_FOLLOWS:
            self.awaits_text = (row, column)
        elif kind == IS_TRUTH:
            self.cells.append((row, column, bool(value)))
        elif kind == IS_FAILURE:
            self.failures[row, column] = FAILURES.get(value, "#N/A")

    def _text_of_formula(self, body: bytes) -> None:
        count, flags = struct.unpack_from("<HB", body)
        if self.awaits_text is not None:
            self.cells.append((*self.awaits_text, text_of(body[3:], count, flags)))
            self.awaits_text = None

    # What surrounds them

    def _merged(self, body: bytes) -> None:
        for first_row, last_row, first_column, last_column in struct.iter_unpack("<4H", body[2:]):
            self.merges.append(Merge(first_row, first_column, last_row, last_column))

    def _row(self, body: bytes) -> None:
        row, flags = struct.unpack_from("<H10xH", body)
        if flags & ROW_IS_HIDDEN:
            self.hidden_rows.add(row)

    def _columns(self, body: bytes) -> None:
        first, last, flags = struct.unpack_from("<HH4xH", body)
        if flags & COLUMN_IS_HIDDEN:
            self.hidden_columns.update(range(first, min(last + 1, MOST_COLUMNS)))


def figure_of(short: int) -> float:
    """The figure that a short record packs into four bytes."""
    if short & RK_WHOLE:
        figure = float((short >> 2) - (1 << 30 if short & 0x8000_0000 else 0))
    else:
        figure = struct.unpack("<d", struct.pack("<4xI", short & 0xFFFF_FFFC))[0]
    return figure / 100 if short & RK_HUNDREDTH else figure

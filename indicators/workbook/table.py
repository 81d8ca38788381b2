"""The tables of an opened workbook: cells as the file holds them, with what is known about them. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from indicators.workbook.refusals import BROKEN, WorkbookRefused

#: What stands in a cell. An empty cell is ""; a figure is a float as the file holds it; text is as typed.
RawCell = str | float | int | bool | date | datetime | time | timedelta

#: Row and column of a cell, both counted from 0.
Position = tuple[int, int]


class Kind(StrEnum):
    """The format of the file, by its content and not by its name."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into one; rows and columns count from 0 and both ends belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class SheetTable:
    """One sheet from A1 to its last filled cell; rows are equally long.

    `percent` are cells that show a percentage and hold a fraction: 96.7% is 0.967. `failures` are cells with an error
    and its name (#DIV/0!), `uncalculated` are formulas whose result the file does not hold; both are "" in `rows`.
    """

    name: str
    rows: list[list[RawCell]]
    is_hidden: bool = False
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    percent: frozenset[Position] = frozenset()
    failures: Mapping[Position, str] = field(default_factory=dict)
    uncalculated: frozenset[Position] = frozenset()

    def merged_into(self) -> dict[Position, Position]:
        """Of every cell that a merge hides the one at its upper left, which holds what all of them show.

        Raises WorkbookRefused when merges overlap, which no office program writes.
        """
        owners: dict[Position, Position] = {}
        height = len(self.rows)
        width = len(self.rows[0]) if self.rows else 0
        for merge in self.merges:
            owner = (merge.first_row, merge.first_column)
            for row in range(merge.first_row, min(merge.last_row + 1, height)):
                for column in range(merge.first_column, min(merge.last_column + 1, width)):
                    if (row, column) in owners:
                        raise WorkbookRefused(BROKEN)
                    owners[row, column] = owner
        return {at: owner for at, owner in owners.items() if at != owner and owner[1] < width}


@dataclass(frozen=True)
class Workbook:
    """An opened file: its sheets in order, hidden ones included."""

    kind: Kind
    sheets: list[SheetTable]

    def sheet(self, name: str) -> SheetTable | None:
        """The sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def reference(row: int, column: int) -> str:
    """The cell as people call it: row 16 and column 3, counted from 0, are D17."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """The column as people call it: 0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def position(reference: str) -> Position:
    """Row and column, counted from 0, of a cell such as D17. Raises ValueError for anything else."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    return int(digits) - 1, column_index(letters)


def column_index(letters: str) -> int:
    """The column, counted from 0, that people call A, AA, XFD. Raises ValueError for anything else."""
    if not letters.isascii() or not letters.isalpha():
        raise ValueError(f"{letters!r} is no column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def place_of(reference: str) -> Position:
    """Where something at a cell, row or column is listed: the whole sheet ("") and its columns first, a row before its
    cells."""
    if not reference:
        return (-1, -1)
    if reference.isdigit():
        return (int(reference) - 1, -1)
    return (-1, column_index(reference)) if reference.isalpha() else position(reference)

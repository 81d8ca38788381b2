"""Reading a worksheet part of .xlsx. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.workbook.days import FIRST_DAY, day_of
from indicators.workbook.parts import parse
from indicators.workbook.refusals import BROKEN, Limits, WorkbookRefused
from indicators.workbook.table import Merge, Position, RawCell, SheetTable, column_index, position

TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True)
class Styles:
    """What the file says for all sheets: shared texts, and the cell styles (by the numbers that cells use) that show
    percentages or dates."""

    texts: Sequence[str]
    percent: frozenset[str]
    dates: frozenset[str]
    first_day: datetime = FIRST_DAY


def read_sheet(content: bytes, *, name: str, is_hidden: bool, styles: Styles, limits: Limits) -> SheetTable:
    """The sheet of a part. Raises WorkbookRefused when it is larger than the limits or contradicts itself.

    The callbacks run for every cell of a file: for their sake they keep what they need in plain variables. The text
    behind an opening <v> is its content; there is no need to be told of closing elements.
    """
    texts, percent_styles, date_styles, first_day = styles.texts, styles.percent, styles.dates, styles.first_day
    rows: dict[int, dict[int, RawCell]] = {}
    cells: dict[int, RawCell] = {}
    indexes: dict[str, int] = {}
    percent: set[Position] = set()
    failures: dict[Position, str] = {}
    formulas: list[Position] = []
    merges: list[Merge] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    elements = row = column = digits = 0
    row_name = style = kind = wanted = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, column, kind, style, wanted
        elements += 1
        if name == "c":
            cell = attributes.get("r")
            if cell is None:
                column += 1
            else:
                letters = cell[:digits]
                column = indexes[letters] if letters in indexes else index_of(letters)
                # A cell that claims to be in another row than the one around it is forged.
                if cell[digits:] != row_name:
                    raise WorkbookRefused(BROKEN)
            kind = attributes.get("t", "n")
            style = attributes.get("s", "")
            wanted = ""
        elif name == "v":
            wanted = kind
        elif name == "row":
            begin_row(attributes)
        elif name == "f":
            wanted = ""
            if kind != "str":
                formulas.append((row, column))
        elif name == "t":
            wanted = "inline" if kind == "inlineStr" else ""
        else:
            wanted = ""
            if name == "mergeCell":
                first, _, last = attributes["ref"].partition(":")
                merges.append(Merge(*position(first), *position(last or first)))
            elif name == "col" and attributes.get("hidden") in TRUE:
                end = min(int(attributes["max"]), limits.columns)
                hidden_columns.update(range(int(attributes["min"]) - 1, end))

    def index_of(letters: str) -> int:
        index = indexes[letters] = column_index(letters)
        return index

    def begin_row(attributes: dict[str, str]) -> None:
        nonlocal row, row_name, digits, column, cells, wanted
        above = row if rows else -1
        row = int(attributes["r"]) - 1 if "r" in attributes else above + 1
        if row <= above:
            raise WorkbookRefused(BROKEN)
        row_name, column, wanted = str(row + 1), -1, ""
        digits = -len(row_name)
        cells = rows[row] = {}
        if attributes.get("hidden") in TRUE:
            hidden_rows.add(row)
        limits.check_elements(name, elements, len(rows))

    def text(data: str) -> None:
        nonlocal wanted
        if wanted == "n":
            if style in date_styles:
                cells[column] = day_of(float(data), first_day)
            else:
                cells[column] = float(data)
                if style in percent_styles:
                    percent.add((row, column))
        elif wanted == "s":
            cells[column] = texts[int(data)]
        elif wanted == "inline":
            cells[column] = f"{cells.get(column, '')}{data}"
        elif wanted == "str":
            cells[column] = data
        elif wanted == "b":
            cells[column] = data.strip() in TRUE
        elif wanted == "e":
            failures[row, column] = data.strip()
        elif wanted == "d":
            cells[column] = datetime.fromisoformat(data.strip())
        wanted = ""

    parse(content, start, text=text)
    filled = {at: each for at, each in rows.items() if each}
    height = max([*filled, *(at for at, _ in failures)], default=-1) + 1
    width = max([*map(max, filled.values()), *(at for _, at in failures)], default=-1) + 1
    limits.check_rectangle(name, height, width)
    table: list[list[RawCell]] = [[""] * width for _ in range(height)]
    for at, each in filled.items():
        target = table[at]
        for index, value in each.items():
            target[index] = value
    return SheetTable(
        name=name,
        rows=table,
        is_hidden=is_hidden,
        merges=tuple(merges),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        percent=frozenset(percent),
        failures=failures,
        uncalculated=frozenset(
            (at, index) for at, index in formulas if index not in rows[at] and (at, index) not in failures
        ),
    )

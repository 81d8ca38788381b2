"""Looking through a worksheet part of .xlsx before anything of it is laid out in memory. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field

from indicators.workbook.parts import parse
from indicators.workbook.refusals import BROKEN, Limits, WorkbookRefused
from indicators.workbook.table import column_index, column_letters, position

TRUE = frozenset({"1", "true", "on"})


@dataclass
class SheetLook:
    """What is found; cells are called as the file calls them (D17).

    `texts` are the numbers of shared texts, one for each cell that shows one. `failures` are cells and their errors,
    `formulas` those whose result is not declared to be text.
    """

    rows: int = 0
    columns: int = 0
    texts: list[int] = field(default_factory=list)
    percent: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def look_through(content: bytes, *, sheet: str, percent_styles: frozenset[str], limits: Limits) -> SheetLook:
    """Look through the part. Raises WorkbookRefused when the sheet is larger than the limits or contradicts itself.

    The callbacks run for every cell of a file: for their sake they keep what they need in plain variables.
    """
    look = SheetLook()
    columns: set[str] = set()
    elements = rows = row = digits = 0
    row_name = cell = kind = style = wanted = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements, cell, kind, style, wanted
        elements += 1
        if name == "c":
            cell = attributes["r"] if "r" in attributes else _cell_behind(cell, row_name)
            kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
        elif name == "v":
            fill()
            wanted = kind
            if kind == "n" and style in percent_styles:
                look.percent.append(cell)
        elif name == "row":
            begin_row(attributes)
        elif name == "f":
            fill()
            wanted = ""
            if kind != "str":
                look.formulas.append(cell)
        elif name == "is":
            fill()
        elif name == "col" and attributes.get("hidden") in TRUE:
            last = min(int(attributes["max"]), limits.columns)
            look.hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def begin_row(attributes: dict[str, str]) -> None:
        nonlocal rows, row, row_name, digits, cell
        rows += 1
        limits.check_elements(sheet, elements, rows)
        above, row = row, int(attributes.get("r", row + 1))
        if row <= above:
            raise WorkbookRefused(BROKEN)
        row_name, cell = str(row), ""
        digits = -len(row_name)
        if attributes.get("hidden") in TRUE:
            look.hidden_rows.add(row - 1)

    def fill() -> None:
        # A cell that claims to be in another row than the one around it would be laid out there.
        if cell[digits:] != row_name:
            raise WorkbookRefused(BROKEN)
        columns.add(cell[:digits])
        look.rows = row

    def text(data: str) -> None:
        nonlocal wanted
        if wanted == "s":
            look.texts.append(int(data))
        elif wanted == "e":
            look.failures.append((cell, data))
        wanted = ""

    parse(content, start, text=text)
    try:
        look.columns = max(map(column_index, columns), default=-1) + 1
    except ValueError as error:
        raise WorkbookRefused(BROKEN) from error
    limits.check_rectangle(sheet, look.rows, look.columns)
    return look


def _cell_behind(cell: str, row_name: str) -> str:
    """The cell to the right, where the file leaves its name out; the first of the row behind ""."""
    return f"{column_letters(position(cell)[1] + 1 if cell else 0)}{row_name}"

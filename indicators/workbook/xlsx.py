"""Opening .xlsx: what the file says for all sheets, and its sheets. Pure: no Django.

The parts are read here and not by calamine, which a file of a few hundred bytes can make ask for more memory than there
is: that ends the whole process. Reading here takes no longer, because percentages, failed formulas and hidden rows,
which calamine does not tell, need a look at every cell anyway.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import datetime

from indicators.workbook.days import FIRST_DAY, FIRST_DAY_MAC
from indicators.workbook.formats import DATE_FORMATS, PERCENT_FORMATS, shows_date, shows_percent
from indicators.workbook.parts import Parts, parse
from indicators.workbook.refusals import BROKEN, LINKED, MACROS, Limits, WorkbookRefused
from indicators.workbook.table import SheetTable
from indicators.workbook.xlsx_sheet import TRUE, Styles, read_sheet

WORKBOOK, WORKBOOK_LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TEXTS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


@dataclass(frozen=True)
class SheetPart:
    """A worksheet and the part that holds it."""

    name: str
    path: str
    is_hidden: bool


def open_xlsx(names: list[str], parts: Parts, limits: Limits) -> list[SheetTable]:
    """The sheets of an unpacked .xlsx file. Raises WorkbookRefused."""
    _refuse_active(names)
    sheets, first_day = _sheets(parts, limits)
    percent, dates = _special_styles(parts.get(STYLES))
    styles = Styles(_texts(parts.get(TEXTS), limits), percent, dates, first_day)
    return [
        read_sheet(parts[sheet.path], name=sheet.name, is_hidden=sheet.is_hidden, styles=styles, limits=limits)
        for sheet in sheets
    ]


def _refuse_active(names: list[str]) -> None:
    """Macros, and links to other workbooks, whose cached figures nobody can check."""
    lowered = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lowered):
        raise WorkbookRefused(MACROS)
    if any(name.startswith("xl/externallinks/") for name in lowered):
        raise WorkbookRefused(LINKED)


def _sheets(parts: Parts, limits: Limits) -> tuple[list[SheetPart], datetime]:
    """The worksheets in order (charts and dialogs are none), and the day from which dates are counted."""
    paths: dict[str, str] = {}
    first_day = FIRST_DAY
    found: list[SheetPart] = []

    def link(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes["Type"].endswith("/worksheet"):
            paths[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        nonlocal first_day
        if name == "workbookPr" and attributes.get("date1904") in TRUE:
            first_day = FIRST_DAY_MAC
        if name != "sheet":
            return
        link_id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        if link_id in paths:
            is_hidden = attributes.get("state", "visible") != "visible"
            found.append(SheetPart(attributes["name"], paths[link_id], is_hidden))

    if WORKBOOK_LINKS not in parts:
        raise WorkbookRefused(BROKEN)
    parse(parts[WORKBOOK_LINKS], link)
    parse(parts[WORKBOOK], sheet)
    limits.check_sheets(len(found))
    if not found or len({part.name for part in found}) < len(found) or any(part.path not in parts for part in found):
        raise WorkbookRefused(BROKEN)
    return found, first_day


def _texts(content: bytes | None, limits: Limits) -> list[str]:
    """The texts that the cells of all sheets refer to by their number, without phonetic readings."""
    texts: list[str] = []
    is_wanted = is_phonetic = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_wanted, is_phonetic
        if name == "si":
            texts.append("")
            is_phonetic = False
            limits.check_elements("文字表", len(texts))
        elif name in ("r", "rPh"):
            is_phonetic = name == "rPh"
        is_wanted = name == "t" and not is_phonetic

    def end(name: str) -> None:
        nonlocal is_wanted
        is_wanted = False

    def text(data: str) -> None:
        if is_wanted:
            texts[-1] += data

    if content is not None:
        parse(content, start, end=end, text=text)
    return texts


def _special_styles(content: bytes | None) -> tuple[frozenset[str], frozenset[str]]:
    """The cell styles that show percentages and those that show dates, by the numbers that cells use."""
    percent, dates = set(map(str, PERCENT_FORMATS)), set(map(str, DATE_FORMATS))
    formats: list[str] = []
    is_list_of_cell_styles = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_list_of_cell_styles
        if name == "numFmt":
            code, number = attributes["formatCode"], attributes["numFmtId"]
            if shows_percent(code):
                percent.add(number)
            elif shows_date(code):
                dates.add(number)
        elif name == "xf" and is_list_of_cell_styles:
            formats.append(attributes.get("numFmtId", "0"))
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            is_list_of_cell_styles = name == "cellXfs"

    if content is not None:
        parse(content, start)
    numbered = [(str(index), number) for index, number in enumerate(formats)]
    return (
        frozenset(style for style, number in numbered if number in percent),
        frozenset(style for style, number in numbered if number in dates),
    )

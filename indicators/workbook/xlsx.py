"""Opening .xlsx: every part that matters is looked through first, then calamine reads the cells. Pure: no Django."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from indicators.workbook.calamine import read_cells
from indicators.workbook.formats import PERCENT_FORMATS, shows_percent
from indicators.workbook.parts import Parts, pack, parse
from indicators.workbook.refusals import BROKEN, LINKED, MACROS, Limits, WorkbookRefused
from indicators.workbook.table import RawCell, SheetTable, position
from indicators.workbook.xlsx_sheet import SheetLook, look_through

WORKBOOK, WORKBOOK_LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TEXTS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
PACKAGE_LINKS, CONTENT_TYPES = "_rels/.rels", "[Content_Types].xml"


@dataclass(frozen=True)
class SheetPart:
    """A worksheet and the part that holds it."""

    name: str
    path: str
    is_hidden: bool


def open_xlsx(names: list[str], parts: Parts, limits: Limits) -> list[SheetTable]:
    """The sheets of an unpacked .xlsx file. Raises WorkbookRefused."""
    _refuse_active(names)
    sheets = _sheets(parts, limits)
    lengths = _text_lengths(parts.get(TEXTS), limits)
    percent_styles = _percent_styles(parts.get(STYLES))
    looks: dict[str, SheetLook] = {}
    characters = 0
    for sheet in sheets:
        look = looks[sheet.name] = look_through(
            parts[sheet.path], sheet=sheet.name, percent_styles=percent_styles, limits=limits
        )
        characters += sum(lengths[index] for index in look.texts if index < len(lengths))
        limits.check_characters(characters)
    checked = {PACKAGE_LINKS, CONTENT_TYPES, WORKBOOK, WORKBOOK_LINKS, TEXTS, STYLES, *(sheet.path for sheet in sheets)}
    packed = pack({name: content for name, content in parts.items() if name in checked})
    tables = []
    for sheet, (rows, merges) in zip(sheets, read_cells(packed, [sheet.name for sheet in sheets]), strict=True):
        look = looks[sheet.name]
        failures = {position(cell): text for cell, text in look.failures}
        formulas = map(position, look.formulas)
        tables.append(
            SheetTable(
                name=sheet.name,
                rows=rows,
                is_hidden=sheet.is_hidden,
                merges=merges,
                hidden_rows=frozenset(look.hidden_rows),
                hidden_columns=frozenset(look.hidden_columns),
                percent=frozenset(map(position, look.percent)),
                failures=failures,
                uncalculated=frozenset(at for at in formulas if is_blank(rows, *at) and at not in failures),
            )
        )
    return tables


def is_blank(rows: list[list[RawCell]], row: int, column: int) -> bool:
    """Whether nothing stands there, or the table does not reach so far."""
    return row >= len(rows) or column >= len(rows[row]) or rows[row][column] == ""


def _refuse_active(names: list[str]) -> None:
    """Macros, and links to other workbooks, whose cached figures nobody can check."""
    lowered = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lowered):
        raise WorkbookRefused(MACROS)
    if any(name.startswith("xl/externallinks/") for name in lowered):
        raise WorkbookRefused(LINKED)


def _sheets(parts: Parts, limits: Limits) -> list[SheetPart]:
    """The worksheets in order; charts and dialogs are none."""
    paths: dict[str, str] = {}
    found: list[SheetPart] = []

    def link(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes["Type"].endswith("/worksheet"):
            paths[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")

    def sheet(name: str, attributes: dict[str, str]) -> None:
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
    return found


def _text_lengths(content: bytes | None, limits: Limits) -> list[int]:
    """How long each shared text is: a short file may show one long text in a million cells."""
    lengths: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)
            limits.check_elements("文字表", len(lengths))

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if content is not None:
        parse(content, start, text=text)
    return lengths


def _percent_styles(content: bytes | None) -> frozenset[str]:
    """The numbers of cell styles whose format shows a percentage, as cells name them."""
    formats = {str(number) for number in PERCENT_FORMATS}
    styles: list[str] = []
    is_list_of_cell_styles = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_list_of_cell_styles
        if name == "numFmt" and shows_percent(attributes["formatCode"]):
            formats.add(attributes["numFmtId"])
        elif name == "xf" and is_list_of_cell_styles:
            styles.append(attributes.get("numFmtId", "0"))
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            is_list_of_cell_styles = name == "cellXfs"

    if content is not None:
        parse(content, start)
    return frozenset(str(index) for index, number in enumerate(styles) if number in formats)

"""Texts in spreadsheets that must never become formulas. Pure: no Django."""

from __future__ import annotations

#: What a spreadsheet takes for the beginning of a formula, also when somebody edits the cell.
FORMULA_STARTS = tuple("=+-@＝＋－＠")
#: What begins a text that a spreadsheet may take apart.
FORMULA_CONTROLS = frozenset("\t\r\n")
#: Without it Excel and WPS read a csv file as GBK.
BYTE_ORDER_MARK = "\ufeff"


def defused(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula; a lone dash is none."""
    begins = text.lstrip()
    dangerous = begins.startswith(FORMULA_STARTS) and len(begins) > 1
    return f"'{text}" if dangerous or text[:1] in FORMULA_CONTROLS else text


def undefused(text: str) -> str:
    """The text without the apostrophe that `defused` put before it."""
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text

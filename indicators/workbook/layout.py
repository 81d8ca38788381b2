"""How much room texts take in cells, and texts that cells can hold. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

#: The most characters that Excel keeps in a cell.
LONGEST_TEXT = 32_767
#: Height of a line in points, and the tallest row that Excel knows.
LINE_HEIGHT, TALLEST = 15, 409
#: The format of text: a text stays a text also when somebody edits the cell and it begins with = + - or @.
TEXT_FORMAT = "@"

#: Characters that an .xlsx file cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def writable(text: str) -> str:
    """The text as a cell can hold it: without control characters, and no longer than Excel keeps."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n"))[:LONGEST_TEXT]


def row_height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Points that wrapped texts take in columns of these widths. Files say it, because not every program works it
    out."""
    lines = max((wrapped_lines(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(lines * LINE_HEIGHT, TALLEST)


def wrapped_lines(text: str, width: int) -> int:
    """Lines of a text in a column of that width."""
    return sum(max(1, -(-display_width(line) // width)) for line in text.splitlines()) or 1


def widest_line(text: str) -> int:
    """How many half-width characters the longest line of the text takes."""
    return max((display_width(line) for line in text.splitlines()), default=0)


def display_width(line: str) -> int:
    """How many half-width characters a line takes; a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "FWA" else 1 for letter in line)

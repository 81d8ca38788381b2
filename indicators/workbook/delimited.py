"""Opening .csv and other text tables, in the encodings that Chinese offices use. Pure: no Django."""

from __future__ import annotations

import csv
import io
import re

from indicators.workbook.refusals import BROKEN, NOT_A_WORKBOOK, Limits, WorkbookRefused
from indicators.workbook.table import SheetTable

SHEET_NAME = "csv"
#: Excel's "Unicode text" begins with one of these; everything else is UTF-8 or, from older programs, GB18030.
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",\t;，"
#: Characters that no text table contains, but programs and pictures do.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|table|\?xml|meta|style|script)", re.IGNORECASE)

WEB_PAGE = (
    "这个文件其实是网页（有些系统导出的 .xls 就是这样），不是工作簿。"
    "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。"
)


def open_csv(data: bytes, limits: Limits) -> list[SheetTable]:
    """The one sheet of a text file. Raises WorkbookRefused, also when it is no text or a web page."""
    text = decode(data)
    if _HTML.match(text) or text.startswith("MIME-Version:"):
        raise WorkbookRefused(WEB_PAGE)
    head = text[: 64 * 1024].splitlines()[:20]
    separator = max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in head))
    rows: list[list[str]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if any(row):
                width = max(width, len(row))
                limits.check_rectangle(SHEET_NAME, len(rows), width)
    except csv.Error as error:
        raise WorkbookRefused(BROKEN) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return [SheetTable(name=SHEET_NAME, rows=[[*row[:width], *[""] * (width - len(row))] for row in rows])]


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030. Raises WorkbookRefused for what is no text."""
    encodings = ["utf-16"] if data.startswith(UTF_16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise WorkbookRefused(NOT_A_WORKBOOK)

"""From the bytes of an uploaded table to its cells as texts: xlsx by its first sheet, csv in UTF-8 or GB18030."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from io import BytesIO, StringIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

import tablib
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from regions.formulas import undefused

#: Bounds of a file: bytes as uploaded, bytes unpacked, rows (all counties of China are some 3,200), columns.
LARGEST_FILE = 1_000_000
LARGEST_UNPACKED = 50_000_000
MOST_ROWS = 3_500
MOST_COLUMNS = 50

ZIP_MAGIC = b"PK\x03\x04"
#: The column that says in which line of the file a row stands; added here, no file has it.
LINE = "\0line"
UNREADABLE = "这个文件无法读取。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后重新选择。"


class TableError(ValueError):
    """The file is no such table; `messages` say in Chinese what is wrong, everything at once."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("".join(messages))
        self.messages = messages


def read_table(content: bytes) -> tablib.Dataset:
    """Header and rows of the table, every cell a text without surrounding blanks; empty rows are left out.

    Raises TableError for a file that is none, is too large, or has cells that are not texts or whole numbers.
    """
    rows = xlsx_rows(content) if content.startswith(ZIP_MAGIC) else csv_rows(content)
    filled = [(line, cells) for line, cells in enumerate(texts_of(rows), 1) if any(cells)]
    if len(filled) < 2:
        raise TableError(["文件中没有数据。第一行应是表头，以下每行一条。可以先导出，在导出的文件上修改。"])
    (_, headers), *found = filled
    while headers and not headers[-1]:
        headers.pop()
    check_headers(headers)
    dataset = tablib.Dataset(headers=[*headers, LINE])
    overflowing = []
    for line, cells in found:
        if any(cells[len(headers) :]):
            overflowing.append(f"第 {line} 行的内容超出了表头的 {len(headers)} 列。请核对这一行。")
        padded = [*cells[: len(headers)], *[""] * (len(headers) - len(cells))]
        dataset.append([*padded, line])
    if overflowing:
        raise TableError(overflowing)
    return dataset


def check_headers(headers: Sequence[str]) -> None:
    """Raise TableError where a column has no header or two have the same."""
    problems = [f"第 {get_column_letter(place)} 列没有表头。" for place, header in enumerate(headers, 1) if not header]
    problems += [f"表头“{header}”出现了不止一次。" for header in sorted(set(headers)) if headers.count(header) > 1]
    if problems:
        raise TableError(problems)


def texts_of(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    """The cells as texts. Raises TableError that names every cell which is neither text nor whole number."""
    problems: list[str] = []
    texts = []
    for line, row in enumerate(rows, 1):
        if line > MOST_ROWS + 1:
            raise TableError([f"文件超过 {MOST_ROWS} 行（含空行）。请删去多余的行，或分成几个文件。"])
        if any(cell not in (None, "") for cell in row[MOST_COLUMNS:]):
            raise TableError([f"文件超过 {MOST_COLUMNS} 列。请只保留需要导入的列。"])
        cells = []
        for place, cell in enumerate(row[:MOST_COLUMNS], 1):
            problem = complaint(cell)
            if problem:
                problems.append(f"{get_column_letter(place)}{line}：{problem}")
            cells.append("" if problem else text_of(cell))
        texts.append(cells)
    if problems:
        raise TableError(problems)
    return texts


def complaint(cell: object) -> str:
    """Why a cell cannot be taken as a text; empty where it can."""
    if isinstance(cell, bool):
        return "是逻辑值（TRUE/FALSE）。请把单元格设为文本格式，再填写文字。"
    if isinstance(cell, float) and not cell.is_integer():
        return f"是小数 {cell}。这些列都是文字或代码，请把单元格设为文本格式，再填写。"
    if isinstance(cell, date | time):
        return f"是日期或时间（{cell}）。请把单元格设为文本格式，再填写。"
    if isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper() and len(cell) < 9:
        return f"是错误值 {cell}。请改正公式或直接填写。"
    return ""


def text_of(cell: object) -> str:
    """The cell as a text; a whole number (a code) as its digits."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) else str(cell).strip()


def xlsx_rows(content: bytes) -> Iterator[Sequence[object]]:
    """The rows of the first sheet with the values of formulas."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise TableError(["这个文件解压后过大，没有读取。请只保留需要导入的内容，另存后重新选择。"])
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        yield from islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), MOST_ROWS + 2)
    except TableError:
        raise
    except (BadZipFile, KeyError, IndexError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise TableError([UNREADABLE]) from error


def csv_rows(content: bytes) -> Iterator[Sequence[object]]:
    """The rows of a csv file. What an export put before a text against formulas is taken away again."""
    if b"\0" in content:
        raise TableError([UNREADABLE])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise TableError([UNREADABLE]) from error
    try:
        for row in csv.reader(StringIO(text, newline="")):
            yield [undefused(cell) for cell in row]
    except csv.Error as error:
        raise TableError([UNREADABLE]) from error

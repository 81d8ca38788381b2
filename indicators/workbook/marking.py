"""Marking problems in a copy of the workbook: cells coloured and commented, and a list of all problems in front.

Pure: no Django. Marks of an earlier round are taken off first, so that a corrected file shows only what is left.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbook.cells import Cell
from indicators.workbook.editing import is_editable, load, made_anew
from indicators.workbook.layout import row_height, writable
from indicators.workbook.mark import PROBLEM_LIST_TITLE
from indicators.workbook.problem_list import (
    ERROR_FILL,
    NOTICE_FILL,
    Listed,
    add_problem_list,
    link_to,
)
from indicators.workbook.table import Position, SheetTable, Workbook, position

#: Every comment of ours begins so; what stands before it is the person's own.
COMMENT_HEAD = "【导入检查】"
AUTHOR = "规划指标跟踪门户"
#: More comments make a file slow to open; further problems are in the list.
MOST_COMMENTS = 5_000
COMMENT_WIDTH, COMMENT_CHARACTERS = 360, 50
NO_FILL = PatternFill(fill_type=None)
COLOURS = frozenset({ERROR_FILL.fgColor.rgb, NOTICE_FILL.fgColor.rgb})

MADE_ANEW = "这个文件是按原文件（.{kind}）中的表格重新生成的：数据和合并单元格没有变，公式只留下结果，格式没有保留。"
ONLY_LIST = "原文件太大，这里只有清单。请按位置在原文件中改正后上传原文件。"


@dataclass(frozen=True)
class CellMark:
    """Something to mark: `reference` is a cell (D17), a row (17), a column (D) or "" for the whole sheet.

    `message` is a Chinese sentence; with `is_notice` it is only to know, not to correct.
    """

    sheet: str
    reference: str
    message: str
    is_notice: bool = False


def mark_problems(data: bytes, workbook: Workbook, marks: Sequence[CellMark]) -> bytes:
    """An .xlsx file with the marks, for a file that `open_workbook` opened as `workbook`.

    Of an .xlsx file it is the original with everything that openpyxl keeps: formulas (their results come back when a
    program opens and saves it), formats, pictures, validation, the portal's mark; drawn shapes are lost. Other formats,
    and files that openpyxl had better not load, are made anew from their tables; a file with more than 300,000 cells
    then is only the list.
    """
    if is_editable(data, workbook):
        try:
            # openpyxl warns of what it does not keep; the person is told by the list.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = load(data, workbook)
                return _marked(book, {name: name for name in book.sheetnames}, workbook, marks)
        except Exception:  # noqa: S110 - openpyxl is stricter than office programs, in ways that it does not list
            pass
    book, names = made_anew(workbook)
    remark = MADE_ANEW.format(kind=workbook.kind) if names else ONLY_LIST
    return _marked(book, names, workbook, marks, remark=remark)


def _marked(
    book: openpyxl.Workbook,
    names: Mapping[str, str],
    workbook: Workbook,
    marks: Sequence[CellMark],
    *,
    remark: str = "",
) -> bytes:
    """The file, given the names that the sheets of `workbook` have in `book`."""
    for sheet in book.worksheets:
        if sheet.cell(1, 1).value == PROBLEM_LIST_TITLE:
            book.remove(sheet)
        else:
            _take_off(sheet)
    left = MOST_COMMENTS
    for name, of_sheet in _by_sheet(marks).items():
        table = workbook.sheet(name)
        if table is not None and names.get(name) in book.sheetnames:
            left -= _Painter(book[names[name]], table).paint(of_sheet, left)
    add_problem_list(book, [_listed(each, workbook, names, book) for each in marks], remark=remark)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _by_sheet(marks: Sequence[CellMark]) -> dict[str, list[CellMark]]:
    found: dict[str, list[CellMark]] = defaultdict(list)
    for each in marks:
        found[each.sheet].append(each)
    return found


def _take_off(sheet: Worksheet) -> None:
    """Take the marks of an earlier round off.

    Only cells that exist are looked at: `iter_rows` would make all that lie between them.
    """
    for cell in sheet._cells.values():
        comment = cell.comment
        if comment is None or COMMENT_HEAD not in comment.text:
            continue
        own = comment.text.partition(COMMENT_HEAD)[0].rstrip()
        cell.comment = Comment(own, comment.author) if own else None
        if cell.fill.fgColor.rgb in COLOURS:
            cell.fill = NO_FILL


class _Painter:
    """Colours and comments the cells of one sheet."""

    def __init__(self, sheet: Worksheet, table: SheetTable) -> None:
        self._sheet, self._table = sheet, table
        self._owners = table.merged_into()

    def paint(self, marks: Sequence[CellMark], most: int) -> int:
        """Paint all marks, with at most so many comments; gives the number of comments."""
        comments: dict[Position, list[CellMark]] = defaultdict(list)
        for each in sorted(marks, key=lambda each: not each.is_notice):
            cells = self._cells(each.reference)
            for at in cells:
                self._sheet.cell(at[0] + 1, at[1] + 1).fill = NOTICE_FILL if each.is_notice else ERROR_FILL
            if cells:
                comments[cells[0]].append(each)
        for at, found in list(comments.items())[:most]:
            self._comment(at, sorted(found, key=lambda each: each.is_notice))
        return min(len(comments), most)

    def _cells(self, place: str) -> list[Position]:
        """The cells that a reference means, inside the table; merged ones by the cell that shows."""
        rows = self._table.rows
        if not place:
            return []
        if place.isdigit():
            row = int(place) - 1
            found = [(row, column) for column in range(len(rows[row]))] if row < len(rows) else []
        elif place.isalpha():
            column = position(f"{place}1")[1]
            found = [(row, column) for row, cells in enumerate(rows) if column < len(cells) and cells[column] != ""]
        else:
            row, column = position(place)
            found = [(row, column)] if row < len(rows) and column < len(rows[row]) else []
        return list(dict.fromkeys(self._owners.get(at, at) for at in found))

    def _comment(self, at: Position, marks: Sequence[CellMark]) -> None:
        cell = self._sheet.cell(at[0] + 1, at[1] + 1)
        told = "\n".join(f"{'提示' if each.is_notice else '问题'}：{each.message}" for each in marks)
        own = f"{cell.comment.text}\n\n" if cell.comment else ""
        comment = Comment(writable(f"{own}{COMMENT_HEAD}\n{told}"), AUTHOR)
        comment.width, comment.height = COMMENT_WIDTH, row_height([comment.text], [COMMENT_CHARACTERS]) * 2
        cell.comment = comment


def _listed(each: CellMark, workbook: Workbook, names: Mapping[str, str], book: openpyxl.Workbook) -> Listed:
    """The line of the list; it leads to the place unless the sheet is missing or hidden."""
    table = workbook.sheet(each.sheet)
    name = names.get(each.sheet, "")
    cell = each.reference
    if not cell or cell.isdigit() or cell.isalpha():
        cell = f"A{cell or 1}" if not cell.isalpha() else f"{cell}1"
    can_be_seen = name in book.sheetnames and book[name].sheet_state == "visible"
    return Listed(
        sheet=each.sheet,
        reference=each.reference,
        stands=_stands(table, each.reference) if table else "",
        message=each.message,
        is_notice=each.is_notice,
        target=link_to(name, cell) if can_be_seen else "",
    )


def _stands(table: SheetTable, place: str) -> str:
    """What a person sees in the cell; "" for a row, a column, a whole sheet and an empty cell."""
    if not place or place.isdigit() or place.isalpha():
        return ""
    row, column = at = position(place)
    if row >= len(table.rows) or column >= len(table.rows[row]):
        return ""
    return Cell(table.rows[row][column], is_percent=at in table.percent, failure=table.failures.get(at, "")).text

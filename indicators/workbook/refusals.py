"""Refusing a file as a whole, and the limits beyond which one is refused. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


class WorkbookRefused(Exception):
    """The file cannot be read, or should not be; the message says in Chinese what is wrong and what to do."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read; more is refused before memory is spent on it.

    `file_bytes` is the file itself, `inflated_bytes` its unpacked parts together. `elements` counts rows and cells that
    are written down, also empty ones that only carry a format. `rows`, `columns` and `cells` bound the rectangle from A1
    to the last filled cell of a sheet; `characters` is the text of all cells of the file.
    """

    file_bytes: int = 20 * MEGABYTE
    inflated_bytes: int = 100 * MEGABYTE
    elements: int = 2_000_000
    rows: int = 100_000
    columns: int = 256
    cells: int = 2_000_000
    characters: int = 50_000_000
    sheets: int = 50

    def check_size(self, size: int) -> None:
        """Raise WorkbookRefused for a file of too many bytes; callers ask before they read an upload into memory."""
        if size > self.file_bytes:
            raise WorkbookRefused(
                f"文件有 {size / MEGABYTE:.1f} MB，超过 {self.file_bytes / MEGABYTE:.0f} MB 的上限。"
                "请删除图片等与数据无关的内容，或拆成几个文件分别导入。"
            )

    def check_rectangle(self, sheet: str, rows: int, columns: int) -> None:
        """Raise WorkbookRefused when the filled part of a sheet is larger than any table of indicators."""
        if columns > self.columns:
            raise WorkbookRefused(
                f"工作表“{sheet}”的内容有 {columns} 列，超过 {self.columns} 列的上限。请只保留指标数据的列，另存后再导入。"
            )
        if rows > self.rows or rows * columns > self.cells:
            raise WorkbookRefused(
                f"工作表“{sheet}”的内容到第 {rows} 行，共 {rows * columns} 个单元格，超过上限。"
                "请删除数据下方的多余内容，或拆成几个文件分别导入。"
            )

    def check_characters(self, characters: int) -> None:
        """Raise WorkbookRefused when the cells of the file together hold more text than any table of indicators."""
        if characters > self.characters:
            raise WorkbookRefused("文件中的文字过多，不像指标数据表。请只保留指标数据，另存为 .xlsx 后再导入。")


#: The sentence for a file that stops in the middle or contradicts itself.
BROKEN = "文件不完整或已损坏，无法读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入；打不开的，请重新取得原文件。"

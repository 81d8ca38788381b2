"""Refusing a file as a whole, and the limits beyond which one is refused. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


class WorkbookRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The file cannot be read, or should not be; the message says in Chinese what is wrong and what to do."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read; more is refused before memory is spent on it.

    `file_bytes` is the file itself, `inflated_bytes` its unpacked parts together. `elements` counts what is written
    down in a sheet, also empty cells that only carry a format. `rows`, `columns` and `cells` bound the rectangle from
    A1 to the last filled cell. A table of 10,000 values by 12 columns uses 5 MB unpacked, 250,000 elements and 120,000
    cells.
    """

    file_bytes: int = 20 * MEGABYTE
    inflated_bytes: int = 64 * MEGABYTE
    elements: int = 1_500_000
    rows: int = 100_000
    columns: int = 256
    cells: int = 1_000_000
    sheets: int = 50

    def check_file(self, size: int) -> None:
        """Raise WorkbookRefused for a file of too many bytes; callers ask before they read an upload into memory."""
        if size > self.file_bytes:
            raise WorkbookRefused(
                f"文件有 {size / MEGABYTE:.1f} MB，超过 {self.file_bytes / MEGABYTE:.0f} MB 的上限。"
                "请删除图片等与数据无关的内容，或拆成几个文件分别导入。"
            )

    def check_inflated(self, size: int) -> None:
        """Raise WorkbookRefused when the unpacked parts of a file outgrow any table of indicators."""
        if size > self.inflated_bytes:
            raise WorkbookRefused(
                f"文件解压后超过 {self.inflated_bytes / MEGABYTE:.0f} MB，不像正常的指标数据表。"
                "常见原因是给整张表设置了格式：请删除数据下方和右侧的空行、空列，"
                "或把数据复制到新的工作簿，另存为 .xlsx 后再导入。"
            )

    def check_elements(self, sheet: str, count: int, rows: int = 0) -> None:
        """Raise WorkbookRefused when more rows or cells are written down than any table of indicators has."""
        if count > self.elements or rows > self.rows:
            raise WorkbookRefused(
                f"工作表“{sheet}”有大量只带格式的空行或空列，无法读取。"
                "请选中数据下方和右侧的空行、空列并删除，或把数据复制到新的工作簿，另存为 .xlsx 后再导入。"
            )

    def check_rectangle(self, sheet: str, rows: int, columns: int) -> None:
        """Raise WorkbookRefused when the filled part of a sheet is larger than any table of indicators."""
        if columns > self.columns:
            raise WorkbookRefused(
                f"工作表“{sheet}”的内容占了 {columns} 列，超过 {self.columns} 列的上限。"
                "请只保留指标数据的列，另存后再导入。"
            )
        if rows > self.rows or rows * columns > self.cells:
            raise WorkbookRefused(
                f"工作表“{sheet}”的内容占了 {rows} 行 {columns} 列，超过上限（{self.rows} 行，{self.cells} 个单元格）。"
                "请删除与指标数据无关的内容，或拆成几个文件分别导入。"
            )

    def check_sheets(self, count: int) -> None:
        """Raise WorkbookRefused for a workbook of too many sheets."""
        if count > self.sheets:
            raise WorkbookRefused(
                f"文件有 {count} 张工作表，超过 {self.sheets} 张的上限。请只保留要导入的工作表，另存后再导入。"
            )


#: The sentences of refusals that several formats share.
BROKEN = "文件不完整或已损坏，无法读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入；打不开的，请重新取得原文件。"
ENCRYPTED = "文件设有打开密码，无法读取。请在 Excel 或 WPS 中打开，取消密码后另存为 .xlsx，再导入。"
MACROS = "文件含有宏，为了安全不予读取。请另存为“Excel 工作簿（.xlsx）”，宏会被去掉，数据不受影响，再导入另存的文件。"
LINKED = (
    "文件含有指向其他工作簿的链接，其中的数可能不是最新的，因此不予读取。请在 Excel“数据”→“编辑链接”中断开链接"
    "（WPS 相同），另存后再导入。"
)
ENTITIES = "文件中含有不应出现的定义（XML 实体），为了安全不予读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
EMPTY = "文件是空的。请检查是否选错了文件。"
NOT_A_WORKBOOK = "这个文件不是工作簿。请选择 .xlsx、.xls、.ods 或 .csv 文件；扩展名被改过的，请找到原来的文件。"
OFFICE_DOCUMENT = "这是 Word 或演示文稿，不是工作簿。请把其中的表格复制到 Excel 或 WPS 表格中，另存为 .xlsx 后再导入。"
TOO_OLD = "这是 Excel 95 或更早的格式，无法读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"

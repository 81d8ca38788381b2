"""From bytes to tables: what kind of file it is, by its content, and whether it is safe to read. Pure: no Django."""

from __future__ import annotations

from indicators.files import compound
from indicators.workbook import ods, parts, xlsx
from indicators.workbook.delimited import open_csv
from indicators.workbook.ods import open_ods
from indicators.workbook.refusals import BROKEN, EMPTY, OFFICE_DOCUMENT, Limits, WorkbookRefused
from indicators.workbook.table import Kind, Workbook
from indicators.workbook.xls import open_xls
from indicators.workbook.xlsx import open_xlsx

ZIP = b"PK"
PROGRAM = "这个文件是程序，不是工作簿，不予读取。如果是别人发来的，请勿打开，并告知信息安全管理人员。"
PDF = "这是 PDF 文件，不能导入。请把数据填入门户的模板，或另存为 .xlsx 后再导入。"
PICTURE = "这是图片，不能导入。请把数据填入门户的模板，或录入 Excel 后再导入。"
ARCHIVE = "这是压缩包。请先解压，再导入其中的工作簿。"
BINARY_WORKBOOK = "这是 .xlsb 格式，无法读取。请用 Excel 打开，另存为“Excel 工作簿（.xlsx）”后再导入。"
OTHER_OPEN_DOCUMENT = "这是 OpenDocument 文字或演示文稿，不是工作簿。请把表格另存为 .xlsx 或 .ods 后再导入。"
#: How files that are no workbook begin, and what is said of them.
FOREIGN = (
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM", PICTURE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"{\\rtf", OFFICE_DOCUMENT),
)


def open_workbook(data: bytes, *, limits: Limits | None = None) -> Workbook:
    """The tables of a file, whatever its name says: xlsx, xls, ods or csv.

    Raises WorkbookRefused with a Chinese sentence for everything else, and for what is hostile, broken, encrypted, or
    larger than the limits; refusing costs little time and memory, and nothing of the file is ever executed or followed.
    """
    limits = limits or Limits()
    limits.check_file(len(data))
    if not data.strip():
        raise WorkbookRefused(EMPTY)
    if data.startswith(ZIP):
        return _open_package(data, limits)
    if data.startswith(compound.SIGNATURE):
        return Workbook(Kind.XLS, open_xls(data, limits))
    for beginning, sentence in FOREIGN:
        if data.startswith(beginning):
            raise WorkbookRefused(sentence)
    return Workbook(Kind.CSV, open_csv(data, limits))


def _open_package(data: bytes, limits: Limits) -> Workbook:
    names, content = parts.unpack(data, limits)
    if xlsx.WORKBOOK in names:
        return Workbook(Kind.XLSX, open_xlsx(names, content, limits))
    if "xl/workbook.bin" in names:
        raise WorkbookRefused(BINARY_WORKBOOK)
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise WorkbookRefused(OFFICE_DOCUMENT)
    if content.get("mimetype", b"").startswith(ods.SPREADSHEET):
        return Workbook(Kind.ODS, open_ods(names, content, limits))
    if ods.CONTENT in names:
        raise WorkbookRefused(OTHER_OPEN_DOCUMENT)
    raise WorkbookRefused(BROKEN if any(name.startswith("xl/") for name in names) else ARCHIVE)

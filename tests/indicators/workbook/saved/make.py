"""How the files beside this script were made: tables saved by LibreOffice 7.4 as xlsx, xls and ods.

`template` is a table as people fill it, `written` a template of the portal with rows sorted, hidden and deleted.
`python -m tests.indicators.workbook.saved.make` makes them anew; the tests only read them.
"""

import io
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from indicators.workbook import template
from indicators.workbook.mark import SHEET_NAME, TemplateMark
from tests.indicators.workbook.templates import CONTENT, reorder, saved

HERE = Path(__file__).parent
HEADER = [
    "类别",
    "代码",
    "序号",
    "指标名称",
    "单位",
    "2020年基期值",
    "2025年目标",
    "上年值（2022年）",
    "2023年完成值",
    "数据来源",
    "说明",
]
#: Sorted by the person who filled it in, with one row deleted (bazhong-03).
ROWS: list[list[Any]] = [
    [
        "环境质量",
        "bazhong-02",
        "2",
        "地级及以上城市细颗粒物(PM2.5)浓度",
        "μg/m3",
        28.1,
        "<27.0",
        28.1,
        " 28.1 ",
        "表格",
        "甲",
    ],
    ["", "bazhong-01", "1", "地级及以上城市空气质量优良天数比率", "%", 96.7, "完成省考核目标", 96.7, 0.967, "表格", ""],
    ["生态保护", "bazhong-14", "14", "森林覆盖率", "%", 63.1, "63.4", 63.1, "６３．１", "表格", "乙"],
    ["", "bazhong-11", "11", "生态保护红线、自然保护地", "", "", "不降低", "", "达成", "表格", ""],
    ["资源", "bazhong-18", "18", "危险废物安全处置率", "%", 100, "100", 100, "=50+50", "表格", ""],
    ["", "bazhong-19", "19", "受污染耕地安全利用率", "%", 94, "94", 94, "=94/0", "表格", ""],
    ["", "bazhong-23", "23", "城镇污水处理率", "%", 95, "95", 95, date(2023, 9, 5), "表格", ""],
    ["", "bazhong-24", "24", "城镇生活垃圾无害化处理率", "%", 98, "98", 98, "—", "", ""],
    ["注：数值以部门核定数为准。"],
]
#: LibreOffice keeps the results that it finds beside formulas.
RESULTS = {"=50+50": 100, "=94/0": "#DIV/0!"}
MERGED = ((2, 3), (4, 5), (6, 9))
HIDDEN_ROW = 4
#: The rows of the portal's template that are left, in this order; the second of them is hidden.
LEFT = (8, 5, 1, 3, 0)


def write_template(path: Path) -> None:
    """The template as Excel would hand it over."""
    workbook = xlsxwriter.Workbook(path)
    workbook.add_worksheet("填报说明").write(0, 0, "请在“2023年完成值”列填写数值。")
    sheet = workbook.add_worksheet("填报表")
    percent, day = workbook.add_format({"num_format": "0.0%"}), workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "巴中市“十四五”生态环境保护规划指标填报表")
    sheet.write_row(1, 0, HEADER)
    for number, row in enumerate(ROWS, start=2):
        for column, value in enumerate(row):
            style = day if isinstance(value, date) else percent if value == 0.967 else None
            if value in RESULTS:
                sheet.write_formula(number, column, value, None, RESULTS[value])
            else:
                sheet.write(number, column, value, style)
    for (first, last), row in zip(MERGED, (ROWS[0], ROWS[2], ROWS[4]), strict=True):
        sheet.merge_range(first, 0, last, 0, row[0])
    sheet.set_row(HIDDEN_ROW, None, None, {"hidden": True})
    mark = workbook.add_worksheet(SHEET_NAME)
    for number, pair in enumerate(TemplateMark("bazhong", (2023,), "bazhong-sthj").rows()):
        mark.write_row(number, 0, pair)
    mark.very_hidden()
    workbook.close()


def write_written(path: Path) -> None:
    """The portal's own template, as somebody handled it."""
    book = openpyxl.load_workbook(io.BytesIO(template.write_template(CONTENT)))
    sheet = book[template.ENTRY_SHEET]
    reorder(sheet, LEFT)
    sheet.row_dimensions[template.FIRST_ROW + 2].hidden = True
    path.write_bytes(saved(book))


def main() -> None:
    """Write both and let LibreOffice save them in each format."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, "template.xlsx"), Path(folder, "written.xlsx")]
        write_template(files[0])
        write_written(files[1])
        for kind in ("xlsx", "xls", "ods"):
            command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(HERE), *map(str, files)]
            subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()

"""How the portal's own sheets are recognised when they come back, the hidden mark of its templates first. Pure: no
Django.

The mark is a sheet of two columns of text. Excel, WPS and LibreOffice keep a hidden sheet in xlsx, xls and ods alike,
also when rows of other sheets are sorted, hidden or deleted; custom properties get lost on some of these ways. The mark
is a hint, not a proof: whoever reads a template still checks every permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from indicators.workbook.cells import show_raw
from indicators.workbook.table import SheetTable, Workbook

#: The sheet; written hidden as deep as the format can ("very hidden" in xlsx).
SHEET_NAME = "门户模板标识"
TITLE = "规划指标跟踪门户模板标识（请勿修改或删除）"
VERSION = 1
#: The first column of the sheet; the second holds what belongs to it.
VERSION_KEY, PLAN_KEY, YEARS_KEY, DEPARTMENT_KEY = "版本", "规划", "年度", "部门"
CONTENT_KEY, QUARTER_KEY = "内容", "季度"
#: In A1 of the list of problems that the portal puts into a file before handing it back.
PROBLEM_LIST_TITLE = "导入问题清单（由规划指标跟踪门户生成，再次上传时不读取）"

DAMAGED = "模板的标识被改动，认不出是哪份规划的模板。请重新下载模板，把数据填进去后再导入。"
NEWER = "这份模板来自更新版本的门户，无法读取。请从本门户重新下载模板。"


class TemplateContents(StrEnum):
    """What the rows of a template state."""

    VALUES = "values"
    REPORTS = "reports"


class MarkError(ValueError):
    """The mark is there and cannot be understood; the message says in Chinese what to do."""


@dataclass(frozen=True)
class TemplateMark:
    """For which plan (slug), years and department (key, "" for all) a template was made, and what its rows state.

    `quarter` is that of a template of progress reports, 0 for the whole year. Templates from before there were several
    kinds say neither and hold yearly values.
    """

    plan: str
    years: tuple[int, ...]
    department: str = ""
    version: int = VERSION
    contents: TemplateContents = TemplateContents.VALUES
    quarter: int = 0

    def rows(self) -> list[tuple[str, str]]:
        """The cells of the mark's sheet, all text, for whoever writes the template."""
        return [
            (TITLE, ""),
            (VERSION_KEY, str(self.version)),
            (PLAN_KEY, self.plan),
            (YEARS_KEY, ",".join(map(str, self.years))),
            (DEPARTMENT_KEY, self.department),
            (CONTENT_KEY, self.contents.value),
            (QUARTER_KEY, str(self.quarter)),
        ]


def is_problem_list(sheet: SheetTable) -> bool:
    """Whether the sheet is a list that the portal put into the file earlier, whatever it is called now."""
    return bool(sheet.rows and sheet.rows[0]) and sheet.rows[0][0] == PROBLEM_LIST_TITLE


def read_mark(workbook: Workbook) -> TemplateMark | None:
    """The mark of the file, None for a file that is no template. Raises MarkError."""
    sheet = workbook.sheet(SHEET_NAME)
    if sheet is None:
        return None
    texts = {show_raw(row[0]): show_raw(row[1]) if len(row) > 1 else "" for row in sheet.rows if row}
    try:
        version = int(texts[VERSION_KEY])
        plan, years = texts[PLAN_KEY], tuple(_years(texts[YEARS_KEY].split(",")))
        contents = TemplateContents(texts.get(CONTENT_KEY, TemplateContents.VALUES))
        quarter = int(texts.get(QUARTER_KEY, "0"))
    except (KeyError, ValueError) as error:
        raise MarkError(DAMAGED) from error
    if version > VERSION:
        raise MarkError(NEWER)
    if not plan or not years:
        raise MarkError(DAMAGED)
    return TemplateMark(plan, years, texts.get(DEPARTMENT_KEY, ""), version, contents, quarter)


def _years(texts: Iterable[str]) -> Iterable[int]:
    return (int(text) for text in texts if text)

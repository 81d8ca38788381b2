"""A list as a file: `?format=xlsx|csv` on the page that shows it, with the page's permission and filter.

A workbook has every table of the page and a sheet that says what it holds; a csv file has one table, the first unless
`&table=` names another by its title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from indicators.services.submitted_basis import submitted_counted
from indicators.workbook.export import ExportTable, csv_lines, xlsx
from regions.moment import asked_moment
from regions.permissions import Person

#: What a file system cannot keep in a name.
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
#: No part of a file name is longer than this many characters: a name has at most 255 bytes on many systems.
LONGEST_PART = 30

APPROVED_ONLY = "只含已审定的数值；没有填报的年份不沿用上年数，也不推算。"
WITH_SUBMITTED = "计入 {} 个待审核的数值；依据它们的评价标有“含待审核”，审核后可能变化，不作为正式结果使用。"
WORK_IN_PROGRESS = "含尚未审定的数值（见“状态”栏），只供填报和审核使用，不作为评价依据。"
FIGURES = "数值的单位见“单位”栏或表头；百分比以百分点计，96.7 即 96.7%。空格表示没有数据。"


class FileKind(StrEnum):
    """A format of the files; the word stands in the address and behind the name."""

    XLSX = "xlsx"
    CSV = "csv"


CONTENT_TYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Export:
    """What a page hands out. `name` are the parts of the file name, `page` and `chosen` (label, words) say which list
    it is and how it was filtered. `has_demonstration` marks the name and the notes when figures of demonstration are
    among the rows."""

    name: Sequence[str]
    page: str
    tables: Sequence[ExportTable[Any]]
    chosen: Sequence[tuple[str, str]] = field(default_factory=list)
    basis: str = APPROVED_ONLY
    note: str = FIGURES
    has_demonstration: bool = False

    @property
    def titles(self) -> list[str]:
        """The names of the tables, for the links on the page."""
        return [table.title for table in self.tables]

    def facts(self, *, person: Person, now: datetime) -> list[tuple[str, str]]:
        """Notes of the file: page, past day, filter, time, author, data that counts, demonstration figures, numbers."""
        counts = "；".join(f"{table.title} {len(table.rows)} 行" for table in self.tables)
        moment, counted = asked_moment(), submitted_counted()
        demonstration = "含演示数据，不能作为实际数值使用。" if self.has_demonstration else "不含演示数据。"
        return [
            ("内容", self.page),
            *(
                [("截至", f"{timezone.localtime(moment):%Y年%m月%d日}终了时的情况，不含此后的任何改动")]
                if moment
                else []
            ),
            *(self.chosen or [("筛选", "没有筛选，全部列出")]),
            ("导出时间", f"{timezone.localtime(now):%Y年%m月%d日 %H:%M}"),
            ("导出人", f"{person}（{person.get_username()}）"),
            ("数据范围", self.basis if counted is None else WITH_SUBMITTED.format(counted)),
            ("演示数据", demonstration),
            ("说明", self.note),
            ("行数", counts),
        ]

    def file_name(self, kind: FileKind, *, now: datetime, table: str = "") -> str:
        """Parts, table and date: 巴中市…规划_2025年_指标_20261123.xlsx; with 截至20231231 for one that looks back."""
        moment = asked_moment()
        past = f"截至{timezone.localtime(moment):%Y%m%d}" if moment else ""
        submitted = "" if submitted_counted() is None else "含待审核数值"
        marked = [*self.name, table, past, submitted, "含演示数据" if self.has_demonstration else ""]
        parts = [NOT_IN_NAMES.sub("_", part)[:LONGEST_PART].strip(" .") for part in marked if part]
        return f"{'_'.join([*parts, f'{timezone.localtime(now):%Y%m%d}'])}.{kind}"


def asked_kind(request: HttpRequest) -> FileKind | None:
    """The file that the address asks for; None for the page itself. Raises Http404 for an unknown format."""
    asked = request.GET.get("format")
    if asked is None or request.method not in ("GET", "HEAD"):
        return None
    try:
        return FileKind(asked)
    except ValueError:
        raise Http404("没有这种格式的文件。可以导出 Excel（xlsx）或 CSV（csv），请使用页面上的“导出”。") from None


def download(request: HttpRequest, export: Export, kind: FileKind) -> HttpResponseBase:
    """The file as an answer that the browser saves. Raises Http404 for an unknown `table`."""
    now = timezone.now()
    if kind is FileKind.XLSX:
        content = xlsx(export.tables, export.facts(person=request.user, now=now))
        return as_file(HttpResponse(content), export.file_name(kind, now=now), kind)
    table = asked_table(request, export)
    title = table.title if len(export.tables) > 1 else ""
    return as_file(StreamingHttpResponse(csv_lines(table)), export.file_name(kind, now=now, table=title), kind)


def asked_table(request: HttpRequest, export: Export) -> ExportTable[Any]:
    """The table that a csv file is asked for; the first where none is named."""
    asked = request.GET.get("table")
    if asked is None:
        return export.tables[0]
    for table in export.tables:
        if table.title == asked:
            return table
    raise Http404("这一页没有这个表。请使用页面上的“导出”。")


def as_file(response: HttpResponseBase, name: str, kind: FileKind) -> HttpResponseBase:
    """The answer with its type and its (Chinese) name, to be saved and not shown."""
    response["Content-Type"] = CONTENT_TYPES[kind]
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def part_of(page: Page[Any], noun: str) -> list[tuple[str, str]]:
    """What to say where a list is too long for one file; nothing where it is not."""
    pages = page.paginator.num_pages
    if pages == 1:
        return []
    text = (
        f"共 {page.paginator.count} 个{noun}，分 {pages} 个文件，这是第 {page.number} 个；网址中的 page= 指定第几个。"
    )
    return [("范围", text)]

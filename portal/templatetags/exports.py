"""The links that hand out a page as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.http import HttpRequest

from indicators.downloads import FileKind

register = template.Library()


@register.inclusion_tag("parts/export_links.html", takes_context=True)
def export_links(context: dict[str, Any], *tables: str, titles: Sequence[str] = ()) -> dict[str, Any]:
    """Links to the file of this page, filtered as the page is.

    `tables` are the titles of the page's tables where there are several: a csv file has only one of them. A page whose
    tables are not always the same gives the `titles` of its export.
    """
    request: HttpRequest = context["request"]

    def address(kind: FileKind, table: str = "") -> str:
        query = request.GET.copy()
        for name in ("page", "table"):
            query.pop(name, None)
        query["format"] = kind
        if table:
            query["table"] = table
        return f"?{query.urlencode()}"

    return {
        "workbook": address(FileKind.XLSX),
        "texts": [(table, address(FileKind.CSV, table)) for table in (*tables, *titles)]
        or [("", address(FileKind.CSV))],
    }

"""Workbooks of progress as offices fill them, and the steps that import them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import ProgressReport

NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
START = "/entry/the-plan/2022/projects/import/"
HEADER = ("项目名称", "建设内容", "累计完成数量", "项目状态", "累计完成投资（万元）", "存在问题", "说明")


def table(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (header, *rows):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client: Client, data: bytes, name: str = "进展表.xlsx", **fields: str) -> Any:
    return client.post(START, {"file": SimpleUploadedFile(name, data), "quarter": "0", **fields}, follow=True)


def imported(client: Client, data: bytes, action: str = "draft", **fields: str) -> str:
    """Upload and confirm what the page shows; gives the page that follows."""
    page = upload(client, data, **fields)
    path = page.redirect_chain[-1][0]
    answer = client.post(path, {"action": action, "stamp": page.context["page"].comparison.file.stamp}, follow=True)
    return answer.content.decode()


def template(client: Client, query: str = "") -> bytes:
    return b"".join(client.get(f"/entry/the-plan/2022/projects/template/?{query}"))


def quantities(report: ProgressReport) -> dict[str, Decimal]:
    return {each.deliverable.name: each.quantity for each in report.delivered_quantities.all()}

"""What tests of the pages of projects read from them, and a report to show."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport
from projects.services.recording import record_report
from projects.services.reports import ReportEntry


def html(client: Client, address: str, status: int = 200) -> str:
    """The page's HTML."""
    response = client.get(address)
    assert response.status_code == status, response
    return response.content.decode()


def words(page: str) -> str:
    """The text of the page without blanks."""
    return re.sub(r"\s+", "", strip_tags(page))


def codes(page: str) -> list[str]:
    """The projects that the page lists, in their order."""
    return re.findall(r'<tr id="([^"]+)"', page)


def sheet(client: Client, address: str, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the page's workbook."""
    response = client.get(f"{address}{'&' if '?' in address else '?'}format=xlsx")
    assert response.status_code == 200
    table: Any = load_workbook(BytesIO(response.content))[title]
    header, *rows = table.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def reported(project: KeyProject, year: int, quantity: int | None, person: User, **stated: Any) -> ProgressReport:
    """A report of the project's first deliverable."""
    as_draft = stated.pop("as_draft", False)
    deliverable = project.deliverables.first()
    quantities = {} if deliverable is None or quantity is None else {deliverable.pk: Decimal(quantity)}
    entry = ReportEntry(project, year, quantities=quantities, **{"project_status": "construction", **stated})
    return record_report(entry, person=person, now=timezone.now(), as_draft=as_draft)

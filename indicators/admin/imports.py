"""Imports of yearly values in the admin, read-only: they are confirmed and undone on pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from indicators.admin.evidence import StoredFileAdmin
from indicators.imports.page import LABELS
from indicators.models import ValueImport
from indicators.permissions import may_review_any, reviewed_imports
from regions.history_changes import ReadableChanges

#: What an import counts, as its columns and its history call it.
COUNTED = {**{standing.value: label for standing, label in LABELS.items()}, "problems": "要改正的单元格"}


class ImportChanges(ReadableChanges):
    """Changes of an import; its numbers by their names."""

    def word_of(self, field: str, key: str) -> str:
        """The number's name."""
        return COUNTED.get(key, key)


@admin.register(ValueImport)
class ValueImportAdmin(StoredFileAdmin):
    list_display = ["name", "plan", "state", "new", "changed", "unchanged", "problems", "uploaded_by", "uploaded_at"]
    list_filter = ["state", ("plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan", "uploaded_by"]
    search_fields = ["name", "sha256", "uploaded_by__username", "uploaded_by__full_name"]
    view_on_site = False
    fields = [
        "page",
        "plan",
        "state",
        "new",
        "changed",
        "unchanged",
        "problems",
        "year",
        "as_draft",
        "reason",
        "refusal",
        "kind",
        "size",
        "sha256",
        "uploaded_by",
        "uploaded_at",
        "finished_at",
        "undone_by",
        "undone_at",
    ]

    @admin.display(description="导入页面")
    def page(self, value_import: ValueImport) -> SafeString:
        """The link to the page where the import is seen and undone."""
        return format_html('<a href="{}">{}</a>', value_import.get_absolute_url(), value_import.name)

    @admin.display(description=COUNTED["new"])
    def new(self, value_import: ValueImport) -> int:
        """How many values are new."""
        return count_of(value_import, "new")

    @admin.display(description=COUNTED["changed"])
    def changed(self, value_import: ValueImport) -> int:
        """How many values change."""
        return count_of(value_import, "changed")

    @admin.display(description=COUNTED["unchanged"])
    def unchanged(self, value_import: ValueImport) -> int:
        """How many values stay as they are."""
        return count_of(value_import, "unchanged")

    @admin.display(description=COUNTED["problems"])
    def problems(self, value_import: ValueImport) -> int:
        """How many cells have to be corrected."""
        return count_of(value_import, "problems")

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ReadableChanges:
        """What the history table says of a change."""
        return ImportChanges(self.model, historical_record)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Reviewers and administrators; the list holds the imports into the plans that they review."""
        return may_review_any(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Imports into the plans that the person reviews."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=reviewed_imports(request.user))


def count_of(value_import: ValueImport, name: str) -> int:
    """One of the numbers that an import keeps."""
    count: int = value_import.counts.get(name, 0)
    return count

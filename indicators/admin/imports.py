"""Imports in the admin, read-only: they are confirmed and undone on pages of their own."""

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
from indicators.models import AbstractImport, ValueImport
from indicators.permissions import may_review_any, reviewed_plans
from regions.history_changes import ReadableChanges

#: What an import counts, as its columns and its history call it.
COUNTED = {**{standing.value: label for standing, label in LABELS.items()}, "problems": "要改正的单元格"}


class ImportChanges(ReadableChanges):
    """Changes of an import; its numbers by their names."""

    def word_of(self, field: str, key: str) -> str:
        """The number's name."""
        return COUNTED.get(key, key)


class ImportAdmin(StoredFileAdmin):
    """Imports into the plans that the person reviews, with their numbers. Every kind says where its period stands."""

    list_display = ["name", "plan", "state", "new", "changed", "unchanged", "problems", "uploaded_by", "uploaded_at"]
    list_filter = ["state", ("plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan", "uploaded_by"]
    search_fields = ["name", "sha256", "uploaded_by__username", "uploaded_by__full_name"]
    view_on_site = False

    @admin.display(description="导入页面")
    def page(self, record: AbstractImport) -> SafeString:
        """The link to the page where the import is seen and undone."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.name)

    @admin.display(description=COUNTED["new"])
    def new(self, record: AbstractImport) -> int:
        """How many values are new."""
        return count_of(record, "new")

    @admin.display(description=COUNTED["changed"])
    def changed(self, record: AbstractImport) -> int:
        """How many values change."""
        return count_of(record, "changed")

    @admin.display(description=COUNTED["unchanged"])
    def unchanged(self, record: AbstractImport) -> int:
        """How many values stay as they are."""
        return count_of(record, "unchanged")

    @admin.display(description=COUNTED["problems"])
    def problems(self, record: AbstractImport) -> int:
        """How many cells have to be corrected."""
        return count_of(record, "problems")

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ReadableChanges:
        """What the history table says of a change."""
        return ImportChanges(self.model, historical_record)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Reviewers and administrators; the list holds the imports into the plans that they review."""
        return may_review_any(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Imports into the plans that the person reviews."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(plan__in=reviewed_plans(request.user))


def count_of(record: AbstractImport, name: str) -> int:
    """One of the numbers that an import keeps."""
    count: int = record.counts.get(name, 0)
    return count


def fields_with(*period: str) -> tuple[str, ...]:
    """The fields of an import; `period` are those that say what it is about."""
    return (
        "page",
        "plan",
        "state",
        "new",
        "changed",
        "unchanged",
        "problems",
        *period,
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
    )


@admin.register(ValueImport)
class ValueImportAdmin(ImportAdmin):
    fields = fields_with("year")

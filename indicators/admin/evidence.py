"""Uploaded files in the admin, read-only: pages of the portal add and remove them, where the reason is asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from indicators.models import AbstractStoredFile, EvidenceFile, TargetDocumentFile
from indicators.permissions import visible_evidence, visible_target_documents
from regions.admin_base import HistoryAdmin, ReadOnlyAdmin


class StoredFileAdmin(ReadOnlyAdmin, HistoryAdmin):
    """What was uploaded, with fingerprint and history."""

    date_hierarchy = "uploaded_at"

    @admin.display(description="类型", ordering="content_type")
    def kind(self, file: AbstractStoredFile) -> str:
        """What people call files of this type."""
        return file.kind

    @admin.display(description="下载")
    def download(self, file: AbstractStoredFile) -> SafeString:
        """The link that hands the file out."""
        return format_html('<a href="{}" download>{}</a>', file.get_absolute_url(), file.name)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Everything, also on the page of what a record once was."""
        return [str(name) for name in self.fields or ()]


@admin.register(EvidenceFile)
class EvidenceFileAdmin(StoredFileAdmin):
    list_display = ["name", "indicator", "region", "year", "kind", "uploaded_by", "uploaded_at"]
    list_filter = [("indicator__plan", admin.RelatedOnlyFieldListFilter), "year"]
    list_select_related = ["indicator", "region", "uploaded_by"]
    search_fields = ["name", "sha256", "indicator__code", "indicator__name"]
    fields = ["download", "kind", "size", "sha256", "indicator", "region", "year", "uploaded_at", "uploaded_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Files that the person may see."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=visible_evidence(request.user))


@admin.register(TargetDocumentFile)
class TargetDocumentFileAdmin(StoredFileAdmin):
    list_display = ["name", "target", "kind", "uploaded_by", "uploaded_at"]
    list_filter = [("target__indicator__plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["target__indicator", "uploaded_by"]
    search_fields = ["name", "sha256", "target__indicator__code", "target__indicator__name"]
    fields = ["download", "kind", "size", "sha256", "target", "uploaded_at", "uploaded_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Files that the person may see."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=visible_target_documents(request.user))

"""Reporting rounds in the admin, read-only: they are opened and moved on the review page, where the reason is asked."""

from __future__ import annotations

from django.contrib import admin

from indicators.models import ReportingRound
from regions.admin_base import HistoryAdmin, ReadOnlyAdmin


@admin.register(ReportingRound)
class ReportingRoundAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ["plan", "year", "deadline", "opened_by", "opened_at"]
    list_filter = [
        ("plan", admin.RelatedOnlyFieldListFilter),
        "year",
        ("plan__region", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["plan", "opened_by"]
    search_fields = ["plan__title", "plan__slug", "note"]
    date_hierarchy = "deadline"

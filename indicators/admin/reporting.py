"""Reporting rounds in the admin, read-only: they are opened and moved on the review page, where the reason is asked."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from indicators.models import ReportingRound
from regions.admin_base import ReferenceAdmin
from regions.permissions import may_use_admin


@admin.register(ReportingRound)
class ReportingRoundAdmin(ReferenceAdmin):
    list_display = ["plan", "year", "deadline", "opened_by", "opened_at"]
    list_filter = [
        ("plan", admin.RelatedOnlyFieldListFilter),
        "year",
        ("plan__region", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["plan", "opened_by"]
    search_fields = ["plan__title", "plan__slug", "note"]
    date_hierarchy = "deadline"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for everyone who uses the admin."""
        return may_use_admin(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

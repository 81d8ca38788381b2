"""Statements on measures in the admin, read-only: they are written and reviewed on pages of the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from indicators.models import MeasureReport
from indicators.permissions import answered_measures, visible_measure_reports
from regions.admin_base import HistoryAdmin
from regions.permissions import may_use_admin


@admin.register(MeasureReport)
class MeasureReportAdmin(HistoryAdmin):
    """Statements that the person may see, with their history."""

    list_display = ["measure", "plan", "year", "progress", "status", "submitted_by", "approved_at"]
    list_filter = [("measure__plan", admin.RelatedOnlyFieldListFilter), "year", "progress", "status"]
    list_select_related = ["measure__plan", "submitted_by"]
    search_fields = ["measure__code", "measure__title", "statement"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    fields = [
        "measure",
        "year",
        "progress",
        "statement",
        "problems",
        "next_step",
        "status",
        "submitted_at",
        "submitted_by",
        "review_comment",
        "approved_at",
        "approved_by",
    ]
    readonly_fields = fields

    @admin.display(description="规划", ordering="measure__plan")
    def plan(self, report: MeasureReport) -> str:
        """The plan that gives the measure."""
        return str(report.measure.plan)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Statements that the person may see."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=visible_measure_reports(request.user))

    def may_see_history(self, request: HttpRequest, obj: MeasureReport) -> bool:
        """Whoever states or reviews it: before it was approved it was a draft, and nobody else's business."""
        return answered_measures(request.user).filter(pk=obj.measure_id).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for everyone who uses the admin."""
        return may_use_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Everyone who uses the admin; the list holds what the person may see."""
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

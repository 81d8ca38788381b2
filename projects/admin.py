"""Project columns, key projects and progress in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from indicators.admin.imports import ImportAdmin, fields_with
from projects.models import (
    Deliverable,
    DeliveredQuantity,
    KeyProject,
    ProgressReport,
    ProjectColumn,
    ProjectGroup,
    ProjectResponsibility,
    ReportImport,
)
from regions.admin_base import ReferenceAdmin, ReferenceInline


class ProjectGroupInline(ReferenceInline):
    model = ProjectGroup


@admin.register(ProjectColumn)
class ProjectColumnAdmin(ReferenceAdmin):
    list_display = ["label", "title", "plan", "section"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan"]
    search_fields = ["label", "title", "plan__title"]
    autocomplete_fields = ["plan"]
    inlines = [ProjectGroupInline]


@admin.register(ProjectGroup)
class ProjectGroupAdmin(ReferenceAdmin):
    list_display = ["title", "label", "column", "plan"]
    list_filter = [("column__plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["column__plan"]
    search_fields = ["title", "column__title"]
    autocomplete_fields = ["column"]

    @admin.display(description="规划", ordering="column__plan")
    def plan(self, group: ProjectGroup) -> str:
        """The plan's title."""
        return group.column.plan.title


class DeliverableInline(ReferenceInline):
    model = Deliverable


class ProjectResponsibilityInline(ReferenceInline):
    model = ProjectResponsibility
    autocomplete_fields = ["department"]


@admin.register(KeyProject)
class KeyProjectAdmin(ReferenceAdmin):
    list_display = ["code", "name", "group", "kind", "shown_places"]
    list_filter = [("group__column__plan", admin.RelatedOnlyFieldListFilter), "kind"]
    list_select_related = ["group__column"]
    search_fields = ["code", "name", "location", "group__title"]
    autocomplete_fields = ["group", "places"]
    inlines = [DeliverableInline, ProjectResponsibilityInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Projects with their places, prefetched."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.prefetch_related("places")

    @admin.display(description="所在地区")
    def shown_places(self, project: KeyProject) -> str:
        """Names of the places."""
        return "、".join(place.name for place in project.places.all())


class DeliveredQuantityInline(ReferenceInline):
    model = DeliveredQuantity
    autocomplete_fields = ["deliverable"]


@admin.register(Deliverable)
class DeliverableAdmin(ReferenceAdmin):
    list_display = ["name", "quantity", "unit", "project"]
    list_filter = [("project__group__column__plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["name", "project__name", "project__code"]
    autocomplete_fields = ["project"]


@admin.register(ProgressReport)
class ProgressReportAdmin(ReferenceAdmin):
    list_display = ["project", "year", "quarter", "project_status", "status", "investment_paid"]
    list_filter = [
        "year",
        "status",
        "project_status",
        ("project__group__column__plan", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["project"]
    search_fields = ["project__name", "project__code"]
    autocomplete_fields = ["project"]
    inlines = [DeliveredQuantityInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Reports with the plan of their project, which the form checks the year against."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.select_related("project__group__column__plan")


@admin.register(ReportImport)
class ReportImportAdmin(ImportAdmin):
    fields = fields_with("year", "quarter")

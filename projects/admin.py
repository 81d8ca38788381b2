"""Project columns, key projects and progress in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from indicators.admin.evidence import StoredFileAdmin
from indicators.admin.imports import ImportAdmin, fields_with
from projects.models import (
    Deliverable,
    DeliverableAssessment,
    DeliveredQuantity,
    KeyProject,
    ProgressFile,
    ProgressReport,
    ProjectAssessment,
    ProjectColumn,
    ProjectGroup,
    ProjectProblem,
    ProjectResponsibility,
    ReportImport,
)
from projects.permissions import answered_projects, visible_progress_files, visible_reports
from regions.admin_base import HistoryAdmin, ReadOnlyAdmin, ReferenceAdmin, ReferenceInline


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
    autocomplete_fields = ["group", "places", "measures"]
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
    """The quantities of a report, to read."""

    model = DeliveredQuantity
    fields = ["deliverable", "quantity"]
    readonly_fields = ["deliverable", "quantity"]

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(Deliverable)
class DeliverableAdmin(ReferenceAdmin):
    list_display = ["name", "quantity", "unit", "project"]
    list_filter = [("project__group__column__plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["name", "project__name", "project__code"]
    autocomplete_fields = ["project"]


@admin.register(ProgressReport)
class ProgressReportAdmin(ReadOnlyAdmin, HistoryAdmin):
    """Reports that the person may see; 我的填报, the review and imports write them."""

    list_display = ["project", "year", "quarter", "project_status", "status", "investment_paid"]
    list_filter = [
        "year",
        "status",
        "project_status",
        ("project__group__column__plan", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["project"]
    search_fields = ["project__name", "project__code"]
    inlines = [DeliveredQuantityInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Reports that the person may see."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=visible_reports(request.user))

    def may_see_history(self, request: HttpRequest, obj: ProgressReport) -> bool:
        """Whoever reports on the project or reviews it: before it was approved a report was a draft."""
        return answered_projects(request.user).filter(pk=obj.project_id).exists()


@admin.register(ProgressFile)
class ProgressFileAdmin(StoredFileAdmin):
    """Photos that the person may see; the page of the report takes and removes them."""

    list_display = ["name", "project", "year", "quarter", "kind", "uploaded_by", "uploaded_at"]
    list_filter = [("project__group__column__plan", admin.RelatedOnlyFieldListFilter), "year"]
    list_select_related = ["project", "uploaded_by"]
    search_fields = ["name", "sha256", "project__code", "project__name"]
    fields = ["download", "kind", "size", "sha256", "project", "year", "quarter", "uploaded_at", "uploaded_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Files that the person may see."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(pk__in=visible_progress_files(request.user))


@admin.register(ProjectProblem)
class ProjectProblemAdmin(ReadOnlyAdmin, HistoryAdmin):
    """The ledger of problems; the portal's page keeps it."""

    list_display = ["description", "project", "owner", "deadline", "resolved_on"]
    list_filter = [("project__group__column__plan", admin.RelatedOnlyFieldListFilter), "deadline", "resolved_on"]
    list_select_related = ["project", "owner"]
    search_fields = ["description", "project__name", "project__code", "owner__name"]


@admin.register(ProjectAssessment)
class ProjectAssessmentAdmin(ReadOnlyAdmin):
    """Stored verdicts on projects: nobody edits them; `manage.py assess` judges anew."""

    list_display = ["project", "year", "verdict", "severity", "pace", "judged_at"]
    list_filter = [("project__group__column__plan", admin.RelatedOnlyFieldListFilter), "year", "verdict", "severity"]
    list_select_related = ["project"]
    search_fields = ["project__code", "project__name"]


@admin.register(DeliverableAssessment)
class DeliverableAssessmentAdmin(ReadOnlyAdmin):
    """Stored verdicts on deliverables, which decide those on projects."""

    list_display = ["deliverable", "year", "value", "verdict", "severity", "pace", "judged_at"]
    list_filter = [
        ("deliverable__project__group__column__plan", admin.RelatedOnlyFieldListFilter),
        "year",
        "verdict",
        "severity",
    ]
    list_select_related = ["deliverable"]
    search_fields = ["deliverable__name", "deliverable__project__code", "deliverable__project__name"]


@admin.register(ReportImport)
class ReportImportAdmin(ImportAdmin):
    fields = fields_with("year", "quarter")

"""What the admin classes of every application share: history, and permissions that come from roles, not from Django
groups."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from regions.permissions import is_administrator, may_use_admin


class ReferenceInline(admin.TabularInline[Any, Any]):
    """Rows that belong to a reference record and are changed with it, by administrators."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Anyone who uses the admin may read."""
        return may_use_admin(request.user)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators only."""
        return is_administrator(request.user)


class ReferenceAdmin(SimpleHistoryAdmin[Any]):
    """A reference table: everyone who uses the admin reads it, administrators keep it, and its history is shown."""

    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for those who keep it; others reach a record through what refers to it."""
        return self.has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Anyone who uses the admin may read."""
        return may_use_admin(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

"""What clients of the API handed in, read-only, for administrators."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from indicators.models import ValueSubmission
from regions.admin_base import ReadOnlyAdmin
from regions.permissions import is_administrator


@admin.register(ValueSubmission)
class ValueSubmissionAdmin(ReadOnlyAdmin):
    """Each request that wrote, with what was answered then; later changes are in the history of the values."""

    list_display = ["submitted_at", "submitted_by", "key", "as_draft"]
    list_filter = [("submitted_by", admin.RelatedOnlyFieldListFilter), "as_draft"]
    list_select_related = ["submitted_by"]
    search_fields = ["key", "submitted_by__full_name"]
    date_hierarchy = "submitted_at"
    fields = ["submitted_at", "submitted_by", "key", "as_draft", "recorded"]

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators: drafts of every plan are among it."""
        return is_administrator(request.user)

    @admin.display(description="提交的数值")
    def recorded(self, submission: Any) -> SafeString:
        """Each value as it was answered."""
        lines = [
            (each["indicator"], each["region"], each["year"], each["value"], each["status_label"])
            for each in json.loads(submission.answer)["values"]
        ]
        return format_html_join("", "<p>{} · {} · {} 年 · {} · {}</p>", lines)

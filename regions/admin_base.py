"""What the admin classes of every application share: history, and permissions that come from roles, not from Django
groups."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import BaseInlineFormSet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from regions.history import LONGEST_REASON
from regions.history_changes import ReadableChanges
from regions.permissions import is_administrator, may_use_admin


class RowFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Rows of a table; the box that deletes a row says so to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The row's fields, among them the box."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = "删除这一行"


class RowInline(admin.TabularInline[Any, Any]):
    """Rows on the page of the record that they belong to.

    The head of a column is no label, so every field carries its own. What a row names is chosen here and kept on its
    own page: no button in a row deletes a department.
    """

    formset = RowFormSet

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """The field with its label, without buttons that open the page of another record."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(field.label)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field


class ReferenceInline(RowInline):
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


class HistoryAdmin(SimpleHistoryAdmin[Any]):
    """A record's history can be read here and never written, by those who may see what it was before.

    simple-history's page of an old record saves it again on POST, past the form's rules and the service. Both its pages
    look past `get_queryset`.
    """

    def may_see_history(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the person sees every earlier state: that of a listed record, for administrators of any, deleted ones
        too. Records with drafts say more narrowly who. One query at most beside that of the role."""
        return is_administrator(request.user) or self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_view_history_or_change_history_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked by both pages of the history, with the record as it is or was."""
        allowed: bool = super().has_view_history_or_change_history_permission(request, obj)
        return allowed and (obj is None or self.may_see_history(request, obj))

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The old record, read-only."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied("修改记录只供查看，不能恢复或修改。")
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ReadableChanges:
        """What the history table says of a change."""
        return ReadableChanges(self.model, historical_record)


class ServiceAdmin(HistoryAdmin):
    """A table that is written through a service. The form asks the service's checks first; what changed in that very
    moment is refused by the service itself and said on the form's page. Deleting asks why, and `delete_model` hands the
    reason on."""

    delete_confirmation_template = "admin/delete_with_reason.html"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a late refusal becomes a message instead of an error page."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
            return redirect(request.get_full_path())
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The confirmation; what the service refuses is said there and nothing is deleted."""
        try:
            with transaction.atomic():
                response: HttpResponse = super().delete_view(
                    request, object_id, {"longest_reason": LONGEST_REASON, **(extra_context or {})}
                )
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
            return redirect(request.path)
        return response


class ReferenceAdmin(HistoryAdmin):
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


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """What is written elsewhere and only read here, by everyone who uses the admin. Stands before HistoryAdmin where
    history is kept."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for everyone who may read some of it."""
        return self.has_view_permission(request)

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

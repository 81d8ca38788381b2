"""Entry of yearly values in the admin, and the verdicts that follow, read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from indicators.display import show_value
from indicators.forms import YearlyValueForm
from indicators.models import Assessment, YearlyValue
from indicators.permissions import enterable_indicators, may_enter_value
from indicators.services.recording import record_value
from indicators.services.values import delete_value
from regions.admin_base import ReadOnlyAdmin, ServiceAdmin
from regions.permissions import may_use_admin


@admin.register(YearlyValue)
class YearlyValueAdmin(ServiceAdmin):
    """Staff see and enter the values that their departments lead; every save goes through the service."""

    form = YearlyValueForm
    list_display = ["indicator_name", "plan", "region", "year", "shown_value", "status", "source"]
    list_filter = [("indicator__plan", admin.RelatedOnlyFieldListFilter), "year", "status", "origin"]
    list_select_related = ["indicator__plan", "region"]
    search_fields = ["indicator__code", "indicator__name", "source"]
    autocomplete_fields = ["indicator", "region"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    fieldsets = [
        (None, {"fields": ["indicator", "region", "year", "value", "finding"]}),
        ("来源与说明", {"fields": ["source", "source_url", "note", "reason", "seen_revision"]}),
        ("状态", {"fields": ["status", "origin", "approved_at", "approved_by"]}),
    ]
    workflow_fields = ("status", "origin", "approved_at", "approved_by")

    def get_readonly_fields(self, request: HttpRequest, obj: YearlyValue | None = None) -> tuple[str, ...]:
        """Workflow fields always; indicator, region and year once the value exists."""
        return self.workflow_fields + (("indicator", "region", "year") if obj else ())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Values of indicators that the person may enter."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(indicator__in=enterable_indicators(request.user))

    def get_form(
        self, request: HttpRequest, obj: YearlyValue | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[YearlyValue]]:
        """The entry form, told who is typing."""
        form: type[ModelForm[YearlyValue]] = super().get_form(request, obj, change=change, **kwargs)
        setattr(form, "person", request.user)  # noqa: B010  declared by YearlyValueForm
        return form

    def save_model(self, request: HttpRequest, obj: YearlyValue, form: YearlyValueForm, change: bool) -> None:
        """Write through the service and take over what it stored."""
        stored = record_value(form.entry(), person=request.user, now=timezone.now())
        obj.__dict__.update(stored.__dict__)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a link to the form names; anything that is no indicator is passed over."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if not str(initial.get("indicator", "")).isdecimal():
            initial.pop("indicator", None)
        return initial

    def delete_model(self, request: HttpRequest, obj: YearlyValue) -> None:
        """Delete through the service, which keeps the reason and re-judges."""
        delete_value(obj, reason=request.POST.get("reason", ""), person=request.user, now=timezone.now())

    def response_post_save_add(self, request: HttpRequest, obj: YearlyValue) -> HttpResponse:
        """Back to the indicator's page, where the value stands beside its verdict."""
        return redirect(obj.get_absolute_url())

    def response_post_save_change(self, request: HttpRequest, obj: YearlyValue) -> HttpResponse:
        """Back to the indicator's page, where the value stands beside its verdict."""
        return redirect(obj.get_absolute_url())

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for everyone who uses the admin."""
        return may_use_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: YearlyValue | None = None) -> bool:
        """Values in the person's scope; the list itself for everyone who uses the admin."""
        return self._allowed(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has at least one indicator to enter."""
        return may_use_admin(request.user) and enterable_indicators(request.user).exists()

    def has_change_permission(self, request: HttpRequest, obj: YearlyValue | None = None) -> bool:
        """Values of indicators that the person may enter."""
        return self._allowed(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: YearlyValue | None = None) -> bool:
        """Values of indicators that the person may enter."""
        return self._allowed(request, obj)

    def may_see_history(self, request: HttpRequest, obj: YearlyValue) -> bool:
        """Whoever may enter the value, of deleted ones too."""
        return self._allowed(request, obj)

    def _allowed(self, request: HttpRequest, obj: YearlyValue | None) -> bool:
        return may_use_admin(request.user) and (obj is None or may_enter_value(request.user, obj.indicator))

    @admin.display(description="指标", ordering="indicator__position")
    def indicator_name(self, record: YearlyValue) -> str:
        """The indicator's name."""
        return record.indicator.name

    @admin.display(description="规划", ordering="indicator__plan")
    def plan(self, record: YearlyValue) -> str:
        """The plan's title."""
        return record.indicator.plan.title

    @admin.display(description="数值", ordering="value")
    def shown_value(self, record: YearlyValue) -> str:
        """The value with its unit, grade or finding."""
        return show_value(record.indicator, record.value, record.finding)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    """Stored verdicts: nobody edits them; `manage.py assess` judges anew."""

    list_display = ["indicator_name", "region", "year", "verdict", "severity", "pace", "judged_at"]
    list_filter = [("indicator__plan", admin.RelatedOnlyFieldListFilter), "year", "verdict", "severity"]
    list_select_related = ["indicator", "region"]
    search_fields = ["indicator__code", "indicator__name"]

    @admin.display(description="指标", ordering="indicator__position")
    def indicator_name(self, assessment: Assessment) -> str:
        """The indicator's name."""
        return assessment.indicator.name

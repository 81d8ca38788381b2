"""Plans, indicators, targets and measures in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from indicators.forms import BaselineForm, TargetForm
from indicators.models import (
    Baseline,
    Category,
    Indicator,
    Measure,
    MeasureResponsibility,
    Mention,
    Plan,
    Responsibility,
    Target,
    Topic,
)
from indicators.permissions import enterable_indicators, may_review, may_review_any, reviewed_plans
from indicators.services.targets import delete_version, rejudge_after_change, save_version
from indicators.targets import TargetRule
from regions.admin_base import ReferenceAdmin, ReferenceInline, ServiceAdmin
from regions.permissions import may_use_admin


@admin.register(Topic)
class TopicAdmin(ReferenceAdmin):
    list_display = ["name", "key", "unit", "domain", "indicators"]
    list_filter = ["domain"]
    search_fields = ["name", "key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Topics with the number of indicators of each."""
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(indicator_count=Count("indicators"))
        return queryset

    @admin.display(description="指标数", ordering="indicator_count")
    def indicators(self, topic: Any) -> int:
        """How many indicators of all plans measure it."""
        return int(topic.indicator_count)


class CategoryInline(ReferenceInline):
    model = Category


@admin.register(Plan)
class PlanAdmin(ReferenceAdmin):
    list_display = ["title", "region", "stage", "period_start", "period_end", "target_year", "review_required"]
    list_filter = ["stage", ("region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["title", "slug"]
    autocomplete_fields = ["region", "coordinating_department"]
    inlines = [CategoryInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The plan's settings decide verdicts: judge anew."""
        super().save_related(request, form, formsets, change)
        rejudge_after_change(form.instance, now=timezone.now())


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    list_display = ["name", "plan", "origin", "declared_count", "position"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter), "origin"]
    list_select_related = ["plan"]
    search_fields = ["name", "label", "plan__title"]
    autocomplete_fields = ["plan"]


class ResponsibilityInline(ReferenceInline):
    """Who answers, read-only: departments are assigned on the page of the indicator's departments, where the reason is
    asked."""

    model = Responsibility

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class MentionInline(ReferenceInline):
    model = Mention


@admin.register(Indicator)
class IndicatorAdmin(ReferenceAdmin):
    list_display = ["code", "name", "unit", "plan", "category", "constraint", "origin"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter), "constraint", "origin", "value_type", "measure"]
    list_select_related = ["plan", "category"]
    search_fields = ["code", "name", "topic__name"]
    autocomplete_fields = ["plan", "category", "parent", "topic"]
    inlines = [ResponsibilityInline, MentionInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Indicator], search_term: str
    ) -> tuple[QuerySet[Indicator], bool]:
        """The indicator boxes of values and targets offer only what the person may write."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        asking = request.GET.get("model_name")
        if asking == "yearlyvalue":
            found = found.filter(pk__in=enterable_indicators(request.user))
        elif asking in ("target", "baseline"):
            found = found.filter(plan__in=reviewed_plans(request.user))
        return found, duplicates

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An indicator stays in its plan and family."""
        return ("plan", "parent") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: what was committed to stays on record."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The definition decides verdicts: judge anew."""
        super().save_related(request, form, formsets, change)
        rejudge_after_change(form.instance, now=timezone.now())


class VersionAdmin(ServiceAdmin):
    """Baselines and targets: kept by the plan's reviewers and by administrators, written through the service."""

    list_filter = [("indicator__plan", admin.RelatedOnlyFieldListFilter), "year"]
    list_select_related = ["indicator", "region"]
    search_fields = ["indicator__code", "indicator__name"]
    autocomplete_fields = ["indicator", "region"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    fixed_fields = ("indicator", "region", "year", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a version is about cannot be changed once it is stored."""
        return self.fixed_fields if obj else ("version",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who is typing."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user
        return form

    @admin.display(description="指标", ordering="indicator__position")
    def indicator_name(self, version: Any) -> str:
        """Code and name of the indicator."""
        return str(version.indicator)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write through the service, which keeps the old version and re-judges."""
        save_version(obj, person=request.user, now=timezone.now(), chosen=form.chosen_words())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service, which keeps the reason and re-judges."""
        delete_version(obj, reason=request.POST.get("reason", ""), person=request.user, now=timezone.now())

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Listed for reviewers and administrators."""
        return self._keeps(request, None)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Anyone who uses the admin may read."""
        return may_use_admin(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reviewers and administrators; the form checks the plan."""
        return self._keeps(request, None)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Reviewers of the plan and administrators."""
        return self._keeps(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Reviewers of the plan and administrators."""
        return self._keeps(request, obj)

    def _keeps(self, request: HttpRequest, obj: Any) -> bool:
        if not may_use_admin(request.user):
            return False
        return may_review_any(request.user) if obj is None else may_review(request.user, obj.indicator.plan)


@admin.register(Baseline)
class BaselineAdmin(VersionAdmin):
    """Baselines by indicator, newest version first."""

    form = BaselineForm
    list_display = ["indicator_name", "region", "year", "text", "value", "source", "version"]


@admin.register(Target)
class TargetAdmin(VersionAdmin):
    """Targets by indicator and year, newest version first, with what the portal understood."""

    form = TargetForm
    list_display = ["indicator_name", "region", "year", "wording", "assigned_value", "rule_by_hand", "version"]
    fields = [
        "indicator",
        "region",
        "year",
        "wording",
        "understood_as",
        "chosen",
        "assigned_value",
        "document",
        "effective_on",
        "note",
        "version",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """As for every version, and the understood rule in words."""
        return (*super().get_readonly_fields(request, obj), "understood_as")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who only reads is not asked what the wording means."""
        fields: list[str] = list(super().get_fields(request, obj))
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "chosen"]

    @admin.display(description="系统理解为")
    def understood_as(self, target: Target) -> str:
        """The rule in Chinese, and whether a person chose it."""
        if not target.rule:
            return "保存后显示"
        words = TargetRule.from_json(target.rule).describe()
        return f"{words}（人工确定）" if target.rule_by_hand else words


class MeasureResponsibilityInline(ReferenceInline):
    model = MeasureResponsibility
    autocomplete_fields = ["department"]


@admin.register(Measure)
class MeasureAdmin(ReferenceAdmin):
    list_display = ["code", "title", "plan", "chapter", "section", "deadline"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan"]
    search_fields = ["code", "title", "chapter", "section"]
    autocomplete_fields = ["plan", "indicators"]
    inlines = [MeasureResponsibilityInline]

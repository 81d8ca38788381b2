"""Places, departments and memberships in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from regions.admin_base import ReferenceAdmin, ReferenceInline
from regions.models import Department, DepartmentAlias, Membership, Region
from regions.permissions import is_administrator


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ["name", "slug", "level", "parent", "division_code"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug", "division_code"]
    autocomplete_fields = ["parent"]


class DepartmentAliasInline(ReferenceInline):
    model = DepartmentAlias


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    list_display = ["name", "region", "kind", "people"]
    list_filter = ["kind", ("region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["name", "code", "aliases__name"]
    autocomplete_fields = ["region"]
    inlines = [DepartmentAliasInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Departments with the number of people in each, counted in the same query."""
        people = Count("memberships", distinct=True)
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(people_count=people)
        return queryset

    @admin.display(description="人员", ordering="people_count")
    def people(self, department: Any) -> int:
        """How many people belong to the department."""
        return int(department.people_count)


@admin.register(Membership)
class MembershipAdmin(ReferenceAdmin):
    list_display = ["user", "department", "region", "role"]
    list_filter = ["role", ("department__region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "department__region"]
    search_fields = ["user__username", "user__full_name", "department__name"]
    autocomplete_fields = ["user", "department"]

    @admin.display(description="地区", ordering="department__region")
    def region(self, membership: Membership) -> str:
        """The region of the department."""
        return membership.department.region.name

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who belongs where is for administrators."""
        return is_administrator(request.user)

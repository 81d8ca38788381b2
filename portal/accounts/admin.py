"""Accounts in the admin: administrators only; people are deactivated, never deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from portal.accounts.models import User
from regions.models import Membership

admin.site.unregister(Group)


class MembershipInline(admin.TabularInline[Membership, User]):
    model = Membership
    extra = 1
    autocomplete_fields = ["department"]


@admin.register(User)
class PersonAdmin(SimpleHistoryAdmin[User], UserAdmin[User]):
    list_display = ["username", "full_name", "departments", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "memberships__role"]
    search_fields = ["username", "full_name", "memberships__department__name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "full_name", "email"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("时间", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "full_name", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        """People with their departments, prefetched."""
        return super().get_queryset(request).prefetch_related("memberships__department")

    @admin.display(description="部门")
    def departments(self, user: User) -> str:
        """Department and role of each membership."""
        return "、".join(f"{each.department.name}（{each.get_role_display()}）" for each in user.memberships.all())

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: who leaves is deactivated and stays in the history."""
        return False

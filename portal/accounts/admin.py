"""Accounts and the sign-in log in the admin: administrators only; people are deactivated, never deleted, and the log is
only read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from portal.accounts.forms import ResetPasswordForm
from portal.accounts.lockout import locks_of, unlock
from portal.accounts.models import SignInRecord, User
from portal.accounts.role_history import role_changes
from regions.admin_base import HistoryAdmin, ReadOnlyAdmin, RowInline
from regions.models import Membership
from regions.permissions import is_administrator

admin.site.unregister(Group)


class MembershipInline(RowInline):
    model = Membership
    extra = 1
    autocomplete_fields = ["department"]


@admin.register(User)
class PersonAdmin(HistoryAdmin, UserAdmin[User]):
    list_display = ["username", "full_name", "departments", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "is_service_account", "memberships__role"]
    search_fields = ["username", "full_name", "memberships__department__name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "full_name", "email"]}),
        ("权限", {"fields": ["is_active", "is_superuser", "changes"]}),
        ("登录", {"fields": ["must_change_password", "lock", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "full_name", "password1", "password2"]})]
    readonly_fields = ["changes", "lock", "last_login", "date_joined"]
    object_history_template = "admin/accounts/history.html"
    change_password_form = ResetPasswordForm
    change_user_password_template = "admin/accounts/user/password.html"  # noqa: S105  a template
    actions = ["unlock"]
    filter_horizontal = []
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        """People with their departments, prefetched."""
        return super().get_queryset(request).prefetch_related("memberships__department")

    @admin.display(description="部门")
    def departments(self, user: User) -> str:
        """Department and role of each membership."""
        return "、".join(f"{each.department.name}（{each.get_role_display()}）" for each in user.memberships.all())

    @admin.display(description="变更记录")
    def changes(self, user: User) -> str:
        """The way to who gave this person which role, and when."""
        address = reverse("admin:accounts_user_history", args=[user.pk])
        return format_html('<a href="{}">查看部门、角色和账号的变更记录</a>', address)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The account's history below that of its departments and roles. One query more."""
        person = self.get_object(request, unquote(object_id))
        found = {"role_changes": role_changes(person) if person else []}
        response: HttpResponse = super().history_view(request, object_id, found | (extra_context or {}))
        return response

    @admin.display(description="登录锁定")
    def lock(self, user: User) -> str:
        """From where and until when the account is locked after wrong passwords. One query."""
        ends = locks_of(user.username)
        if not ends:
            return "未锁定"
        return "；".join(
            f"从 {address or '未知地址'} 登录已锁定至 {timezone.localtime(end):%H:%M}" for address, end in ends.items()
        )

    @admin.action(description="解除登录锁定", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let the chosen people sign in again at once; the admin's log says who allowed it."""
        found = unlock(queryset.values_list("username", flat=True))
        for user in queryset.filter(username__in=found):
            self.log_change(request, user, "解除登录锁定")
        if found:
            messages.success(request, f"已解除 {len(found)} 个账号的登录锁定，现在可以重新登录。")
        else:
            messages.info(request, "所选账号没有被锁定，也没有输错密码的记录。")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """A new person replaces the first password, which the administrator knows."""
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Reset somebody's password; the own one is changed where everybody changes it."""
        if id == str(request.user.pk):
            return redirect("password")
        if User.objects.filter(pk=unquote(id), is_service_account=True).exists():
            messages.error(request, "接口账号没有密码，不能登录。请在“接口客户端”中管理它的令牌。")
            return redirect("admin:accounts_user_change", id)
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: who leaves is deactivated and stays in the history."""
        return False


@admin.register(SignInRecord)
class SignInRecordAdmin(ReadOnlyAdmin):
    """The sign-in log: administrators read it, nobody writes it."""

    list_display = ["at", "account", "user", "outcome", "address", "browser"]
    list_filter = ["outcome", "at"]
    list_select_related = ["user"]
    search_fields = ["account", "user__full_name", "address", "browser"]
    date_hierarchy = "at"

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators."""
        return is_administrator(request.user)

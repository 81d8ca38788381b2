"""Clients of the API and their tokens in the admin: administrators only. A token is shown once, when it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_variables

from portal.api.clients import DEFAULT_DAYS, LONGEST_DAYS, Scope, issue_token, revoke_tokens, save_client
from portal.api.models import AccessToken, ApiClient
from regions.admin_base import HistoryAdmin, ReadOnlyAdmin
from regions.models import Department, Membership
from regions.permissions import is_administrator


class ClientForm(forms.ModelForm[ApiClient]):
    """A client with its scope and the departments that it submits for."""

    departments = forms.ModelMultipleChoiceField(
        Department.objects.select_related("region"),
        required=False,
        label="填报部门",
        help_text="客户端以这些部门的身份提交数值，只能提交它们牵头的指标；在部门人员中记为“填报”。",
        widget=AutocompleteSelectMultiple(Membership._meta.get_field("department"), admin.site),
    )

    class Meta:
        model = ApiClient
        fields = ["name", "contact", "is_active", "all_plans", "plans", "may_submit", "rate_per_minute"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["departments"] = Department.objects.filter(memberships__user=self.instance.account_id)

    def clean(self) -> dict[str, Any]:
        """What the fields say together is a scope."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.scope().check()
        return cleaned

    def scope(self) -> Scope:
        """What the client may do."""
        return Scope(
            plans=list(self.cleaned_data["plans"]),
            all_plans=self.cleaned_data["all_plans"],
            may_submit=self.cleaned_data["may_submit"],
            departments=list(self.cleaned_data["departments"]),
        )


class AdministratorsOnly(admin.ModelAdmin[Any]):
    """Seen and kept by administrators; nothing is deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators."""
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Administrators."""
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: a client is deactivated, a token revoked, and both stay in the history."""
        return False


@admin.register(ApiClient)
class ApiClientAdmin(AdministratorsOnly, HistoryAdmin):
    """Clients; every save goes through `save_client`."""

    form = ClientForm
    list_display = ["name", "scope", "may_submit", "rate_per_minute", "valid_tokens", "last_use", "is_active"]
    list_filter = ["is_active", "may_submit"]
    search_fields = ["name", "contact"]
    autocomplete_fields = ["plans"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    readonly_fields = ["tokens"]
    fieldsets = [
        (None, {"fields": ["name", "contact", "is_active", "tokens"]}),
        ("读取", {"fields": ["all_plans", "plans", "rate_per_minute"]}),
        ("提交", {"fields": ["may_submit", "departments"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Clients with their plans (prefetched), the number of valid tokens and the last use."""
        valid = Q(tokens__revoked_at=None, tokens__expires_at__gt=timezone.now())
        queryset: QuerySet[Any] = super().get_queryset(request).prefetch_related("plans")
        annotated: QuerySet[Any] = queryset.annotate(
            token_count=Count("tokens", filter=valid, distinct=True), used_at=Max("tokens__last_used_at")
        )
        return annotated

    def get_form(self, request: HttpRequest, obj: ApiClient | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; plans are chosen here and made on a page of their own."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.base_fields["plans"].widget.can_add_related = False
        return form

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        """Client, account, scope and departments together."""
        save_client(obj, form.scope(), person=request.user)

    @admin.display(description="可读规划")
    def scope(self, client: ApiClient) -> str:
        """The plans by their names."""
        return "全部规划" if client.all_plans else "、".join(plan.title for plan in client.plans.all())

    @admin.display(description="有效令牌", ordering="token_count")
    def valid_tokens(self, client: Any) -> int:
        """How many tokens open the API now."""
        return int(client.token_count)

    @admin.display(description="最近使用", ordering="used_at")
    def last_use(self, client: Any) -> Any:
        """The last use of any of its tokens."""
        return client.used_at

    @admin.display(description="访问令牌")
    def tokens(self, client: ApiClient) -> str:
        """The way to the client's tokens and to a new one."""
        if client.pk is None:
            return "保存后可以生成"
        address = "admin:api_accesstoken_"
        return format_html(
            '<a href="{}?client__id__exact={}">查看令牌</a> · <a href="{}?client={}">生成新令牌</a>',
            reverse(f"{address}changelist"),
            client.pk,
            reverse(f"{address}add"),
            client.pk,
        )


class TokenForm(forms.Form):
    """For whom, and for how long."""

    client = forms.ModelChoiceField(ApiClient.objects.filter(is_active=True), label="接口客户端")
    days = forms.IntegerField(
        label="有效天数",
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=DEFAULT_DAYS,
        help_text=f"最长 {LONGEST_DAYS} 天。到期前请生成新令牌，对方换用后再停用旧的。",
    )


@admin.register(AccessToken)
class AccessTokenAdmin(AdministratorsOnly, ReadOnlyAdmin):
    """Tokens: made, looked at and revoked. What is stored does not tell the token."""

    list_display = [
        "start",
        "client",
        "standing",
        "created_at",
        "created_by",
        "expires_at",
        "last_used_at",
        "last_used_address",
        "revoked_at",
    ]
    list_filter = [("client", admin.RelatedOnlyFieldListFilter), ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "created_by"]
    search_fields = ["client__name", "start"]
    fields = [
        "start",
        "client",
        "standing",
        ("created_at", "created_by"),
        "expires_at",
        ("last_used_at", "last_used_address"),
        ("revoked_at", "revoked_by"),
    ]
    actions = ["revoke"]  # type: ignore[assignment]  # the base has none

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody changes a token."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return is_administrator(request.user)

    @admin.display(description="状态")
    def standing(self, token: AccessToken) -> str:
        """Valid, expired or revoked."""
        return token.state().label

    @admin.action(description="停用所选令牌（立即生效，不能恢复）", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> HttpResponse | None:
        """Ask, since it cannot be undone; then close the API to the chosen tokens. The admin's log says who did."""
        tokens = list(queryset.filter(revoked_at=None))
        if not tokens:
            messages.info(request, "所选令牌都已经停用。")
            return None
        if "confirmed" not in request.POST:
            context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "停用访问令牌"}
            context |= {"tokens": tokens, "checkbox_name": ACTION_CHECKBOX_NAME}
            return TemplateResponse(request, "admin/api/revoke_tokens.html", context)
        revoke_tokens(tokens, now=timezone.now(), person=request.user)
        for token in tokens:
            self.log_change(request, token, "停用")
        messages.success(request, f"已停用 {len(tokens)} 个令牌，使用它们的请求从现在起被拒绝。")
        return None

    @sensitive_variables("secret", "context")
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form; when it is filled, the new token instead, on a page that nothing keeps."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TokenForm(request.POST or None, initial={"client": request.GET.get("client")})
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "生成访问令牌", "form": form}
        if form.is_valid():
            try:
                token, secret = issue_token(
                    form.cleaned_data["client"],
                    now=timezone.now(),
                    person=request.user,
                    days=form.cleaned_data["days"],
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_addition(request, token, "生成")
                context |= {"token": token, "secret": secret, "title": "新的访问令牌"}
                shown = TemplateResponse(request, "admin/api/new_token.html", context)
                add_never_cache_headers(shown)
                return shown.render()
        return TemplateResponse(request, "admin/api/token_form.html", context)

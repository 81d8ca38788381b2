"""The admin site: Chinese titles, roles instead of Django's staff flag, and one sign-in page for the whole portal."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from indicators.models import Indicator
from regions.models import Department
from regions.permissions import may_use_admin


class PortalAdminSite(admin.AdminSite):
    """Staff enter values and administrators keep reference data here; the permission module decides who may what."""

    site_header = "规划指标跟踪门户"
    site_title = "规划指标跟踪门户"
    index_title = "数据管理"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a role that works here. One query a request."""
        return may_use_admin(request.user)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send to the portal's sign-in page, or on to where somebody who is signed in may go."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            messages.warning(request, "您的账号没有数据填报权限。如需开通，请联系管理员。")
            return redirect("overview")
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send to the portal's own page, the only one that changes the own password."""
        return redirect("password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Choices that can be told apart."""
        return DistinctChoices.as_view(admin_site=self)(request)


class DistinctChoices(AutocompleteJsonView):
    """Every city has a 市水利局, and every plan a PM2.5: a choice says which one it is."""

    def get_queryset(self) -> Any:
        """The choices with what their labels say, in the same query."""
        related = {Department: ["region"], Indicator: ["plan__region"]}.get(self.model_admin.model, [])
        queryset = super().get_queryset()
        return queryset.select_related(*related) if related else queryset

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """A department with its region; an indicator with its unit, region and code."""
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Department):
            result["text"] = f"{obj.name}（{obj.region.name}）"
        elif isinstance(obj, Indicator):
            unit = f"，{obj.unit}" if obj.unit else ""
            result["text"] = f"{obj.name}（{obj.plan.region.name}{unit}，{obj.code}）"
        return result

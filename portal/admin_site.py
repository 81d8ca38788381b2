"""The admin site: Chinese titles, and one sign-in page for the whole portal."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class PortalAdminSite(admin.AdminSite):
    """Staff enter values and administrators keep reference data here; the permission module decides who may what."""

    site_header = "规划指标跟踪门户"
    site_title = "规划指标跟踪门户"
    index_title = "数据填报与管理"

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send to the portal's sign-in page; somebody signed in without access to the admin is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            messages.warning(request, "您的账号没有数据填报权限。如需开通，请联系管理员。")
            return redirect("overview")
        return redirect_to_login(request.GET.get("next", request.get_full_path()))

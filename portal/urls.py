"""Addresses of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from portal.accounts.views import PasswordView, SignInView
from portal.health import healthz

handler400 = "portal.api.unknown.bad_request"
handler500 = "portal.api.unknown.server_error"

urlpatterns = [
    path("healthz", login_not_required(healthz), name="healthz"),
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", login_not_required(auth_views.LogoutView.as_view()), name="logout"),
    path("password/", PasswordView.as_view(), name="password"),
    path("admin/", admin.site.urls),
    path("api/", include("portal.api.urls")),
    path("", include("indicators.entry.urls")),
    path("", include("indicators.evidence.urls")),
    path("", include("indicators.imports.urls")),
    path("", include("indicators.measure_reports.urls")),
    path("", include("indicators.new_plan.urls")),
    path("", include("indicators.review.urls")),
    path("", include("projects.ledger.urls")),
    path("", include("projects.entry.urls")),
    path("", include("projects.review.urls")),
    path("", include("projects.imports.urls")),
    path("", include("projects.reports.urls")),
    path("", include("portal.dashboards.urls")),
]

"""Addresses of the API."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from indicators.api import submissions
from indicators.api.views import PlanEndpoint
from portal.api.unknown import UnknownAddress

router = SimpleRouter()
router.register("plans", PlanEndpoint, basename="api-plans")

urlpatterns = [
    path("v1/", include(submissions.urlpatterns)),  # before the single values, whose keys would match
    path("v1/", include(router.urls)),
    re_path("", UnknownAddress.as_view()),
]

"""Addresses of the API."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from indicators.api import submissions
from indicators.api.indicators import IndicatorEndpoint
from indicators.api.measures import MeasureEndpoint
from indicators.api.plans import DepartmentEndpoint, PlanEndpoint, TopicEndpoint
from indicators.api.status import StatusEndpoint, SummaryEndpoint
from indicators.api.values import ValueEndpoint
from portal.api.documents import DocumentsView, SchemaView
from portal.api.guide import guide
from portal.api.unknown import UnknownAddress
from projects.api.projects import ProjectEndpoint
from regions.api.places import RegionEndpoint

#: Records that have no code of their own.
YEAR = r"(?P<indicator>[-a-zA-Z0-9_]+)/(?P<region>[-a-zA-Z0-9_]+)/(?P<year>[0-9]{4})/$"

router = SimpleRouter()
router.register("plans", PlanEndpoint, basename="api-plans")
router.register("indicators", IndicatorEndpoint, basename="api-indicators")
router.register("projects", ProjectEndpoint, basename="api-projects")
router.register("measures", MeasureEndpoint, basename="api-measures")
router.register("departments", DepartmentEndpoint, basename="api-departments")
router.register("regions", RegionEndpoint, basename="api-regions")
router.register("topics", TopicEndpoint, basename="api-topics")

endpoints = [
    *router.urls,
    *submissions.urlpatterns,
    path("values/", ValueEndpoint.as_view({"get": "list"}), name="api-values"),
    re_path(f"^values/{YEAR}", ValueEndpoint.as_view({"get": "retrieve"}), name="api-value"),
    path("status/", StatusEndpoint.as_view({"get": "list"}), name="api-status"),
    path("status/summary/", SummaryEndpoint.as_view({"get": "list"}), name="api-status-summary"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocumentsView.as_view(url_name="api-schema"), name="api-docs"),
    re_path(f"^status/{YEAR}", StatusEndpoint.as_view({"get": "retrieve"}), name="api-status-detail"),
]

urlpatterns = [
    path("guide/", guide, name="api-guide"),
    path("v1/", include(endpoints)),
    re_path("", UnknownAddress.as_view()),
]

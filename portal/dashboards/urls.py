"""Addresses of the public pages."""

from django.urls import path

from portal.dashboards import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("screen/", views.screen, name="screen"),
    path("plans/<slug:slug>/", views.plan, name="plan"),
    path("plans/<slug:slug>/years/", views.plan_years, name="plan_years"),
    path("plans/<slug:slug>/projects/", views.project_columns, name="project_columns"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:key>/", views.topic, name="topic"),
    path("indicators/<slug:code>/", views.indicator, name="indicator"),
    path("departments/", views.departments, name="departments"),
    path("departments/<slug:code>/", views.department, name="department"),
]

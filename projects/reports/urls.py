"""The address of the list of progress reports."""

from django.urls import path

from projects.reports import views

urlpatterns = [
    path("plans/<slug:slug>/projects/reports/", views.project_reports, name="project_reports"),
]

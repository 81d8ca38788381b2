"""Addresses of the import of progress reports."""

from django.urls import path

from projects.imports import views

urlpatterns = [
    path("entry/<slug:slug>/<int:year>/projects/import/", views.start_import, name="entry_report_import"),
    path("entry/<slug:slug>/<int:year>/projects/template/", views.template, name="entry_report_template"),
    path("imports/projects/<int:pk>/", views.report_import, name="report_import"),
    path("imports/projects/<int:pk>/problems.xlsx", views.problems_file, name="report_import_problems"),
]

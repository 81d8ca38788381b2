"""Addresses of the projects' part of 我的填报, and of the files that belong to reports."""

from django.urls import path

from projects.entry import downloads, views

urlpatterns = [
    path("entry/<slug:slug>/<int:year>/projects/", views.entry_projects, name="entry_projects"),
    path("entry/projects/<slug:code>/<int:year>/<int:quarter>/", views.entry_report, name="entry_report"),
    path("projects/files/<int:pk>/", downloads.progress_file, name="progress_file"),
]

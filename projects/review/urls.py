"""Addresses of the review of progress reports."""

from django.urls import path

from projects.review import department_views, views

urlpatterns = [
    path(
        "review/projects/<slug:code>/departments/",
        department_views.review_project_departments,
        name="review_project_departments",
    ),
    path("review/<slug:slug>/<int:year>/projects/", views.review_reports, name="review_reports"),
]

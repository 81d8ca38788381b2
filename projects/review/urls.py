"""Addresses of the review of progress reports."""

from django.urls import path

from projects.review import views

urlpatterns = [
    path("review/<slug:slug>/<int:year>/projects/", views.review_reports, name="review_reports"),
]

"""Addresses of the reviewers' workspace."""

from django.urls import path

from indicators.review import target_views, views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/<slug:slug>/<int:year>/", views.review_queue, name="review_queue"),
    path("indicators/<slug:code>/targets/", target_views.indicator_targets, name="indicator_targets"),
]

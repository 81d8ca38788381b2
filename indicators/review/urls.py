"""Addresses of the reviewers' workspace."""

from django.urls import path

from indicators.review import department_views, target_views, views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/<slug:slug>/<int:year>/", views.review_queue, name="review_queue"),
    path("review/indicators/<slug:code>/departments/", department_views.review_departments, name="review_departments"),
    path("indicators/<slug:code>/targets/", target_views.indicator_targets, name="indicator_targets"),
]

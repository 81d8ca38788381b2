"""Addresses of the reviewers' workspace."""

from django.urls import path

from indicators.review import department_views, measure_views, target_views, views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/<slug:slug>/<int:year>/", views.review_queue, name="review_queue"),
    path("review/indicators/<slug:code>/departments/", department_views.review_departments, name="review_departments"),
    path("review/measures/<slug:code>/", measure_views.review_measure, name="review_measure"),
    path("indicators/<slug:code>/targets/", target_views.indicator_targets, name="indicator_targets"),
]

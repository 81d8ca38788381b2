"""Addresses of the statements on measures."""

from django.urls import path

from indicators.measure_reports import review_views, views

urlpatterns = [
    path("entry/<slug:slug>/<int:year>/measures/", views.entry_measures, name="entry_measures"),
    path("entry/measures/<slug:code>/<int:year>/", views.entry_measure, name="entry_measure"),
    path("review/<slug:slug>/<int:year>/measures/", review_views.review_measures, name="review_measures"),
]

"""Addresses of the import of yearly values."""

from django.urls import path

from indicators.imports import views

urlpatterns = [
    path("entry/<slug:slug>/import/", views.start_import, name="entry_import"),
    path("entry/<slug:slug>/template/", views.template, name="entry_template"),
    path("imports/<int:pk>/", views.value_import, name="value_import"),
    path("imports/<int:pk>/problems.xlsx", views.problems_file, name="value_import_problems"),
]

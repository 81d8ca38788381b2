"""Addresses on which the ledger of problems is written."""

from django.urls import path

from projects.ledger import views

urlpatterns = [
    path("projects/<slug:code>/problems/", views.raise_problem, name="raise_problem"),
    path("problems/<int:pk>/", views.problem, name="problem"),
]

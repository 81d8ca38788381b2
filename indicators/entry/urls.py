"""Addresses of 我的填报."""

from django.urls import path

from indicators.entry import views

urlpatterns = [
    path("entry/", views.entry, name="entry"),
    path("entry/<slug:slug>/<int:year>/", views.entry_sheet, name="entry_sheet"),
    path("entry/<slug:slug>/<int:year>/check/", views.entry_check, name="entry_check"),
]

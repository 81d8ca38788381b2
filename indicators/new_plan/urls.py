"""The address of the page that creates a plan; it stands before the plans' own addresses."""

from django.urls import path

from indicators.new_plan import views

urlpatterns = [path("plans/new/", views.new_plan, name="new_plan")]

"""Addresses of the public pages."""

from django.urls import path

from portal.dashboards import duty_views, evaluation_views, project_views, views
from portal.dashboards.plan.evaluation import Evaluation

urlpatterns = [
    path("", views.overview, name="overview"),
    path("screen/", views.screen, name="screen"),
    path("plans/<slug:slug>/", views.plan, name="plan"),
    path("plans/<slug:slug>/years/", views.plan_years, name="plan_years"),
    path(
        "plans/<slug:slug>/midterm/",
        evaluation_views.plan_evaluation,
        {"evaluation": Evaluation.MIDTERM},
        name="plan_midterm",
    ),
    path(
        "plans/<slug:slug>/final/",
        evaluation_views.plan_evaluation,
        {"evaluation": Evaluation.FINAL},
        name="plan_final",
    ),
    path("plans/<slug:slug>/projects/", views.project_columns, name="project_columns"),
    path("compare/", views.compare, name="compare"),
    path("compare/<slug:key>/", views.topic, name="topic"),
    path("projects/", project_views.works, name="works"),
    path("projects/<slug:code>/", project_views.project, name="project"),
    path("problems/", project_views.problems, name="problems"),
    path("plans/<slug:slug>/duties/", duty_views.plan_duties, name="plan_duties"),
    path("plans/<slug:slug>/measures/", duty_views.plan_measures, name="plan_measures"),
    path("indicators/<slug:code>/", views.indicator, name="indicator"),
    path("departments/", views.departments, name="departments"),
    path("departments/<slug:code>/", views.department, name="department"),
    path("departments/<slug:code>/duties/", views.department_duties, name="department_duties"),
]

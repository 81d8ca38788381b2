"""The pages of a plan's mid-term and final evaluation."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.downloads import asked_kind, download
from portal.dashboards.exports.evaluation import evaluation_export
from portal.dashboards.plan.evaluation import Evaluation, evaluation_page
from portal.dashboards.views import find_plan


@require_safe
def plan_evaluation(request: HttpRequest, slug: str, evaluation: Evaluation) -> HttpResponseBase:
    """Every indicator of the plan in the year that is evaluated, with its two fixed comparisons."""
    plan = find_plan(slug)
    year = evaluation.year_of(plan)
    if year is None:
        raise Http404("这份规划的规划期不足三年，没有中期评估。请看期末评估。")
    page = evaluation_page(plan, evaluation, year)
    if kind := asked_kind(request):
        return download(request, evaluation_export(page), kind)
    return render(request, "dashboards/evaluation.html", {"page": page})

"""The approved progress reports of a plan, for everybody with an account."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.downloads import asked_kind, download
from indicators.models import Plan
from projects.reports.exports import reports_export
from projects.reports.page import reports_page


@require_safe
def project_reports(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The reports of the year that the address names, else of the newest that is over."""
    plan = Plan.objects.filter(slug=slug).select_related("region").first()
    if plan is None:
        raise Http404(f"没有标识为“{slug}”的规划。请从总览中选择。")
    page = reports_page(plan, chosen_year(plan, request.GET.get("year")))
    if kind := asked_kind(request):
        return download(request, reports_export(page), kind)
    return render(request, "projects/reports.html", {"page": page})


def chosen_year(plan: Plan, asked: str | None) -> int:
    """The year that is asked for. Raises Http404 for one that the plan does not have."""
    if asked is None:
        return max((year for year in plan.years if year < timezone.localdate().year), default=plan.years[0])
    year = int(asked) if asked.isascii() and asked.isdigit() else 0
    if year not in plan.years:
        raise Http404(f"这份规划没有这一年的进展报告，可以看 {plan.years[0]} 至 {plan.years[-1]} 年。")
    return year

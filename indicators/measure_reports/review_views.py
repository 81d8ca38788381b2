"""The reviewers' queue of statements on measures."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.downloads import asked_kind, download
from indicators.measure_reports.exports import queue_export
from indicators.measure_reports.queue import statement_queue
from indicators.models import MeasureReport, Plan
from indicators.permissions import may_review
from indicators.review.deciding import Decision, decide
from indicators.review.queue import choose_tab
from indicators.services.measure_review import MEASURE_REPORTS
from regions.history import LONGEST_REASON
from regions.permissions import is_administrator


@require_http_methods(["GET", "HEAD", "POST"])
def review_measures(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The statements of one plan and year by state; approves, returns and reopens what is chosen."""
    plan = Plan.objects.filter(slug=slug).select_related("region", "coordinating_department").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这个规划，或这一年度不在规划的评价年份之内。请从“审核”页面进入。")
    if not may_review(request.user, plan):
        raise PermissionDenied("这一页供本规划的审核人员使用。")
    tab = choose_tab(request.GET.get("state"))
    if kind := asked_kind(request):
        return download(request, queue_export(statement_queue(plan, year, tab, person=request.user)), kind)
    decision = Decision()
    if request.method == "POST":
        reports = MeasureReport.objects.filter(measure__plan=plan, year=year)
        decision = decide(request, MEASURE_REPORTS, reports, plan=plan, boxes="value")
        if decision.done:
            messages.success(request, decision.done)
            return redirect(f"{reverse('review_measures', args=[slug, year])}?state={tab.value}")
    context = {
        "page": statement_queue(plan, year, tab, person=request.user),
        "decision": decision,
        "longest": LONGEST_REASON,
        "decides_own": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "measure_reports/queue.html", context)

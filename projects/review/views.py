"""The view of the queue of progress reports: as that of values, with the same way of deciding."""

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
from indicators.models import Plan
from indicators.permissions import may_review
from indicators.review.deciding import Decision, decide
from indicators.review.queue import choose_tab
from indicators.services.rounds import needs_review
from projects.models import ProgressReport
from projects.review.exports import reports_export
from projects.review.queue import report_queue
from projects.services.review import REPORTS
from regions.history import LONGEST_REASON
from regions.permissions import is_administrator


@require_http_methods(["GET", "HEAD", "POST"])
def review_reports(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The progress reports of one plan and year by state; approves, returns and reopens what is chosen."""
    plan = Plan.objects.filter(slug=slug).select_related("region", "coordinating_department").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这个规划，或这一年度不在规划的评价年份之内。请从“审核”页面进入。")
    if not may_review(request.user, plan):
        raise PermissionDenied("这一页供本规划的审核人员使用。")
    tab = choose_tab(request.GET.get("state"))
    if kind := asked_kind(request):
        return download(request, reports_export(report_queue(plan, year, tab, person=request.user)), kind)
    decision = Decision()
    if request.method == "POST":
        reports = ProgressReport.objects.filter(project__group__column__plan=plan, year=year)
        decision = decide(request, REPORTS, reports, plan=plan, boxes="report")
        if decision.done:
            messages.success(request, decision.done)
            return redirect(f"{reverse('review_reports', args=[slug, year])}?state={tab.value}")
    context = {
        "page": report_queue(plan, year, tab, person=request.user),
        "reviewed": needs_review(plan, year),
        "decision": decision,
        "longest": LONGEST_REASON,
        "decides_own": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "project_reports/queue.html", context)

"""Views of the reviewers' workspace: each asks the permission, reads the form, calls a service and shows the outcome.

What a service refuses is shown on the same page with everything that was typed.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.downloads import asked_kind, download
from indicators.models import Plan, ReportingRound, YearlyValue
from indicators.permissions import may_review, may_review_any
from indicators.review.deciding import Decision, decide
from indicators.review.exports import queue_export, rounds_export
from indicators.review.forms import DeadlineForm, OpenRoundForm, take_over
from indicators.review.queue import choose_tab, queue_page
from indicators.review.rounds import review_page
from indicators.services.rounds import move_deadline, needs_review, open_round
from indicators.services.workflow import VALUES
from regions.history import LONGEST_REASON
from regions.permissions import is_administrator


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponseBase:
    """The person's plans with their rounds; opens a round and moves a deadline."""
    if not may_review_any(request.user):
        raise PermissionDenied("这一页供审核人员使用。")
    today, page_number = timezone.localdate(), request.GET.get("page")
    if kind := asked_kind(request):
        listed = review_page(request.user, today=today, page_number=page_number, as_file=True)
        return download(request, rounds_export(listed), kind)
    open_form = OpenRoundForm(person=request.user, initial={"year": today.year - 1, "plan": request.GET.get("plan")})
    failed: DeadlineForm | None = None
    if request.method == "POST" and request.POST.get("form") == "deadline":
        opened = find_round(request.POST.get("round", ""))
        if not may_review(request.user, opened.plan):
            raise PermissionDenied("截止日期由本规划的审核人员或管理员调整。")
        failed = DeadlineForm(request.POST, opened=opened)
        if move(request, failed, opened):
            return redirect(f"{request.path}#content")
    elif request.method == "POST":
        open_form = OpenRoundForm(request.POST, person=request.user)
        if started(request, open_form):
            return redirect("review")
    page = review_page(request.user, today=today, page_number=page_number, failed=failed)
    return render(request, "review/rounds.html", {"page": page, "open_form": open_form})


def started(request: HttpRequest, form: OpenRoundForm) -> bool:
    """Open the round that the form asks for; False with the messages in the form when it is refused."""
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        opened = open_round(
            data["plan"],
            data["year"],
            deadline=data["deadline"],
            note=data["note"],
            person=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, f"已发起“{opened.plan}”{opened.year} 年填报任务，截止 {opened.deadline:%Y-%m-%d}。")
    return True


def move(request: HttpRequest, form: DeadlineForm, opened: ReportingRound) -> bool:
    """Move the deadline as the form asks; False with the messages in the form when it is refused."""
    if not form.is_valid():
        return False
    deadline, reason = form.cleaned_data["deadline"], form.cleaned_data["reason"]
    try:
        move_deadline(opened, deadline=deadline, reason=reason, person=request.user)
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, f"“{opened.plan}”{opened.year} 年的截止日期已改为 {deadline:%Y-%m-%d}。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def review_queue(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The values of one plan and year by state; approves, returns and reopens what is chosen."""
    plan = Plan.objects.filter(slug=slug).select_related("region", "coordinating_department").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这个规划，或这一年度不在规划的评价年份之内。请从“审核”页面进入。")
    if not may_review(request.user, plan):
        raise PermissionDenied("这一页供本规划的审核人员使用。")
    tab = choose_tab(request.GET.get("state"))
    if kind := asked_kind(request):
        return download(request, queue_export(queue_page(plan, year, tab, person=request.user)), kind)
    decision = Decision()
    if request.method == "POST":
        values = YearlyValue.objects.filter(indicator__plan=plan, year=year)
        decision = decide(request, VALUES, values, plan=plan, boxes="value")
        if decision.done:
            messages.success(request, decision.done)
            return redirect(f"{reverse('review_queue', args=[slug, year])}?state={tab.value}")
    context = {
        "page": queue_page(plan, year, tab, person=request.user),
        "reviewed": needs_review(plan, year),
        "decision": decision,
        "longest": LONGEST_REASON,
        "decides_own": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "review/queue.html", context)


def find_round(key: str) -> ReportingRound:
    """The round of that key with its plan; raises Http404."""
    opened = ReportingRound.objects.filter(pk=int(key)).select_related("plan").first() if key.isdecimal() else None
    if opened is None:
        raise Http404("没有这个填报任务，可能已被删除。请回到“审核”页面。")
    return opened

"""Views of the reviewers' workspace: each asks the permission, reads the form, calls a service and shows the outcome.

What a service refuses is shown on the same page with everything that was typed.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.downloads import asked_kind, download
from indicators.models import ReportingRound, YearlyValue
from indicators.permissions import may_review, may_review_any
from indicators.review.exports import queue_export, rounds_export
from indicators.review.forms import DeadlineForm, OpenRoundForm, take_over
from indicators.review.queue import queue_page
from indicators.review.queue_view import Reviewed, queue_view
from indicators.review.rounds import review_page
from indicators.services.rounds import move_deadline, open_round
from indicators.services.workflow import VALUES

YEARLY_VALUES = Reviewed(
    heading="数值审核",
    while_open="不计入评价",
    workflow=VALUES,
    records=lambda plan, year: YearlyValue.objects.filter(indicator__plan=plan, year=year),
    boxes="value",
    listing=queue_page,
    template="review/queue.html",
    export=queue_export,
)


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
    """The values of one plan and year."""
    return queue_view(request, YEARLY_VALUES, slug, year)


def find_round(key: str) -> ReportingRound:
    """The round of that key with its plan; raises Http404."""
    opened = ReportingRound.objects.filter(pk=int(key)).select_related("plan").first() if key.isdecimal() else None
    if opened is None:
        raise Http404("没有这个填报任务，可能已被删除。请回到“审核”页面。")
    return opened

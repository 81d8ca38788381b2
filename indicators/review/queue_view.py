"""The page of a queue, the same for whatever is reviewed: shown by state, downloaded, decided on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.downloads import Export, asked_kind, download
from indicators.models import Plan
from indicators.permissions import may_review
from indicators.review.deciding import Decision, decide
from indicators.review.queue import Queue, Tab, choose_tab
from indicators.services.review_steps import Workflow
from regions.history import LONGEST_REASON
from regions.permissions import Person, is_administrator


class Listing(Protocol):
    """Reads one tab of the queue of a plan and year, as the person sees it."""

    def __call__(self, plan: Plan, year: int, tab: Tab, *, person: Person) -> Queue: ...


@dataclass(frozen=True)
class Reviewed:
    """A kind of record that reviewers decide on: its way through review, the records of a plan and year, the name of
    their checkboxes, and how a tab of them is read, shown and written to a file. `heading` is what the page is called,
    `while_open` what holds for an approved record that is opened again."""

    heading: str
    while_open: str
    workflow: Workflow[Any]
    records: Callable[[Plan, int], QuerySet[Any]]
    boxes: str
    listing: Listing
    template: str
    export: Callable[[Any], Export]


def queue_view(request: HttpRequest, reviewed: Reviewed, slug: str, year: int) -> HttpResponseBase:
    """The records of one plan and year by state; approves, returns and reopens what is chosen. Raises Http404 for a
    plan or year that there is not, PermissionDenied for those who do not review the plan."""
    plan = Plan.objects.filter(slug=slug).select_related("region", "coordinating_department").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这个规划，或这一年度不在规划的评价年份之内。请从“审核”页面进入。")
    if not may_review(request.user, plan):
        raise PermissionDenied("这一页供本规划的审核人员使用。")
    tab = choose_tab(request.GET.get("state"))
    if kind := asked_kind(request):
        return download(request, reviewed.export(reviewed.listing(plan, year, tab, person=request.user)), kind)
    decision = Decision()
    if request.method == "POST":
        among = reviewed.records(plan, year)
        decision = decide(request, reviewed.workflow, among, plan=plan, boxes=reviewed.boxes)
        if decision.done:
            messages.success(request, decision.done)
            return redirect(f"{request.path}?state={tab.value}")
    context = {
        "page": reviewed.listing(plan, year, tab, person=request.user),
        "reviewed": reviewed,
        "decision": decision,
        "longest": LONGEST_REASON,
        "decides_own": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    return render(request, reviewed.template, context)

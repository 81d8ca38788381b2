"""Where departments state what they did for measures: the list of a plan and year, and one measure with its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.downloads import asked_kind, download
from indicators.entry.views import find_plan
from indicators.measure_reports.exports import sheet_export
from indicators.measure_reports.forms import MeasureReportForm
from indicators.measure_reports.page import MeasurePage, measure_page
from indicators.measure_reports.saving import read_revision, save_statements
from indicators.measure_reports.sheet import MeasureSheet, build_measure_sheet, choose
from indicators.models import Measure, ReviewStatus
from indicators.permissions import may_report_measure
from indicators.review.forms import take_over
from indicators.services.measure_reports import (
    NOT_PERMITTED,
    delete_measure_report,
    measure_duties,
    record_measure_report,
)
from regions.history import LONGEST_REASON

#: Where the session keeps which rows the last request dealt with, until a page that knows them is shown.
SAVED = "measure_reports_saved"


@require_http_methods(["GET", "HEAD", "POST"])
def entry_measures(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The person's measures of a plan and year (`?state=`, `?chapter=`); what is posted is saved row by row.

    When all went well the page is loaded anew; else it is shown with what was typed and the reason at each row.
    """
    sheet = person_sheet(request, slug, year)
    if kind := asked_kind(request):
        return download(request, sheet_export(sheet), kind)
    if request.method != "POST":
        return show_sheet(request, sheet, request.session.pop(SAVED, []))
    as_draft = request.POST.get("action") != "submit"
    outcome = save_statements(sheet, request.POST.dict(), person=request.user, now=timezone.now(), as_draft=as_draft)
    dealt_with = [f"{year}-{key}" for key in (*outcome.done, *outcome.refused)]
    if not outcome.refused:
        request.session[SAVED] = dealt_with
        messages.success(request, outcome.message)
        return redirect(f"{request.get_full_path()}#content")
    fresh = person_sheet(request, slug, year)
    outcome.mark(fresh)
    return show_sheet(request, fresh, dealt_with, outcome.message)


def person_sheet(request: HttpRequest, slug: str, year: int) -> MeasureSheet:
    """The person's list. Raises Http404 for an unknown plan or year, PermissionDenied when it has no rows."""
    plan = find_plan(slug, year)
    chosen = choose(request.GET)
    sheet = build_measure_sheet(plan, year, person=request.user, today=timezone.localdate(), chosen=chosen)
    if not sheet.all_rows:
        raise PermissionDenied("这份规划没有由您填报落实情况的任务。")
    return sheet


def show_sheet(request: HttpRequest, sheet: MeasureSheet, saved: list[str], notice: str = "") -> HttpResponse:
    """The page; `saved` tells its script of which rows the page shows all that it kept."""
    context = {"sheet": sheet, "saved": " ".join(saved), "notice": notice, "longest_reason": LONGEST_REASON}
    return render(request, "measure_reports/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_measure(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """One measure and year: the whole statement, those of other years, and its history; removes it with a reason."""
    measure = find_measure(code, year)
    if not may_report_measure(request.user, measure):
        raise PermissionDenied(NOT_PERMITTED)
    address = reverse("entry_measure", args=[code, year])
    page = measure_page(measure, year, person=request.user)
    form, complaints = form_of(page), list[str]()
    row = f"{year}-{measure.pk}"
    dealt_with = request.session.pop(SAVED, [])
    if request.method == "POST" and request.POST.get("action") == "delete":
        if not (complaints := removed(request, page)):
            return redirect(address)
    elif request.method == "POST":
        data = request.POST.copy()
        form = form_of(page, data)
        if form.is_valid() and recorded(request, page, form):
            request.session[SAVED] = [row]
            return redirect(address)
        # What is stored now stands above the message, before the person's eyes: saving once more is meant.
        page = measure_page(measure, year, person=request.user)
        data["revision"] = str(page.record.revision) if page.record else ""
        dealt_with = [row]
    context = {
        "page": page,
        "form": form,
        "complaints": complaints,
        "reason": request.POST.get("reason", "") if complaints else "",
        "saved": " ".join(dealt_with),
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "measure_reports/measure.html", context)


def find_measure(code: str, year: int) -> Measure:
    """The measure of a plan that is judged in that year, with its duties. Two queries; raises Http404."""
    measure = (
        Measure.objects.filter(code=code)
        .select_related("plan__region", "plan__coordinating_department")
        .prefetch_related(measure_duties())
        .first()
    )
    if measure is None or year not in measure.plan.years:
        raise Http404("没有这项任务，或者它在这一年没有填报。请从“我的填报”进入。")
    return measure


def form_of(page: MeasurePage, data: object = None) -> MeasureReportForm:
    """The form of the page, bound to what was posted."""
    return MeasureReportForm(data, record=page.record, needs_reason=page.needs_reason)


def recorded(request: HttpRequest, page: MeasurePage, form: MeasureReportForm) -> bool:
    """Store what the form states; False with the messages in the form when the service refuses."""
    as_draft = request.POST.get("action") != "submit"
    before = page.record.status if page.record else ""
    try:
        record = record_measure_report(
            form.entry(page.measure, page.year), person=request.user, now=timezone.now(), as_draft=as_draft
        )
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, told(record.status, before, is_reviewed=page.is_reviewed, as_draft=as_draft))
    return True


def told(status: str, before: str, *, is_reviewed: bool, as_draft: bool) -> str:
    """What became of a statement, in a sentence."""
    if not is_reviewed:
        return "已保存，所有登录人员都可以看到。"
    if status == ReviewStatus.RETURNED:
        return "没有改动，未重新提交；请按审核意见修改。" if not as_draft else "没有需要保存的改动。"
    if status == ReviewStatus.SUBMITTED:
        return "已提交，等待审核。"
    if before == ReviewStatus.SUBMITTED:
        return "已存为草稿。原为待审核，现改回草稿，需重新提交。"
    return "已保存草稿，核对无误后请提交。"


def removed(request: HttpRequest, page: MeasurePage) -> list[str]:
    """Remove the statement; gives why it was refused."""
    if page.record is None:
        return ["这一年度还没有落实情况，可能刚刚被他人删除。"]
    try:
        delete_measure_report(
            page.record,
            seen=read_revision(request.POST.get("revision", "")),
            reason=request.POST.get("reason", ""),
            person=request.user,
        )
    except ValidationError as error:
        return error.messages
    messages.success(request, "已删除这一年度的落实情况，内容和原因保留在修改记录中。")
    return []

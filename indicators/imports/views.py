"""Importing a workbook: upload it, see what it would do, confirm it, undo it."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import FileKind, as_file
from indicators.entry.sheet import build_sheet
from indicators.imports.forms import UploadForm
from indicators.imports.page import import_page
from indicators.imports.progress import progress_of
from indicators.imports.templates import template_content
from indicators.interrupted_tasks import restart
from indicators.models import ImportState, Plan, ValueImport
from indicators.permissions import answered_indicators, may_review, may_see_import
from indicators.review.forms import take_over
from indicators.services import imports
from indicators.services.import_steps import discard_import, show_again
from indicators.tasks import check_import, confirm_import
from indicators.uploads import check_upload
from indicators.workbook.refusals import WorkbookRefused
from indicators.workbook.template import write_template
from regions.history import LONGEST_REASON
from regions.models import Role
from regions.permissions import departments_of

RECENT = 20


@require_http_methods(["GET", "HEAD", "POST"])
def start_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a workbook for a plan; lists the person's last imports into it."""
    plan = find_plan(request, slug)
    form = UploadForm(request.POST or None, request.FILES or None, plan=plan)
    if request.method == "POST":
        try:
            check_upload(request)
            if form.is_valid():
                stated = form.cleaned_data
                received = imports.receive(
                    stated["file"],
                    plan,
                    year=stated["year"],
                    reason=stated["reason"],
                    person=request.user,
                    now=timezone.now(),
                )
                check_import(received, person=request.user)
                return redirect(received)
        except ValidationError as error:
            take_over(form, error)
    recent = ValueImport.objects.filter(plan=plan, uploaded_by=request.user.pk)[:RECENT]
    newest = newest_year(plan, timezone.localdate())
    return render(request, "imports/start.html", {"plan": plan, "form": form, "recent": recent, "newest": newest})


def find_plan(request: HttpRequest, slug: str) -> Plan:
    """The plan of the address. Raises Http404 when there is none, PermissionDenied when the person enters nothing."""
    plan = Plan.objects.filter(slug=slug).select_related("region").first()
    if plan is None:
        raise Http404("没有这份规划。请从“我的填报”进入。")
    if not answered_indicators(request.user).filter(plan=plan).exists():
        raise PermissionDenied("这份规划没有由您填报的指标，不能导入。")
    return plan


@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The person's template of a plan for the years that the address names, else for the newest that is over."""
    plan = find_plan(request, slug)
    today = timezone.localdate()
    asked = {int(year) for year in request.GET.getlist("year") if year.isascii() and year.isdigit()}
    years = sorted(asked.intersection(plan.years)) or [newest_year(plan, today)]
    sheets = [build_sheet(plan, year, person=request.user, today=today) for year in years]
    departments = list(departments_of(request.user, Role.ENTRY)[:2])
    only = departments[0] if len(departments) == 1 and not may_review(request.user, plan) else None
    content = write_template(template_content(sheets, only))
    name = "_".join((plan.title, "、".join(f"{year}年" for year in years), "填报模板"))
    return as_file(HttpResponse(content), f"{name}.xlsx", FileKind.XLSX)


def newest_year(plan: Plan, today: date) -> int:
    """The year of the plan that is most likely to be filled: the last one that is over, else the first."""
    return max((year for year in plan.years if year < today.year), default=plan.years[0])


@require_http_methods(["GET", "HEAD", "POST"])
def value_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: what it would do, how far it is, or what became of it; confirms, gives up or undoes it."""
    found = find_import(request, pk)
    complaints: list[str] = []
    if request.method == "POST":
        try:
            messages.success(request, act(request, found))
            return redirect(found)
        except ValidationError as error:
            complaints = error.messages
            found.refresh_from_db()
    page = None
    if found.state == ImportState.CHECKED and found.uploaded_by_id == request.user.pk:
        try:
            comparison = imports.compare_import(found, person=request.user)
            page = import_page(
                found, comparison, shown=request.GET.get("show", ""), number=request.GET.get("page", "1")
            )
        except WorkbookRefused as error:
            complaints.append(str(error))
    context = {
        "value_import": found,
        "page": page,
        "progress": progress_of(found, now=timezone.now()),
        "is_own": found.uploaded_by_id == request.user.pk,
        "complaints": complaints,
        "undo_reason": request.POST.get("reason", ""),
        "change_reason": request.POST.get("change_reason", ""),
        "longest": LONGEST_REASON,
    }
    return render(request, "imports/import.html", context)


@require_safe
def marked_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file with what is wrong coloured and commented, and a list of it in front; for its author."""
    found = find_import(request, pk)
    if found.state != ImportState.CHECKED or found.uploaded_by_id != request.user.pk:
        raise Http404("这次导入已经处理，没有要标注的问题。")
    try:
        marked = imports.marked_contents(found, person=request.user)
    except WorkbookRefused as error:
        raise Http404(str(error)) from error
    return as_file(HttpResponse(marked), f"{PurePath(found.name).stem}_问题标注.xlsx", FileKind.XLSX)


def act(request: HttpRequest, found: ValueImport) -> str:
    """Do what the button says; gives what to tell the person. Raises ValidationError for what cannot be done."""
    match request.POST.get("action"):
        case "draft" | "submit" as action:
            stamp = request.POST.get("stamp", "")
            return confirm_import(found, stamp=stamp, as_draft=action == "draft", person=request.user)
        case "discard":
            discard_import(found, person=request.user)
            return "已放弃这次导入，没有写入任何数值。"
        case "explain":
            imports.state_reason(found, reason=request.POST.get("change_reason", ""), person=request.user)
            return "已写明修改原因，并重新核对。"
        case "recheck":
            show_again(found, "没有等到写入完成，全部内容都没有导入。请重新核对后再确认。", person=request.user)
            return "已停止等待，请按下方的最新情况重新核对。"
        case "restart":
            restart(found, person=request.user, now=timezone.now())
            return "已交给后台重新处理。"
        case "undo":
            imports.undo(found, reason=request.POST.get("reason", ""), person=request.user, now=timezone.now())
            return "已撤销这次导入，数值恢复为导入前的状态。"
    raise ValidationError("没有这个操作。请刷新页面后再试。")


def find_import(request: HttpRequest, pk: int) -> ValueImport:
    """The import, for its author and those who review the plan. Raises Http404 for everybody else."""
    found = ValueImport.objects.filter(pk=pk).select_related("plan__region", "uploaded_by", "undone_by").first()
    if found is None or not may_see_import(request.user, found):
        raise Http404("没有这次导入，或者它不由您查看。请从“我的填报”进入。")
    return found

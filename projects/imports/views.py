"""Importing progress reports: download a template, upload it, see what it would do, confirm it, undo it."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import FileKind, as_file
from indicators.models import ImportState, Plan
from indicators.permissions import may_see_import
from indicators.review.forms import take_over
from indicators.services.import_steps import discard_import
from indicators.uploads import check_upload
from indicators.workbook.refusals import WorkbookRefused
from projects.imports.forms import ReportUploadForm, TemplateForm
from projects.imports.page import report_import_page
from projects.imports.templates import report_template, reporting_departments
from projects.models import Quarter, ReportImport
from projects.models.progress import period_in_words
from projects.permissions import answered_projects
from projects.services import imports
from projects.workbook.template import write_report_template
from regions.history import LONGEST_REASON

RECENT = 20


@require_http_methods(["GET", "HEAD", "POST"])
def start_import(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Upload a workbook for a plan and year; lists the person's last imports into it."""
    plan = find_plan(request, slug, year)
    form = ReportUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            check_upload(request)
            if form.is_valid():
                stated = form.cleaned_data
                received = imports.receive(
                    stated["file"],
                    plan,
                    year=year,
                    quarter=stated["quarter"],
                    reason=stated["reason"],
                    person=request.user,
                    now=timezone.now(),
                )
                imports.check(received, person=request.user)
                return redirect(received)
        except ValidationError as error:
            take_over(form, error)
    context = {
        "plan": plan,
        "year": year,
        "form": form,
        "template_form": TemplateForm(departments=reporting_departments(plan, request.user)),
        "recent": ReportImport.objects.filter(plan=plan, year=year, uploaded_by=request.user.pk)[:RECENT],
    }
    return render(request, "projects/imports/start.html", context)


def find_plan(request: HttpRequest, slug: str, year: int) -> Plan:
    """The plan, for those who report on one of its projects. Raises Http404 for a year that it does not have, and
    PermissionDenied."""
    plan = Plan.objects.filter(slug=slug).select_related("region").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这份规划，或者规划期没有这一年。请从“我的填报”进入。")
    if not answered_projects(request.user).filter(group__column__plan=plan).exists():
        raise PermissionDenied("这份规划没有由您填报的项目，不能导入。")
    return plan


@require_safe
def template(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The person's template of a plan and year for the period and department that the address names; the whole year,
    and all of the person's projects, where it names none."""
    plan = find_plan(request, slug, year)
    departments = list(reporting_departments(plan, request.user))
    form = TemplateForm(request.GET, departments=departments)
    if not form.is_valid():
        raise Http404("没有这一期或这个单位的模板。请在导入页上选择后下载。")
    quarter = form.cleaned_data["quarter"] or Quarter.YEAR
    chosen = form.cleaned_data.get("department") or (departments[0].code if len(departments) == 1 else "")
    department = next((each for each in departments if each.code == chosen), None)
    content = report_template(plan, year, quarter, department=department, person=request.user)
    parts = [plan.title, period_in_words(year, quarter), "项目进展", department.name if department else "", "模板"]
    name = "_".join(filter(None, parts))
    return as_file(HttpResponse(write_report_template(content)), f"{name}.xlsx", FileKind.XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
def report_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: what it would do, or what became of it; confirms, gives up or undoes it."""
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
            page = report_import_page(
                found, comparison, shown=request.GET.get("show", ""), number=request.GET.get("page", "1")
            )
        except WorkbookRefused as error:
            complaints.append(str(error))
    context = {
        "record": found,
        "page": page,
        "is_own": found.uploaded_by_id == request.user.pk,
        "complaints": complaints,
        "undo_reason": request.POST.get("reason", ""),
        "change_reason": request.POST.get("change_reason", ""),
        "longest": LONGEST_REASON,
    }
    return render(request, "projects/imports/import.html", context)


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


def act(request: HttpRequest, found: ReportImport) -> str:
    """Do what the button says; gives what to tell the person. Raises ValidationError for what cannot be done."""
    match request.POST.get("action"):
        case "draft" | "submit" as action:
            done = imports.confirm(
                found,
                stamp=request.POST.get("stamp", ""),
                as_draft=action == "draft",
                person=request.user,
                now=timezone.now(),
            )
            counts = done.counts
            return f"已导入：新增 {counts['new']} 份，修改 {counts['changed']} 份，未变 {counts['unchanged']} 份。"
        case "discard":
            discard_import(found, person=request.user)
            return "已放弃这次导入，没有写入任何报告。"
        case "explain":
            imports.state_reason(found, reason=request.POST.get("change_reason", ""), person=request.user)
            return "已写明修改原因，并重新核对。"
        case "undo":
            imports.undo(found, reason=request.POST.get("reason", ""), person=request.user, now=timezone.now())
            return "已撤销这次导入，报告恢复为导入前的状态。"
    raise ValidationError("没有这个操作。请刷新页面后再试。")


def find_import(request: HttpRequest, pk: int) -> ReportImport:
    """The import, for its author and those who review the plan. Raises Http404 for everybody else."""
    records = ReportImport.objects.filter(pk=pk).select_related("plan__region", "uploaded_by", "undone_by")
    found = records.first()
    if found is None or not may_see_import(request.user, found):
        raise Http404("没有这次导入，或者它不由您查看。请从“我的填报”进入。")
    return found

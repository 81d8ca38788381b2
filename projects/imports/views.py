"""Importing progress reports: download a template, upload it, see what it would do, confirm it, undo it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import FileKind, as_file
from indicators.imports.flow import ImportKind, find_import, marked_file, show_import, take_step
from indicators.models import Plan
from indicators.review.forms import take_over
from indicators.uploads import check_upload
from projects.imports.forms import ReportUploadForm, TemplateForm
from projects.imports.page import report_import_page
from projects.imports.templates import report_template, reporting_departments
from projects.models import Quarter, ReportImport
from projects.models.progress import period_in_words
from projects.permissions import answered_projects
from projects.services import imports
from projects.workbook.template import write_report_template

RECENT = 20
PROGRESS_REPORTS = ImportKind(
    service=imports,
    noun="报告",
    counted="份报告",
    start=lambda record: reverse("entry_report_import", args=[record.plan.slug, record.year]),
    page=report_import_page,
    template="projects/imports/import.html",
)


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
    """One import of progress reports."""
    found = find_import(ReportImport.objects.all(), pk, person=request.user)
    return show_import(request, found, PROGRESS_REPORTS, act=act)


@require_safe
def problems_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file with its problems at their cells."""
    return marked_file(request, find_import(ReportImport.objects.all(), pk, person=request.user), PROGRESS_REPORTS)


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
    return take_step(request, found, PROGRESS_REPORTS)

"""Importing a workbook: upload it, see what it would do, confirm it, undo it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import FileKind, as_file
from indicators.entry.sheet import build_sheet
from indicators.imports.flow import ImportKind, find_import, marked_file, show_import, take_step
from indicators.imports.forms import UploadForm
from indicators.imports.page import import_page
from indicators.imports.progress import progress_of
from indicators.imports.templates import template_content
from indicators.interrupted_tasks import restart
from indicators.models import Plan, ValueImport
from indicators.permissions import answered_indicators, may_review
from indicators.review.forms import take_over
from indicators.services import imports
from indicators.services.import_steps import show_again
from indicators.tasks import check_import, confirm_import
from indicators.uploads import check_upload
from indicators.workbook.template import write_template
from regions.models import Role
from regions.permissions import departments_of

RECENT = 20
YEARLY_VALUES = ImportKind(
    service=imports,
    noun="数值",
    counted="个数值",
    start=lambda record: reverse("entry_import", args=[record.plan.slug]),
    page=import_page,
    template="imports/import.html",
    more=lambda record: {"progress": progress_of(record, now=timezone.now())},
)


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
    """One import of values."""
    found = find_import(ValueImport.objects.all(), pk, person=request.user)
    return show_import(request, found, YEARLY_VALUES, act=act)


@require_safe
def problems_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file with its problems at their cells."""
    return marked_file(request, find_import(ValueImport.objects.all(), pk, person=request.user), YEARLY_VALUES)


def act(request: HttpRequest, found: ValueImport) -> str:
    """Do what the button says; gives what to tell the person. Raises ValidationError for what cannot be done."""
    match request.POST.get("action"):
        case "draft" | "submit" as action:
            stamp = request.POST.get("stamp", "")
            return confirm_import(found, stamp=stamp, as_draft=action == "draft", person=request.user)
        case "recheck":
            show_again(found, "没有等到写入完成，全部内容都没有导入。请重新核对后再确认。", person=request.user)
            return "已停止等待，请按下方的最新情况重新核对。"
        case "restart":
            restart(found, person=request.user, now=timezone.now())
            return "已交给后台重新处理。"
    return take_step(request, found, YEARLY_VALUES)

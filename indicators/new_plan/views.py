"""The page that creates a plan from its own table. What is typed travels in the form until the plan is created."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from indicators.models import Plan
from indicators.new_plan.forms import MAX_ROWS, UploadForm
from indicators.new_plan.page import Correction
from indicators.new_plan.rows import FILE_REMARKS, KEY, PREFIX, fill_rows
from indicators.permissions import may_create_plan
from indicators.review.forms import take_over
from indicators.services.new_departments import unknown_departments
from indicators.services.new_plan import check_draft, create_plan
from indicators.services.plan_draft import DraftRefused
from indicators.uploads import check_upload
from indicators.workbook.plan_table import PlanTable, read_plan_table
from indicators.workbook.refusals import Limits, WorkbookRefused

#: Where the session keeps of which uploaded tables plans were created.
CREATED = "new_plans_created"


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Upload a table; then understand again, add a row, or create."""
    if not may_create_plan(request.user):
        raise PermissionDenied("规划由管理员创建。请联系管理员。")
    if request.method != "POST":
        return upload_page(request, UploadForm())
    step = request.POST.get("step")
    if step == "upload":
        return upload(request)
    if step == "create":
        return create(request)
    data = request.POST.copy()
    if step == "add":
        add_row(data)
    return correct(request, data)


def upload(request: HttpRequest) -> HttpResponse:
    """Read the file and show what was understood; a refused file is said on the first page."""
    form = UploadForm(request.POST, request.FILES)
    try:
        check_upload(request)
        if form.is_valid():
            stated = form.cleaned_data
            Limits().check_file(stated["file"].size)
            table = read_plan_table(
                stated["file"].read(), baseline_year=stated["baseline_year"], target_year=stated["target_year"]
            )
            return understood(request, table)
    except WorkbookRefused as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        take_over(form, error)
    return upload_page(request, form)


def upload_page(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """The page of the first step; it tells its script which tables need not be kept any more."""
    context = {"form": form, "saved": " ".join(request.session.get(CREATED, []))}
    return render(request, "new_plan/upload.html", context)


def understood(request: HttpRequest, table: PlanTable) -> HttpResponse:
    """The second step, filled from the table. Raises WorkbookRefused for a file without a table or with too large a
    one."""
    if not table.rows:
        raise WorkbookRefused("".join(problem.message for problem in table.errors) or "指标表中没有指标。")
    if len(table.rows) > MAX_ROWS:
        counted = f"表中有 {len(table.rows)} 行指标，一份规划最多 {MAX_ROWS} 行。"
        raise WorkbookRefused(f"{counted}请分成几份，或删去无关的行。")
    data = request.POST.copy()
    data[KEY] = secrets.token_hex(8)
    data.setlist(FILE_REMARKS, fill_rows(data, table))
    fill_years(data, table)
    agree_to_departments(data)
    return correct(request, data)


def fill_years(data: QueryDict, table: PlanTable) -> None:
    """Years that nobody typed, from the headers of the table."""
    baseline, target = table.baseline_year, table.target_year
    found = {
        "baseline_year": baseline,
        "target_year": target,
        "period_start": baseline + 1 if baseline else None,
        "period_end": target,
    }
    for name, year in found.items():
        if year and not data.get(name, "").strip():
            data[name] = str(year)


def agree_to_departments(data: QueryDict) -> None:
    """In a new place every department is new, and the coordinating one was typed by hand: these begin ticked."""
    draft = Correction(data).draft
    unknown = unknown_departments(draft)
    agreed = unknown if draft.region is None else [name for name in unknown if name == draft.coordinating]
    data.setlist("new_department", agreed)


def add_row(data: QueryDict) -> None:
    """One more row at the end, where there is room."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if total.isdecimal() and int(total) < MAX_ROWS:
        data[f"{PREFIX}-TOTAL_FORMS"] = str(int(total) + 1)


def correct(request: HttpRequest, data: QueryDict) -> HttpResponse:
    """The second step with everything that still keeps the plan from being created."""
    correction = Correction(data)
    correction.show(check_draft(correction.draft))
    return correction_page(request, correction)


def create(request: HttpRequest) -> HttpResponse:
    """Create the plan and open it; otherwise the second step with what is wrong."""
    correction = Correction(request.POST)
    if correction.is_readable:
        try:
            plan = create_plan(correction.draft, person=request.user, now=timezone.now())
        except DraftRefused as error:
            correction.show(list(error.problems))
        else:
            request.session[CREATED] = [*request.session.get(CREATED, []), correction.key][-20:]
            messages.success(request, created_message(plan))
            return redirect("plan", plan.slug)
    else:
        correction.show(check_draft(correction.draft))
    return correction_page(request, correction)


def correction_page(request: HttpRequest, correction: Correction) -> HttpResponse:
    """The page of the second step."""
    return render(request, "new_plan/correct.html", {"page": correction})


def created_message(plan: Plan) -> str:
    """What was created, with the link to what comes next."""
    return format_html(
        '已创建规划，共 {} 项指标。为填报人员开通账号后，即可<a href="{}">开始填报</a>（发起填报任务）。',
        plan.indicators.count(),
        f"{reverse('review')}?plan={plan.pk}",
    )

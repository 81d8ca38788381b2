"""我的填报: the list of a person's plans and years, the sheet of one of them, and the answer to one cell of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.downloads import asked_kind, download
from indicators.entry.cells import TypedRow
from indicators.entry.exports import plans_export, sheet_export
from indicators.entry.plans import my_plans
from indicators.entry.saving import save_sheet
from indicators.entry.sheet import Sheet, SheetLine, build_sheet, family_lines
from indicators.measure_reports.mine import my_measures
from indicators.models import Indicator, Plan
from indicators.series import SeriesKey
from regions.history import LONGEST_REASON

#: What stands in a cell is no longer than this.
LONGEST_CELL = 100


@require_safe
def entry(request: HttpRequest) -> HttpResponseBase:
    """The person's plans and years, of values and of statements on measures."""
    today = timezone.localdate()
    page, measures = my_plans(request.user, today=today), my_measures(request.user, today=today)
    if kind := asked_kind(request):
        return download(request, plans_export(page, measures), kind)
    return render(request, "entry/plans.html", {"page": page, "measures": measures})


@require_http_methods(["GET", "HEAD", "POST"])
def entry_sheet(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The sheet of a plan and year; a form that is posted is saved row by row.

    When all went well the page is loaded anew; else it is shown with what was typed and the reason at each row.
    """
    sheet = person_sheet(request, slug, year)
    if kind := asked_kind(request):
        return download(request, sheet_export(sheet), kind)
    if request.method != "POST":
        return show_sheet(request, sheet, request.session.pop(saved_key(slug, year), []))
    as_draft = request.POST.get("action") != "submit"
    outcome = save_sheet(sheet, request.POST.dict(), person=request.user, now=timezone.now(), as_draft=as_draft)
    if not outcome.refused:
        request.session[saved_key(slug, year)] = outcome.done_rows
        messages.success(request, outcome.message)
        return redirect("entry_sheet", slug=slug, year=year)
    fresh = person_sheet(request, slug, year)
    outcome.mark(fresh)
    return show_sheet(request, fresh, outcome.done_rows, outcome.message)


@require_POST
def entry_check(request: HttpRequest, slug: str, year: int) -> JsonResponse:
    """What the portal says to the cell of `row` (a SeriesKey) when `value-<row>` stands in it; nothing is stored.

    Cells of the same composite indicator or of its counties may be sent along: `composite` and `sum` say what follows
    from all of them, with the row that they stand in. Five or six queries beside plan and person.
    """
    plan = find_plan(slug, year)
    series = SeriesKey.read(request.POST.get("row", ""))
    lines = family_lines(plan, year, person=request.user, indicator_id=series.indicator_id) if series else []
    rows = {line.row.series: line.row for line in lines}
    if series not in rows:
        return JsonResponse({"errors": ["该指标不由您填报，请联系本规划的审核人员。"]}, status=403)
    for each, row in rows.items():
        if f"value-{each}" in request.POST:
            row.refused = TypedRow(value=request.POST[f"value-{each}"][:LONGEST_CELL])
    return JsonResponse({**rows[series].answer.to_json(), **beside(lines, rows[series].indicator)})


def beside(lines: list[SheetLine], indicator: Indicator) -> dict[str, Any]:
    """What the cells of a family mean beyond their own row: the composite's verdict, the counties' sum."""
    composite = next((line.composite for line in lines if line.composite), None)
    own = next(line.row for line in lines if line.row.indicator == indicator and not line.row.is_county)
    return {
        "composite": {"row": str(composite.indicator.pk), **asdict(composite.answer)} if composite else None,
        "sum": {"row": str(own.series), **asdict(own.county_sum)} if own.county_sum else None,
    }


def saved_key(slug: str, year: int) -> str:
    """Where the session keeps which rows the last request saved, until that sheet is shown again."""
    return f"entry_saved:{slug}:{year}"


def person_sheet(request: HttpRequest, slug: str, year: int) -> Sheet:
    """The person's sheet. Raises Http404 for an unknown plan or year, PermissionDenied when it has no rows."""
    sheet = build_sheet(find_plan(slug, year), year, person=request.user, today=timezone.localdate())
    if not sheet.rows:
        raise PermissionDenied("这份规划这一年没有由您填报的指标。")
    return sheet


def find_plan(slug: str, year: int) -> Plan:
    """The plan, judged in that year. One query; raises Http404 that says what to do."""
    plan = Plan.objects.filter(slug=slug).select_related("region").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这份规划，或者它在这一年没有填报。请从“我的填报”进入。")
    return plan


def show_sheet(request: HttpRequest, sheet: Sheet, saved: list[str], notice: str = "") -> HttpResponse:
    """The page; `saved` tells its script which rows it need not keep any more."""
    context = {"sheet": sheet, "saved": " ".join(saved), "notice": notice, "longest_reason": LONGEST_REASON}
    return render(request, "entry/sheet.html", context)

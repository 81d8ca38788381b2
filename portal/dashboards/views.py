"""The public pages: each view finds its object, chooses the year and hands one page object to its template.

Everybody who is signed in reads every page (LoginRequiredMiddleware): approved values are open to all of them. With
`?format=xlsx|csv` a page answers with the same page object as a file.
"""

from __future__ import annotations

from typing import TypedDict

from django.contrib import messages
from django.db.models import Count, Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_stubs_ext import WithAnnotations

from indicators.downloads import asked_kind, download
from indicators.models import Plan, Topic
from portal.dashboards.compare_pages import compare_page, topic_page
from portal.dashboards.departments.board import department_board
from portal.dashboards.departments.duty_list import duty_list
from portal.dashboards.departments.page import department_page
from portal.dashboards.exports.columns import columns_export
from portal.dashboards.exports.compare import compare_export, topic_export
from portal.dashboards.exports.departments import department_export, departments_export, duty_list_export
from portal.dashboards.exports.indicator import indicator_export
from portal.dashboards.exports.overview import overview_export
from portal.dashboards.exports.plan import plan_export
from portal.dashboards.exports.years import years_export
from portal.dashboards.filters import Filters
from portal.dashboards.indicator.page import indicator_page
from portal.dashboards.overview.big_screen import big_screen
from portal.dashboards.overview.changes import Since
from portal.dashboards.overview.page import overview as overview_page
from portal.dashboards.plan.page import plan_page
from portal.dashboards.plan.years import years_page
from portal.dashboards.projects.columns import columns_page
from portal.dashboards.years import YearChoice, choose_year, last_complete_year
from regions.models import Department
from regions.moment import reading_day


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """How the plans stand and what needs attention."""
    kind = asked_kind(request)
    page = overview_page(
        person_id=request.user.pk,
        today=reading_day(),
        page_number=request.GET.get("page"),
        since=asked_since(request),
        as_file=kind is not None,
    )
    export = overview_export(page)
    if kind:
        return download(request, export, kind)
    context = {"page": page, "since": asked_since(request), "export_titles": export.titles}
    return render(request, "dashboards/overview.html", context)


def asked_since(request: HttpRequest) -> Since:
    """Since when changes are asked for; a week unless the address names another period that exists."""
    asked = request.GET.get("since")
    return Since(asked) if asked in list(Since) else Since.WEEK


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The overview for a wall: few lines, one panel after the other."""
    today = reading_day()
    page = overview_page(person_id=request.user.pk, today=today, page_number=None, since=asked_since(request))
    return render(request, "dashboards/screen.html", {"page": page, "today": today, "screen": big_screen(page)})


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One plan in one year, filtered as the address says. A year that is not judged leads to the nearest one."""
    found = find_plan(slug)
    choice = choose_year(request.GET.get("year"), found.years, reading_day())
    if choice.asked:
        return to_nearest_year(request, choice)
    page = plan_page(found, choice.year, Filters.read(request.GET))
    if kind := asked_kind(request):
        return download(request, plan_export(page), kind)
    return render(request, "dashboards/plan.html", {"page": page, "years": choice.years})


@require_safe
def plan_years(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One plan over all its years, filtered as the address says."""
    found = find_plan(slug)
    choice = choose_year(request.GET.get("year"), found.years, reading_day())
    if choice.asked:
        return to_nearest_year(request, choice)
    page = years_page(found, choice.year, Filters.read(request.GET))
    if kind := asked_kind(request):
        return download(request, years_export(page), kind)
    return render(request, "dashboards/plan_years.html", {"page": page, "years": choice.years})


@require_safe
def project_columns(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The project columns of a plan."""
    page = columns_page(find_plan(slug), today=reading_day())
    if kind := asked_kind(request):
        return download(request, columns_export(page), kind)
    return render(request, "dashboards/project_columns.html", {"page": page})


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everything about one indicator."""
    page = indicator_page(code, person=request.user, today=reading_day())
    if page is None:
        raise Http404(f"没有代码为“{code}”的指标。请从总览进入规划，再打开指标。")
    export = indicator_export(page)
    if kind := asked_kind(request):
        return download(request, export, kind)
    return render(request, "dashboards/indicator.html", {"page": page, "export_titles": export.titles})


@require_safe
def compare(request: HttpRequest) -> HttpResponseBase:
    """Topics by plans; the address may name the plans."""
    choice = choose_year(request.GET.get("year"), judged_years(Plan.objects.all()), reading_day())
    if choice.asked:
        return to_nearest_year(request, choice)
    page = compare_page(choice.year, asked=request.GET.getlist("plan"), person_id=request.user.pk)
    if kind := asked_kind(request):
        return download(request, compare_export(page), kind)
    return render(request, "dashboards/compare.html", {"page": page, "years": choice.years})


@require_safe
def topic(request: HttpRequest, key: str) -> HttpResponseBase:
    """One topic across plans, each against its own target."""
    found = Topic.objects.filter(key=key).first()
    if found is None:
        raise Http404(f"没有标识为“{key}”的指标主题。请从“对标”页面选择。")
    plans = Plan.objects.filter(indicators__topic=found)
    choice = choose_year(request.GET.get("year"), judged_years(plans), reading_day())
    if choice.asked:
        return to_nearest_year(request, choice)
    page = topic_page(found, choice.year, today=reading_day())
    if kind := asked_kind(request):
        return download(request, topic_export(page), kind)
    return render(request, "dashboards/topic.html", {"page": page, "years": choice.years})


@require_safe
def departments(request: HttpRequest) -> HttpResponseBase:
    """All departments by region: how they stand, and who is late."""
    kind, today = asked_kind(request), reading_day()
    page = department_board(request.GET, person_id=request.user.pk, today=today, as_file=kind is not None)
    if kind:
        return download(request, departments_export(page), kind)
    return render(request, "dashboards/departments.html", {"page": page})


@require_safe
def department(request: HttpRequest, code: str) -> HttpResponseBase:
    """What one department answers for. The years are those of all plans of its region."""
    found = find_department(code)
    choice = choose_year(request.GET.get("year"), years_between(found.baseline_year, found.target_year), reading_day())
    if choice.asked:
        return to_nearest_year(request, choice)
    page = department_page(found, choice.year, person=request.user, today=reading_day())
    if kind := asked_kind(request):
        return download(request, department_export(page), kind)
    return render(request, "dashboards/department.html", {"page": page, "years": choice.years})


@require_safe
def department_duties(request: HttpRequest, code: str) -> HttpResponseBase:
    """The duties of one department as a list to print and sign."""
    page = duty_list(find_department(code), today=reading_day())
    if kind := asked_kind(request):
        return download(request, duty_list_export(page), kind)
    return render(request, "dashboards/duty_list.html", {"page": page})


class RegionYears(TypedDict):
    """The first baseline and the last target year among the plans of a department's region; None without plans."""

    baseline_year: int | None
    target_year: int | None


def find_department(code: str) -> WithAnnotations[Department, RegionYears]:
    """The department with its region and the years of that region's plans. One query; raises Http404 that says what to
    do."""
    departments = Department.objects.annotate(
        baseline_year=Min("region__plans__baseline_year"), target_year=Max("region__plans__target_year")
    )
    found = departments.filter(code=code).select_related("region").first()
    if found is None:
        raise Http404(f"没有代码为“{code}”的部门。请从部门名单中选择。")
    return found


def find_plan(slug: str) -> Plan:
    """The plan with its region, coordinating department and number of project columns (`column_count`). One query;
    raises Http404 that says what to do."""
    plans = Plan.objects.annotate(column_count=Count("project_columns"))
    found = plans.filter(slug=slug).select_related("region", "coordinating_department").first()
    if found is None:
        raise Http404(f"没有标识为“{slug}”的规划。请从总览中选择。")
    return found


def judged_years(plans: QuerySet[Plan]) -> range:
    """From the first to the last judged year of the plans; without plans the newest complete year. One query."""
    span = plans.aggregate(baseline=Min("baseline_year"), target=Max("target_year"))
    return years_between(span["baseline"], span["target"])


def years_between(baseline: int | None, target: int | None) -> range:
    """The judged years of plans whose first baseline and last target are of these years; the newest complete year where
    there are none."""
    if baseline is None or target is None:
        year = last_complete_year(reading_day())
        return range(year, year + 1)
    return range(baseline + 1, target + 1)


def to_nearest_year(request: HttpRequest, choice: YearChoice) -> HttpResponse:
    """Send to the nearest judged year, filtered as before, and say so there."""
    messages.info(request, choice.message)
    query = request.GET.copy()
    query.pop("format", None)
    query["year"] = str(choice.year)
    return redirect(f"{request.path}?{query.urlencode()}")

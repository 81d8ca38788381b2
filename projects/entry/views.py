"""Views of the projects' part of 我的填报: which projects, and the form of one report with its photos."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import asked_kind, download
from indicators.entry.answers import tone_of
from indicators.evidence.taking import find_file, remove, upload
from indicators.models import Plan
from projects.entry.exports import projects_export
from projects.entry.listing import choose, project_list
from projects.entry.report_page import ReportPage, report_address, report_page
from projects.entry.saving import Saved, remove_report, save_report
from projects.entry.typed import typed_in
from projects.models import KeyProject, ProgressFile, ProgressReport, Quarter
from projects.permissions import answered_projects
from projects.services.files import ReportKey, add_progress_file, remove_progress_file
from regions.history import LONGEST_REASON


@require_safe
def entry_projects(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The projects of a plan on which the person reports, filtered by the state of the year's report."""
    plan = Plan.objects.filter(slug=slug).select_related("region", "coordinating_department").first()
    if plan is None or year not in plan.years:
        raise Http404("没有这份规划，或者它在这一年没有填报。请从“我的填报”进入。")
    page = project_list(plan, year, choose(request.GET.get("state")), person=request.user, today=timezone.localdate())
    if not page.total:
        raise PermissionDenied("这份规划没有由您填报的重点项目。如分工有误，请联系本规划的审核人员。")
    if kind := asked_kind(request):
        return download(request, projects_export(page), kind)
    return render(request, "project_reports/projects.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def entry_report(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponseBase:
    """The report of a project for a year (quarter 0) or a quarter of it: saves, hands in or deletes it, takes and
    removes photos, and says what would follow. Those who do not report on the project are told that there is no such
    page."""
    key = find_key(request, code, year, quarter)
    if request.method != "POST":
        return show(request, report_page(key, person=request.user, today=timezone.localdate()))
    action = request.POST.get("action", "")
    if action in ("upload", "remove"):
        return change_photos(request, key, action)
    if action == "delete":
        return delete(request, key)
    typed = typed_in(request.POST, key.project.deliverables.all())
    page_with = partial(report_page, key, person=request.user, today=timezone.localdate(), typed=typed)
    if action == "check":
        return JsonResponse(answer(page_with()))
    if action == "preview":
        return show(request, page_with(), tried=True)
    stored = find_report(key)
    saved = save_report(key, typed, stored, person=request.user, now=timezone.now(), as_draft=action != "submit")
    if saved.told:
        return done(request, key, saved)
    return show(request, page_with(errors=saved.errors))


def change_photos(request: HttpRequest, key: ReportKey, action: str) -> HttpResponse:
    """Take uploads or remove a file; what was refused is said on the page."""
    removing = 0
    if action == "remove":
        files = ProgressFile.objects.filter(project=key.project, year=key.year, quarter=key.quarter)
        record = find_file(files.select_related("project__group__column__plan"), request.POST.get("file", ""))
        complaints = remove(request, record, partial(remove_progress_file, record, person=request.user))
        removing = record.pk
    else:
        complaints = upload(request, partial(add_progress_file, key, person=request.user, now=timezone.now()))
    if not complaints:
        return redirect(f"{report_address(key)}#files-heading")
    page = report_page(key, person=request.user, today=timezone.localdate())
    return show(request, page, complaints=complaints, removing=removing, reason=request.POST.get("reason", ""))


def delete(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Delete the report; a refusal is said on the page."""
    typed = typed_in(request.POST, [])
    stored = find_report(key)
    reason = request.POST.get("delete_reason", "")
    if stored is None:
        messages.success(request, "这份报告已经不在了，可能刚刚被他人删除。")
        return redirect(report_address(key))
    saved = remove_report(stored, typed.revision, reason=reason, person=request.user, now=timezone.now())
    if saved.told:
        return done(request, key, saved)
    page = report_page(key, person=request.user, today=timezone.localdate(), errors=saved.errors)
    return show(request, page, delete_reason=reason)


def done(request: HttpRequest, key: ReportKey, saved: Saved) -> HttpResponse:
    """The page anew; its script keeps nothing of what was saved."""
    request.session[saved_key(key)] = True
    messages.success(request, saved.told)
    return redirect(report_address(key))


def show(request: HttpRequest, page: ReportPage, **context: Any) -> HttpResponse:
    """The page of the report."""
    was_saved = request.session.pop(saved_key(page.key), False)
    return render(
        request,
        "project_reports/report.html",
        {"page": page, "was_saved": was_saved, "longest_reason": LONGEST_REASON, **context},
    )


def answer(page: ReportPage) -> dict[str, Any]:
    """What the page's script shows while the person types: errors by field, doubts, and the verdict."""
    after = page.preview.after if page.preview else None
    return {
        "errors": page.errors,
        "doubts": page.doubts,
        "label": after.verdict.label if after else "",
        "tone": tone_of(after.verdict) if after else "",
        "reason": after.reason if after else "",
        "parts": {
            line.field.name: {
                "share": line.share,
                "label": line.result.verdict.label if line.result else "",
                "tone": tone_of(line.result.verdict) if line.result else "",
            }
            for line in page.lines
        },
    }


def find_key(request: HttpRequest, code: str, year: int, quarter: int) -> ReportKey:
    """What the address names. Raises Http404 for what there is not or what the person does not report on."""
    project: KeyProject | None = (
        answered_projects(request.user)
        .filter(code=code)
        .select_related("group__column__plan__region", "group__column__plan__coordinating_department")
        .prefetch_related("deliverables")
        .first()
    )
    if project is None or year not in project.plan.years or quarter not in Quarter.values:
        raise Http404("没有这一页，或者这个项目不由您填报、审核。请从“我的填报”进入。")
    return ReportKey(project, year, quarter)


def find_report(key: ReportKey) -> ProgressReport | None:
    """The report as it is stored. One query."""
    report = ProgressReport.objects.filter(project=key.project, year=key.year, quarter=key.quarter).first()
    if report is not None:
        report.project = key.project
    return report


def saved_key(key: ReportKey) -> str:
    """Where the session keeps that the last request saved this report, until its form is shown again."""
    return f"report_saved:{report_address(key)}"

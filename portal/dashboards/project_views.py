"""The pages of projects: one of them, the list of all works, and the ledger of their problems. As on the other public
pages, everybody who is signed in reads, and `?format=xlsx|csv` answers with the same page as a file."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.downloads import asked_kind, download
from portal.dashboards.exports.problems import problems_export
from portal.dashboards.exports.project import project_export
from portal.dashboards.exports.works import works_export
from portal.dashboards.projects.page import project_page
from portal.dashboards.projects.problems import problems_page
from portal.dashboards.projects.works import works_page
from projects.ledger.views import find_project
from regions.moment import reading_day


@require_safe
def project(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everything about one key project."""
    page = project_page(find_project(code), person=request.user, today=reading_day())
    if kind := asked_kind(request):
        return download(request, project_export(page), kind)
    return render(request, "dashboards/project.html", {"page": page})


@require_safe
def works(request: HttpRequest) -> HttpResponseBase:
    """The key projects of all plans."""
    kind = asked_kind(request)
    page = works_page(request.GET, person_id=request.user.pk, today=reading_day(), as_file=kind is not None)
    if kind:
        return download(request, works_export(page), kind)
    return render(request, "dashboards/works.html", {"page": page})


@require_safe
def problems(request: HttpRequest) -> HttpResponseBase:
    """The ledger of problems."""
    kind = asked_kind(request)
    page = problems_page(request.GET, today=reading_day(), as_file=kind is not None)
    if kind:
        return download(request, problems_export(page), kind)
    return render(request, "dashboards/problems.html", {"page": page})

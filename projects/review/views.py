"""The reviewers' queue of progress reports."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from indicators.review.queue_view import Reviewed, queue_view
from projects.models import ProgressReport
from projects.review.exports import reports_export
from projects.review.queue import report_queue
from projects.services.review import REPORTS

PROGRESS_REPORTS = Reviewed(
    heading="项目进展审核",
    while_open="不计入评价",
    workflow=REPORTS,
    records=lambda plan, year: ProgressReport.objects.filter(project__group__column__plan=plan, year=year),
    boxes="report",
    listing=report_queue,
    template="project_reports/queue.html",
    export=reports_export,
)


@require_http_methods(["GET", "HEAD", "POST"])
def review_reports(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The progress reports of one plan and year."""
    return queue_view(request, PROGRESS_REPORTS, slug, year)

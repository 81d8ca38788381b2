"""The reviewers' queue of statements on measures."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from indicators.measure_reports.exports import queue_export
from indicators.measure_reports.queue import statement_queue
from indicators.models import MeasureReport
from indicators.review.queue_view import Reviewed, queue_view
from indicators.services.measure_review import MEASURE_REPORTS

STATEMENTS = Reviewed(
    heading="任务落实审核",
    while_open="只有牵头单位和审核人员看得到",
    workflow=MEASURE_REPORTS,
    records=lambda plan, year: MeasureReport.objects.filter(measure__plan=plan, year=year),
    boxes="value",
    listing=statement_queue,
    template="measure_reports/queue.html",
    export=queue_export,
)


@require_http_methods(["GET", "HEAD", "POST"])
def review_measures(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The statements of one plan and year."""
    return queue_view(request, STATEMENTS, slug, year)

"""接口使用说明: how a developer of another department uses the API. The tests run every example that stands there."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.api.submitted_rows import MOST_VALUES
from indicators.services.submissions import KEPT_DAYS
from portal.api.clients import DEFAULT_DAYS
from portal.api.models import DEFAULT_RATE
from portal.api.throttling import FAILURE_RATE
from regions.api.bodies import MOST_BYTES
from regions.api.pagination import LARGEST_PAGE, PAGE_SIZE


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The page. It tells of the API, not of anybody's data, and its readers have tokens rather than accounts. No query
    but for the header."""
    limits = {
        "page_size": PAGE_SIZE,
        "largest_page": LARGEST_PAGE,
        "most_values": MOST_VALUES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
        "rate": DEFAULT_RATE,
        "failures": FAILURE_RATE,
        "days": DEFAULT_DAYS,
        "kept_days": KEPT_DAYS,
    }
    context = {
        "address": request.build_absolute_uri("/").rstrip("/"),
        "last_years_end": date(timezone.localdate().year - 1, 12, 31),
        **limits,
    }
    return render(request, "api/guide.html", context)

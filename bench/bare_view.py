"""The same answer as /api/v1/status/, written by hand as a plain Django view: the floor that the API is measured
against. It knows no parameters, no scope, no formats and no errors."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from indicators.api.status import VERDICT_LABELS
from indicators.api.targets import target_figure
from indicators.models import Assessment
from portal.urls import urlpatterns as portal_urlpatterns

COLUMNS = (
    "indicator__plan__slug",
    "indicator__code",
    "region__slug",
    "indicator__name",
    "indicator__unit",
    "indicator__constraint",
    "indicator__direction",
    "year",
    "value",
    "target__wording",
    "target__assigned_value",
    "target__version",
    "rule",
    "required",
    "progress",
    "pace",
    "gap",
    "projection",
    "verdict",
    "severity",
    "reason",
    "rule_number",
    "inputs",
    "is_demonstration",
    "judged_at",
)


@login_required
def status(request: HttpRequest) -> HttpResponse:
    """The first hundred verdicts."""
    verdicts = Assessment.objects.order_by("indicator_id", "region_id", "year")
    rows = verdicts.annotate(rule=Cast("target__rule", TextField())).values(*COLUMNS)[:100]
    answer = {
        "count": verdicts.count(),
        "next": request.build_absolute_uri("/api/v1/status/?page=2"),
        "previous": None,
        "results": [shown(row) for row in rows],
    }
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode(), content_type="application/json")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """One row."""
    return {
        "plan": row["indicator__plan__slug"],
        "indicator": row["indicator__code"],
        "region": row["region__slug"],
        "name": row["indicator__name"],
        "unit": row["indicator__unit"],
        "constraint": row["indicator__constraint"],
        "year": row["year"],
        "value": text(row["value"]),
        "finding": row["inputs"].get("finding"),
        "target_wording": row["target__wording"],
        "target_value": target_figure(row["rule"], row["indicator__direction"], row["target__assigned_value"]),
        "target_version": row["target__version"],
        "required_value": text(row["required"]),
        "progress": text(row["progress"]),
        "pace": text(row["pace"]),
        "gap": text(row["gap"]),
        "projection": text(row["projection"]),
        "verdict": row["verdict"],
        "verdict_label": VERDICT_LABELS[row["verdict"]],
        "severity": row["severity"],
        "reason": row["reason"],
        "rule_number": row["rule_number"],
        "inputs": row["inputs"].get("inputs"),
        "is_demonstration": row["is_demonstration"],
        "judged_at": timezone.localtime(row["judged_at"]).isoformat(),
    }


def text(figure: Decimal | None) -> str | None:
    """A decimal as text."""
    return None if figure is None else f"{figure.normalize() + 0:f}"


urlpatterns = [path("bench/status/", status), *portal_urlpatterns]

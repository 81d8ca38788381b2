"""The page on which departments and reviewers keep the evidence for one value."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.evidence.page import evidence_address, evidence_page
from indicators.evidence.taking import find_file, remove, upload
from indicators.models import EvidenceFile, Indicator
from indicators.permissions import answered_indicators, reported_regions
from indicators.services.evidence import EvidenceKey, add_evidence, remove_evidence


@require_http_methods(["GET", "HEAD", "POST"])
def entry_evidence(request: HttpRequest, slug: str, year: int, code: str) -> HttpResponse:
    """The evidence of an indicator, region (`?region=slug`, else the plan's) and year; adds files and removes one.

    Those who neither answer for the indicator nor review it are told that there is no such page.
    """
    key = find_key(request, slug, year, code)
    complaints: list[str] = []
    removing = 0
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        if request.POST.get("action") == "remove":
            files = EvidenceFile.objects.filter(indicator=key.indicator, region=key.region, year=key.year)
            record = find_file(files.select_related("indicator__plan", "region"), request.POST.get("file", ""))
            complaints = remove(request, record, partial(remove_evidence, record, person=request.user))
            removing = record.pk
        else:
            complaints = upload(request, partial(add_evidence, key, person=request.user, now=timezone.now()))
        if not complaints:
            return redirect(evidence_address(key))
    page = evidence_page(key, person=request.user)
    context = {"page": page, "complaints": complaints, "removing": removing, "reason": reason}
    return render(request, "entry/evidence.html", context)


def find_key(request: HttpRequest, slug: str, year: int, code: str) -> EvidenceKey:
    """What the address names. Raises Http404 for what there is not or what the person does not answer for."""
    indicators: list[Indicator] = list(
        answered_indicators(request.user).filter(plan__slug=slug, code=code).select_related("plan__region")
    )
    if not indicators or year not in indicators[0].years:
        raise Http404("没有这一页，或者这个指标不由您填报、审核。请从“我的填报”进入。")
    [indicator] = indicators
    asked = request.GET.get("region", "")
    if not asked:
        return EvidenceKey(indicator, indicator.plan.region, year)
    region = reported_regions(indicator).filter(slug=asked).first()
    if region is None:
        raise Http404("该指标不按这个地区填报。请从“我的填报”进入。")
    return EvidenceKey(indicator, region, year)

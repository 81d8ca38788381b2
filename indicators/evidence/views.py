"""The page on which departments and reviewers keep the evidence for one value."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.evidence.page import evidence_address, evidence_page
from indicators.models import EvidenceFile, Indicator
from indicators.permissions import answered_indicators, reported_regions
from indicators.services.evidence import EvidenceKey, add_evidence, remove_evidence
from indicators.services.stored_files import MOST_FILES
from indicators.uploads import check_upload


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
            record = find_file(key, request.POST.get("file", ""))
            complaints = remove(request, record, reason)
            removing = record.pk
        else:
            complaints = upload(request, key)
        if not complaints:
            return redirect(evidence_address(key))
    page = evidence_page(key, person=request.user)
    context = {"page": page, "complaints": complaints, "removing": removing, "reason": reason}
    return render(request, "entry/evidence.html", context)


def upload(request: HttpRequest, key: EvidenceKey) -> list[str]:
    """Add the files one by one; what became of each is said, here of those that were refused."""
    files = request.FILES.getlist("files")
    try:
        check_upload(request)
    except ValidationError as error:
        return error.messages
    if not files:
        return ["没有选择文件。请先选择一个或几个文件，再点“上传”。"]
    if len(files) > MOST_FILES:
        return [f"一次最多上传 {MOST_FILES} 个文件，您选了 {len(files)} 个，一个也没有上传。请分几次上传。"]
    complaints, added = [], 0
    for each in files:
        try:
            add_evidence(key, each, person=request.user, now=timezone.now())
        except ValidationError as error:
            complaints.append(f"“{each.name}”没有上传：{''.join(error.messages)}")
        else:
            added += 1
    if added:
        messages.success(request, f"已上传 {added} 个文件。")
    return complaints


def remove(request: HttpRequest, record: EvidenceFile, reason: str) -> list[str]:
    """Remove the file; gives why it was refused."""
    try:
        remove_evidence(record, reason=reason, person=request.user)
    except ValidationError as error:
        return [f"“{record.name}”没有删除：{''.join(error.messages)}"]
    messages.success(request, f"已删除“{record.name}”。文件名、删除人和原因保留在记录中。")
    return []


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


def find_file(key: EvidenceKey, number: str) -> EvidenceFile:
    """The file of that key among those of the value. Raises Http404, also when somebody removed it meanwhile."""
    files = EvidenceFile.objects.filter(indicator=key.indicator, region=key.region, year=key.year)
    is_number = number.isascii() and number.isdecimal() and len(number) <= 18
    record = files.select_related("indicator__plan", "region").filter(pk=int(number) if is_number else 0).first()
    if record is None:
        raise Http404("没有这个文件，可能刚刚被他人删除。请刷新页面。")
    return record

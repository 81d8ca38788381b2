"""Attaching a document to a version of a target, and removing one, from the page of an indicator's targets."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils import timezone

from indicators.models import Indicator, Target, TargetDocumentFile
from indicators.services.target_documents import attach_document, remove_document
from indicators.uploads import check_upload

#: Names of the forms on the page.
ATTACH, REMOVE = "attach", "remove"


def attach(request: HttpRequest, indicator: Indicator) -> list[str]:
    """Attach the file to the version that the form names; gives why it was refused. Raises Http404."""
    target = Target.objects.filter(indicator=indicator, pk=_number(request.POST.get("target", ""))).first()
    if target is None:
        raise Http404("没有这个目标版本，可能刚刚被他人删除。请刷新页面。")
    target.indicator = indicator
    try:
        check_upload(request)
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError("没有选择文件。请先选择文件，再点“上传”。")
        record = attach_document(target, file, person=request.user, now=timezone.now())
    except ValidationError as error:
        return [f"{target.year} 年目标第 {target.version} 版的文件没有上传：{''.join(error.messages)}"]
    messages.success(request, f"已上传“{record.name}”。")
    return []


def remove(request: HttpRequest, indicator: Indicator) -> list[str]:
    """Remove the document that the form names; gives why it was refused. Raises Http404."""
    files = TargetDocumentFile.objects.filter(target__indicator=indicator)
    record = files.select_related("target").filter(pk=_number(request.POST.get("file", ""))).first()
    if record is None:
        raise Http404("没有这个文件，可能刚刚被他人删除。请刷新页面。")
    record.target.indicator = indicator
    try:
        remove_document(record, reason=request.POST.get("reason", ""), person=request.user)
    except ValidationError as error:
        return [f"“{record.name}”没有删除：{''.join(error.messages)}"]
    messages.success(request, f"已删除“{record.name}”。文件名、删除人和原因保留在记录中。")
    return []


def _number(text: str) -> int:
    """A key as a form of ours sends it; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0

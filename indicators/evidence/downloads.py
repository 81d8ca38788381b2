"""Handing out stored files: to be saved, never to be shown by the browser, and only to those who may see them."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from indicators.models import AbstractStoredFile
from indicators.permissions import visible_evidence, visible_target_documents

NOT_FOUND = "没有这个文件，可能已被删除，或者您不能查看它。"


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of evidence. One query; whoever may not see it learns nothing, not even that it exists."""
    return attachment(visible_evidence(request.user).filter(pk=pk).first())


@require_safe
def target_document_file(request: HttpRequest, pk: int) -> FileResponse:
    """The document of a target. One query."""
    return attachment(visible_target_documents(request.user).filter(pk=pk).first())


def attachment(record: AbstractStoredFile | None) -> FileResponse:
    """The file under its own name, streamed. Raises Http404 without a record or when its bytes are lost.

    Should a browser show it against the header all the same, it may neither guess another type nor run anything.
    """
    if record is None:
        raise Http404(NOT_FOUND)
    try:
        content = record.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("这个文件的记录还在，内容却找不到了。请联系系统管理员从备份恢复。") from error
    response = FileResponse(content, as_attachment=True, filename=record.name, content_type=record.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

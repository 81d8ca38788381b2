"""Handing out the photos and documents of reports, as any stored file."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from indicators.evidence.downloads import attachment
from projects.permissions import visible_progress_files


@require_safe
def progress_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a report. One query; whoever may not see it learns nothing, not even that it exists."""
    return attachment(visible_progress_files(request.user).filter(pk=pk).first())

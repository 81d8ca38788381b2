"""How much one request may upload in all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from indicators.files.inspection import in_megabytes


class UploadLimit(FileUploadHandler):
    """The first upload handler: of a request over settings.UPLOAD_MAX_BYTES no file reaches memory or disk, and the
    rest of the form is read, so that a page can say what was wrong (`check_upload`)."""

    is_over = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803  Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Compare what the request announces with what is allowed."""
        self.is_over = content_length > settings.UPLOAD_MAX_BYTES
        self.request.files_dropped = self.is_over  # type: ignore[union-attr]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip every file of a request that is over the limit."""
        if self.is_over:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


def check_upload(request: HttpRequest) -> None:
    """Raise ValidationError when the files of this request were dropped for their size."""
    if request.FILES or not getattr(request, "files_dropped", False):
        return
    limit = in_megabytes(settings.UPLOAD_MAX_BYTES)
    raise ValidationError(f"这一次上传的文件合计超过 {limit}，一个也没有上传。请分几次上传，或压缩后再试。")

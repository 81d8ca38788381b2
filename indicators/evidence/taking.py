"""What a page of stored files does with a form: take uploads, remove a file. The kind of file brings its service."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from indicators.models import AbstractStoredFile
from indicators.services.stored_files import MOST_FILES
from indicators.uploads import check_upload

Stored = TypeVar("Stored", bound=AbstractStoredFile)


def upload(request: HttpRequest, add: Callable[[File[bytes]], object]) -> list[str]:
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
            add(each)
        except ValidationError as error:
            complaints.append(f"“{each.name}”没有上传：{''.join(error.messages)}")
        else:
            added += 1
    if added:
        messages.success(request, f"已上传 {added} 个文件。")
    return complaints


def remove(request: HttpRequest, record: AbstractStoredFile, discard: Callable[..., None]) -> list[str]:
    """Remove the file by `discard(reason=…)`, the reason as the form gives it; gives why it was refused."""
    try:
        discard(reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return [f"“{record.name}”没有删除：{''.join(error.messages)}"]
    messages.success(request, f"已删除“{record.name}”。文件名、删除人和原因保留在记录中。")
    return []


def find_file(files: QuerySet[Stored], number: str) -> Stored:
    """The file of that key among these. Raises Http404, also when somebody removed it meanwhile."""
    is_number = number.isascii() and number.isdecimal() and len(number) <= 18
    record = files.filter(pk=int(number) if is_number else 0).first()
    if record is None:
        raise Http404("没有这个文件，可能刚刚被他人删除。请刷新页面。")
    return record

"""What people do with an uploaded workbook, whatever its rows state: look at it, explain it, give it up, undo it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.downloads import FileKind, as_file
from indicators.models import AbstractImport, ImportState
from indicators.permissions import may_see_import
from indicators.services.import_steps import discard_import
from indicators.workbook.refusals import WorkbookRefused
from regions.history import LONGEST_REASON
from regions.permissions import Person

Import = TypeVar("Import", bound=AbstractImport)


class ImportService(Protocol):
    """The module that writes one kind of import."""

    def compare_import(self, record: Any, /, *, person: Person) -> Any:
        """What the import would do now."""

    def marked_contents(self, record: Any, /, *, person: Person) -> bytes:
        """The file with its problems at their cells."""

    def state_reason(self, record: Any, /, *, reason: str, person: Person) -> None:
        """Say why approved records change."""

    def undo(self, record: Any, /, *, reason: str, person: Person, now: datetime) -> Any:
        """Take back what the import wrote."""


@dataclass(frozen=True)
class ImportKind:
    """One kind of import: what writes it, what it writes in words (数值, 个数值), at which address one
    starts, how a comparison becomes what is shown, and by which template; `more` gives what else the template needs."""

    service: ImportService
    noun: str
    counted: str
    start: Callable[[Any], str]
    page: Callable[..., Any]
    template: str
    more: Callable[[Any], dict[str, Any]] = lambda record: {}


def find_import(imports: QuerySet[Import], pk: int, *, person: Person) -> Import:
    """The import, for its author and those who review the plan. Raises Http404 for everybody else."""
    found = imports.filter(pk=pk).select_related("plan__region", "uploaded_by", "undone_by").first()
    if found is None or not may_see_import(person, found):
        raise Http404("没有这次导入，或者它不由您查看。请从“我的填报”进入。")
    return found


def show_import(
    request: HttpRequest, record: Import, kind: ImportKind, *, act: Callable[[HttpRequest, Import], str]
) -> HttpResponse:
    """What the import would do, how far it is, or what became of it, to its author and reviewers. `act` does what a
    button says and tells what became of it."""
    complaints: list[str] = []
    if request.method == "POST":
        try:
            messages.success(request, act(request, record))
            return redirect(record)
        except ValidationError as error:
            complaints = error.messages
            record.refresh_from_db()
    shown = None
    is_own = record.uploaded_by_id == request.user.pk
    if record.state == ImportState.CHECKED and is_own:
        try:
            comparison = kind.service.compare_import(record, person=request.user)
            filters = {"shown": request.GET.get("show", ""), "number": request.GET.get("page", "1")}
            shown = kind.page(record, comparison, **filters)
        except WorkbookRefused as error:
            complaints.append(str(error))
    context = {
        "record": record,
        "kind": kind,
        "start": kind.start(record),
        "page": shown,
        "is_own": is_own,
        "complaints": complaints,
        "undo_reason": request.POST.get("reason", ""),
        "change_reason": request.POST.get("change_reason", ""),
        "longest": LONGEST_REASON,
        **kind.more(record),
    }
    return render(request, kind.template, context)


def take_step(request: HttpRequest, record: AbstractImport, kind: ImportKind) -> str:
    """Explain, give up or undo, as the button says; gives what to tell the person. Raises ValidationError for what
    cannot be done."""
    match request.POST.get("action"):
        case "explain":
            kind.service.state_reason(record, reason=request.POST.get("change_reason", ""), person=request.user)
            return "已写明修改原因，并重新核对。"
        case "discard":
            discard_import(record, person=request.user)
            return f"已放弃这次导入，没有写入任何{kind.noun}。"
        case "undo":
            kind.service.undo(record, reason=request.POST.get("reason", ""), person=request.user, now=timezone.now())
            return f"已撤销这次导入，{kind.noun}恢复为导入前的状态。"
    raise ValidationError("没有这个操作。请刷新页面后再试。")


def marked_file(request: HttpRequest, record: AbstractImport, kind: ImportKind) -> HttpResponseBase:
    """The uploaded file with what is wrong coloured and commented, and a list of it in front; for its author."""
    if record.state != ImportState.CHECKED or record.uploaded_by_id != request.user.pk:
        raise Http404("这次导入已经处理，没有要标注的问题。")
    try:
        marked = kind.service.marked_contents(record, person=request.user)
    except WorkbookRefused as error:
        raise Http404(str(error)) from error
    return as_file(HttpResponse(marked), f"{PurePath(record.name).stem}_问题标注.xlsx", FileKind.XLSX)

"""The steps of an import that do not depend on what its cells state: locked, checked, queued, given up, shown again.

What a kind of import compares, writes and takes back stands in its own service.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min, QuerySet

from indicators.models import AbstractImport, ImportState
from indicators.workbook.refusals import WorkbookRefused
from regions.history import attribute, check_reason
from regions.permissions import Person


class Outcome(Protocol):
    """What comparing a file gives."""

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of rows by how they stand, and of cells to correct."""


Import = TypeVar("Import", bound=AbstractImport)
Compared = TypeVar("Compared", bound=Outcome)


def check_author(record: AbstractImport, person: Person) -> None:
    """Raise PermissionDenied for others than the person who uploaded the file."""
    if record.uploaded_by_id != person.pk:
        raise PermissionDenied("只有上传人可以核对和确认这次导入。")


def locked(record: Import, *states: ImportState) -> Import:
    """The stored import, locked until the transaction ends. Raises ValidationError when it is in none of the states."""
    stored: QuerySet[Any] = type(record)._default_manager.select_for_update(of=("self",))
    current: Import = stored.select_related("plan__region").get(pk=record.pk)
    if current.state not in states:
        raise ValidationError(f"这次导入现在是“{current.get_state_display()}”，不能再做这一步。请刷新页面。")
    return current


def contents(record: AbstractImport) -> bytes:
    """The bytes of the file. Raises WorkbookRefused when they are gone."""
    try:
        with record.file.open("rb") as stored:
            return cast(bytes, stored.read())
    except FileNotFoundError as error:
        raise WorkbookRefused("找不到上传的文件，没有写入任何数值。请重新上传，并告知系统管理员。") from error


def save(record: AbstractImport, *, person: Person, reason: str = "") -> None:
    """Write the import and its history."""
    attribute(record, person=person, reason=reason)
    record.save()


def explain(record: Import, *, reason: str, person: Person) -> Import:
    """Say why approved records change, for a file that was uploaded without a word about it.

    Raises PermissionDenied for others than its author, ValidationError without a reason, for one that is too long, and
    when the import is past that.
    """
    check_author(record, person)
    check_reason(reason, "请写明修改原因。")
    with transaction.atomic():
        current = locked(record, ImportState.CHECKED)
        current.reason = reason.strip()
        save(current, person=person, reason="写明修改原因")
    return current


def checked(record: AbstractImport, compare: Callable[[], Compared], *, person: Person) -> Compared | None:
    """Compare a received file and keep the outcome; None when it was refused as a whole. Raises ValidationError when
    the person gave the import up meanwhile."""
    comparison: Compared | None = None
    refusal = ""
    try:
        comparison = compare()
    except WorkbookRefused as error:
        refusal = str(error)
    with transaction.atomic():
        current = locked(record, ImportState.WAITING, ImportState.CHECKED)
        current.state = ImportState.CHECKED if comparison else ImportState.REFUSED
        current.counts = comparison.counts if comparison else {}
        current.refusal = refusal
        save(current, person=person)
    return comparison


def refuse(record: AbstractImport, refusal: str, *, person: Person) -> None:
    """End an import that could not be compared, saying why."""
    check_author(record, person)
    with transaction.atomic():
        current = locked(record, ImportState.WAITING)
        current.state, current.refusal = ImportState.REFUSED, refusal
        save(current, person=person, reason="没有核对")


def discard_import(record: AbstractImport, *, person: Person) -> None:
    """Give up an import that was not confirmed; the file stays on record."""
    check_author(record, person)
    with transaction.atomic():
        current = locked(record, ImportState.WAITING, ImportState.CHECKED)
        current.state = ImportState.DISCARDED
        save(current, person=person, reason="放弃导入")


def queue(record: AbstractImport, *, stamp: str, as_draft: bool, person: Person) -> None:
    """Remember what the person confirmed, for the worker. Raises PermissionDenied and ValidationError."""
    check_author(record, person)
    with transaction.atomic():
        current = locked(record, ImportState.CHECKED)
        current.state, current.stamp, current.as_draft, current.refusal = ImportState.CONFIRMED, stamp, as_draft, ""
        save(current, person=person, reason="确认导入")


def show_again(record: AbstractImport, refusal: str, *, person: Person) -> None:
    """Ask the person once more, saying why nothing was written. Raises ValidationError when it was written by now."""
    check_author(record, person)
    with transaction.atomic():
        current = locked(record, ImportState.CONFIRMED)
        current.state, current.refusal = ImportState.CHECKED, refusal
        save(current, person=person, reason="没有写入")


def written_revisions(records: QuerySet[Any]) -> dict[int, int]:
    """By key of each row that an import wrote the revision that it wrote; `records` are the rows of the history that
    name the import. One query."""
    kept = records.exclude(history_type="-").order_by()
    return dict(kept.values_list("id").annotate(first=Min("revision")))

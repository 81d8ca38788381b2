"""Long work on imports, done by the worker (`manage.py db_worker`); small files are done at once, in the request.

A task that fails leaves the import with a sentence that says what to do; nothing is written by halves.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_tasks import task

from indicators.models import ImportState, ValueImport
from indicators.services import imports
from regions.permissions import Person

#: A workbook of this many bytes holds about a thousand values; larger ones are left to the worker.
LARGE = 100_000


def check_import(value_import: ValueImport, *, person: Person) -> None:
    """Compare a received file with what is stored, now or by the worker."""
    if value_import.size > LARGE:
        check_in_background.enqueue(value_import.pk)
    else:
        imports.check(value_import, person=person)


def confirm_import(value_import: ValueImport, *, stamp: str, as_draft: bool, person: Person) -> str:
    """Write what the file states, now or by the worker; gives what to tell the person. Raises as `imports.confirm`."""
    if value_import.size > LARGE:
        imports.queue(value_import, stamp=stamp, as_draft=as_draft, person=person)
        confirm_in_background.enqueue(value_import.pk)
        return "已开始导入。可以离开本页，完成后在这里和“我的填报”中都能看到结果。"
    done = imports.confirm(value_import, stamp=stamp, as_draft=as_draft, person=person, now=timezone.now())
    return (
        f"已导入：新增 {done.counts['new']} 个，修改 {done.counts['changed']} 个，未变 {done.counts['unchanged']} 个。"
    )


@task()
def check_in_background(pk: int) -> None:
    """Compare the import with that key; one that is no longer waiting is left alone."""
    value_import = waiting(pk, ImportState.WAITING)
    if value_import is not None:
        imports.check(value_import, person=value_import.uploaded_by)


@task()
def confirm_in_background(pk: int) -> None:
    """Write the import with that key; when it cannot be written it is shown for confirmation again, with the reason."""
    value_import = waiting(pk, ImportState.CONFIRMED)
    if value_import is None:
        return
    person = value_import.uploaded_by
    try:
        imports.confirm(
            value_import, stamp=value_import.stamp, as_draft=value_import.as_draft, person=person, now=timezone.now()
        )
    except (PermissionDenied, ValidationError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        imports.show_again(value_import, "".join(messages), person=person)


def waiting(pk: int, state: ImportState) -> ValueImport | None:
    """The import when it is in that state."""
    return ValueImport.objects.filter(pk=pk, state=state).select_related("plan__region", "uploaded_by").first()

"""Long work on imports, done by the worker (`manage.py db_worker`); small files are done at once, in the request.

The state of an import is committed before its task is queued, so the worker finds what it was called for. A task that
fails leaves the import with a sentence that says what to do; nothing is written by halves.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_tasks import task

from indicators.models import ImportState, ValueImport
from indicators.services import imports
from indicators.services.import_steps import queue, refuse, show_again
from indicators.services.work_marks import Tell, at_work_on
from regions.channel import acting_through
from regions.permissions import Person

#: A workbook of this many bytes holds about a thousand values; larger ones are left to the worker.
LARGE = 100_000
#: What the history calls the way in, as for the page that does small files.
CHANNEL = "表格导入"

CHECK_FAILED = "核对时程序出错，没有写入任何数值。请重新上传一次；仍然出错的，请把文件和上传时间告诉系统管理员。"
CONFIRM_FAILED = (
    "写入时程序出错，全部内容都没有导入。请核对后再确认一次；仍然出错的，请把文件和确认时间告诉系统管理员。"
)


def check_import(value_import: ValueImport, *, person: Person) -> None:
    """Compare a received file with what is stored, now or by the worker."""
    if value_import.size > LARGE:
        check_in_background.enqueue(value_import.pk)
    else:
        check_or_tell(value_import, person=person)


def check_or_tell(value_import: ValueImport, *, person: Person) -> None:
    """Compare the file; whatever goes wrong ends the import with a sentence before it is raised."""
    try:
        imports.check(value_import, person=person)
    except ValidationError:
        return  # given up meanwhile
    except Exception:
        refuse(value_import, CHECK_FAILED, person=person)
        raise


def confirm_import(value_import: ValueImport, *, stamp: str, as_draft: bool, person: Person) -> str:
    """Write what the file states, now or by the worker; gives what to tell the person. Raises as `imports.confirm`."""
    if value_import.size > LARGE:
        queue(value_import, stamp=stamp, as_draft=as_draft, person=person)
        confirm_in_background.enqueue(value_import.pk)
        return "已开始导入。可以离开本页，完成后在这里和“从表格导入”中都能看到结果。"
    done = imports.confirm(value_import, stamp=stamp, as_draft=as_draft, person=person, now=timezone.now())
    return (
        f"已导入：新增 {done.counts['new']} 个，修改 {done.counts['changed']} 个，未变 {done.counts['unchanged']} 个。"
    )


@task()
def check_in_background(pk: int) -> None:
    """Compare the import with that key; one that is no longer waiting is left alone."""
    with at_work_on(pk), acting_through(CHANNEL):
        value_import = waiting(pk, ImportState.WAITING)
        if value_import is not None:
            check_or_tell(value_import, person=value_import.uploaded_by)


@task()
def confirm_in_background(pk: int) -> None:
    """Write the import with that key; when it cannot be written it is shown for confirmation again, with the reason.

    What nobody foresaw is raised once the reason is stored, so that the worker logs it.
    """
    with at_work_on(pk) as tell, acting_through(CHANNEL):
        value_import = waiting(pk, ImportState.CONFIRMED)
        if value_import is not None:
            confirm_or_tell(value_import, tell)


def confirm_or_tell(value_import: ValueImport, tell: Tell) -> None:
    """Write the import, or show it again with the reason."""
    person = value_import.uploaded_by
    try:
        imports.confirm(
            value_import,
            stamp=value_import.stamp,
            as_draft=value_import.as_draft,
            person=person,
            now=timezone.now(),
            tell=tell,
        )
    except (PermissionDenied, ValidationError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        show_again(value_import, "".join(messages), person=person)
    except Exception:
        show_again(value_import, CONFIRM_FAILED, person=person)
        raise


def waiting(pk: int, state: ImportState) -> ValueImport | None:
    """The import when it is in that state."""
    return ValueImport.objects.filter(pk=pk, state=state).select_related("plan__region", "uploaded_by").first()

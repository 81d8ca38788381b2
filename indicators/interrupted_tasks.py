"""Tasks whose worker was killed: found by the mark that nobody holds any more, and begun anew.

Nothing was written by halves: the transaction went with the worker. A task may be begun twice without harm, because an
import that is no longer waiting is left alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from indicators.models import ImportState, ValueImport
from indicators.services.import_steps import check_author, refuse, show_again
from indicators.services.work_marks import written_by_now
from indicators.tasks import CHECK_FAILED, CONFIRM_FAILED, check_in_background, confirm_in_background
from regions.channel import acting_through
from regions.permissions import Person

PATHS = (check_in_background.module_path, confirm_in_background.module_path)
#: A worker that just took a task has not marked it yet.
TAKING = timedelta(seconds=5)
#: What ended the worker this often is the file itself (memory, for instance).
ATTEMPTS = 3


def interrupted_task(value_import: ValueImport, *, now: datetime) -> DBTaskResult[[int], None] | None:
    """The task of the import that was begun and that nobody works on. One query."""
    begun = DBTaskResult.objects.running().filter(task_path__in=PATHS, args_kwargs__args=[value_import.pk])
    task = begun.order_by("-started_at").first()
    if task is None or task.started_at is None or task.started_at > now - TAKING:
        return None
    return task if written_by_now(value_import.pk) is None else None


def restart(value_import: ValueImport, *, person: Person, now: datetime) -> None:
    """Let the worker begin anew with an import. Raises PermissionDenied for others than its author, ValidationError
    when nothing was interrupted."""
    check_author(value_import, person)
    task = interrupted_task(value_import, now=now)
    if task is None:
        raise ValidationError("后台处理没有中断，不必重新开始。请刷新页面。")
    begin_anew(task)


def restart_all() -> None:
    """Begin anew whatever another worker left when it was killed, for a worker that starts. What ended three workers is
    not tried again: its import says so."""
    for task in DBTaskResult.objects.running().filter(task_path__in=PATHS):
        [pk] = task.args_kwargs["args"]
        if written_by_now(pk) is not None:
            continue
        if len(task.worker_ids) < ATTEMPTS:
            begin_anew(task)
        else:
            give_up(task, ValueImport.objects.select_related("uploaded_by").get(pk=pk))


def begin_anew(task: DBTaskResult[[int], None]) -> None:
    """Let the task wait again, unless somebody did so by now."""
    left = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    left.update(status=TaskResultStatus.READY, started_at=None)


def give_up(task: DBTaskResult[[int], None], value_import: ValueImport) -> None:
    """End a task that ends its workers; the import says what to do."""
    person = value_import.uploaded_by
    with acting_through("后台处理程序"):
        if value_import.state == ImportState.WAITING:
            refuse(value_import, CHECK_FAILED, person=person)
        elif value_import.state == ImportState.CONFIRMED:
            show_again(value_import, CONFIRM_FAILED, person=person)
    ended = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    ended.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="the worker was killed")

"""manage.py db_worker: the worker of django-tasks, which first takes up again what a killed worker left."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from indicators.interrupted_tasks import restart_all


class Command(db_worker.Command):
    help = "处理较大的导入；先接着做上一个处理程序中断时没有做完的。"

    def handle(self, **options: Any) -> None:
        """Begin anew what was interrupted, then do what waits."""
        restart_all()
        super().handle(**options)

"""A worker of its own process that is killed as the last thing of an import is written: `python -m …killed_worker`."""

from __future__ import annotations

import os
import signal
from typing import Any

import django
from django.core.management import call_command
from django.db.models.signals import pre_save


def die(instance: Any, **_: Any) -> None:
    """End as by `kill -9`, the values written and nothing committed."""
    if instance.state == "done":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    from indicators.models import ValueImport

    pre_save.connect(die, sender=ValueImport)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

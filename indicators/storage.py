"""Where uploaded files lie: a directory that no web server serves; the portal hands them out after asking who asks."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class EvidenceStorage(FileSystemStorage):
    """Files under settings.EVIDENCE_DIR, readable by the portal's own account alone. They have no address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, **options})

    @property
    def base_location(self) -> str:
        """The directory as the settings name it."""
        return str(settings.EVIDENCE_DIR)

    @property
    def location(self) -> str:
        """The directory's absolute path."""
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        """Raise ValueError: an address would pass the permission by."""
        raise ValueError("evidence has no address of its own")

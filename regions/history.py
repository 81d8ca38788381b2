"""Saying who changes a record and why, so that its history does."""

from __future__ import annotations

from django.db import models

from regions.permissions import Person


def attribute(record: models.Model, *, person: Person | None = None, reason: str = "") -> None:
    """Name the author and reason of the record's next save or deletion; simple-history reads the two attributes."""
    if person is not None:
        setattr(record, "_history_user", person)  # noqa: B010  no model declares simple-history's attributes
    setattr(record, "_change_reason", reason or None)  # noqa: B010

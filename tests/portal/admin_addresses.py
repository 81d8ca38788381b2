"""Addresses of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def changelist(model: Any) -> str:
    """The address of a model's list."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change_address(record: Any) -> str:
    """The address of a record's form."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def kept_address(record: Any) -> str:
    """The address of what a record last was."""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_simple_history"
    return reverse(name, args=[record.pk, record.history.latest().pk])

"""Rows of one model under their natural key: what is in the database and what a fixture file says, compared and
written.

Rows are built and validated in memory first (the model's own field validation and `clean`), so that a wrong file is
reported as a whole and writes nothing. A row that a person has changed since it was loaded keeps that person's version.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.utils import bulk_create_with_history

from regions.fixture_files import Entry
from regions.history import attribute

Row = TypeVar("Row", bound=models.Model)


def last_changed_by_person(row: models.Model) -> bool:
    """True when the newest history record of the row names a user. One query."""
    newest = cast(Any, row).history.order_by("-history_id").first()
    return newest is not None and newest.history_user_id is not None


class FixtureRows(Generic[Row]):
    """The rows of one model. `key` gives a row's natural key from its own attributes and those of its parents."""

    def __init__(self, existing: models.QuerySet[Row], key: Callable[[Row], Hashable]) -> None:
        self.model = existing.model
        self.key = key
        self.by_key: dict[Hashable, Row] = {key(row): row for row in existing}
        self.created: list[Row] = []
        self.changed: dict[Hashable, Row] = {}
        self.kept: list[Row] = []
        self._seen: set[Hashable] = set()

    def put(self, entry: Entry, **values: Any) -> Row:
        """Build or update the row that `values` describe; every validation message becomes a problem of the entry."""
        cleaned = {name: self._cleaned(entry, name, value) for name, value in values.items()}
        candidate = self.model(**cleaned)
        key = self.key(candidate)
        if key in self._seen:
            entry.problem(f"重复：同样的{self.model._meta.verbose_name}在前面已经出现。")
            return self.by_key[key]
        self._seen.add(key)
        found = self.by_key.get(key)
        if found is None:
            self._validate(entry, candidate)
            self.by_key[key] = candidate
            self.created.append(candidate)
            return candidate
        differing = {name: value for name, value in cleaned.items() if getattr(found, name) != value}
        if differing and last_changed_by_person(found):
            self.kept.append(found)
        elif differing:
            for name, value in differing.items():
                setattr(found, name, value)
            self._validate(entry, found)
            self.changed[key] = found
        return found

    def save(self, reason: str, *, one_by_one: bool = False) -> None:
        """Write new and changed rows with a history record each. Call inside a transaction, parents first.

        `one_by_one` is for rows that refer to rows of the same model standing before them.
        """
        changed = list(self.changed.values())
        if one_by_one:
            changed = [*self.created, *changed]
        else:
            bulk_create_with_history(self.created, self.model, batch_size=500, default_change_reason=reason)
        for row in changed:
            attribute(row, reason=reason)
            row.save()

    def _cleaned(self, entry: Entry, name: str, value: Any) -> Any:
        field = self.model._meta.get_field(name)
        if field.is_relation:
            return value
        try:
            return cast("models.Field[Any, Any]", field).clean(value, None)
        except ValidationError as error:
            entry.problem(f"“{name}”的值“{value}”：{''.join(error.messages)}")
            return cast("models.Field[Any, Any]", field).get_default()

    def _validate(self, entry: Entry, row: Row) -> None:
        checks: list[Callable[[], None]] = [row.clean]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                checks.append(partial(constraint.validate, self.model, row))
        for check in checks:
            try:
                check()
            except ValidationError as error:
                for message in error.messages:
                    entry.problem(message)

"""Rows of one model under their natural key: what is in the database and what the fixture files say, compared and
written.

Rows are built and validated in memory first (the model's own field validation, `clean` and constraints), so that a
wrong file is reported as a whole and writes nothing. What a person changed or deleted stays as that person left it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import cached_property, partial
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from simple_history.utils import bulk_create_with_history

from regions.fixture_files import Entry
from regions.history import attribute

Row = TypeVar("Row", bound=models.Model)

#: The largest whole number that every supported database keeps in a small integer.
LARGEST_SMALL_INTEGER = 32767


def authors(rows: list[Any]) -> dict[Any, int | None]:
    """Primary key → the user of the newest history record (None for the loader) of each stored row. One query."""
    if not rows:
        return {}
    history = rows[0].__class__.history.filter(**{f"{rows[0]._meta.pk.name}__in": [row.pk for row in rows]})
    return dict(history.order_by("history_id").values_list(rows[0]._meta.pk.name, "history_user_id"))


class FixtureRows(Generic[Row]):
    """The rows of one model. `key` gives a row's natural key from its own attributes and those of its parents.

    `created`, `changed` and `removed` are rows to write; `kept` describes what a person decided otherwise than the
    files; `unnamed` are stored rows of the loader that the files no longer name (see `compare`).
    """

    def __init__(self, existing: models.QuerySet[Row], key: Callable[[Row], Hashable]) -> None:
        self.model = existing.model
        self.key = key
        self.by_key: dict[Hashable, Row] = {key(row): row for row in existing}
        self.created: list[Row] = []
        self.changed: dict[Hashable, Row] = {}
        self.removed: list[Row] = []
        self.kept: list[str] = []
        self.unnamed: list[Row] = []
        self._seen: set[Hashable] = set()
        self._left_out: set[Hashable] = set()
        self._claims = {claim: key for key, row in self.by_key.items() for claim, _ in self._claims_of(row)}

    @property
    def written(self) -> Iterator[Row]:
        """Every row that `save` creates, changes or removes."""
        yield from (*self.created, *self.changed.values(), *self.removed)

    def put(self, entry: Entry, **values: Any) -> Row | None:
        """Build or update the row that `values` describe; every complaint becomes a problem of the entry.

        None when there is no such row: the entry failed, the row would hang on one that is left out, or a person
        deleted it. Then what hangs on it is to be skipped.
        """
        cleaned = {name: self._cleaned(entry, name, value) for name, value in values.items()}
        candidate = self.model(**cleaned)
        key = self.key(candidate)
        if entry.failed or any(self._lacks(name, value) for name, value in cleaned.items()):
            self._leave_out(key)
            return None
        if key in self._seen:
            entry.problem(f"重复：同样的{self.model._meta.verbose_name}在前面已经出现。")
            return None
        self._seen.add(key)
        found = self.by_key.get(key)
        if found is None and key in self._deleted_by_person:
            self.kept.append(f"{self.describe(candidate)}，已被人工删除")
            self._leave_out(key)
            return None
        row = candidate if found is None else found
        differing = {name: value for name, value in cleaned.items() if getattr(row, name) != value}
        if found is not None and differing and authors([found]).get(found.pk) is not None:
            self.kept.append(str(found))
            return found
        if found is None or differing:
            for name, value in differing.items():
                setattr(row, name, value)
            self._validate(entry, row, key)
            if entry.failed:
                self._leave_out(key)
                return None
            self.by_key[key] = row
            if found is None:
                self.created.append(row)
            else:
                self.changed[key] = row
        return row

    def find(self, entry: Entry, key: Hashable, unknown: str) -> Row | None:
        """The row under that key. `unknown` becomes a problem of the entry, unless the key stands for a row that was
        left out: that is reported already."""
        row = self.by_key.get(key)
        if row is None and key not in self._left_out:
            entry.problem(unknown)
        return row

    def named(self, key: Hashable) -> bool:
        """True when the files name this key."""
        return key in self._seen

    def compare(self, within: Callable[[Row], bool], *, remove: bool = False) -> None:
        """After reading: note stored rows that the files no longer name, as `unnamed` or, with `remove`, as `removed`.

        Only rows `within` what was read, and only those whose newest history record names no user. One query.
        """
        missing = [row for key, row in self.by_key.items() if key not in self._seen and row.pk and within(row)]
        written_by = authors(missing)
        owned = [row for row in missing if written_by.get(row.pk, 0) is None]
        (self.removed if remove else self.unnamed).extend(owned)

    def save(self, reason: str, *, one_by_one: bool = False) -> None:
        """Write new, changed and removed rows with a history record each. Call inside a transaction, parents first.

        `one_by_one` is for rows that refer to rows of the same model standing before them.
        """
        for row in self.removed:
            attribute(row, reason=reason)
            row.delete()
        changed = list(self.changed.values())
        if one_by_one:
            changed = [*self.created, *changed]
        else:
            bulk_create_with_history(self.created, self.model, batch_size=500, default_change_reason=reason)
        for row in changed:
            attribute(row, reason=reason)
            row.save()

    def describe(self, row: Row) -> str:
        """The row for a report: what it is, what it says, and its natural key."""
        key = self.key(row)
        parts = key if isinstance(key, tuple) else (key,)
        return f"{self.model._meta.verbose_name}“{row}”（{' / '.join(map(str, parts))}）"

    @cached_property
    def _deleted_by_person(self) -> set[Hashable]:
        """Natural keys whose newest deletion names a user. Looked up once, when a row that the files name is not
        there."""
        newest: dict[Hashable, bool] = {}
        for record in cast(Any, self.model).history.filter(history_type="-").order_by("history_id"):
            try:
                newest[self.key(record)] = record.history_user_id is not None
            except ObjectDoesNotExist:  # what it hung on is gone too
                continue
        return {key for key, by_person in newest.items() if by_person}

    def _claims_of(self, row: Row) -> Iterator[tuple[Hashable, models.UniqueConstraint]]:
        """What the row has for itself under each conditional unique constraint. Unconditional ones need no claim: the
        natural keys are theirs."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None:
                against = {field.name: getattr(row, field.attname) for field in self.model._meta.concrete_fields}
                if constraint.condition.check(against):
                    yield (constraint.name, *(against[name] for name in constraint.fields)), constraint

    def _leave_out(self, key: Hashable) -> None:
        self.by_key.pop(key, None)
        self._left_out.add(key)

    def _lacks(self, name: str, value: Any) -> bool:
        field = self.model._meta.get_field(name)
        return value is None and isinstance(field, models.ForeignKey) and not field.null

    def _cleaned(self, entry: Entry, name: str, value: Any) -> Any:
        field = cast("models.Field[Any, Any]", self.model._meta.get_field(name))
        if field.is_relation:
            return value
        if value is None and entry.failed and not field.null:  # absent or of a wrong type, and reported as such
            return field.get_default()
        complaint = wrong_type(field, value)
        if complaint is None:
            try:
                return field.clean(value, None)
            except ValidationError as error:
                complaint = "".join(error.messages)
        entry.problem(f"“{name}”的值“{value}”：{complaint}")
        return field.get_default()

    def _validate(self, entry: Entry, row: Row, key: Hashable) -> None:
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
        for claim, unique in self._claims_of(row):
            if self._claims.setdefault(claim, key) != key:
                entry.problem(str(unique.violation_error_message))


def wrong_type(field: models.Field[Any, Any], value: Any) -> str | None:
    """Why a raw value of a file cannot be meant for the field, in Chinese, or None.

    Fields themselves would take a list as text and `yes` as 1.
    """
    if value is None or isinstance(field, models.JSONField):
        return None
    if isinstance(field, models.CharField | models.TextField):
        return None if isinstance(value, str) and "\0" not in value else "应是文字（像数字的文字请加引号）。"
    if isinstance(value, list | dict):
        return "应是一个值，不能是列表或键值对。"
    if isinstance(value, bool) != isinstance(field, models.BooleanField):
        return "true 和 false 只用于是非项，是非项只填 true 或 false。"
    if isinstance(field, models.DateField) and not isinstance(value, str | date):
        return "应是日期，如 2021-12-31。"
    if isinstance(field, models.PositiveSmallIntegerField) and isinstance(value, int) and value > LARGEST_SMALL_INTEGER:
        return f"不能大于 {LARGEST_SMALL_INTEGER}。"
    return None

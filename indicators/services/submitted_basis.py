"""What would be if the values that wait for review counted: for those who may see them, and for reading alone.

Nothing of it is stored. The families of the values that the person may see are judged anew in memory, and while the
block runs these values stand in their table as approved and these verdicts in place of the stored ones
(regions.hidden_tables): every page shows them by the reads that it has. Such a verdict has a negative key, such a value
is approved without a time of approval; both are marked by that (`rests_on_submitted`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from indicators.models import Assessment, Indicator, ReviewStatus, YearlyValue
from indicators.permissions import visible_submitted_values
from indicators.services.judging import families, fresh_verdicts
from indicators.services.stored_verdicts import STORED, FreshVerdict, columns_of, key_of
from regions.hidden_tables import HiddenTables, Rows
from regions.permissions import Person
from regions.rows import as_json, prepare

_counted: ContextVar[int | None] = ContextVar("counted", default=None)


def submitted_counted() -> int | None:
    """How many values that wait for review count in what is read; None where only approved ones do."""
    return _counted.get()


@dataclass(frozen=True)
class Supposed:
    """Values (primary keys) that are read as approved, and verdicts instead of stored ones (primary keys)."""

    values: Collection[int]
    verdicts: Sequence[FreshVerdict] = ()
    instead_of: Collection[int] = ()


@contextmanager
def counting_submitted(person: Person, *, now: datetime) -> Iterator[None]:
    """Within the block the submitted values that the person may see count as if they were approved.

    Queries: these values; where there are any two for their families, the four of `gather` at most, rounds and stored
    verdicts. Querysets are evaluated within the block.
    """
    found = list(visible_submitted_values(person).values_list("pk", "indicator", "year"))
    token = _counted.set(len(found))
    try:
        if not found:
            yield
            return
        values = [pk for pk, _, _ in found]
        with database.execute_wrapper(SupposedTables(Supposed(values), database)):
            indicators = Indicator.objects.filter(pk__in={indicator for _, indicator, _ in found})
            verdicts, instead_of = changed_verdicts(indicators, now=now, from_year=min(year for _, _, year in found))
        with database.execute_wrapper(SupposedTables(Supposed(values, verdicts, instead_of), database)):
            yield
    finally:
        _counted.reset(token)


def changed_verdicts(
    indicators: models.QuerySet[Indicator], *, now: datetime, from_year: int
) -> tuple[list[FreshVerdict], list[int]]:
    """Fresh verdicts of the indicators' families that differ from the stored ones, and the keys of the latter."""
    family = families(indicators)
    stored = Assessment.objects.filter(indicator__in=family, year__gte=from_year).order_by()
    standing = {key_of(row): row for row in stored}
    verdicts, instead_of = [], []
    for verdict in fresh_verdicts(family, now=now, from_year=from_year):
        old = standing.get(key_of(verdict))
        if old is None or any(getattr(verdict, name) != getattr(old, name) for name in STORED):
            verdicts.append(verdict)
            instead_of += [old.pk] if old else []
    return verdicts, instead_of


class SupposedTables(HiddenTables):
    """Values and verdicts as they would be."""

    def __init__(self, supposed: Supposed, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.supposed = supposed

    def tables(self) -> Iterator[tuple[str, Callable[[], Rows]]]:
        """Values, and verdicts where any differ."""
        yield self.name(YearlyValue), self.values
        if self.supposed.verdicts:
            yield self.name(Assessment), self.verdicts

    def name(self, model: type[models.Model]) -> str:
        """The quoted name of the model's table."""
        return self.connection.ops.quote_name(model._meta.db_table)

    def table(self, model: type[models.Model]) -> str:
        """The table itself, from within the expression that hides it. SQLite has to be told that it is not meant."""
        return f'"main".{self.name(model)}' if self.connection.vendor == "sqlite" else self.name(model)

    def values(self) -> Rows:
        """All values, the supposed ones approved, at no time."""
        keys = ", ".join(map(str, self.supposed.values))
        changed = {
            "status": f"CASE WHEN id IN ({keys}) THEN '{ReviewStatus.APPROVED.value}' ELSE status END AS status",
            "approved_at": f"CASE WHEN id IN ({keys}) THEN NULL ELSE approved_at END AS approved_at",
        }
        quoted = self.connection.ops.quote_name
        columns = [str(field.column) for field in YearlyValue._meta.concrete_fields]
        selected = ", ".join(changed.get(column, quoted(column)) for column in columns)
        return f"SELECT {selected} FROM {self.table(YearlyValue)}", ()  # noqa: S608  names of the model, whole numbers

    def verdicts(self) -> Rows:
        """The stored verdicts but those replaced, and the supposed ones, which travel as one JSON text."""
        quoted = self.connection.ops.quote_name
        fields = list(Assessment._meta.concrete_fields)
        names = ", ".join(quoted(str(field.column)) for field in fields)
        keys = ", ".join(map(str, self.supposed.instead_of))
        others = f"WHERE id NOT IN ({keys})" if keys else ""
        kept = f"SELECT {names} FROM {self.table(Assessment)} {others}"  # noqa: S608  as above
        return f"{kept} UNION ALL {self.stated(fields)}", (self.json(fields),)

    def json(self, fields: Sequence[models.Field[Any, Any]]) -> str:
        """The supposed verdicts, under keys that no stored one has."""
        count = len(self.supposed.verdicts)
        columns: dict[str, Sequence[Any]] = {
            **{str(field.attname): [None] * count for field in fields},
            **columns_of(self.supposed.verdicts),
            "id": range(-count, 0),
            "change_number": [0] * count,
        }
        return as_json(fields, [prepare(field, columns[str(field.attname)], self.connection) for field in fields])

    def stated(self, fields: Sequence[models.Field[Any, Any]]) -> str:
        """Reads the JSON text as rows of the table."""
        quoted = self.connection.ops.quote_name
        names = [str(field.column) for field in fields]
        if self.connection.vendor == "postgresql":
            types = [str(field.db_type(self.connection)).partition("(")[0] for field in fields]
            columns = ", ".join(f"{quoted(name)} {each}" for name, each in zip(names, types, strict=True))
            selected = ", ".join(map(quoted, names))
            return f"SELECT {selected} FROM json_to_recordset(%s) AS stated ({columns})"  # noqa: S608  names of the model
        read = {name: f"json_extract(value, '$.{name}')" for name in names}
        # Figures are numbers in the table and texts on the way.
        read |= {
            str(field.column): f"CAST({read[str(field.column)]} AS NUMERIC)"
            for field in fields
            if isinstance(field, models.DecimalField)
        }
        return f"SELECT {', '.join(read[name] for name in names)} FROM json_each(%s)"  # noqa: S608  names of the model

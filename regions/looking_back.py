"""Tables as they stood at a past moment, taken from the history of their rows.

Pages read the same tables in many ways: as rows, as counts, as conditions inside other statements. Each of these would
have to know of the history, and one that forgets it would mix the past with today. So the tables change and the reading
stays: in front of each statement goes a common table expression for every looked-back table that it reads, of the same
name, which hides the table and gives the rows that stood then. A page costs as many queries as today.

Looked back are the tables whose history consists of StandingRecords (regions.records): what departments hand in, and
what people set and assign. The frame (plans, indicators, projects, places, people) is that of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, Q

from regions.records import PrintedRecord, StandingRecord, printed_at_first

#: How statements begin that a block looking back may run beside SELECT: they change no row.
HARMLESS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA", "SET", "SHOW")


class WrittenWhileLookingBackError(Exception):
    """Somebody tried to write while a past moment is read: what is written would rest on what is over."""


class TablesAsOf:
    """Lets the statements of one connection read the tables as they stood at `moment`: a wrapper for Django's
    `execute_wrapper`."""

    def __init__(self, moment: datetime, connection: BaseDatabaseWrapper) -> None:
        self.moment = moment
        self.connection = connection
        self.known: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run the statement over what stood then. Raises WrittenWhileLookingBackError for one that writes."""
        statement = sql.lstrip(" (")
        if statement.startswith(HARMLESS):
            return execute(sql, params, many, context)
        if not statement.startswith("SELECT"):
            raise WrittenWhileLookingBackError(sql)
        hidden = [self.standing(name, model) for name, model in self.looked_back() if name in sql]
        if not hidden:
            return execute(sql, params, many, context)
        tables = ", ".join(table for table, _ in hidden)
        before = [param for _, values in hidden for param in values]
        return execute(f"WITH {tables} {sql}", [*before, *(params or ())], many, context)

    def looked_back(self) -> Iterator[tuple[str, type[models.Model]]]:
        """The tables with history to look back to: quoted name, and the model of the history."""
        for model, records in looked_back_models():
            yield self.connection.ops.quote_name(model._meta.db_table), records

    def standing(self, name: str, records: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
        """The common table expression that hides the table of that name, and its parameters."""
        if name not in self.known:
            rows, params = standing_rows(records, self.moment).query.get_compiler(connection=self.connection).as_sql()
            # Said to both databases, which otherwise work out a table that is read twice as a whole.
            self.known[name] = f"{name} AS NOT MATERIALIZED ({rows})", tuple(params)
        return self.known[name]


@cache
def looked_back_models() -> list[tuple[type[models.Model], type[models.Model]]]:
    """Each model that is looked back on, with the model of its history."""
    histories: list[Any] = [model for model in apps.get_models() if issubclass(model, StandingRecord)]
    return [(records.instance_type, records) for records in histories]


def standing_rows(records: Any, moment: datetime) -> models.QuerySet[Any, Any]:
    """Of each row the newest record by that moment, without rows that were deleted by then: the columns of the table
    itself. What a document printed stands from the beginning."""
    known = Q(history_date__lte=moment)
    if issubclass(records, PrintedRecord):
        known |= printed_at_first()
    same = records.objects.filter(known, id=OuterRef("id"))
    later = same.filter(
        Q(history_date__gt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
    )
    columns = [field.attname for field in records.instance_type._meta.concrete_fields]
    standing = records.objects.filter(known).exclude(history_type="-").filter(~Exists(later))
    rows: models.QuerySet[Any, Any] = standing.order_by().values(*columns)
    return rows

"""Tables as they stood at a past moment, taken from the history of their rows.

Looked back are the tables whose history consists of StandingRecords (regions.records): what departments hand in, and
what people set and assign. The frame (plans, indicators, projects, places, people) is that of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef, Q

from regions.hidden_tables import HiddenTables, Rows
from regions.records import PrintedRecord, StandingRecord, printed_at_first


class TablesAsOf(HiddenTables):
    """The tables as they stood at `moment`."""

    def __init__(self, moment: datetime, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.moment = moment

    def tables(self) -> Iterator[tuple[str, Callable[[], Rows]]]:
        """Those with a history to look back to."""
        for model, records in looked_back_models():
            yield self.connection.ops.quote_name(model._meta.db_table), partial(self.standing, records)

    def standing(self, records: type[models.Model]) -> Rows:
        """The rows that stood then, by the model of their history."""
        sql, params = standing_rows(records, self.moment).query.get_compiler(connection=self.connection).as_sql()
        return sql, tuple(params)


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

"""Writing many rows of a model by one statement, prepared column by column.

`bulk_create` asks every field of every row how it is written, and makes a new statement for every few dozen rows: for
ten thousand verdicts that takes longer than judging them. The statements here are made of the model's own names of
table and columns only; whatever a row states travels as a parameter.

As with `bulk_create` no signal is sent. Nor do fields prepare themselves before saving (`pre_save`): this is not for
models with files or with moments that the database layer sets.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

#: What rows state, by attribute (`indicator_id`): of each the values in the order of the rows.
Columns = Mapping[str, Sequence[Any]]
Row = TypeVar("Row")

#: So many rows are one statement: enough that its making costs nothing, few enough to be held twice.
CHUNK = 2000


def insert(model: type[models.Model], columns: Columns, *, unique: Sequence[str]) -> list[int]:
    """Insert rows and give their keys, in their order. `unique` are attributes that no two rows of the table share; the
    keys are read back by them. Two queries for every CHUNK rows."""
    write(model, columns)
    keys: list[int] = []
    for part in parts(columns):
        stated = {f"{name}__in": set(part[name]) for name in unique}
        stored = model._default_manager.filter(**stated).order_by().values_list("pk", *unique)
        found = {tuple(each): pk for pk, *each in stored}
        keys.extend(found[each] for each in zip(*(part[name] for name in unique), strict=True))
    return keys


def insert_unsaved(rows: Sequence[models.Model], *, unique: Sequence[str]) -> None:
    """Insert unsaved rows of one model as `insert` does, and give them their keys."""
    if not rows:
        return
    columns = {name: column for name, column in columns_of(rows).items() if name != rows[0]._meta.pk.attname}
    for row, key in zip(rows, insert(type(rows[0]), columns, unique=unique), strict=True):
        row.pk = key


def put(rows: Iterable[models.Model], *, replaced: Collection[str]) -> None:
    """Replace these attributes of stored rows of one model. One query for every CHUNK rows."""
    for chunk in chunks(rows):
        write(type(chunk[0]), columns_of(chunk), replaced=replaced)


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in order, CHUNK at a time."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def parts(columns: Columns) -> Iterator[Columns]:
    """The columns in order of their rows, CHUNK rows at a time."""
    for start in range(0, max(map(len, columns.values()), default=0), CHUNK):
        yield {name: column[start : start + CHUNK] for name, column in columns.items()}


def columns_of(rows: Sequence[models.Model]) -> dict[str, list[Any]]:
    """What rows of one model state, their keys among it. At least one row."""
    names = [field.attname for field in rows[0]._meta.concrete_fields]
    return {name: [getattr(row, name) for row in rows] for name in names}


def write(model: type[models.Model], columns: Columns, *, replaced: Collection[str] = ()) -> None:
    """Insert the rows of the columns, all of the same length. With `replaced`, a row whose key is stored takes over
    these attributes instead. One query for every CHUNK rows, all or nothing."""
    if not columns:
        return
    with transaction.atomic(router.db_for_write(model)):
        for part in parts(columns):
            write_part(model, part, replaced)


def write_part(model: type[models.Model], columns: Columns, replaced: Collection[str]) -> None:
    """One statement of `write`."""
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    prepared = [prepare(field, columns[field.attname], connection) for field in fields]
    names = {field.attname: connection.ops.quote_name(str(field.column)) for field in fields}
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({', '.join(names.values())})"
    instead = ""
    if replaced:
        taken = ", ".join(f"{names[name]} = EXCLUDED.{names[name]}" for name in replaced)
        instead = f"ON CONFLICT ({names[model._meta.pk.attname]}) DO UPDATE SET {taken}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The rows are one JSON text: psycopg writes arrays value by value in Python, and that takes far longer.
            # Types go without their lengths, so that what is too long is refused by the column and not cut here.
            types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
            stated = ", ".join(f"{name} {each}" for name, each in zip(names.values(), types, strict=True))
            rows = f"SELECT {', '.join(names.values())} FROM json_to_recordset(%s) AS stated ({stated})"  # noqa: S608
            cursor.execute(f"{into} {rows} {instead}", [as_json(fields, prepared)])
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{into} VALUES ({marks}) {instead}", list(zip(*prepared, strict=True)))


def as_json(fields: Sequence[models.Field[Any, Any]], prepared: Sequence[Sequence[Any]]) -> str:
    """Rows as a JSON list of objects by column; figures and moments are texts, which PostgreSQL reads exactly."""
    names = [str(field.column) for field in fields]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*prepared, strict=True)]
    return json.dumps(rows, ensure_ascii=False, default=str)


def prepare(field: models.Field[Any, Any], values: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """The values as the database takes them. What comes again (a moment, a place, a source) is prepared once: equal
    values of a field are written alike."""
    if isinstance(field, models.JSONField):
        if connection.vendor == "postgresql":
            return list(values)  # goes as it is into the JSON that the rows travel in
        # Chinese is written as it is: as escapes it takes twice the room, and longer.
        encode = (field.encoder or json.JSONEncoder)(ensure_ascii=False).encode
        return [None if value is None else encode(value) for value in values]
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]

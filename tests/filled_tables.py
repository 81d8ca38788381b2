"""The rows that tests start from, kept beside their tables: put back in a twentieth of the time that loading takes."""

from __future__ import annotations

from django.db import connection, transaction

#: Before the name of a table, the name of its copy. Tables of Django alone are emptied after a test, copies stay.
PREFIX = "kept_"


def filled() -> set[str]:
    """The tables that have rows. One query per table."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        found = set()
        for name in names:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608  names of our own tables
            if cursor.fetchone():
                found.add(name)
    return found


def keep(names: set[str]) -> None:
    """Copy the rows of these tables."""
    with connection.cursor() as cursor:
        for name in names:
            copy, table = map(connection.ops.quote_name, (PREFIX + name, name))
            cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {table}")  # noqa: S608  as above


def put_back() -> None:
    """Fill the emptied tables from their copies. The database checks foreign keys when all are filled."""
    with transaction.atomic(), connection.cursor() as cursor:
        for copy in connection.introspection.table_names(cursor):
            if copy.startswith(PREFIX):
                table = copy.removeprefix(PREFIX)
                source, target = map(connection.ops.quote_name, (copy, table))
                cursor.execute(f"INSERT INTO {target} SELECT * FROM {source}")  # noqa: S608  as above

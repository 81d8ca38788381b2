"""Statements over other rows than the tables hold: a common table expression of the same name hides a table.

Pages read the same tables in many ways: as rows, as counts, as conditions inside other statements. Where a page is to
show what was (regions.looking_back) or what would be (indicators.services.submitted_basis), the tables change and the
reading stays: no page and no named read can forget, and a page costs as many queries as otherwise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

#: How statements begin that may run beside SELECT: they change no row.
HARMLESS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA", "SET", "SHOW")

#: The rows that stand in for those of a table: a statement that selects its columns, and its parameters.
Rows = tuple[str, tuple[Any, ...]]


class WrittenOverHiddenTablesError(Exception):
    """Somebody tried to write while tables are hidden: what is written would rest on what is not so."""


class HiddenTables(ABC):
    """Lets the statements of one connection read other rows: a wrapper for Django's `execute_wrapper`."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.known: dict[str, Rows] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run the statement over the rows that stand in. Raises WrittenOverHiddenTablesError for one that writes."""
        if sql.startswith(HARMLESS):
            return execute(sql, params, many, context)
        if not sql.lstrip(" (").startswith("SELECT"):
            raise WrittenOverHiddenTablesError(sql)
        hidden = [(name, self.rows(name, make)) for name, make in self.tables() if name in sql]
        if not hidden:
            return execute(sql, params, many, context)
        # Both databases otherwise work out as a whole what is read twice.
        tables = ", ".join(f"{name} AS NOT MATERIALIZED ({rows})" for name, (rows, _) in hidden)
        before = [param for _, (_, values) in hidden for param in values]
        return execute(f"WITH {tables} {sql}", [*before, *(params or ())], many, context)

    def rows(self, name: str, make: Callable[[], Rows]) -> Rows:
        """What stands in for the table of that name, made once."""
        if name not in self.known:
            self.known[name] = make()
        return self.known[name]

    @abstractmethod
    def tables(self) -> Iterator[tuple[str, Callable[[], Rows]]]:
        """The quoted names of the tables that are hidden, each with what makes the rows that stand in for its own."""

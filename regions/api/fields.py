"""What a row of the API says, declared once for JSON, csv, xlsx and the schema.

A `Row` is an ordinary serializer as far as the schema is concerned. Rows are not made by it field by field, but from
tuples of `values_list`: each field names the column that it shows (`source`, in Django's notation for look-ups). That
takes a fifth of the time, and a list costs nothing for columns that it does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from django.utils import timezone
from rest_framework import serializers

#: One record as the database gives it: its columns in order.
Values = Sequence[Any]
Reader = Callable[[Values], Any]


class Derived(NamedTuple):
    """A field that is made of columns by a function of their values."""

    columns: tuple[str, ...]
    make: Callable[..., Any]


class Row(serializers.Serializer[Any]):
    """One row of a list, without nested records of its own.

    `derived` are fields made of columns; `completed` those that the endpoint fills in for many rows at once, because
    they are read from other tables.
    """

    derived: ClassVar[Mapping[str, Derived]] = {}
    completed: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    @cache
    def layout(cls) -> Layout:
        """How rows are made; the same for every request."""
        return Layout(cls)


class Figure(serializers.DecimalField):
    """A decimal, as a string without exponent or needless zeros; null where it is not known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 20, "decimal_places": 6, "allow_null": True, **options})


class Layout:
    """The columns of a row and how each field is read from them. The first column is the primary key, by which rows are
    completed."""

    def __init__(self, row: type[Row]) -> None:
        declared: Mapping[str, serializers.Field[Any, Any, Any, Any]] = row._declared_fields
        places = {"pk": 0}
        for name, field in declared.items():
            for column in columns_of(row, name, field):
                places.setdefault(column, len(places))
        self.names = tuple(declared)
        self.columns = tuple(places)
        self.figures = frozenset(name for name, field in declared.items() if isinstance(field, Figure))
        self.readers = tuple((name, reader(row, name, field, places)) for name, field in declared.items())

    def row(self, values: Values) -> dict[str, Any]:
        """The row that JSON shows, of a tuple of `columns`."""
        return {name: read(values) for name, read in self.readers}


def columns_of(row: type[Row], name: str, field: serializers.Field[Any, Any, Any, Any]) -> tuple[str, ...]:
    """The columns that a field is made of."""
    if name in row.completed:
        return ()
    if name in row.derived:
        return row.derived[name].columns
    return (field.source or name,)


def reader(
    row: type[Row], name: str, field: serializers.Field[Any, Any, Any, Any], places: Mapping[str, int]
) -> Reader:
    """The function that reads the field from a tuple of columns."""
    if name in row.completed:
        return lambda values: None
    if name in row.derived:
        columns, make = row.derived[name]
        if len(columns) == 1:
            return converted(places[columns[0]], make)
        pick = itemgetter(*(places[column] for column in columns))
        return lambda values: make(*pick(values))
    place = places[field.source or name]
    if isinstance(field, serializers.DecimalField):
        return converted(place, figure_text)
    if isinstance(field, serializers.DateTimeField):
        return converted(place, moment_text)
    if isinstance(field, serializers.DateField):
        return converted(place, lambda day: None if day is None else day.isoformat())
    return itemgetter(place)


def converted(place: int, convert: Callable[[Any], Any]) -> Reader:
    """Reads one column and converts it."""
    return lambda values: convert(values[place])


def figure_text(figure: Decimal | None) -> str | None:
    """A decimal as it travels: 96.7, 100, 0.000001."""
    return None if figure is None else f"{figure.normalize() + 0:f}"


def moment_text(moment: datetime | None) -> str | None:
    """A moment as it travels: local time with its offset, to the microsecond."""
    return None if moment is None else timezone.localtime(moment).isoformat()

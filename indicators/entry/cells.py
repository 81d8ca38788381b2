"""What a person typed into the cells of a row: read from a form, compared with what they saw, made an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from indicators.core.codes import Finding, Grade, ValueType
from indicators.core.figures import FigureError, read_figure, show_figure
from indicators.models import Indicator
from indicators.series import SeriesKey
from indicators.services.values import ValueEntry
from regions.models import Region

#: Names of the form fields of a row: field, then the row's series (value-12-3).
FIELDS = ("value", "source", "url", "note", "reason", "revision")
REVISION = re.compile(r"[0-9]{1,9}")
GRADES = [(str(grade.value), grade.label) for grade in Grade]
FINDINGS = Finding.choices()


class Stated(Protocol):
    """A yearly value or one of its historical records."""

    value: Decimal | None
    finding: str
    source: str
    source_url: str
    note: str
    revision: int


@dataclass(frozen=True)
class TypedRow:
    """The texts in the cells of a row, as typed; `revision` is the one the person saw, None when there was no value."""

    value: str = ""
    source: str = ""
    url: str = ""
    note: str = ""
    reason: str = ""
    revision: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the row."""
        return not any(text.strip() for text in (self.value, self.source, self.url, self.note))


def typed_in(post: Mapping[str, str], series: SeriesKey) -> TypedRow | None:
    """The row of a series in a posted form; None when the form has no cell for it."""
    if f"value-{series}" not in post:
        return None
    texts = {field: post.get(f"{field}-{series}", "") for field in FIELDS}
    revision = texts.pop("revision")
    return TypedRow(
        value=texts["value"],
        source=one_kind_of_line_end(texts["source"]),
        url=texts["url"].strip(),
        note=one_kind_of_line_end(texts["note"]),
        reason=texts["reason"].strip(),
        revision=int(revision) if REVISION.fullmatch(revision) else None,
    )


def one_kind_of_line_end(text: str) -> str:
    """The text without surrounding blanks; browsers send other line ends than they were given. NUL, which PostgreSQL
    refuses, goes too."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def posted_series(names: Iterable[str]) -> set[SeriesKey]:
    """The rows that a posted form names."""
    parts = [name.partition("-") for name in names]
    return {series for field, _, written in parts if field in FIELDS and (series := SeriesKey.read(written))}


def stated_in(record: Stated | None) -> TypedRow:
    """A stored value as its cells show it; empty cells for none."""
    if record is None:
        return TypedRow()
    return TypedRow(
        value=record.finding or show_figure(record.value),
        source=record.source,
        url=record.source_url,
        note=record.note,
        revision=record.revision,
    )


def differs(typed: TypedRow, seen: TypedRow) -> bool:
    """Whether the person changed anything: 96.70 for 96.7 is no change, a reason alone is none either."""
    texts = ((typed.source, seen.source), (typed.url, seen.url), (typed.note, seen.note))
    if any(mine != one_kind_of_line_end(theirs) for mine, theirs in texts):
        return True
    if typed.value.strip() == seen.value:
        return False
    try:
        return not seen.value or read_figure(typed.value) != read_figure(seen.value)
    except FigureError:
        return True


def read_value(indicator: Indicator, text: str) -> tuple[Decimal | None, str]:
    """Figure or grade, and finding, that a cell states; (None, "") for an empty one. Raises FigureError."""
    plain = text.strip()
    if not plain:
        return None, ""
    if indicator.value_type == ValueType.FINDING:
        if plain not in dict(FINDINGS):
            raise FigureError("请从列表中选择评定结论：达成、部分达成或未达成。")
        return None, plain
    return read_figure(plain), ""


def figure_in(indicator: Indicator, text: str) -> Decimal | None:
    """The figure that a cell states; None for an empty cell and for whatever is no figure."""
    try:
        return read_value(indicator, text)[0]
    except FigureError:
        return None


def entry_of(indicator: Indicator, region: Region, year: int, typed: TypedRow) -> ValueEntry:
    """The entry that a row states. Raises FigureError for a text that is no figure."""
    value, finding = read_value(indicator, typed.value)
    return ValueEntry(
        indicator=indicator,
        region=region,
        year=year,
        value=value,
        finding=finding,
        source=typed.source,
        source_url=typed.url,
        note=typed.note,
        reason=typed.reason,
        revision=typed.revision,
    )

"""The header of an indicator table: found by what its cells mean, wherever it stands. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from indicators.workbook.cells import show_raw
from indicators.workbook.columns import (
    MEANINGS,
    CodeColumn,
    Column,
    FindingColumn,
    Meanings,
    NameColumn,
    Title,
    ValueColumn,
    YearColumn,
    column_of,
)
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.table import Position, SheetTable, column_letters, reference

#: A header stands in the first rows of a sheet, and is itself at most so many rows high.
MOST_ROWS_ABOVE = 30
MOST_HEADER_ROWS = 3
#: How the title of a section begins: 一、 （一） 第一类. It is no part of a header, whatever words it has.
SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]+\s*[、.．]|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]+[类部章节])"
)

#: What to do about a column that was not understood and matters.
YEAR_TITLES = "其中有年度数值的，请把标题写成“2023年”或“2023年完成值”这样的形式。"

AnyColumn = TypeVar("AnyColumn", bound=Column)


@dataclass(frozen=True)
class Header:
    """A header that was understood. `first_row` is the first row under it; `titles` are its texts by column.

    `values` are the columns of figures and findings; `above` are the texts over the header.
    """

    first_row: int
    columns: tuple[Column, ...]
    titles: dict[int, str]
    above: tuple[str, ...] = ()

    def all(self, kind: type[AnyColumn]) -> list[AnyColumn]:
        """The columns of one kind, from left to right."""
        return [column for column in self.columns if isinstance(column, kind)]

    def one(self, kind: type[AnyColumn], year: int | None = None) -> AnyColumn | None:
        """The column of a kind: the one of that year, else the one that holds for every year."""
        found = {column.year: column for column in reversed(self.all(kind))}
        return found.get(year) or found.get(None)

    @property
    def values(self) -> list[ValueColumn | FindingColumn]:
        """The columns that values are read from."""
        return [column for column in self.columns if isinstance(column, ValueColumn | FindingColumn)]

    @property
    def layout(self) -> str:
        """How the table was understood, in Chinese."""
        years = sorted({column.year for column in self.values if column.year is not None})
        if years:
            return f"每行一个指标，年度为列（{'、'.join(map(str, years))}）"
        return "每行一个指标和年度的数值" if self.one(YearColumn) else "每行一个指标的数值"


@dataclass(frozen=True)
class HeaderSearch:
    """What became of looking for a header: the header, or a Chinese sentence why there is none, and problems in it."""

    header: Header | None = None
    missing: str = ""
    problems: list[Problem] = field(default_factory=list)


def find_header(sheet: SheetTable, owners: Mapping[Position, Position]) -> HeaderSearch:
    """The first rows that name an indicator column and a column of values; `owners` is `sheet.merged_into()`."""
    has_names = False
    for header in possible_headers(sheet, owners, MEANINGS):
        has_names = True
        if header.values and (header.one(CodeColumn) or header.one(NameColumn)):
            return HeaderSearch(
                header, problems=[*repeated_columns(sheet, header), *unread_columns(sheet, header, YEAR_TITLES)]
            )
    return HeaderSearch(missing=_missing(has_names))


def possible_headers(sheet: SheetTable, owners: Mapping[Position, Position], meanings: Meanings) -> Iterator[Header]:
    """The first rows of a sheet that may be a header, from top to bottom, the highest reading of each first."""
    texts = _HeaderTexts(sheet, owners, meanings)
    for first in range(min(MOST_ROWS_ABOVE, len(sheet.rows))):
        for height in range(MOST_HEADER_ROWS, 0, -1):
            if texts.is_header(first, height):
                titles = texts.titles(first, height)
                columns = (column_of(title, index, meanings) for index, title in titles.items())
                yield Header(first + height, tuple(filter(None, columns)), titles, texts.above(first))


class _HeaderTexts:
    """The first rows of a sheet as titles: merged cells say in every row and column what they say at all."""

    def __init__(self, sheet: SheetTable, owners: Mapping[Position, Position], meanings: Meanings) -> None:
        self._meanings = meanings
        self._rows = sheet.rows
        self._width = len(sheet.rows[0]) if sheet.rows else 0
        self._owners = owners
        self._has_merges = bool(sheet.merges)

    def own(self, row: int, column: int) -> str:
        """What stands in the cell itself."""
        return "" if (row, column) in self._owners else show_raw(self._rows[row][column])

    def shown(self, row: int, column: int) -> str:
        """What the cell shows, perhaps as part of a merged one."""
        owner = self._owners.get((row, column), (row, column))
        return show_raw(self._rows[owner[0]][owner[1]])

    def is_header(self, first: int, height: int) -> bool:
        """Whether an indicator column begins in the first row, and all that stands in the others are titles too."""
        if first + height > len(self._rows):
            return False
        top = [column_of(self.own(first, index), index, self._meanings) for index in range(self._width)]
        if not any(isinstance(column, CodeColumn | NameColumn) for column in top):
            return False
        for row in range(first + 1, first + height):
            texts = [text for index in range(self._width) if (text := self.own(row, index))]
            if not texts or not all(map(self._is_title, texts)):
                return False
        return True

    def _is_title(self, text: str) -> bool:
        is_known = column_of(text, 0, self._meanings) is not None or bool(Title.of(text).unit)
        return is_known and not SECTION.match(text)

    def titles(self, first: int, height: int) -> dict[int, str]:
        """The title of each column, read from top to bottom."""
        joined = {index: self._joined(index, first, height) for index in range(self._width)}
        return {index: title for index, title in joined.items() if title}

    def _joined(self, index: int, first: int, height: int) -> str:
        texts: list[str] = []
        owners: set[Position] = set()
        for row in range(first, first + height):
            owner = self._owners.get((row, index), (row, index))
            if owner not in owners:
                owners.add(owner)
                texts.append(self.shown(row, index))
        if not self._has_merges and texts and not texts[0] and any(texts):
            # Where a file knows no merged cells, a title over several columns stands over the first of them.
            left = (self.own(first, column) for column in range(index - 1, -1, -1))
            texts[0] = next(filter(None, left), "")
        return "".join(texts)

    def above(self, first: int) -> tuple[str, ...]:
        """The texts over the header: titles, dates, notes."""
        return tuple(text for row in range(first) for index in range(self._width) if (text := self.own(row, index)))


def repeated_columns(sheet: SheetTable, header: Header) -> list[Problem]:
    """Columns that say the same as one before."""
    seen: dict[tuple[type[Column], int | None], Column] = {}
    problems = []
    for column in header.columns:
        first = seen.setdefault((type(column), column.year), column)
        if first is not column and not column.may_repeat:
            named = f" {column.year} 年的“{column.label}”" if column.year else f"“{column.label}”"
            problems.append(
                Problem(
                    ProblemCode.COLUMN_TWICE,
                    sheet.name,
                    reference(header.first_row - 1, column.index),
                    header.titles[column.index],
                    f"{column_letters(first.index)} 列和 {column_letters(column.index)} 列都是{named}，"
                    "看不出以哪一列为准。请只保留一列，或改写另一列的标题。",
                )
            )
    years = {column.year for column in header.values}
    if header.one(YearColumn) and years - {None}:
        column = header.all(YearColumn)[0]
        problems.append(
            Problem(
                ProblemCode.COLUMN_TWICE,
                sheet.name,
                reference(header.first_row - 1, column.index),
                header.titles[column.index],
                "表中既有“年度”列，又有标题写明年度的数值列，看不出以哪个年度为准。请只保留一种。",
            )
        )
    return problems


def unread_columns(sheet: SheetTable, header: Header, advice: str) -> list[Problem]:
    """One notice that lists the columns that are passed over, and says what to do about those that matter."""
    known = {column.index for column in header.columns}
    unknown = [title for index, title in header.titles.items() if index not in known]
    if not unknown:
        return []
    listed = "、".join(f"“{title}”" for title in unknown)
    message = f"没有读取这些列：{listed}。{advice}"
    return [Problem(ProblemCode.NOT_READ, sheet.name, str(header.first_row), listed, message, is_notice=True)]


def _missing(has_names: bool) -> str:
    if has_names:
        return (
            "找到了指标列，但没有找到数值列。请把数值列的标题写成“数值”或“完成值”，或者写明年度，例如“2023年完成值”。"
        )
    return "前 30 行中没有找到“指标名称”或“代码”列的标题，没有读取。"

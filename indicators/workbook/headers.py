"""The header of an indicator table: found by what its cells mean, wherever it stands. Pure: no Django."""

from __future__ import annotations

import re
from collections import Counter
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

#: Cells that may be the title of an indicator column, to pass over the many that are not.
_NAMING = re.compile(r"(?=.{2,20}$)[^0-9]*(?:指\s*标|名\s*称|代\s*码|编\s*码|项\s*目)[^0-9]*", re.DOTALL)

#: A figure that a file holds as text.
_FIGURES = re.compile(r"\s*[+-]?[0-9.,]+\s*%?\s*")

NO_NAMES = "前 30 行中没有找到“指标名称”或“代码”列的标题，没有读取。"
#: What to do about a column that was not understood and matters.
YEAR_TITLES = "其中有年度数值的，请把标题写成“2023年”或“2023年完成值”这样的形式。"

AnyColumn = TypeVar("AnyColumn", bound=Column)


@dataclass(frozen=True)
class Header:
    """A header that was understood. `top` is its own first row, `first_row` the first row under it; `titles` are its
    texts by column.

    `values` are the columns of figures and findings; `above` are the texts over the header.
    """

    first_row: int
    columns: tuple[Column, ...]
    titles: dict[int, str]
    above: tuple[str, ...] = ()
    top: int = 0

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
    def known(self) -> set[int]:
        """The columns that were understood."""
        return {column.index for column in self.columns}

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
    passed_over: Header | None = None
    for header in possible_headers(sheet, owners, MEANINGS):
        passed_over = passed_over or header
        if header.values and (header.one(CodeColumn) or header.one(NameColumn)):
            return found_header(sheet, header)
    return HeaderSearch(missing=_missing(passed_over))


def found_header(sheet: SheetTable, header: Header) -> HeaderSearch:
    """The header with what is wrong in it; one without values says that nothing under it is read."""
    if not header.values:
        where = reference(header.top, min(header.known))
        return HeaderSearch(
            header,
            problems=[
                Problem(
                    ProblemCode.NOT_READ,
                    sheet.name,
                    where,
                    header.titles[min(header.known)],
                    f"第 {header.top + 1} 行起是另一张表，其中没有读取任何数值。{_missing(header)}",
                    is_notice=True,
                )
            ],
        )
    return HeaderSearch(
        header, problems=[*repeated_columns(sheet, header), *unread_columns(sheet, header, YEAR_TITLES)]
    )


def possible_headers(sheet: SheetTable, owners: Mapping[Position, Position], meanings: Meanings) -> Iterator[Header]:
    """The first rows of a sheet that may be a header, from top to bottom, the highest reading of each first."""
    texts = _HeaderTexts(sheet, owners, meanings)
    for first in range(min(MOST_ROWS_ABOVE, len(sheet.rows))):
        yield from texts.headers(first, texts.above(first))


def headers_below(sheet: SheetTable, owners: Mapping[Position, Position], header: Header) -> list[Header]:
    """The headers of further tables under a header, from top to bottom: rows that name an indicator column and
    something else that is known. A header that is printed again is one too."""
    texts = _HeaderTexts(sheet, owners, MEANINGS)
    found: list[Header] = []
    below = header.first_row
    for row in range(header.first_row, len(sheet.rows)):
        if row < below or not any(isinstance(raw, str) and _names_indicators(raw) for raw in sheet.rows[row]):
            continue
        possible = [each for each in texts.headers(row, texts.heading(row)) if _is_table(each)]
        # The highest reading with values; a table without any still ends the one above it.
        chosen = next((each for each in possible if each.values), next(iter(possible), None))
        if chosen is not None:
            found.append(chosen)
            below = chosen.first_row
    return found


def _names_indicators(text: str) -> bool:
    """Whether the text is the title of an indicator column."""
    return _NAMING.fullmatch(text) is not None and isinstance(column_of(text, 0), CodeColumn | NameColumn)


def _is_table(header: Header) -> bool:
    """Whether a row below a table is the header of another one: it names more than the indicators."""
    kinds = {type(column) for column in header.columns}
    return bool(kinds & {CodeColumn, NameColumn}) and len(kinds) > 1


class _HeaderTexts:
    """The first rows of a sheet as titles: merged cells say in every row and column what they say at all."""

    def __init__(self, sheet: SheetTable, owners: Mapping[Position, Position], meanings: Meanings) -> None:
        self._meanings = meanings
        self._rows = sheet.rows
        self._width = len(sheet.rows[0]) if sheet.rows else 0
        self._owners = owners
        self._has_merges = bool(sheet.merges)

    def headers(self, first: int, above: tuple[str, ...]) -> Iterator[Header]:
        """What may be a header that begins in this row, the highest reading first."""
        for height in range(MOST_HEADER_ROWS, 0, -1):
            if self.is_header(first, height):
                titles = self.titles(first, height)
                columns = (column_of(title, index, self._meanings) for index, title in titles.items())
                yield Header(first + height, tuple(filter(None, columns)), titles, above, first)

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
            texts = {index: text for index in range(self._width) if (text := self.own(row, index))}
            are_titles = (self._is_title(text) or self._is_under_title(row, index) for index, text in texts.items())
            if not texts or not all(are_titles):
                return False
        return True

    def _is_under_title(self, row: int, index: int) -> bool:
        """Whether a text stands under a merged title over several columns: it divides that, whatever its words."""
        raw = self._rows[row][index]
        above = self._owners.get((row - 1, index), (row - 1, index))
        is_wide = self._owners.get((above[0], above[1] + 1)) == above
        return isinstance(raw, str) and not _FIGURES.fullmatch(raw) and is_wide and above[0] == row - 1

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
        """The texts over the first header: titles, dates, notes."""
        return tuple(text for row in range(first) for index in range(self._width) if (text := self.own(row, index)))

    def heading(self, first: int) -> tuple[str, ...]:
        """The texts between a header and the table above it: rows of one text each."""
        texts: list[str] = []
        for row in range(first - 1, max(-1, first - 1 - MOST_ROWS_ABOVE), -1):
            own = [text for index in range(self._width) if (text := self.own(row, index))]
            if len(own) > 1:
                break
            texts = [*own, *texts]
        return tuple(texts)


def repeated_columns(sheet: SheetTable, header: Header) -> list[Problem]:
    """Columns that say the same as one before."""
    beside = "；左右并排的两张表，请改成上下排列" if len(header.all(NameColumn)) > 1 else ""
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
                    f"看不出以哪一列为准。请只保留一列，或改写另一列的标题{beside}。",
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
    unknown = [f"“{title}”" for index, title in header.titles.items() if index not in header.known]
    unknown += [f"没有标题的 {column_letters(index)} 列" for index in untitled_columns(sheet, header)]
    if not unknown:
        return []
    listed = "、".join(unknown)
    message = f"没有读取这些列：{listed}。{advice}"
    return [Problem(ProblemCode.NOT_READ, sheet.name, str(header.first_row), listed, message, is_notice=True)]


def untitled_columns(sheet: SheetTable, header: Header) -> list[int]:
    """Columns without a title in which several things stand in the rows under the header, sections and notes aside."""
    counts: Counter[int] = Counter()
    for row in sheet.rows[header.first_row :]:
        filled = [index for index, raw in enumerate(row) if raw != ""]
        if not filled:
            break
        if len(filled) > 1:
            counts.update(index for index in filled if index not in header.titles)
    return sorted(index for index, count in counts.items() if count > 1)


def _missing(header: Header | None) -> str:
    """Why no table was found; `header` is the first row that names indicators, None without one."""
    if header is None:
        return NO_NAMES
    unknown = [f"“{title}”" for index, title in header.titles.items() if index not in header.known]
    unread = f"没有看懂这些列：{'、'.join(unknown)}。" if unknown else ""
    return (
        f"找到了指标列，但没有找到数值列。{unread}"
        "请把数值列的标题写成“数值”或“完成值”，或者写明年度，例如“2023年完成值”。"
    )

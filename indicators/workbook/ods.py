"""Opening .ods in one pass over its content, because one written cell may stand for a million. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from indicators.workbook.parts import Parts, parse
from indicators.workbook.refusals import BROKEN, ENCRYPTED, LINKED, MACROS, Limits, WorkbookRefused
from indicators.workbook.table import Merge, Position, RawCell, SheetTable

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
#: Elements whose texts are not those of a cell: comments, drawings, what was deleted while changes were tracked.
NOT_CELLS = ("annotation", "forms", "table:shapes", "table:tracked-changes")
HIDING = ("collapse", "filter")
#: What office programs show for a formula that failed.
FAILURE_MARKS = ("#", "Err:", "错误:")
#: More repetitions than rows of the largest sheet are forged.
MAX_REPEATS = 1_048_576


def open_ods(names: list[str], parts: Parts, limits: Limits) -> list[SheetTable]:
    """The sheets of an unpacked .ods file. Raises WorkbookRefused."""
    if MANIFEST in parts:
        parse(parts[MANIFEST], _refuse_encryption)
    if CONTENT not in parts:
        raise WorkbookRefused(BROKEN)
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise WorkbookRefused(MACROS)
    content = ContentReader(limits)
    parse(parts[CONTENT], content.start, end=content.end, text=content.text)
    if not content.sheets:
        raise WorkbookRefused(BROKEN)
    return [sheet.table() for sheet in content.sheets]


def _refuse_encryption(name: str, attributes: dict[str, str]) -> None:
    if name == "encryption-data":
        raise WorkbookRefused(ENCRYPTED)


@dataclass
class SheetBuilder:
    """A sheet as far as it is read; only cells with content are kept until the end."""

    name: str
    is_hidden: bool
    filled: dict[Position, RawCell] = field(default_factory=dict)
    height: int = 0
    width: int = 0
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percent: set[Position] = field(default_factory=set)
    failures: dict[Position, str] = field(default_factory=dict)
    uncalculated: set[Position] = field(default_factory=set)

    def reach(self, row: int, column: int, limits: Limits) -> None:
        """The table reaches to this cell. Raises WorkbookRefused where that is too far."""
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        limits.check_rectangle(self.name, self.height, self.width)

    def table(self) -> SheetTable:
        """The finished sheet."""
        rows: list[list[RawCell]] = [[""] * self.width for _ in range(self.height)]
        for (row, column), value in self.filled.items():
            rows[row][column] = value
        return SheetTable(
            name=self.name,
            rows=rows,
            is_hidden=self.is_hidden,
            merges=tuple(self.merges),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            percent=frozenset(self.percent),
            failures=self.failures,
            uncalculated=frozenset(self.uncalculated),
        )


@dataclass
class WrittenCell:
    """A cell as written: its attributes, the columns that it stands for, and its paragraphs."""

    attributes: dict[str, str]
    column: int
    repeats: int
    paragraphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the cell shows."""
        return "\n".join(self.paragraphs)

    @property
    def has_failed(self) -> bool:
        """Whether it shows an error instead of a result."""
        if self.attributes.get("calcext:value-type") == "error":
            return True
        return "table:formula" in self.attributes and self.text.startswith(FAILURE_MARKS)

    @property
    def is_uncalculated(self) -> bool:
        """Whether it is a formula without any result."""
        kind = self.attributes.get("office:value-type")
        return "table:formula" in self.attributes and kind is None and not self.paragraphs

    @property
    def value(self) -> RawCell:
        """What stands in it. Raises LookupError or ValueError for a cell that contradicts itself."""
        match self.attributes.get("office:value-type"):
            case "float" | "percentage" | "currency":
                return float(self.attributes["office:value"])
            case "date":
                return datetime.fromisoformat(self.attributes["office:date-value"])
            case "boolean":
                return self.attributes["office:boolean-value"] == "true"
            case _:
                return self.text


class ContentReader:
    """Builds the sheets of content.xml while its elements are told one after another."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[SheetBuilder] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._elements = 0
        self._skipped = 0
        self._sheet: SheetBuilder | None = None
        self._row = self._row_repeats = self._column = self._columns_declared = 0
        self._cells: list[WrittenCell] = []
        self._cell: WrittenCell | None = None
        self._is_in_paragraph = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self._elements += 1
        if self._skipped or name in NOT_CELLS or name.startswith("draw:") or (self._cell and name == "table:table"):
            self._skipped += 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._begin_cell(attributes)
        elif name == "text:p" and self._cell:
            self._cell.paragraphs.append("")
            self._is_in_paragraph = True
        elif name == "text:s":
            self.text(" " * min(int(attributes.get("text:c", "1")), 100))
        elif name in ("text:line-break", "text:tab"):
            self.text("\n" if name == "text:line-break" else " ")
        elif name == "table:table-row":
            self._begin_row(attributes)
        elif name == "table:table-column":
            self._declare_columns(attributes)
        elif name == "table:table":
            self._begin_sheet(attributes)
        elif name == "table:table-source" or name == "table:dde-links":
            raise WorkbookRefused(LINKED)
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        """An element closes."""
        if self._skipped:
            self._skipped -= 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "text:p":
            self._is_in_paragraph = False
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table":
            self._sheet = None

    def text(self, data: str) -> None:
        """Text between elements."""
        if self._cell and self._is_in_paragraph and not self._skipped:
            self._cell.paragraphs[-1] += data

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        is_hidden = attributes.get("table:style-name", "") in self._hidden_styles
        self._sheet = SheetBuilder(attributes.get("table:name", ""), is_hidden)
        self.sheets.append(self._sheet)
        self.limits.check_sheets(len(self.sheets))
        self._row = self._columns_declared = 0

    def _declare_columns(self, attributes: dict[str, str]) -> None:
        first = self._columns_declared
        self._columns_declared += _repeats(attributes, "table:number-columns-repeated")
        if self._sheet and attributes.get("table:visibility") in HIDING:
            last = min(self._columns_declared, self.limits.columns)
            self._sheet.hidden_columns.update(range(first, last))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row_repeats = _repeats(attributes, "table:number-rows-repeated")
        self._column = 0
        self._cells = []
        if self._sheet:
            self.limits.check_elements(self._sheet.name, self._elements)
            if attributes.get("table:visibility") in HIDING:
                last = min(self._row + self._row_repeats, self.limits.rows)
                self._sheet.hidden_rows.update(range(self._row, last))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        repeats = _repeats(attributes, "table:number-columns-repeated")
        self._cell = WrittenCell(attributes, self._column, repeats)
        self._column += repeats
        if "file:" in attributes.get("table:formula", ""):
            raise WorkbookRefused(LINKED)

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell and (cell.paragraphs or "office:value-type" in cell.attributes or "table:formula" in cell.attributes):
            self._cells.append(cell)
        elif cell and self._sheet:
            self._merge(cell)

    def _end_row(self) -> None:
        sheet = self._sheet
        if sheet:
            for cell in self._cells:
                self._merge(cell)
                self._place(sheet, cell)
        self._row += self._row_repeats

    def _place(self, sheet: SheetBuilder, cell: WrittenCell) -> None:
        """Put a cell wherever it stands, after counting how much that is."""
        value, has_failed, is_uncalculated = cell.value, cell.has_failed, cell.is_uncalculated
        if value == "" and not is_uncalculated:
            return
        sheet.reach(self._row + self._row_repeats - 1, cell.column + cell.repeats - 1, self.limits)
        is_percent = cell.attributes.get("office:value-type") == "percentage"
        for row in range(self._row, self._row + self._row_repeats):
            for column in range(cell.column, cell.column + cell.repeats):
                at = (row, column)
                if has_failed:
                    sheet.failures[at] = cell.text
                elif is_uncalculated:
                    sheet.uncalculated.add(at)
                else:
                    sheet.filled[at] = value
                    if is_percent:
                        sheet.percent.add(at)

    def _merge(self, cell: WrittenCell) -> None:
        rows = int(cell.attributes.get("table:number-rows-spanned", "1"))
        columns = int(cell.attributes.get("table:number-columns-spanned", "1"))
        if self._sheet and (rows > 1 or columns > 1):
            last = (self._row + rows - 1, cell.column + columns - 1)
            self._sheet.merges.append(Merge(self._row, cell.column, *last))


def _repeats(attributes: dict[str, str], name: str) -> int:
    """How often a row, column or cell is repeated. Raises WorkbookRefused for more than a sheet holds."""
    repeats = int(attributes.get(name, "1"))
    if not 1 <= repeats <= MAX_REPEATS:
        raise WorkbookRefused(BROKEN)
    return repeats

"""One row of a plan's own indicator table, and the texts in it. Pure: no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from indicators.core.codes import Constraint, Direction, EntryBasis, Frequency, MeasureKind, ValueType
from indicators.core.units import is_known_unit
from indicators.core.worded_values import states_no_value
from indicators.core.wording import normalise
from indicators.targets import TargetRule
from indicators.workbook.cells import Cell, read_statement
from indicators.workbook.guesses import Guess
from indicators.workbook.headers import SECTION

#: Marks behind a figure that lead to a footnote.
MARKS = "*＊★☆※△▲"
_NAME_AND_UNIT = re.compile(
    r"(?P<name>.*\S)\s*[（(\[〔【](?P<unit>[^（()）\[\]〔〕【】]+(?:\(A\))?)[)）\]〕】]", re.DOTALL
)
_SHARE_BEHIND = re.compile(r"(?P<name>.*[^\s%％‰(（])\s*(?P<unit>[%％‰])", re.DOTALL)


@dataclass(frozen=True)
class PlanRow:
    """One indicator as the table prints it and as it is understood.

    `sheet` and `reference` say where its name stands. `category` is without its numeral, `category_label` as printed.
    `unit` is what stands in brackets behind the name or in a column, "" for none. `baseline_note` is the footnote that
    a mark leads to. `parent` is the name of the indicator above it, "" for none; a row that only groups components has
    no target. Departments are as printed.
    """

    sheet: str
    reference: str
    category: str
    category_label: str
    number: str
    name: str
    unit: str
    parent: str
    baseline_text: str
    baseline: Decimal | None
    baseline_note: str
    wording: str
    rule: TargetRule
    constraint: Constraint
    constraint_text: str
    lead: tuple[str, ...]
    participating: tuple[str, ...]
    direction: Guess[Direction]
    value_type: Guess[ValueType]
    measure: Guess[MeasureKind]
    entry_basis: EntryBasis
    frequency: Frequency
    note: str = ""

    @property
    def understood(self) -> str:
        """The target as the core understood it, in Chinese."""
        return self.rule.describe()


def lines_of(text: str) -> list[str]:
    """The lines of a cell that say something."""
    return [plain for line in text.splitlines() if (plain := line.strip())]


def joined(text: str) -> str:
    """The text of a cell that was only wrapped to fit."""
    return "".join(lines_of(text))


def split_unit(name: str) -> tuple[str, str]:
    """A printed name without the unit behind it, and the unit: 森林覆盖率（%）, PM2.5浓度(μg/m3); "" where none is."""
    found = _NAME_AND_UNIT.fullmatch(name)
    if found:
        unit = re.sub(r"^单位\s*[:：]?\s*", "", found["unit"]).strip()
        if is_known_unit(normalise(unit)):
            return found["name"], unit
    found = _SHARE_BEHIND.fullmatch(name)
    return (found["name"], found["unit"]) if found else (name, "")


def read_constraint(text: str) -> Constraint | None:
    """The constraint that the text states (约束性, 预期性指标); unspecified for no text, None when unclear."""
    plain = normalise(text)
    words = {
        Constraint.BINDING: "约束",
        Constraint.EXPECTED: "预期",
        Constraint.REFERENCE: "参考",
    }
    found = [constraint for constraint, word in words.items() if word in plain]
    if states_no_value(plain) or "未注明" in plain:
        return Constraint.UNSPECIFIED
    return found[0] if len(found) == 1 else None


def baseline_figure(text: str, unit: str, value_type: str = ValueType.NUMBER) -> Decimal | None:
    """The figure of a printed baseline without the mark of its footnote; None for words and other units."""
    statement = read_statement(Cell(text.rstrip(MARKS)), value_type=value_type, unit=unit)
    return None if statement.error else statement.value


def without_numeral(label: str) -> str:
    """The title of a section or category without what counts it: 一、环境质量 is 环境质量."""
    return SECTION.sub("", label, count=1).strip() or label

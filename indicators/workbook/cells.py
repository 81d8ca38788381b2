"""One cell of a value column: the figure, grade or finding it states, or what is wrong with it. Pure: no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from indicators.core.codes import Grade, ValueType
from indicators.core.figures import HALF_WIDTH, MAX_DECIMALS, FigureError, read_figure, show_figure, within_limits
from indicators.core.units import is_known_unit, same_unit
from indicators.core.worded_values import read_finding, read_grade, states_no_value
from indicators.core.wording import normalise
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import RawCell

#: What spreadsheet programs show of a figure; beyond it stands only the noise of binary arithmetic.
SHOWN_DIGITS = 15
SMALLEST = Decimal(1).scaleb(-MAX_DECIMALS)
PERCENT = "%"
_FIGURE_WITH_UNIT = re.compile(r"(?P<figure>[+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>[^0-9\s.,].*)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with what its sheet knows about it; see `SheetTable`."""

    raw: RawCell
    is_percent: bool = False
    failure: str = ""
    is_uncalculated: bool = False

    @property
    def text(self) -> str:
        """What the person sees in it."""
        return self.failure or show_raw(self.raw, is_percent=self.is_percent)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it; a formula without result is something."""
        return isinstance(self.raw, str) and not self.raw.strip() and not (self.failure or self.is_uncalculated)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a cell states: `value` or `finding`, or neither where it says that there is no value.

    With an `error` it states nothing; a `notice` tells what was understood and is worth knowing. Both are Chinese
    sentences with a code.
    """

    value: Decimal | None = None
    finding: str = ""
    error: tuple[ProblemCode, str] | None = None
    notice: tuple[ProblemCode, str] | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether there is neither a value nor a problem."""
        return self.value is None and not self.finding and self.error is None


NOTHING = Statement()


def read_statement(cell: Cell, *, value_type: str, unit: str) -> Statement:
    """What the cell states for an indicator of this type (indicators.core.codes.ValueType) and unit."""
    if cell.is_uncalculated:
        return _error(
            ProblemCode.FORMULA_UNCALCULATED,
            "这个公式还没有算出结果。请用 Excel 或 WPS 打开文件，保存一次后再导入，或直接填写数值。",
        )
    if cell.failure:
        return _error(
            ProblemCode.FORMULA_FAILED,
            f"公式出错（{cell.failure}）。请更正公式，或直接填写数值；没有数据的请留空。",
        )
    if isinstance(cell.raw, str) and states_no_value(cell.raw):
        return NOTHING
    if isinstance(cell.raw, date | time | timedelta):
        return _error(
            ProblemCode.DATE,
            f"这里是日期或时间（{cell.text}），可能是 Excel 把填的内容自动改成了日期。"
            "请把单元格格式改为“常规”，重新填写。",
        )
    if isinstance(cell.raw, bool):
        return _error(ProblemCode.TRUTH, f"这里是逻辑值 {cell.text}。请直接填写数值或结论。")
    if value_type == ValueType.FINDING:
        return _finding(cell)
    if value_type == ValueType.GRADE:
        return _grade(cell)
    return _text_figure(cell.raw, unit) if isinstance(cell.raw, str) else _plain_figure(cell, cell.raw, unit)


def show_raw(raw: RawCell, *, is_percent: bool = False) -> str:
    """A cell as a person sees it, blanks around it taken off."""
    match raw:
        case str():
            return raw.strip()
        case bool():
            return "TRUE" if raw else "FALSE"
        case float() | int():
            figure = decimal_of(raw)
            return f"{show_figure(figure * 100)}%" if is_percent else show_figure(figure)
        case datetime() if raw.time() == time():
            return raw.date().isoformat()
        case datetime():
            return raw.isoformat(sep=" ", timespec="minutes")
        case _:
            return str(raw)


def decimal_of(figure: float) -> Decimal:
    """The figure with the 15 digits that spreadsheet programs show: 0.1 + 0.2 is 0.3."""
    return Decimal(f"{figure:.{SHOWN_DIGITS}g}")


def _error(code: ProblemCode, message: str) -> Statement:
    return Statement(error=(code, message))


def _finding(cell: Cell) -> Statement:
    finding = read_finding(cell.text)
    if finding is None:
        return _error(
            ProblemCode.NOT_A_FINDING,
            f"“{cell.text}”看不出是哪个结论。该指标由审核人员评定，请填：达成、部分达成或未达成；依据请写在“说明”栏。",
        )
    return Statement(finding=finding.value)


def _grade(cell: Cell) -> Statement:
    grade = read_grade(cell.text)
    if grade is None:
        return _error(
            ProblemCode.NOT_A_GRADE,
            f"“{cell.text}”看不出是哪一类水质。请填 {Grade.I.label} 至 {Grade.INFERIOR_V.label} 之一。",
        )
    return Statement(Decimal(grade.value))


def _plain_figure(cell: Cell, raw: float, unit: str) -> Statement:
    """A figure that the file holds as a number. What the portal cannot keep behind the point is rounded, and said."""
    if cell.is_percent and unit and not same_unit(unit, PERCENT):
        return _other_unit(cell.text, PERCENT, unit)
    if not isfinite(raw):
        return _error(ProblemCode.NOT_A_FIGURE, f"“{cell.text}”不是数字。请直接填写数值；没有数据的请留空。")
    exact = decimal_of(raw) * 100 if cell.is_percent else decimal_of(raw)
    kept = exact if exact == exact.to_integral_value() else exact.quantize(SMALLEST, ROUND_HALF_UP)
    try:
        shown = show_figure(kept)
        figure = within_limits(Decimal(shown), shown)
    except FigureError as error:
        return _error(ProblemCode.NOT_A_FIGURE, str(error))
    notice = None
    if kept != exact:
        notice = (
            ProblemCode.ROUNDED,
            f"小数超过 {MAX_DECIMALS} 位，已四舍五入为 {show_figure(figure)}。"
            "需要其他位数的，请在表中用 ROUND 函数取好。",
        )
    elif cell.is_percent and not unit:
        notice = _unknown_unit(cell.text, PERCENT)
    return Statement(figure, notice=notice)


def _text_figure(text: str, unit: str) -> Statement:
    """A figure that the file holds as text, perhaps with its unit."""
    plain = text.strip().translate(HALF_WIDTH)
    found = _FIGURE_WITH_UNIT.fullmatch(plain)
    notice = None
    if found and (is_known_unit(normalise(found["unit"])) or (unit and same_unit(found["unit"], unit))):
        if unit and not same_unit(found["unit"], unit):
            return _other_unit(text.strip(), found["unit"], unit)
        if not unit:
            notice = _unknown_unit(text.strip(), found["unit"])
        plain = found["figure"]
    try:
        return Statement(read_figure(plain), notice=notice)
    except FigureError as error:
        return _error(ProblemCode.NOT_A_FIGURE, str(error))


def _other_unit(text: str, stated: str, unit: str) -> Statement:
    return _error(
        ProblemCode.OTHER_UNIT,
        f"“{text}”的单位是“{stated}”，应填的单位是“{unit}”。请换算成{unit}，只填数字。",
    )


def _unknown_unit(text: str, stated: str) -> tuple[ProblemCode, str]:
    return (ProblemCode.UNIT_UNKNOWN, f"“{text}”带有单位“{stated}”，门户中该指标没有登记单位，已按数字读取，请核对。")

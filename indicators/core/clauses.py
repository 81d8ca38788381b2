"""One clause of a target: what kind of demand it makes, its limit and its unit. Pure: no Django.

docs/assessment.md, "From wording to rule". A clause is read from a wording or put together by hand; `describe()` is its
one Chinese form, which `parse_target` reads back to the same clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from indicators.core.codes import Comparator, Grade, LabelledCode
from indicators.core.units import is_known_unit, is_unit

#: Figures with more digits than this on one side of the point are slips of the pen, and would not be read back.
MAX_DIGITS = 20
FIRST_REFERENCE_YEAR, LAST_REFERENCE_YEAR = 1949, 2199


class ClauseKind(LabelledCode):
    """What a clause demands."""

    THRESHOLD = "threshold", "数值界限"
    REACH = "reach", "达到数值"
    ABOUT = "about", "约数"
    RANGE = "range", "区间"
    CHANGE = "change", "较基期变化"
    CUMULATIVE = "cumulative", "五年累计"
    GRADE = "grade", "水质类别"
    HOLD = "hold", "不劣于基期"
    TREND = "trend", "逐年改善"
    ASSIGNED = "assigned", "上级下达"
    FINDING = "finding", "审核评定"
    UNRECOGNISED = "unrecognised", "未能识别"
    MISSING = "missing", "原文未列"


#: Descriptions of clauses without figures.
ASSIGNED_TEXT = "完成上级下达目标"
FINDING_TEXT = "由审核人员评定"
UNRECOGNISED_TEXT = "目标未能识别"
MISSING_TEXT = "原文未列目标"
HIGHER_MARK = "（越高越好）"
LOWER_MARK = "（越低越好）"
EQUAL_MARK = "（允许持平）"

_REQUIRED: dict[ClauseKind, set[str]] = {
    ClauseKind.THRESHOLD: {"comparator", "value"},
    ClauseKind.REACH: {"comparator", "value"},
    ClauseKind.ABOUT: {"value"},
    ClauseKind.RANGE: {"value", "upper"},
    ClauseKind.CHANGE: {"comparator", "value"},
    ClauseKind.CUMULATIVE: {"comparator", "value"},
    ClauseKind.GRADE: {"grade"},
}
_OPTIONAL: dict[ClauseKind, set[str]] = {
    ClauseKind.THRESHOLD: {"unit", "yearly"},
    ClauseKind.REACH: {"unit", "yearly"},
    ClauseKind.ABOUT: {"unit", "yearly"},
    ClauseKind.RANGE: {"unit", "yearly"},
    ClauseKind.CHANGE: {"reference_year"},
    ClauseKind.CUMULATIVE: {"unit"},
    ClauseKind.GRADE: {"yearly"},
    ClauseKind.HOLD: {"comparator", "reference_year"},
    ClauseKind.TREND: {"comparator", "equal_counts"},
    ClauseKind.ASSIGNED: {"yearly"},
    ClauseKind.FINDING: {"yearly"},
}
#: Kinds that may hold for every year anew.
YEARLY_KINDS = frozenset(kind for kind, names in _OPTIONAL.items() if "yearly" in names)
_COMPARATORS: dict[ClauseKind, set[Comparator]] = {
    ClauseKind.REACH: {Comparator.GE, Comparator.LE},
    ClauseKind.HOLD: {Comparator.GE, Comparator.LE},
    ClauseKind.TREND: {Comparator.GT, Comparator.LT},
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand. Which fields a kind has is checked; the others keep their defaults.

    `value` and `upper` are in `unit` (in the indicator's unit when `unit` is ""). A change is a signed percentage
    against the baseline: 下降10%以上 is le −10. The comparator of a reach is how it is compared (ge when higher is
    better); that of a hold or trend is the way the wording itself names (不减少, 逐步下降) and None where it only says
    稳定 or 改善. `reference_year` is the year of 比2020年…; None means the plan's baseline year. `yearly` marks 每年…:
    the commitment holds for every year anew. `equal_counts` marks a trend that last year's figure satisfies (稳中有升).
    """

    kind: ClauseKind
    comparator: Comparator | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    grade: Grade | None = None
    reference_year: int | None = None
    yearly: bool = False
    equal_counts: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError when a field does not fit the kind."""
        present = {field.name for field in fields(self) if _is_set(getattr(self, field.name))} - {"kind"}
        required = _REQUIRED.get(self.kind, set())
        if missing := required - present:
            raise ValueError(f"{self.kind} clause without {', '.join(sorted(missing))}")
        if surplus := present - required - _OPTIONAL.get(self.kind, set()):
            raise ValueError(f"{self.kind} clause with {', '.join(sorted(surplus))}")
        if self.comparator is not None and self.comparator not in _COMPARATORS.get(self.kind, set(Comparator)):
            raise ValueError(f"{self.kind} clause with comparator {self.comparator}")
        for figure in (self.value, self.upper):
            if figure is not None and not _is_readable(figure):
                raise ValueError(f"{self.kind} clause with figure {figure}")
        if self.value is not None and self.upper is not None and self.value >= self.upper:
            raise ValueError("range clause whose bounds are not in ascending order")
        if self.reference_year and not FIRST_REFERENCE_YEAR <= self.reference_year <= LAST_REFERENCE_YEAR:
            raise ValueError(f"reference year {self.reference_year}")
        if self.unit and not is_unit(self.unit):
            raise ValueError(f"{self.unit!r} cannot stand as a unit")

    def describe(self) -> str:
        """The clause in Chinese, unambiguous enough to be read back without knowing the indicator's direction."""
        mark = ""
        if self.kind is ClauseKind.REACH and self.comparator is not None:
            mark = HIGHER_MARK if self.comparator is Comparator.GE else LOWER_MARK
        return self.phrase() + mark

    def phrase(self, unit: str = "") -> str:
        """The demand as a sentence of a report says it; `unit` stands in where the clause has none of its own."""
        return ("每年" if self.yearly else "") + self._demand(self.unit or unit)

    def _demand(self, unit: str) -> str:
        amount = "" if self.value is None else _amount(self.value, unit)
        comparator = "" if self.comparator is None else self.comparator.label
        match self.kind:
            case ClauseKind.THRESHOLD:
                return comparator + amount
            case ClauseKind.REACH:
                return f"达到{amount}"
            case ClauseKind.ABOUT:
                return f"{amount}左右"
            case ClauseKind.RANGE:
                return f"{self.value:f}至{_amount(self.upper or Decimal(0), unit)}"
            case ClauseKind.CHANGE:
                return self._change()
            case ClauseKind.CUMULATIVE:
                return f"累计{comparator}{amount}"
            case ClauseKind.GRADE:
                return f"{self.grade.label}及以上" if self.grade else ""
            case ClauseKind.HOLD:
                return self._hold()
            case ClauseKind.TREND:
                return self._trend()
            case ClauseKind.ASSIGNED:
                return ASSIGNED_TEXT
            case ClauseKind.FINDING:
                return FINDING_TEXT
            case ClauseKind.UNRECOGNISED:
                return UNRECOGNISED_TEXT
            case ClauseKind.MISSING:
                return MISSING_TEXT

    def _change(self) -> str:
        value, comparator = self.value or Decimal(0), self.comparator
        since = f"比{self.reference_year}年" if self.reference_year else "比基期"
        # Without a figure of its own a change that is strict says only the way: 比基期减少.
        if value == 0 and comparator in (Comparator.GT, Comparator.LT):
            return since + ("上升" if comparator is Comparator.GT else "下降")
        falls = value < 0 or (value == 0 and comparator is Comparator.LE)
        at_least = comparator in ((Comparator.LE, Comparator.LT) if falls else (Comparator.GE, Comparator.GT))
        strict = comparator is not None and comparator.is_strict
        limit = ("超过" if at_least else "小于") if strict else ("不低于" if at_least else "不超过")
        return f"{since}{'下降' if falls else '上升'}{limit}{value.copy_abs():f}%"

    def _hold(self) -> str:
        year = f"{self.reference_year}年" if self.reference_year else "基期"
        return f"{self.comparator.label}{year}水平" if self.comparator else f"保持{year}水平"

    def _trend(self) -> str:
        way = {Comparator.GT: "上升", Comparator.LT: "下降", None: "改善"}[self.comparator]
        return f"逐年{way}{EQUAL_MARK if self.equal_counts else ''}"

    def to_json(self) -> dict[str, Any]:
        """The fields that are set, figures as strings."""
        written: dict[str, Any] = {"kind": self.kind.value}
        if self.comparator is not None:
            written["comparator"] = self.comparator.value
        for name in ("value", "upper"):
            figure = getattr(self, name)
            if figure is not None:
                written[name] = format(figure, "f")
        if self.unit:
            written["unit"] = self.unit
        if self.grade is not None:
            written["grade"] = int(self.grade)
        if self.reference_year is not None:
            written["reference_year"] = self.reference_year
        for flag in ("yearly", "equal_counts"):
            if getattr(self, flag):
                written[flag] = True
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """The clause that `to_json` wrote; raises ValueError for anything else."""
        if not isinstance(written, Mapping):
            raise ValueError(f"a clause is an object, not {written!r}")
        if unknown := set(written) - {field.name for field in fields(cls)}:
            raise ValueError(f"unknown fields of a clause: {', '.join(sorted(unknown))}")
        grade, year = written.get("grade"), written.get("reference_year")
        return cls(
            kind=ClauseKind.checked(str(written.get("kind"))),
            comparator=Comparator.checked(str(written["comparator"])) if written.get("comparator") else None,
            value=_figure(written.get("value")),
            upper=_figure(written.get("upper")),
            unit=str(written.get("unit") or ""),
            grade=None if grade is None else Grade(int(grade)),
            reference_year=None if year is None else int(year),
            yearly=bool(written.get("yearly", False)),
            equal_counts=bool(written.get("equal_counts", False)),
        )


def _is_set(content: object) -> bool:
    # A value of 0 is set, though it equals False.
    return content is not None and content is not False and content != ""


def _is_readable(figure: Decimal) -> bool:
    exponent = figure.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DIGITS and figure.adjusted() < MAX_DIGITS


def _amount(figure: Decimal, unit: str) -> str:
    if unit and not is_known_unit(unit):
        return f"{figure:f}（单位：{unit}）"
    return f"{figure:f}{unit}"


def _figure(written: object) -> Decimal | None:
    if written is None:
        return None
    try:
        return Decimal(str(written))
    except InvalidOperation:
        raise ValueError(f"{written!r} is no figure") from None

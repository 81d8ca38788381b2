"""The codes that rules, subjects and verdicts are made of, each with its Chinese label. Pure: no Django.

A code is a string ("lower"), so that it travels through JSON, the database and the API unchanged.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self


class LabelledCode(StrEnum):
    """A code and its Chinese label; equal to the plain string."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of code and label, in order of declaration, for form and model fields."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def checked(cls, code: str) -> Self:
        """The member for `code`; raises ValueError that lists the codes when there is none."""
        member = cls._value2member_map_.get(code)
        if isinstance(member, cls):
            return member
        codes = ", ".join(member.value for member in cls)
        raise ValueError(f"{cls.__name__}: unknown code {code!r} (one of {codes})")


class Direction(LabelledCode):
    """Which way is better."""

    HIGHER = "higher", "越高越好"
    LOWER = "lower", "越低越好"
    NONE = "none", "无方向"


class ValueType(LabelledCode):
    """What a yearly value is: a figure, a water-quality grade, or a reviewer's finding."""

    NUMBER = "number", "数值"
    GRADE = "grade", "水质类别"
    FINDING = "finding", "评定"


class MeasureKind(LabelledCode):
    """How yearly figures add up (docs/assessment.md, "What is measured")."""

    LEVEL = "level", "年度水平"
    CUMULATIVE_RATE = "cumulative_rate", "五年累计降幅"
    ADDITIVE = "additive", "累计工程量"


class EntryBasis(LabelledCode):
    """Whether an entry of a rate or quantity is that year's alone or the total since the start of the period."""

    ANNUAL = "annual", "当年数"
    TO_DATE = "to_date", "累计数"


class Frequency(LabelledCode):
    """A target reached once, by the target year, or a commitment that holds for every year anew."""

    ONCE = "once", "期末达到"
    YEARLY = "yearly", "每年达到"


class Constraint(LabelledCode):
    """How binding a target is; `unspecified` where the document says nothing."""

    BINDING = "binding", "约束性"
    EXPECTED = "expected", "预期性"
    REFERENCE = "reference", "参考性"
    UNSPECIFIED = "unspecified", "未注明"


class Finding(LabelledCode):
    """A reviewer's judgement of a commitment that no figure settles."""

    ACHIEVED = "achieved", "达成"
    PARTLY = "partly", "部分达成"
    NOT_ACHIEVED = "not_achieved", "未达成"


class Comparator(LabelledCode):
    """How a figure is compared with a limit; the label is the word that stands before the limit."""

    GE = "ge", "不低于"
    GT = "gt", "高于"
    LE = "le", "不高于"
    LT = "lt", "低于"

    @property
    def direction(self) -> Direction:
        """Which way is better under this comparator."""
        return Direction.HIGHER if self in (Comparator.GE, Comparator.GT) else Direction.LOWER

    @property
    def mirrored(self) -> Comparator:
        """The comparator for the negated figures: at most −10 is at least 10."""
        return _MIRRORED[self]

    @property
    def is_strict(self) -> bool:
        """Whether the limit itself fails."""
        return self in (Comparator.GT, Comparator.LT)


_MIRRORED = {
    Comparator.GE: Comparator.LE,
    Comparator.GT: Comparator.LT,
    Comparator.LE: Comparator.GE,
    Comparator.LT: Comparator.GT,
}


class Grade(IntEnum):
    """A water-quality grade of GB 3838; a smaller ordinal is better."""

    I = 1  # noqa: E741 - the standard's own name of the grade
    II = 2
    III = 3
    IV = 4
    V = 5
    INFERIOR_V = 6

    @property
    def label(self) -> str:
        """The grade as plans print it: Ⅲ类, 劣Ⅴ类."""
        return ("Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类")[self - 1]

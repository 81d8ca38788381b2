"""What pages show, as cells of an export: figures as numbers, words as on the page, nothing where the page shows —."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from indicators.core.codes import ValueType
from indicators.core.figures import show_figure
from indicators.core.verdicts import Severity, Verdict
from indicators.display import SEVERITY_WORDS, show_value
from indicators.models import AbstractAssessment, Indicator
from indicators.workbook.export import Cell
from regions.models import Department

FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def figure(value: Decimal | None) -> Decimal | None:
    """A stored figure without the trailing zeros of its field."""
    return None if value is None else Decimal(show_figure(value))


def value_cell(indicator: Indicator, value: Decimal | None, finding: str = "") -> Cell:
    """A value of the indicator: a figure in its unit, or the words for a grade or a finding."""
    if indicator.value_type == ValueType.NUMBER and not finding:
        return figure(value)
    return words(show_value(indicator, value, finding))


def shown_figure(text: str, unit: str = "") -> Cell:
    """A figure that a page shows rounded, as a number with the same decimals; words stay words."""
    plain = text.removesuffix(unit)
    return Decimal(plain) if FIGURE.fullmatch(plain) else words(text)


def words(text: str) -> str | None:
    """The text; nothing for the — that pages put where nothing is known."""
    return None if text in ("", "—") else text


def yes(fact: object) -> str | None:
    """是, or nothing."""
    return "是" if fact else None


def names(departments: Iterable[Department]) -> str | None:
    """The departments' names in their order."""
    return "、".join(department.name for department in departments) or None


def moment(when: datetime | None) -> datetime | None:
    """Local time as a workbook keeps it, without zone."""
    return None if when is None else timezone.localtime(when).replace(tzinfo=None)


def verdict_words(assessment: AbstractAssessment | None) -> str:
    """The verdict's label, as the badge says it, and whether it rests on values that wait for review."""
    if assessment is None:
        return "尚未评价"
    return f"{Verdict.checked(assessment.verdict).label}{'（含待审核）' if assessment.rests_on_submitted else ''}"


def severity_words(code: str) -> str | None:
    """The severity as pages call it; nothing where there is nothing to warn of."""
    return SEVERITY_WORDS.get(Severity.checked(code))

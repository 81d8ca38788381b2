"""How a figure, grade or finding is written for people."""

from __future__ import annotations

from decimal import Decimal

from indicators.core.codes import Finding, Grade, ValueType
from indicators.core.figures import show_figure
from indicators.core.verdicts import Severity
from indicators.models import Indicator

#: What the severities are called; where there is nothing to warn of, nothing is said.
SEVERITY_WORDS = {Severity.CRITICAL: "红色预警", Severity.WARNING: "黄色预警", Severity.NOTICE: "蓝色提示"}


def show_value(indicator: Indicator, value: Decimal | None, finding: str = "") -> str:
    """The value as an office writes it: 96.7%, 27.6μg/m3, Ⅲ类, 部分达到; — where nothing is known."""
    if finding:
        return Finding.checked(finding).label
    if value is None:
        return "—"
    if indicator.value_type == ValueType.GRADE:
        return Grade(int(value)).label
    return f"{show_figure(value)}{indicator.unit}"

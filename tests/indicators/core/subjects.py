"""Building subjects for tests of the core: a wording and what is different from an ordinary level."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from indicators.assessment import Subject, assess
from indicators.core.verdicts import Verdict
from indicators.targets import parse_target

#: What makes a subject of another kind than an ordinary level.
LOWER: dict[str, Any] = {"direction": "lower", "unit": "μg/m3"}
RATE: dict[str, Any] = {"measure": "cumulative_rate", "entry_basis": "annual", "baseline": "27"}
WORKS: dict[str, Any] = {"measure": "additive", "unit": "个", "baseline": None}
GRADE: dict[str, Any] = {"value_type": "grade", "direction": "lower", "unit": ""}
FINDING: dict[str, Any] = {"value_type": "finding", "direction": "none", "unit": "", "baseline": None}


def figures(values: Mapping[int, str]) -> dict[int, Decimal | str]:
    """Yearly values as subjects take them: figures as Decimal, findings as they stand."""
    return {year: value if value[:1].isalpha() else Decimal(value) for year, value in values.items()}


def subject(
    wording: str,
    values: Mapping[int, str],
    *,
    direction: str = "higher",
    unit: str = "%",
    baseline: str | None = "50",
    **rest: Any,
) -> Subject:
    """A level from 2020 to 2025, measured in percentage points, unless told otherwise."""
    ordinary: dict[str, Any] = {"measure": "level", "value_type": "number", "baseline_year": 2020, "target_year": 2025}
    return Subject(
        rule=parse_target(wording, direction=direction, unit=unit),
        direction=direction,
        baseline=None if baseline is None else Decimal(baseline),
        values=figures(values),
        unit=unit,
        **ordinary | rest,
    )


def case(
    name: str, verdict: Verdict, rule_number: int, wording: str, values: dict[int, str], year: int, **rest: Any
) -> Any:
    """A row of a table of verdicts; its id cites the rule."""
    return pytest.param(wording, values, year, rest, verdict, rule_number, id=f"rule {rule_number} {name}")


def annual(year: int, figure: str) -> dict[str, Any]:
    return {"annual_targets": {year: Decimal(figure)}}


def check(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], verdict: Verdict, rule_number: int
) -> None:
    """Judge a row of a table of verdicts."""
    result = assess(subject(wording, values, **rest), year)
    assert (result.verdict, result.rule_number) == (verdict, rule_number), result.reason
    assert result.reason.endswith("。")
    assert result.reason.count("。") == 1


ROW = ("wording", "values", "year", "rest", "verdict", "rule_number")

"""docs/assessment.md tells the truth: its tables and its example are executed."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from indicators.assessment import assess
from indicators.targets import parse_target
from tests.indicators.core.subjects import FINDING, subject

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "assessment.md").read_text(encoding="utf-8")


def rows(columns: int) -> list[tuple[str, ...]]:
    """Table rows whose cells are all code, by their number of columns."""
    cell = r" ``? ?([^`|]*?) ?``? \|"
    return [match.groups() for match in re.finditer(rf"^\|{cell * columns}$", PAGE, re.MULTILINE)]


@pytest.mark.parametrize(("wording", "direction", "description"), rows(3))
def test_wordings(wording: str, direction: str, description: str) -> None:
    assert parse_target(wording, direction=direction).describe() == description


@pytest.mark.parametrize(("wording", "direction", "baseline", "year", "value", "verdict"), rows(6))
def test_verdicts(wording: str, direction: str, baseline: str, year: str, value: str, verdict: str) -> None:
    kind: dict[str, Any] = FINDING if direction == "none" else {"direction": direction, "baseline": baseline or None}
    values = {int(year): value} if value else {}
    assert assess(subject(wording, values, **kind), int(year)).verdict == verdict


def test_tables_were_found() -> None:
    assert len(rows(3)) == 31
    assert len(rows(6)) == 25


def test_example() -> None:
    example = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    scope: dict[str, Any] = {}
    exec(example.group(1), scope)  # noqa: S102 - our own documentation
    assert scope["result"].verdict == "slightly_behind"
    assert scope["result"].rule_number == 12


def test_quoted_reason() -> None:
    quoted = re.search(r"^> (.*)$", PAGE, re.MULTILINE)
    assert quoted is not None
    lower = subject("<27.0", {2022: "27.7"}, direction="lower", unit="μg/m3", baseline="28.1")
    assert assess(lower, 2022).reason == quoted.group(1)


def test_worked_rate() -> None:
    values = {2021: "-1.51", 2022: "2.20", 2023: "4.18"}
    rate = subject("17", values, measure="cumulative_rate", entry_basis="annual")
    for year in values:
        result = assess(rate, year)
        figures = [result.cumulative, result.progress, result.pace, result.needed_per_year]
        cumulative, progress, pace, needed = (figure if figure is not None else Decimal("NaN") for figure in figures)
        row = f"| {year} | {cumulative:.2f} | {progress * 100:.1f} % | {pace:.2f} | {result.verdict} | {needed:.2f} |"
        assert row.replace("-", "−") in PAGE


def test_worked_quantity() -> None:
    for year, built in {2021: "1", 2022: "4", 2023: "5", 2024: "10"}.items():
        result = assess(subject("10个", {year: built}, measure="additive", unit="个"), year)
        assert f"| {year} | {built} | {result.required} | {result.pace:.2f} | {result.verdict} |" in PAGE

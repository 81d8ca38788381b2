"""What a result carries beside its verdict: figures, flags, inputs, JSON; and what is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from indicators.assessment import Result, assess, combine_components
from indicators.core.bounds import Bounds
from indicators.core.verdicts import Verdict
from tests.indicators.core.subjects import FINDING, GRADE, LOWER, RATE, WORKS, annual, subject

V = Verdict


def test_the_statistics_bureaus_worked_example() -> None:
    result = assess(subject("17", {2021: "-1.51", 2022: "2.20", 2023: "4.18"}, **RATE), 2023)
    assert result.cumulative is not None
    assert result.progress is not None
    assert result.remaining is not None
    assert result.needed_per_year is not None
    assert f"{result.cumulative:.2f}" == "4.87"
    assert f"{result.progress:.1%}" == "26.8%"
    assert f"{result.remaining:.2f}" == "12.75"
    assert f"{result.needed_per_year:.2f}" == "6.59"
    for printed in ("4.87%", "26.8%", "6.59%"):
        assert printed in result.reason


def numbers(result: Result) -> dict[str, str | None]:
    names = ("value", "required", "gap", "pace", "progress", "projection", "needed_per_year", "cumulative", "remaining")
    written = result.to_json()
    return {name: written[name] for name in names if written[name] is not None}


@pytest.mark.parametrize(
    ("wording", "values", "year", "rest", "expected"),
    [
        pytest.param(
            "<27.0",
            {2021: "27.6"},
            2021,
            LOWER | {"baseline": "28.1"},
            {
                "value": "27.6",
                "required": "27.88",
                "gap": "0.6",
                "pace": "2.272727272727272727272727273",
                "progress": "0.4545454545454545454545454545",
                "projection": "25.6",
                "needed_per_year": "-0.15",
                "remaining": "0.6",
            },
            id="a level that falls",
        ),
        pytest.param(
            "≥75",
            {2022: "60"},
            2022,
            {},
            {
                "value": "60",
                "required": "60",
                "gap": "15",
                "pace": "1",
                "progress": "0.4",
                "projection": "75",
                "needed_per_year": "5",
                "remaining": "15",
            },
            id="a level that rises",
        ),
        pytest.param(
            "≥75",
            {2022: "60"},
            2022,
            annual(2022, "62.5"),
            {
                "value": "60",
                "required": "62.5",
                "gap": "15",
                "pace": "0.8",
                "progress": "0.4",
                "projection": "75",
                "needed_per_year": "5",
                "remaining": "15",
            },
            id="an annual target replaces the share of time",
        ),
        pytest.param(
            "≥75",
            {2022: "80"},
            2022,
            {},
            {
                "value": "80",
                "required": "60",
                "gap": "-5",
                "pace": "3",
                "progress": "1.2",
                "projection": "100",
                "needed_per_year": "0",
                "remaining": "0",
            },
            id="met: nothing is needed, projection within 100 %",
        ),
        pytest.param(
            "≥75",
            {2022: "60"},
            2022,
            {"baseline": None},
            {"value": "60", "gap": "15", "needed_per_year": "5", "remaining": "15"},
            id="no baseline",
        ),
        pytest.param(
            "≥50",
            {2022: "60"},
            2022,
            {},
            {"value": "60", "required": "50", "gap": "-10", "needed_per_year": "0", "remaining": "0"},
            id="maintained",
        ),
        pytest.param(
            "≥75",
            {2025: "74"},
            2025,
            {},
            {
                "value": "74",
                "required": "75",
                "gap": "1",
                "pace": "0.96",
                "progress": "0.96",
                "projection": "74",
                "remaining": "1",
            },
            id="the target year",
        ),
        pytest.param(
            "10个",
            {2022: "3"},
            2022,
            WORKS,
            {
                "value": "3",
                "required": "4",
                "gap": "7",
                "pace": "0.75",
                "progress": "0.3",
                "projection": "7.5",
                "needed_per_year": "2.333333333333333333333333333",
                "cumulative": "3",
                "remaining": "7",
            },
            id="a quantity",
        ),
        pytest.param(
            "19",
            {2021: "10", 2022: "10"},
            2022,
            RATE | {"target_year": 2024},
            {
                "value": "10",
                "required": "10",
                "gap": "0",
                "pace": "2",
                "progress": "1",
                "projection": "34.39",
                "needed_per_year": "0",
                "cumulative": "19",
                "remaining": "0",
            },
            id="a rate halfway",
        ),
        pytest.param(
            "Ⅱ类",
            {2024: "5"},
            2024,
            GRADE | {"baseline": "6"},
            {"value": "5", "required": "3", "gap": "3", "remaining": "3"},
            id="a grade",
        ),
        pytest.param(
            "逐年提升", {2021: "51", 2022: "52"}, 2022, {}, {"value": "52", "required": "51", "gap": "-1"}, id="a trend"
        ),
        pytest.param("建立", {2021: "partly"}, 2021, FINDING, {}, id="a finding"),
        pytest.param("17", {2022: "3"}, 2022, RATE, {"value": "3"}, id="a total that is unknown"),
    ],
)
def test_figures(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], expected: dict[str, str]
) -> None:
    assert numbers(assess(subject(wording, values, **rest), year)) == expected


def test_projection_is_held_to_the_bounds_of_the_indicator() -> None:
    falling: dict[str, Any] = {"values": {2021: "5"}, "direction": "lower", "baseline": "20"}
    assert assess(subject("≤2", **falling), 2021).projection == 0
    assert assess(subject("≤2", bounds=Bounds(None, None), **falling), 2021).projection == -55
    # Figures beyond 100 show that the indicator is no share of a whole.
    assert assess(subject("≥150", {2021: "110"}, baseline="100"), 2021).projection == 150


def test_what_was_entered_for_later_years_changes_nothing() -> None:
    now = assess(subject("≥75", {2021: "55", 2022: "60"}), 2022)
    later = assess(subject("≥75", {2021: "55", 2022: "60", 2023: "10"}), 2022)
    assert later == now


@pytest.mark.parametrize("year", [2019, 2020, 2026])
def test_only_years_of_the_period_are_judged(year: int) -> None:
    with pytest.raises(ValueError, match="outside the judged years 2021 to 2025"):
        assess(subject("≥75", {}), year)


@pytest.mark.parametrize(
    "changed",
    [
        {"values": {2021: Decimal("NaN")}},
        {"values": {2021: Decimal("-Infinity")}},
        {"values": {2021: 27.5}},
        {"values": {2021: True}},
        {"values": {2021: "splendid"}},
        {"findings": {2021: "splendid"}},
        {"baseline": Decimal("sNaN")},
        {"annual_targets": {2021: 0.5}},
        {"assigned_value": True},
        {"measure": "sum"},
        {"direction": "up"},
        {"value_type": "text"},
        {"entry_basis": "monthly"},
        {"frequency": "daily"},
        {"target_year": 2020},
        {"about_tolerance": Decimal(1)},
        {"behind_share": Decimal("0.96")},
        {"value_type": "grade", "baseline": Decimal(7)},
        {"value_type": "grade", "measure": "additive", "baseline": None},
        {"value_type": "grade", "baseline": Decimal("2.5")},
        {"measure": "cumulative_rate", "values": {2021: Decimal("100.1")}},
    ],
)
def test_impossible_subjects_are_refused(changed: dict[str, Any]) -> None:
    ordinary = subject("≥75", {})
    with pytest.raises(ValueError, match=r"."):
        replace(ordinary, **changed)


@pytest.mark.parametrize(
    ("values", "year", "rest", "worsened"),
    [
        ({2021: "51", 2022: "50.9"}, 2022, {}, True),
        ({2021: "51", 2022: "51"}, 2022, {}, False),
        ({2021: "49"}, 2021, {}, True),
        ({2022: "49"}, 2022, {}, False),
        ({2021: "49"}, 2021, {"baseline": None}, False),
        ({2021: "51"}, 2021, {"direction": "lower"}, True),
        ({2021: "49"}, 2021, {"direction": "none"}, False),
        ({2021: "3", 2022: "-0.1"}, 2022, RATE, True),
        ({2021: "3", 2022: "0.1"}, 2022, RATE, False),
        ({2021: "3", 2022: "4"}, 2022, GRADE | {"baseline": "3"}, True),
        ({2021: "achieved", 2022: "partly"}, 2022, FINDING, True),
    ],
)
def test_worsening_is_a_flag_beside_the_verdict(
    values: dict[int, str], year: int, rest: dict[str, Any], worsened: bool
) -> None:
    assert assess(subject("≥75", values, **rest), year).worsened_year_on_year is worsened


def test_components_take_the_worst_of_theirs() -> None:
    good = assess(subject("≥50", {2021: "60"}), 2021)
    waiting = assess(subject("≥50", {}), 2021)
    bad = assess(subject("≥75", {2021: "40"}), 2021)
    parent = combine_components([("优良天数比例", good), ("PM2.5浓度", bad), ("臭氧浓度", waiting)])
    assert (parent.verdict, parent.rule_number) == (V.MOVING_AWAY, 14)
    assert "PM2.5浓度" in parent.reason
    assert [outcome.verdict for outcome in parent.clauses] == [V.HOLDING, V.MOVING_AWAY, V.AWAITING_VALUE]
    assert parent.value is None
    assert combine_components([("优良天数比例", good), ("臭氧浓度", waiting)]).verdict is V.AWAITING_VALUE


def test_components_need_one_year() -> None:
    with pytest.raises(ValueError, match="same year"):
        combine_components([])
    with pytest.raises(ValueError, match="same year"):
        combine_components([("a", assess(subject("≥75", {}), 2021)), ("b", assess(subject("≥75", {}), 2022))])


def test_a_result_is_written_as_json() -> None:
    result = assess(subject("≥75；建立", {2021: "55.50"}, target_version="2"), 2021)
    written = json.loads(json.dumps(result.to_json()))
    assert written["verdict"] == "awaiting_review"
    assert written["value"] == "55.50"
    assert written["target_version"] == "2"
    assert written["inputs"]["values"] == {"2021": "55.50"}
    assert written["inputs"]["baseline"] == "50"
    assert written["inputs"]["on_track_share"] == "0.95"
    assert written["clauses"] == [
        {"clause": "不低于75", "verdict": "on_track", "rule_number": 11},
        {"clause": "由审核人员评定", "verdict": "awaiting_review", "rule_number": 4},
    ]
    assert result.inputs is not None
    assert list(written) == [field.name for field in fields(result)]
    assert list(written["inputs"]) == [field.name for field in fields(result.inputs)]

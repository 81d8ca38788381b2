"""The way that a target prescribes, year by year, before any value is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core.path import path_of
from indicators.core.subject import Subject
from indicators.targets import parse_target


def subject(wording: str, **values: object) -> Subject:
    direction = str(values.pop("direction", "higher"))
    stated: dict[str, object] = {
        "rule": parse_target(wording, direction=direction, unit="%"),
        "measure": "level",
        "direction": direction,
        "value_type": "number",
        "baseline_year": 2020,
        "target_year": 2025,
        "baseline": Decimal(90),
    }
    return Subject(**{**stated, **values})  # type: ignore[arg-type]


def test_a_level_goes_in_even_steps_from_the_baseline() -> None:
    path = path_of(subject("≥95"))
    assert path is not None
    assert path.required == {2020: 90, 2021: 91, 2022: 92, 2023: 93, 2024: 94, 2025: 95}


def test_an_annual_target_takes_the_place_of_the_step() -> None:
    path = path_of(subject("≥95", annual_targets={2022: Decimal("90.5")}))
    assert path is not None
    assert path.required[2021] == 91
    assert path.required[2022] == Decimal("90.5")


def test_what_is_there_already_has_only_to_be_kept() -> None:
    path = path_of(subject("≥95", baseline=Decimal(97)))
    assert path is not None
    assert set(path.required) == {2021, 2022, 2023, 2024, 2025}
    assert set(path.required.values()) == {95}


def test_a_quantity_counts_from_nothing_and_its_entries_add_up() -> None:
    additive = subject(
        "≥100", measure="additive", entry_basis="annual", baseline=None, values={2021: Decimal(10), 2022: Decimal(30)}
    )
    path = path_of(additive)
    assert path is not None
    assert path.required[2020] == 0
    assert path.required[2022] == 40
    assert path.figures == {2021: 10, 2022: 40}


@pytest.mark.parametrize("wording", ["完成省下达目标", "逐年提高", "建立生态补偿机制", ""])
def test_without_a_figure_there_is_no_path(wording: str) -> None:
    assert path_of(subject(wording)) is None


def test_without_a_baseline_only_the_target_is_known() -> None:
    path = path_of(subject("≥95", baseline=None))
    assert path is not None
    assert path.required == {2025: 95}

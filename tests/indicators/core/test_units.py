"""Printed units that mean the same, and those that only look alike."""

from __future__ import annotations

import pytest

from indicators.core.units import same_unit


@pytest.mark.parametrize(
    ("one", "other"),
    [("亿m³", "亿立方米"), ("万t", "万吨"), ("万千瓦时", "万kWh"), ("μg/m³", "微克/立方米"), ("亿", "亿立方米")],
)
def test_printed_forms_of_one_unit_are_the_same(one: str, other: str) -> None:
    assert same_unit(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("万辆", "辆"), ("万元", "亿元"), ("万t", "吨"), ("百分点", "%"), ("千米", "千吨")]
)
def test_another_multiplier_is_another_unit(one: str, other: str) -> None:
    assert not same_unit(one, other)

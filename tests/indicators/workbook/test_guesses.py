"""What kind of indicator a row is: guesses, held against all indicators that people have judged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.workbook.guesses import guess_nature
from tests.indicators.workbook import plans

#: Of the indicators of all plans at least so many are guessed as people judged them.
LEAST_AGREEMENT = 0.97


@pytest.mark.parametrize("kind", ["direction", "value_type", "measure"])
def test_guesses_agree_with_what_people_judged(kind: str) -> None:
    indicators = list(plans.all_indicators())
    agreed = 0
    for row in indicators:
        value = row.get("baseline", {}).get("value")
        guessed = guess_nature(
            row["name"],
            unit=row.get("unit") or "",
            wording=row["target"]["wording"],
            baseline=None if value is None else Decimal(value),
        )
        agreed += getattr(guessed, kind).code == row[kind]
    assert len(indicators) > 300
    assert agreed / len(indicators) >= LEAST_AGREEMENT


@pytest.mark.parametrize(
    ("name", "unit", "wording", "baseline", "direction", "reason"),
    [
        ("PM2.5浓度", "μg/m3", "<27.0", "28.1", "lower", "目标是“低于27.0”"),
        ("城市黑臭水体比例", "%", "0", "0", "lower", "名称中有“黑臭水体”"),
        ("黑臭水体消除比例", "%", "100", None, "higher", "名称中有“消除比例”"),
        ("氮氧化物减少", "%", "完成省定目标", "27.4", "higher", "降幅越大越好"),
        ("一品河水质", "", "保持Ⅲ类水质", None, "lower", "类别越小，水质越好"),
        ("应急管理机制", "", "建立", None, "none", "评定类指标没有方向"),
        ("培育园区", "个", "5", None, "higher", "完成的工程量越多越好"),
        ("某项", "台", "5", "9", "lower", "目标低于基期值"),
        ("某项", "台", "9", "5", "higher", "目标高于基期值"),
        ("某项", "台", "9", None, "none", "名称和目标都看不出方向，请选择"),
    ],
)
def test_the_direction_comes_with_its_reason(
    name: str, unit: str, wording: str, baseline: str | None, direction: str, reason: str
) -> None:
    figure = None if baseline is None else Decimal(baseline)
    guessed = guess_nature(name, unit=unit, wording=wording, baseline=figure)
    assert (guessed.direction.code, guessed.direction.reason) == (direction, reason)


@pytest.mark.parametrize(
    ("name", "unit", "wording", "measure"),
    [
        ("单位GDP能耗下降率", "%", "累计下降14%", "cumulative_rate"),
        ("绿色出行提高", "%", "累计15%", "cumulative_rate"),
        ("新建充电桩", "个", "3600", "additive"),
        ("充电桩", "个", "累计3600个", "additive"),
        ("森林覆盖率", "%", ">63", "level"),
        ("名录制度", "", "建立", "level"),
    ],
)
def test_how_figures_add_up_is_guessed(name: str, unit: str, wording: str, measure: str) -> None:
    guessed = guess_nature(name, unit=unit, wording=wording, baseline=None)
    assert guessed.measure.code == measure
    assert guessed.measure.reason


def test_the_rule_is_read_in_the_light_of_the_guess() -> None:
    guessed = guess_nature("城市黑臭水体比例", unit="%", wording="0", baseline=None)
    assert guessed.rule.describe() == "达到0（越低越好）"
    assert guess_nature("森林蓄积量", unit="", wording="巩固提升", baseline=None).rule.describe() == "比基期上升"

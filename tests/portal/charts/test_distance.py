"""All indicators on one scale: the start is 0, the target 100, whatever their unit."""

from __future__ import annotations

from decimal import Decimal

from portal.charts.distance import Distance, distance_figure, distance_summary

ROWS = [
    Distance("森林覆盖率", Decimal(100), "✓", "保持达标", "met"),
    Distance("细颗粒物浓度", Decimal("-320"), "↘", "反向变化", "bad"),
    Distance("单位GDP能耗", Decimal("45.4"), "▽", "略有滞后", "slow"),
]


def test_bars_stay_on_the_chart_and_say_how_far_they_would_go() -> None:
    [bars] = distance_figure(ROWS, elapsed=Decimal(60))["data"]
    assert list(bars["x"]) == [100, -50, 45.4]
    assert list(bars["text"]) == ["✓ 100%", "↘ −320%", "▽ 45%"]


def test_the_target_and_the_time_elapsed_are_lines() -> None:
    lines = [shape["x0"] for shape in distance_figure(ROWS, elapsed=Decimal(60))["layout"]["shapes"]]
    assert lines == [100, 60]
    assert [shape["x0"] for shape in distance_figure(ROWS, elapsed=Decimal(100))["layout"]["shapes"]] == [100]


def test_the_summary_names_the_farthest() -> None:
    said = distance_summary(ROWS, year=2023)
    assert said == (
        "2023年3项指标中1项已到达目标，反向变化的有细颗粒物浓度；离目标最远的是“细颗粒物浓度”，完成目标进程的−320%。"
    )
    assert "没有可以放在同一尺度上比较的指标" in distance_summary([], year=2023)


def test_on_a_phone_the_names_stand_above_the_bars() -> None:
    layout = distance_figure(ROWS, elapsed=Decimal(60))["narrow"]
    assert not layout["yaxis"]["showticklabels"]
    names = {each["y"]: each["text"] for each in layout["annotations"] if each.get("y") in {row.name for row in ROWS}}
    assert list(names) == list(names.values()) == [row.name for row in ROWS]

"""The chart of an indicator: what it draws, and what it says to those who do not see it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from portal.charts.multiples import multiples_figure
from portal.charts.way import Way, way_figure, way_summary

WAY = Way(
    name="细颗粒物浓度",
    unit="μg/m3",
    first_year=2020,
    target_year=2025,
    values={2021: Decimal("28.5"), 2023: Decimal("27.8")},
    required={2020: Decimal("28.1"), 2021: Decimal("27.88"), 2025: Decimal("27.0")},
    baseline=Decimal("28.1"),
    aim=Decimal("27.0"),
    projection=Decimal("27.6"),
)


def traces(way: Way) -> dict[str, Any]:
    return {trace["name"]: trace for trace in way_figure(way)["data"]}


def test_it_shows_values_path_target_projection_and_baseline() -> None:
    assert list(traces(WAY)) == ["当年应达到", "目标", "实际完成", "按目前速度推算", "基期值"]


def test_a_year_without_a_value_is_a_gap() -> None:
    reported = traces(WAY)["实际完成"]
    assert list(reported["x"]) == [2021, 2022, 2023]
    assert list(reported["y"]) == [28.5, None, 27.8]


def test_a_projection_starts_at_the_newest_value_and_ends_in_the_target_year() -> None:
    ahead = traces(WAY)["按目前速度推算"]
    assert list(zip(ahead["x"], ahead["y"], strict=True)) == [(2023, 27.8), (2025, 27.6)]


def test_a_tolerance_is_a_band() -> None:
    layout = way_figure(replace(WAY, band=(Decimal("66.5"), Decimal("73.5"))))["layout"]
    assert [(shape["y0"], shape["y1"]) for shape in layout["shapes"]] == [(66.5, 73.5)]


def test_grades_have_names_and_the_best_stands_on_top() -> None:
    grades = replace(
        WAY,
        unit="",
        values={2021: Decimal(3)},
        required={2021: Decimal(3)},
        baseline=Decimal(4),
        aim=Decimal(2),
        is_grade=True,
        projection=None,
    )
    axis = way_figure(grades)["layout"]["yaxis"]
    assert axis["ticktext"][:3] == ["Ⅰ类", "Ⅱ类", "Ⅲ类"]
    assert axis["range"][0] > axis["range"][1]
    assert "2021年Ⅲ类" in way_summary(grades)


def test_figures_of_demonstration_are_called_that() -> None:
    shown = replace(WAY, is_demonstration=True)
    assert "实际完成（演示数据）" in traces(shown)
    assert "实际完成（演示数据）：" in way_summary(shown)


def test_the_summary_says_everything_in_words() -> None:
    assert way_summary(WAY) == (
        "2020年基期值28.1μg/m3；实际完成：2021年28.5μg/m3，2023年27.8μg/m3；2025年目标27μg/m3；"
        "按目前速度推算，2025年为27.6μg/m3。"
    )


def test_without_values_the_summary_says_so() -> None:
    assert "还没有已审定的数值" in way_summary(replace(WAY, values={}, projection=None))


@pytest.mark.parametrize("number", [1, 4])
def test_small_multiples_name_each_line_once(number: int) -> None:
    figure = multiples_figure([(f"第{each}县", WAY) for each in range(number)])
    legend = [trace["name"] for trace in figure["data"] if trace.get("showlegend")]
    assert legend == ["当年应达到", "目标", "实际完成"]
    titles = [each["text"] for each in figure["layout"]["annotations"]]
    assert titles == [f"第{each}县" for each in range(number)]


def test_a_line_that_only_a_later_chart_has_is_in_the_legend_too() -> None:
    figure = multiples_figure([("第1县", replace(WAY, values={})), ("第2县", WAY)])
    assert [trace["name"] for trace in figure["data"] if trace["showlegend"]] == ["当年应达到", "目标", "实际完成"]


def test_on_a_phone_small_multiples_stand_below_each_other() -> None:
    layout = multiples_figure([(f"第{each}县", WAY) for each in range(4)])["narrow"]
    assert {tuple(layout[axis]["domain"]) for axis in ("xaxis", "xaxis2", "xaxis4")} == {(0.0, 1.0)}
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1] > layout["yaxis4"]["domain"][1]


def test_a_heading_breaks_between_words() -> None:
    [title] = [
        each["text"]
        for each in multiples_figure([("巴中市 地级及以上城市细颗粒物(PM2.5)浓度", WAY)])["layout"]["annotations"]
    ]
    assert title == "巴中市<br>地级及以上城市细颗粒物<br>(PM2.5)浓度"


def test_where_all_is_zero_the_axis_does_not_go_far_below() -> None:
    nothing = {year: Decimal(0) for year in (2021, 2022)}
    way = Way("黑臭水体", "%", 2020, 2025, values=nothing, required=nothing, baseline=Decimal(0), aim=Decimal(0))
    assert way_figure(way)["layout"]["yaxis"]["range"] == [-0.1, 1]
    assert "range" not in way_figure(WAY)["layout"]["yaxis"]

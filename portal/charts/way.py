"""The chart of an indicator: its way from the baseline to the target. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from indicators.core.codes import Grade
from indicators.core.figures import show_figure
from portal.charts.style import ACCENT, ANNUAL, INK_SOFT, REQUIRED, TARGET, TARGET_SOFT, base_layout


@dataclass(frozen=True)
class Way:
    """What the chart shows, in the indicator's unit; grades are 1 to 6. Of rates and quantities the figures are totals
    since the start of the period.

    `values`, `required` (what each year asks for) and `annual` (annual targets) are by year; `required` includes the
    start of the path where it is known. `aim` is the figure of the target, `band` what a range or a tolerance allows,
    None where the wording states none. `projection` is where the way leads by `target_year` if it goes on as before.
    """

    name: str
    unit: str
    first_year: int
    target_year: int
    values: Mapping[int, Decimal]
    required: Mapping[int, Decimal]
    baseline: Decimal | None = None
    annual: Mapping[int, Decimal] = field(default_factory=dict)
    aim: Decimal | None = None
    band: tuple[Decimal, Decimal] | None = None
    projection: Decimal | None = None
    is_grade: bool = False
    is_demonstration: bool = False

    @property
    def reported(self) -> str:
        """What the line of the reported figures is called."""
        return "实际完成（演示数据）" if self.is_demonstration else "实际完成"

    @property
    def has_figures(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.values) or self.aim is not None or self.baseline is not None


def way_figure(way: Way) -> dict[str, Any]:
    """The plotly figure (data and layout as JSON types)."""
    figure = go.Figure(layout=layout_of(way))
    if way.band is not None:
        low, high = map(float, way.band)
        figure.add_hrect(y0=low, y1=high, fillcolor=TARGET_SOFT, line_width=0, layer="below")
        for bound, edge in ((way.band[0], "下限"), (way.band[1], "上限")):
            span = {way.first_year: bound, way.target_year: bound}
            figure.add_trace(line(way, span, f"允许范围{edge} {shown(way, bound)}", TARGET, "longdashdot"))
    if way.required:
        figure.add_trace(line(way, way.required, "当年应达到", REQUIRED, "dot", step=way.is_grade))
    if way.aim is not None:
        aim = {way.first_year: way.aim, way.target_year: way.aim}
        figure.add_trace(line(way, aim, "目标", TARGET, "dash"))
    if way.annual:
        figure.add_trace(points(way, way.annual, "年度目标", ANNUAL, "diamond-open"))
    if way.values:
        figure.add_trace(line(way, way.values, way.reported, ACCENT, "solid", markers=True))
    if way.projection is not None and way.values:
        last = max(way.values)
        if last < way.target_year:
            ahead = {last: way.values[last], way.target_year: way.projection}
            figure.add_trace(line(way, ahead, "按目前速度推算", ACCENT, "dashdot", hollow=True))
    if way.baseline is not None:
        figure.add_trace(points(way, {way.first_year: way.baseline}, "基期值", INK_SOFT, "square"))
    content: dict[str, Any] = figure.to_plotly_json()
    content["layout"].pop("template", None)
    return content


def layout_of(way: Way) -> dict[str, Any]:
    """The layout; grades are named on the axis, best on top."""
    layout = base_layout(unit="" if way.is_grade else way.unit)
    layout["xaxis"]["range"] = [way.first_year - 0.3, way.target_year + 0.3]
    if way.is_grade:
        grades = list(Grade)
        layout["yaxis"] |= {
            "tickvals": [int(grade) for grade in grades],
            "ticktext": [grade.label for grade in grades],
            "range": [len(grades) + 0.5, 0.5],
        }
    elif not any([*way.values.values(), *way.required.values(), *way.annual.values(), way.baseline, way.aim]):
        # All of it is 0, as of forbidden waters: no share and no number lies below.
        layout["yaxis"] |= {"range": [-0.1, 1]}
    return layout


def line(
    way: Way,
    figures: Mapping[int, Decimal],
    name: str,
    colour: str,
    dash: str,
    *,
    markers: bool = False,
    hollow: bool = False,
    step: bool = False,
) -> go.Scatter:
    """A line through the figures; a year without one leaves a gap."""
    years = sorted(figures)
    if markers:
        years = list(range(years[0], years[-1] + 1))
    return go.Scatter(
        x=years,
        y=[float(figures[year]) if year in figures else None for year in years],
        name=name,
        mode="lines+markers" if markers or hollow else "lines",
        line={"color": colour, "dash": dash, "width": 3 if markers else 2, "shape": "hv" if step else "linear"},
        marker={"size": 9, "symbol": "circle-open" if hollow else "circle"},
        customdata=[shown(way, figures.get(year)) for year in years],
        hovertemplate="%{customdata}",
    )


def points(way: Way, figures: Mapping[int, Decimal], name: str, colour: str, symbol: str) -> go.Scatter:
    """Single marks."""
    years = sorted(figures)
    return go.Scatter(
        x=years,
        y=[float(figures[year]) for year in years],
        name=name,
        mode="markers",
        marker={"color": colour, "size": 11, "symbol": symbol, "line": {"width": 2}},
        customdata=[shown(way, figures[year]) for year in years],
        hovertemplate="%{customdata}",
    )


def shown(way: Way, figure: Decimal | None) -> str:
    """The figure as people read it."""
    if figure is None:
        return "—"
    return Grade(int(figure)).label if way.is_grade and figure == int(figure) else show_figure(figure) + way.unit


def way_summary(way: Way) -> str:
    """The chart in one sentence, for those who do not see it."""
    parts = []
    if way.baseline is not None:
        parts.append(f"{way.first_year}年基期值{shown(way, way.baseline)}")
    if way.values:
        reported = "，".join(f"{year}年{shown(way, way.values[year])}" for year in sorted(way.values))
        parts.append(f"{way.reported}：{reported}")
    else:
        parts.append("还没有已审定的数值")
    if way.aim is not None:
        parts.append(f"{way.target_year}年目标{shown(way, way.aim)}")
    if way.projection is not None:
        parts.append(f"按目前速度推算，{way.target_year}年为{shown(way, way.projection)}")
    return "；".join(parts) + "。"

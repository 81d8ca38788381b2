"""The ways of several indicators side by side, each with its own axis: small multiples. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from portal.charts.style import ACCENT, LINE, REQUIRED, TARGET, base_layout
from portal.charts.way import Way, line

COLUMNS = 3
ROW_HEIGHT = 220


def multiples_figure(ways: Sequence[tuple[str, Way]]) -> dict[str, Any]:
    """One small chart for each title and way, three in a row: what was reported, the path asked for, the target."""
    rows = ceil(len(ways) / COLUMNS)
    figure = make_subplots(
        rows=rows,
        cols=COLUMNS,
        subplot_titles=[heading(title, way) for title, way in ways],
    )
    for number, (_, way) in enumerate(ways):
        row, column = number // COLUMNS + 1, number % COLUMNS + 1
        for trace in traces(way, with_legend=number == 0):
            figure.add_trace(trace, row=row, col=column)
    layout = base_layout(height=80 + ROW_HEIGHT * rows)
    layout["margin"] = {"l": 48, "r": 16, "t": 56, "b": 48}
    layout["legend"] = {"orientation": "h", "y": -0.08, "x": 0}
    for axis in ("xaxis", "yaxis"):
        layout.pop(axis)
    figure.update_layout(**layout)
    figure.update_annotations(font_size=13)
    figure.update_xaxes(showgrid=False, fixedrange=True, dtick=1, tickformat="d")
    figure.update_yaxes(gridcolor=LINE, zeroline=False, fixedrange=True, automargin=True)
    content: dict[str, Any] = figure.to_plotly_json()
    content["layout"].pop("template", None)
    return content


def heading(title: str, way: Way) -> str:
    """What stands above a small chart: the region, and below it the indicator."""
    return title.replace(" ", "<br>", 1) + ("（演示）" if way.is_demonstration else "")


def traces(way: Way, *, with_legend: bool) -> list[go.Scatter]:
    """The three lines of one small chart; the legend names them once for all."""
    aim = {} if way.aim is None else {way.first_year: way.aim, way.target_year: way.aim}
    lines = [
        (way.required, "当年应达到", REQUIRED, "dot", False),
        (aim, "目标", TARGET, "dash", False),
        (way.values, "实际完成", ACCENT, "solid", True),
    ]
    found = []
    for figures, name, colour, dash, markers in lines:
        if figures:
            trace = line(way, figures, name, colour, dash, markers=markers)
            trace.update(legendgroup=name, showlegend=with_legend)
            found.append(trace)
    return found

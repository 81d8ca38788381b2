"""The ways of several indicators side by side, each with its own axis: small multiples. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from portal.charts.style import ACCENT, LINE, REQUIRED, TARGET, base_layout
from portal.charts.way import Way, line

COLUMNS = 3
ROW_HEIGHT = 240
#: On a phone one stands below the other, each with its heading.
NARROW_ROW_HEIGHT = 250
#: So many characters of a heading stand on one line above a small chart.
LINE_LENGTH = 16
#: What is not torn apart between lines: a word or number with its brackets, a mark with what it follows.
UNBROKEN = re.compile(r"[（(]?(?:[!-'*-~]+|.)[）)]?")


def multiples_figure(ways: Sequence[tuple[str, Way]]) -> dict[str, Any]:
    """One small chart for each title and way, three in a row: what was reported, the path asked for, the target.
    `narrow` is the layout of the same data for a phone."""
    figure = grid(ways, columns=COLUMNS, height=80 + ROW_HEIGHT * ceil(len(ways) / COLUMNS))
    figure["narrow"] = grid(ways, columns=1, height=80 + NARROW_ROW_HEIGHT * len(ways))["layout"]
    return figure


def grid(ways: Sequence[tuple[str, Way]], *, columns: int, height: int) -> dict[str, Any]:
    """The small charts in so many columns. The legend names each kind of line once for all."""
    rows = ceil(len(ways) / columns)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=[heading(title, way) for title, way in ways],
        vertical_spacing=min(0.4, 105 / height),
    )
    named: set[str] = set()
    for number, (_, way) in enumerate(ways):
        row, column = number // columns + 1, number % columns + 1
        for trace in traces(way):
            trace.update(showlegend=trace.name not in named)
            named.add(trace.name)
            figure.add_trace(trace, row=row, col=column)
        figure.update_xaxes(tick0=way.target_year, row=row, col=column)
    layout = base_layout(height=height)
    layout["margin"] = {"l": 48, "r": 16, "t": 72, "b": 56}
    layout["legend"] = {"orientation": "h", "y": -30 / (height - 128), "yanchor": "top", "x": 0}
    for axis in ("xaxis", "yaxis"):
        layout.pop(axis)
    figure.update_layout(**layout)
    figure.update_annotations(font_size=13)
    figure.update_xaxes(showgrid=False, fixedrange=True, tickformat="d", dtick=2, tickangle=0)
    figure.update_yaxes(gridcolor=LINE, zeroline=False, fixedrange=True, automargin=True)
    content: dict[str, Any] = figure.to_plotly_json()
    content["layout"].pop("template", None)
    return content


def heading(title: str, way: Way) -> str:
    """What stands above a small chart: the region, and below it the indicator, in lines that fit."""
    region, _, name = title.partition(" ")
    name += "（演示）" if way.is_demonstration else ""
    lines = [region, ""]
    for piece in UNBROKEN.findall(name):
        if len(lines[-1] + piece) > LINE_LENGTH:
            lines.append("")
        lines[-1] += piece
    return "<br>".join(each for each in lines if each)


def traces(way: Way) -> list[go.Scatter]:
    """The three lines of one small chart."""
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
            trace.update(legendgroup=name)
            found.append(trace)
    return found

"""How far each indicator is on its way to its target, all on one scale whatever their unit. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from portal.charts.style import INK, INK_SOFT, LINE, base_layout

#: Beyond these shares of the way a bar is cut, and its text says how far it goes on.
LOWEST, HIGHEST = Decimal(-50), Decimal(150)
COLOURS = {"bad": "#9b1c1c", "slow": "#b7791f", "waiting": "#8a949c", "good": "#0b5a63", "met": "#14532d"}
#: Told apart on paper that knows no colours, the worst darkest; the symbol and the per cent stand beside each bar.
PATTERNS = {"bad": "", "slow": "x", "waiting": ".", "good": "-", "met": "/"}
ROW_HEIGHT = 30
#: On a phone the name stands above its bar.
NARROW_ROW_HEIGHT = 52


@dataclass(frozen=True)
class Distance:
    """One indicator. `share` is the part of the way that is done, in per cent: 0 is the start, 100 the target, below 0
    the wrong way. `symbol` and `label` say the verdict, `tone` gives the colour."""

    name: str
    share: Decimal
    symbol: str
    label: str
    tone: str
    is_demonstration: bool = False


def distance_figure(rows: Sequence[Distance], *, elapsed: Decimal) -> dict[str, Any]:
    """Bars, first row on top, with a line at the target and one at `elapsed`, the per cent of the period that is
    over. `narrow` is the layout of the same data for a phone."""
    layout = base_layout(height=120 + ROW_HEIGHT * len(rows))
    layout["hovermode"] = "closest"
    layout["margin"] = {"l": 12, "r": 24, "t": 48, "b": 40}
    layout["xaxis"] = {
        "range": [float(LOWEST) - 5, float(HIGHEST) + 20],
        "tickvals": [-50, 0, 50, 100, 150],
        "ticktext": ["−50%", "起点 0%", "50%", "目标 100%", "150%"],
        "gridcolor": LINE,
        "zeroline": True,
        "zerolinecolor": INK_SOFT,
        "fixedrange": True,
        "side": "top",
    }
    layout["yaxis"] = {"autorange": "reversed", "automargin": True, "fixedrange": True, "ticksuffix": "  "}
    shares = [min(max(row.share, LOWEST), HIGHEST) for row in rows]
    figure = go.Figure(
        go.Bar(
            x=[float(share) for share in shares],
            y=[row.name for row in rows],
            orientation="h",
            marker={
                "color": [COLOURS[row.tone] for row in rows],
                "pattern": {
                    "shape": [PATTERNS[row.tone] for row in rows],
                    "fillmode": "replace",
                    "solidity": 0.4,
                    "size": 8,
                },
            },
            text=[f"{row.symbol} {percent(row.share)}{'（演示）' if row.is_demonstration else ''}" for row in rows],
            textposition="outside",
            cliponaxis=False,
            customdata=[f"{row.label}，完成目标进程的{percent(row.share)}" for row in rows],
            hovertemplate="%{y}：%{customdata}<extra></extra>",
        ),
        layout=layout,
    )
    figure.add_vline(x=100, line={"color": INK, "width": 2})
    if 0 < elapsed < 100:
        note = f"时间过去 {percent(elapsed)}"
        figure.add_vline(x=float(elapsed), line={"color": INK_SOFT, "dash": "dot"}, annotation_text=note)
    content: dict[str, Any] = figure.to_plotly_json()
    content["layout"].pop("template", None)
    content["narrow"] = narrow_layout(content["layout"], rows)
    return content


def narrow_layout(layout: dict[str, Any], rows: Sequence[Distance]) -> dict[str, Any]:
    """The layout with the names above the bars, so that the bars keep the width of a phone."""
    above = {"xref": "paper", "x": 0, "xanchor": "left", "yshift": 19, "showarrow": False, "font": {"size": 13}}
    names = [above | {"y": each.name, "text": each.name} for each in rows]
    return layout | {
        "height": 120 + NARROW_ROW_HEIGHT * len(rows),
        "bargap": 0.65,
        "margin": layout["margin"] | {"l": 8, "r": 8},
        "font": layout["font"] | {"size": 12},
        "xaxis": layout["xaxis"] | {"range": [float(LOWEST) - 5, float(HIGHEST) + 50], "tickangle": 0},
        "yaxis": layout["yaxis"] | {"showticklabels": False, "range": [len(rows) - 0.5, -0.75], "autorange": False},
        "annotations": [*layout.get("annotations", []), *names],
    }


def percent(share: Decimal) -> str:
    """A share as people read it, without decimals."""
    return f"{share.quantize(Decimal(1)):f}%".replace("-", "−")


def distance_summary(rows: Sequence[Distance], *, year: int) -> str:
    """The chart in one sentence, for those who do not see it."""
    if not rows:
        return f"{year}年没有可以放在同一尺度上比较的指标。"
    there = sum(row.share >= 100 for row in rows)
    back = [row.name for row in rows if row.share < 0]
    worst = min(rows, key=lambda row: row.share)
    wrong = f"，反向变化的有{'、'.join(back)}" if back else ""
    return (
        f"{year}年{len(rows)}项指标中{there}项已到达目标{wrong}；"
        f"离目标最远的是“{worst.name}”，完成目标进程的{percent(worst.share)}。"
    )

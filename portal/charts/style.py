"""How charts look: the colours of the style sheet, few lines, and Chinese fonts of the reader's own machine."""

from __future__ import annotations

from typing import Any

FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'
INK, INK_SOFT, LINE = "#17211c", "#4a554f", "#e3e8e4"
ACCENT, TARGET, REQUIRED, ANNUAL = "#0d4f36", "#9b1c1c", "#4a554f", "#1c4587"
TARGET_SOFT = "rgba(155, 28, 28, 0.10)"


def base_layout(*, unit: str = "", height: int = 340) -> dict[str, Any]:
    """What all charts share. Nothing zooms by accident: on a phone a finger scrolls the page."""
    return {
        "font": {"family": FONT, "size": 14, "color": INK},
        "height": height,
        "margin": {"l": 56, "r": 24, "t": 32, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {"font": {"family": FONT}},
        "legend": {"orientation": "h", "y": -0.18, "x": 0},
        "xaxis": {"showgrid": False, "linecolor": INK_SOFT, "fixedrange": True, "dtick": 1, "tickformat": "d"},
        "yaxis": {
            "gridcolor": LINE,
            "zeroline": False,
            "fixedrange": True,
            "title": {"text": unit, "standoff": 8},
            "automargin": True,
        },
    }

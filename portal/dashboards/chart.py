"""A chart on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Chart:
    """A figure for plotly.js and the same in a sentence. `key` is the identifier of its place on the page, `title` says
    what it shows also to those who see the picture alone. `is_demonstration`: with figures of demonstration."""

    key: str
    title: str
    figure: dict[str, Any]
    summary: str
    is_demonstration: bool = False

    @property
    def figure_id(self) -> str:
        """The identifier of the script element that holds the figure."""
        return f"{self.key}-figure"

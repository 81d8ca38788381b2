"""What the portal answers to one cell: the figure as understood, what is wrong or odd, and the verdict it would get."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from indicators.core.figures import FigureError
from indicators.core.verdicts import Verdict
from indicators.display import show_value
from indicators.entry.cells import TypedRow, entry_of
from indicators.services.judging import Evidence
from indicators.services.preview import doubts_about, preview
from indicators.services.values import ValueEntry, check_entry


@dataclass(frozen=True)
class CellAnswer:
    """`verdict` is empty when there are errors or the cell is. `tone` is failing, slow, waiting or fine."""

    figure: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verdict: str = ""
    label: str = ""
    reason: str = ""
    tone: str = ""

    def to_json(self) -> dict[str, Any]:
        """The answer for the page's script."""
        return asdict(self)


def answer(evidence: Evidence, year: int, text: str) -> CellAnswer:
    """The answer to a text in the cell of an indicator and region. Queries and stores nothing."""
    indicator = evidence.indicator
    if not text.strip():
        return CellAnswer()
    try:
        entry = entry_in(evidence, year, text)
    except FigureError as error:
        return CellAnswer(errors=[str(error)])
    except ValidationError as error:
        return CellAnswer(errors=error.messages)
    result = preview(evidence, year, value=entry.value, finding=entry.finding)
    return CellAnswer(
        figure=show_value(indicator, entry.value, entry.finding),
        warnings=doubts_about(evidence, year, entry.value),
        verdict=result.verdict.value,
        label=result.verdict.label,
        reason=result.reason,
        tone=tone_of(result.verdict),
    )


def entry_in(evidence: Evidence, year: int, text: str) -> ValueEntry:
    """What a cell states. Raises FigureError for a text that is no figure, ValidationError for what cannot be true."""
    entry = entry_of(evidence.indicator, evidence.region, year, TypedRow(value=text))
    check_entry(entry, counties=[evidence.region])
    return entry


def tone_of(verdict: Verdict) -> str:
    """The colour group of a verdict; the words beside it say the same."""
    if verdict is Verdict.SLIGHTLY_BEHIND:
        return "slow"
    if verdict.is_failing:
        return "failing"
    return "waiting" if verdict.is_waiting else "fine"

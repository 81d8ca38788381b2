"""The line of a composite indicator above its components: what they lack and the verdict that follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from indicators.assessment import Result, assess, combine_components
from indicators.core.figures import FigureError
from indicators.entry.answers import entry_in, tone_of
from indicators.entry.rows import SheetRow
from indicators.models import Indicator
from indicators.services.judging import Evidence
from indicators.services.preview import preview


@dataclass(frozen=True)
class Component:
    """A component; `row` is None where another department enters it, then its approved value counts."""

    evidence: Evidence
    row: SheetRow | None = None

    def result(self, year: int) -> tuple[Result, bool]:
        """The verdict with what stands in the cell, and whether there is a value at all."""
        text = self.row.typed.value if self.row else ""
        if text.strip():
            try:
                entry = entry_in(self.evidence, year, text)
            except (FigureError, ValidationError):
                return assess(self.evidence.subject(year), year), False
            return preview(self.evidence, year, value=entry.value, finding=entry.finding), True
        return assess(self.evidence.subject(year), year), year in self.evidence.values


@dataclass(frozen=True)
class CompositeAnswer:
    """What the line says: `missing` names components without a value, in words; the rest as in CellAnswer."""

    missing: str
    label: str
    reason: str
    tone: str


@dataclass(frozen=True)
class CompositeLine:
    """A composite indicator in the plan's own region; it takes no value of its own."""

    indicator: Indicator
    target: str
    year: int
    components: list[Component]

    @property
    def answer(self) -> CompositeAnswer:
        """The verdict that follows from the components as typed or saved. Queries nothing."""
        judged = [(each.evidence.indicator.name, *each.result(self.year)) for each in self.components]
        lacking = [name for name, _, has_value in judged if not has_value]
        result = combine_components([(name, found) for name, found, _ in judged])
        return CompositeAnswer(
            missing=f"{len(judged)} 个分项中还缺 {len(lacking)} 个：{'、'.join(lacking)}"
            if lacking
            else "各分项均已有数值",
            label=result.verdict.label,
            reason=result.reason,
            tone=tone_of(result.verdict),
        )

"""The measures that serve an indicator."""

from __future__ import annotations

from dataclasses import dataclass, field

from indicators.models import Indicator
from regions.models import DutyRole


@dataclass(frozen=True)
class ServingMeasure:
    """A measure as the indicator's page lists it. `departments` are names, leads marked."""

    code: str
    title: str
    chapter: str
    section: str
    deadline: str
    summary: str
    departments: list[str] = field(default_factory=list)


def measures_of(indicator: Indicator) -> list[ServingMeasure]:
    """In the order of the document, each with its departments. One query: a row for each department."""
    rows = indicator.measures.order_by("position", "pk", "responsibilities__position").values_list(
        "code",
        "title",
        "chapter",
        "section",
        "deadline",
        "summary",
        "responsibilities__department__name",
        "responsibilities__role",
    )
    found: dict[str, ServingMeasure] = {}
    for code, title, chapter, section, deadline, summary, department, role in rows:
        measure = found.setdefault(code, ServingMeasure(code, title, chapter, section, deadline, summary))
        if department:
            measure.departments.append(f"{department}（牵头）" if role == DutyRole.LEAD else department)
    return list(found.values())

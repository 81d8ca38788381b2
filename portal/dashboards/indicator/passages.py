"""Where else the plan speaks of an indicator: the passages that state it again, and the measures that serve it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import BooleanField, CharField, F, IntegerField, Value

from indicators.models import Indicator
from regions.models import DutyRole

COLUMNS = (
    "is_measure",
    "place",
    "code",
    "rank",
    "heading",
    "chapter",
    "where",
    "deadline",
    "text",
    "same",
    "department",
    "role",
)


@dataclass(frozen=True)
class Restatement:
    """A place where the document states the same commitment; `agrees` where it says the same."""

    section: str
    wording: str
    note: str
    agrees: bool


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


@dataclass(frozen=True)
class Passages:
    """Both in the order of the document."""

    mentions: list[Restatement]
    measures: list[ServingMeasure]


def passages_of(indicator: Indicator) -> Passages:
    """One query: a row for each mention, and one for each department of a measure."""
    empty = Value("", CharField())
    mentions = indicator.mentions.annotate(
        is_measure=Value(0, IntegerField()),
        place=F("pk"),
        code=empty,
        rank=Value(0, IntegerField()),
        heading=F("wording"),
        chapter=empty,
        where=F("section"),
        deadline=empty,
        text=F("note"),
        same=F("agrees"),
        department=empty,
        role=empty,
    )
    measures = indicator.measures.annotate(
        is_measure=Value(1, IntegerField()),
        place=F("position"),
        rank=F("responsibilities__position"),
        heading=F("title"),
        where=F("section"),
        text=F("summary"),
        same=Value(True, BooleanField()),
        department=F("responsibilities__department__name"),
        role=F("responsibilities__role"),
    )
    rows = mentions.order_by().values_list(*COLUMNS).union(measures.order_by().values_list(*COLUMNS), all=True)
    found, serving = [], dict[str, ServingMeasure]()
    for is_measure, _, code, _, heading, chapter, where, deadline, text, same, department, role in rows.order_by(
        "is_measure", "place", "code", "rank"
    ):
        if not is_measure:
            found.append(Restatement(where, heading, text, same))
            continue
        measure = serving.setdefault(code, ServingMeasure(code, heading, chapter, where, deadline, text))
        if department:
            measure.departments.append(f"{department}（牵头）" if role == DutyRole.LEAD else department)
    return Passages(found, list(serving.values()))

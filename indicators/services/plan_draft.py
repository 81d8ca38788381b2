"""What a person states of a new plan before it exists, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from indicators.core.codes import Constraint, Direction, MeasureKind, ValueType
from regions.models import Region


@dataclass(frozen=True)
class IndicatorDraft:
    """One indicator. Codes are those of indicators.core.codes, "" where nobody chose one.

    `baseline` and `wording` are as printed, "" for none. `parent` is the name of the indicator that a component belongs
    to. Departments are named as the document prints them.
    """

    name: str
    category: str = ""
    number: str = ""
    unit: str = ""
    parent: str = ""
    constraint: str = Constraint.UNSPECIFIED
    constraint_text: str = ""
    direction: str = Direction.HIGHER
    value_type: str = ValueType.NUMBER
    measure: str = MeasureKind.LEVEL
    baseline: str = ""
    baseline_note: str = ""
    wording: str = ""
    lead: tuple[str, ...] = ()
    participating: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class PlanDraft:
    """A plan with its indicators.

    `region` is an existing place; without one a county `new_region` is made under `parent`. An empty `slug` is chosen
    by the service. `coordinating` is the name of the coordinating department; departments that the region does not have
    are made where `new_departments` names them.
    """

    title: str
    coordinating: str
    period_start: int | None
    period_end: int | None
    baseline_year: int | None
    target_year: int | None
    indicators: tuple[IndicatorDraft, ...]
    slug: str = ""
    region: Region | None = None
    new_region: str = ""
    parent: Region | None = None
    document_number: str = ""
    issuer: str = ""
    new_departments: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class DraftProblem:
    """A Chinese sentence that says what is wrong and what to do. `field` is that of the draft, "" for the whole; `row`
    is the place of the indicator among the draft's, None for the plan."""

    message: str
    field: str = ""
    row: int | None = None


class DraftRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The plan cannot be created; says everything that is wrong."""

    def __init__(self, problems: Iterable[DraftProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("".join(problem.message for problem in self.problems))

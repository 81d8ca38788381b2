"""What is judged: a rule, the values of the years, and the settings of the plan. Pure: no Django.

docs/assessment.md, "What is measured" and "The public face".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from indicators.core.bounds import Bounds, bounds_of
from indicators.core.codes import Direction, EntryBasis, Finding, Frequency, Grade, MeasureKind, ValueType
from indicators.core.rounding import decimals_of
from indicators.targets import TargetRule

#: A yearly value: a figure, a grade 1 … 6, or a finding.
Value = Decimal | int | str

ON_TRACK_SHARE = Decimal("0.95")
BEHIND_SHARE = Decimal("0.60")
ABOUT_TOLERANCE = Decimal("0.05")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One indicator in one region. Figures are in the indicator's unit, percentages in percentage points (96.7).

    `values`, `findings` and `annual_targets` are by year. `values` holds what was approved: figures or grades, or
    findings; `findings` is needed only where one wording mixes a figure and a judgement (≥95；建立). An annual target
    of a rate or quantity is the figure to date that is due by the end of its year, whatever the entry basis. `baseline`
    of a rate or quantity is shown and never used. `assigned_value` is the number that an upper level gave, None until
    then.

    A cumulative rate counts reductions, so more is better whatever `direction` says. `bounds` are the physically
    possible figures that a projection is held to; None takes those of the measure and unit. `unit` may be left to the
    rule. `on_track_share`, `behind_share` (shares of the pace) and `about_tolerance` (share of the target) are settings
    of the plan.

    Raises ValueError for unknown codes, floats, booleans, NaN, infinities, grades outside 1 … 6 or with another measure
    than level, rates above 100 %, a target year that is not after the baseline year, and settings out of order.
    """

    rule: TargetRule
    measure: str
    direction: str
    value_type: str
    baseline_year: int
    target_year: int
    entry_basis: str = EntryBasis.TO_DATE
    baseline: Decimal | int | None = None
    values: Mapping[int, Value] = field(default_factory=dict)
    findings: Mapping[int, str] = field(default_factory=dict)
    annual_targets: Mapping[int, Decimal | int] = field(default_factory=dict)
    assigned_value: Decimal | int | None = None
    frequency: str = Frequency.ONCE
    unit: str = ""
    target_version: str = ""
    bounds: Bounds | None = None
    on_track_share: Decimal = ON_TRACK_SHARE
    behind_share: Decimal = BEHIND_SHARE
    about_tolerance: Decimal = ABOUT_TOLERANCE

    def __post_init__(self) -> None:
        MeasureKind.checked(self.measure)
        Direction.checked(self.direction)
        ValueType.checked(self.value_type)
        EntryBasis.checked(self.entry_basis)
        Frequency.checked(self.frequency)
        if self.target_year <= self.baseline_year:
            raise ValueError(f"target year {self.target_year} is not after baseline year {self.baseline_year}")
        if self.value_type == ValueType.GRADE and self.measure != MeasureKind.LEVEL:
            raise ValueError("grades are no totals: their measure is level")
        if not 0 <= self.behind_share <= self.on_track_share or not 0 <= self.about_tolerance < 1:
            raise ValueError("settings need 0 ≤ behind ≤ on track and 0 ≤ tolerance < 1")
        for finding in self.findings.values():
            Finding.checked(finding)
        figures = [value for value in self.values.values() if not isinstance(value, str)]
        for value in self.values.values():
            if isinstance(value, str):
                Finding.checked(value)
        self._check_figures([*figures, *self.annual_targets.values(), self.baseline, self.assigned_value])
        if self.measure == MeasureKind.CUMULATIVE_RATE and any(figure > 100 for figure in figures):
            raise ValueError("a reduction cannot exceed 100 %")

    def _check_figures(self, figures: Iterable[Decimal | int | None]) -> None:
        for figure in figures:
            if figure is None:
                continue
            if isinstance(figure, bool) or not isinstance(figure, Decimal | int):
                raise ValueError(f"{figure!r} is not a Decimal")
            if not Decimal(figure).is_finite():
                raise ValueError(f"{figure} is not a figure")
            if self.value_type == ValueType.GRADE and figure not in list(Grade):
                raise ValueError(f"{figure} is not a grade 1 … 6")

    @cached_property
    def way(self) -> Direction:
        """Which way is better, by the nature of the measure and of grades where these decide."""
        if self.value_type == ValueType.GRADE:
            return Direction.LOWER
        return Direction.HIGHER if self.measure == MeasureKind.CUMULATIVE_RATE else Direction.checked(self.direction)

    @cached_property
    def start(self) -> Decimal | None:
        """Where the period starts: the baseline of a level, 0 of a rate or quantity; None when unknown."""
        if self.measure != MeasureKind.LEVEL:
            return Decimal(0)
        return None if self.baseline is None else Decimal(self.baseline)

    @property
    def length(self) -> int:
        """Years of the period."""
        return self.target_year - self.baseline_year

    @property
    def shown_unit(self) -> str:
        """The indicator's unit, as given here or with the rule."""
        return self.unit or self.rule.unit

    @property
    def possible(self) -> Bounds:
        """The physically possible figures."""
        return self.bounds or bounds_of(self.measure, self.shown_unit)

    @cached_property
    def decimals(self) -> dict[int, int]:
        """With how many decimals the figure of each year was entered."""
        figures = {year: Decimal(value) for year, value in self.values.items() if not isinstance(value, str)}
        return {year: decimals_of([figure]) for year, figure in figures.items()}

    def figure(self, year: int) -> Decimal | None:
        """The figure or grade entered for the year, or None."""
        value = self.values.get(year)
        return None if value is None or isinstance(value, str) else Decimal(value)

    def finding(self, year: int) -> Finding | None:
        """The reviewer's finding of the year, or None."""
        value = self.values.get(year)
        found = value if isinstance(value, str) else self.findings.get(year)
        return None if found is None else Finding.checked(found)

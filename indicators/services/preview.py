"""What a value would mean before it is stored: its verdict, what the year would need, and what looks odd about it.

Nothing here writes. `evidence_for` takes the queries of `indicators.services.judging.gather`; the rest takes none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from indicators.assessment import Result, assess
from indicators.core.codes import EntryBasis, Finding, MeasureKind, ValueType
from indicators.core.plausibility import Surroundings, doubts
from indicators.models import Indicator
from indicators.series import SeriesKey
from indicators.services.judging import Counted, Evidence, gather

#: Stand-ins for a value that is not known yet. What a year asks for does not depend on what it brought.
PROBES: dict[str, tuple[Decimal | None, str]] = {
    ValueType.NUMBER: (Decimal(0), ""),
    ValueType.GRADE: (Decimal(1), ""),
    ValueType.FINDING: (None, Finding.ACHIEVED),
}


def evidence_for(indicators: Iterable[Indicator]) -> dict[SeriesKey, Evidence]:
    """Evidence as of now for the plan's region and every county that an indicator is broken down to. Three queries;
    expects `plan__region` to be loaded."""
    return {evidence.series: evidence for evidence in gather(indicators)}


def preview(evidence: Evidence, year: int, *, value: Decimal | None = None, finding: str = "") -> Result:
    """The result that the year would have with this value counted. The value has passed `check_entry`."""
    values = {**evidence.values, year: Counted(value, finding)}
    return assess(replace(evidence, values=values).subject(year), year)


def required_in(evidence: Evidence, year: int) -> Decimal | None:
    """The figure that the year asks for, known before the value is; None where several demands or none decide, or
    entries of earlier years are lacking."""
    clauses = [clause for group in evidence.subject(year).rule.requirements for clause in group]
    if len(clauses) != 1 or evidence.indicator.value_type == ValueType.FINDING:
        return None
    value, finding = PROBES[evidence.indicator.value_type]
    return preview(evidence, year, value=value, finding=finding).required


def doubts_about(evidence: Evidence, year: int, value: Decimal | None) -> list[str]:
    """What is odd about a possible figure; a note has to explain it. Grades and findings raise no doubts."""
    indicator = evidence.indicator
    if value is None or indicator.value_type != ValueType.NUMBER:
        return []
    baseline = evidence.baseline.value if evidence.baseline else None
    if indicator.measure != MeasureKind.LEVEL:
        baseline = None  # the previous period's result, no figure of the same kind
    last = evidence.values.get(year - 1)
    last_year = last.value if last else None
    if last_year is None and year - 1 == indicator.plan.baseline_year:
        last_year = baseline
    around = Surroundings(
        unit=indicator.unit,
        measure=indicator.measure,
        entry_basis=EntryBasis.checked(indicator.entry_basis),
        last_year=last_year,
        baseline=baseline,
    )
    return doubts(value, around)

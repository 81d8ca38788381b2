"""What a submitted value would change: the verdict without it and with it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.assessment import Result, assess
from indicators.core.codes import MeasureKind
from indicators.core.verdicts import Severity, severity
from indicators.models import YearlyValue
from indicators.services.judging import Counted, Evidence, gather


@dataclass(frozen=True)
class Preview:
    """A value of the year before and the verdicts of the value's own year, without and with it.

    `last` is what last year is compared by: its approved figure, or the baseline in the first year of a level.
    """

    before: Result
    after: Result
    before_severity: Severity
    after_severity: Severity
    last: Decimal | None
    last_finding: str

    @property
    def changes_verdict(self) -> bool:
        """Whether the value gives the year another verdict."""
        return self.before.verdict != self.after.verdict


def previews(values: Iterable[YearlyValue]) -> dict[int, Preview]:
    """The preview of each value by its key; a value outside the judged years has none. Three queries.

    Expects `indicator__plan__region` to be loaded. Each value is judged by itself, beside the approved values alone.
    """
    listed = list(values)
    evidence = {(each.indicator.pk, each.region.pk): each for each in gather([value.indicator for value in listed])}
    found = {}
    for value in listed:
        known = evidence.get((value.indicator_id, value.region_id))
        if known is not None and value.year in value.indicator.years:
            found[value.pk] = preview(known, value)
    return found


def preview(evidence: Evidence, value: YearlyValue) -> Preview:
    """The value judged against the evidence of its indicator, once left out and once put in. Pure."""
    others = {year: record for year, record in evidence.values.items() if year != value.year}
    before = assess(replace(evidence, values=others).subject(value.year), value.year)
    with_it = {**others, value.year: Counted(value.value, value.finding)}
    after = assess(replace(evidence, values=with_it).subject(value.year), value.year)
    last = others.get(value.year - 1)
    return Preview(
        before=before,
        after=after,
        before_severity=severity_of(evidence, before),
        after_severity=severity_of(evidence, after),
        last=last.value if last else baseline_before(evidence, value.year),
        last_finding=last.finding if last else "",
    )


def severity_of(evidence: Evidence, result: Result) -> Severity:
    """How loudly the verdict would be reported."""
    indicator = evidence.indicator
    return severity(result.verdict, indicator.constraint, year=result.year, target_year=indicator.target_year)


def baseline_before(evidence: Evidence, year: int) -> Decimal | None:
    """The baseline where it is last year's figure: of a level in the first year. Rates and quantities start at 0."""
    indicator, baseline = evidence.indicator, evidence.baseline
    if baseline is None or indicator.measure != MeasureKind.LEVEL or year - 1 != baseline.year:
        return None
    return baseline.value

"""The chart of an indicator's page: its way from the baseline to the target, as the verdicts see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext

from indicators.assessment import PRECISION
from indicators.core.clauses import ClauseKind
from indicators.core.codes import Frequency, MeasureKind, ValueType
from indicators.core.path import Path, path_of
from indicators.models import Assessment
from indicators.services.judging import Evidence
from portal.charts.way import Way, way_figure, way_summary
from portal.dashboards.chart import Chart


def way_chart(evidence: Evidence, judged: Iterable[Assessment]) -> Chart | None:
    """The chart, None where there is no figure to show: findings, and nothing known. Queries nothing."""
    way = way_of(evidence, judged)
    unit = f"（{evidence.indicator.unit}）" if evidence.indicator.unit else ""
    title = f"{evidence.region}：{evidence.indicator.name}{unit}"
    if way is None or not way.has_figures:
        return None
    return Chart("way", title, way_figure(way), way_summary(way), is_demonstration=way.is_demonstration)


def way_of(evidence: Evidence, judged: Iterable[Assessment]) -> Way | None:
    """What the chart shows. `judged` are the indicator's verdicts in the evidence's region."""
    indicator = evidence.indicator
    if indicator.value_type == ValueType.FINDING:
        return None
    subject = evidence.subject(indicator.target_year)
    with localcontext(prec=PRECISION):
        path = path_of(subject)
    projected = [each for each in judged if each.projection is not None]
    last = max(projected, key=lambda each: each.year, default=None)
    is_level = indicator.measure == MeasureKind.LEVEL
    figures = (
        path.figures
        if path
        else {year: counted.value for year, counted in evidence.values.items() if counted.value is not None}
    )
    is_yearly = indicator.frequency == Frequency.YEARLY
    return Way(
        name=indicator.name,
        unit=indicator.unit,
        first_year=indicator.plan.baseline_year,
        target_year=indicator.target_year,
        values=figures,
        required={} if is_yearly or path is None else rounded(path.required),
        baseline=evidence.baseline.value if evidence.baseline and is_level else None,
        annual=evidence.annual_targets,
        aim=path.goal.aim if path else None,
        band=band_of(path, evidence) if path else None,
        projection=last.projection if last and last.year == max(figures, default=0) else None,
        is_grade=indicator.value_type == ValueType.GRADE,
        is_demonstration=evidence.has_demonstration(indicator.target_year),
    )


def rounded(figures: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Derived figures with as many digits as a chart can show."""
    return {year: figure.quantize(Decimal("0.0001")) for year, figure in figures.items()}


def band_of(path: Path, evidence: Evidence) -> tuple[Decimal, Decimal] | None:
    """The figures that a range names, or that the tolerance of 左右 allows."""
    clause = evidence.rule.clause
    if clause is None:
        return None
    if clause.kind is ClauseKind.RANGE and clause.value is not None and clause.upper is not None:
        return clause.value, clause.upper
    if clause.kind is ClauseKind.ABOUT:
        slack = abs(path.goal.aim - path.goal.limit)
        return path.goal.aim - slack, path.goal.aim + slack
    return None

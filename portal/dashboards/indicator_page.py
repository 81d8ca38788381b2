"""The page of one indicator: everything that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse

from indicators.core.codes import ValueType
from indicators.core.figures import show_figure
from indicators.core.rounding import percentage
from indicators.core.verdicts import Verdict
from indicators.display import show_value
from indicators.models import (
    Assessment,
    Baseline,
    EvidenceFile,
    Indicator,
    Measure,
    MeasureResponsibility,
    Mention,
    Responsibility,
    ReviewStatus,
    Target,
    TargetDocumentFile,
    YearlyValue,
)
from indicators.permissions import may_enter_value, may_review, visible_evidence, visible_target_documents
from indicators.services.judging import Counted, Evidence, rule_of, shares_among
from indicators.targets import TargetRule
from portal.dashboards.basis import Fact, Figures, facts_of
from portal.dashboards.chart import Chart
from portal.dashboards.events import Event
from portal.dashboards.history import history_of
from portal.dashboards.indicator_way import way_chart
from portal.dashboards.rows import (
    Duties,
    Footnotes,
    IndicatorRow,
    baseline_label,
    build_row,
    constraint_wording,
    duties_of,
    indicators_for_rows,
)
from portal.dashboards.years import last_complete_year
from regions.models import Region
from regions.permissions import Person, may_use_admin

OTHERS_SHOWN = 20


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target, how it was understood and its documents. `is_current` marks the one in force."""

    target: Target
    rule: TargetRule
    assigned: str
    is_current: bool
    files: list[TargetDocumentFile]


@dataclass(frozen=True)
class YearRow:
    """A year of the indicator. `entry_url` is empty where the person may not enter the value or the year is to come;
    `files` is the evidence that the person may see."""

    year: int
    value: str
    record: YearlyValue | None
    required: str
    gap: str
    pace: str
    assessment: Assessment | None
    entry_url: str
    annual_target: Target | None
    files: list[EvidenceFile]


@dataclass(frozen=True)
class CountyRow:
    """A county that the indicator is broken down to. `value` is its last one; `value_year` is set where that is an
    earlier year's than the page's."""

    county: Region
    target: TargetVersion
    baseline: str
    value: str
    value_year: int | None
    assessment: Assessment | None


@dataclass(frozen=True)
class IndicatorPage:
    """What the page shows. `current`: the newest complete year's verdict; `basis`: the newest that says something.

    `counties` are judged in `county_year`, that of `current`; `shares` and `county_baselines` hold all their versions.
    """

    indicator: Indicator
    constraint_wording: str
    baseline_label: str
    duties: Duties
    baselines: list[Baseline]
    targets: list[TargetVersion]
    shares: list[TargetVersion]
    county_baselines: list[Baseline]
    county_year: int
    counties: list[CountyRow]
    years: list[YearRow]
    current: Assessment | None
    basis: Assessment | None
    facts: list[Fact]
    mentions: list[Mention]
    measures: list[Measure]
    components: list[IndicatorRow]
    others: list[IndicatorRow]
    more_others: int
    history: list[Event]
    chart: Chart | None
    may_enter: bool
    may_review: bool

    @property
    def target(self) -> TargetVersion | None:
        """The final target in force for the plan's own region."""
        final = [version for version in self.targets if version.target.year == self.indicator.target_year]
        return next((version for version in final if version.is_current), None)

    @property
    def baseline(self) -> Baseline | None:
        """The baseline in force."""
        return self.baselines[0] if self.baselines else None

    @property
    def has_disagreement(self) -> bool:
        """Whether the document contradicts itself."""
        return any(not mention.agrees for mention in self.mentions)


def indicator_page(indicator: Indicator, *, person: Person, today: date) -> IndicatorPage:
    """Expects plan, region, coordinating department, category, parent and topic to be loaded.

    Queries: duties; targets and their documents; baselines; values; evidence; verdicts; mentions; measures and their
    duties; components and indicators of the same topic (the six of `indicators_for_rows` each) and the number of the
    latter; four of history; permission.
    """
    plan = indicator.plan
    newest_year = last_complete_year(today)
    latest = max(indicator.years[0], min(indicator.years[-1], newest_year))
    prefetch_related_objects(
        [indicator], Prefetch("responsibilities", Responsibility.objects.select_related("department"))
    )
    targets = target_versions(indicator, person, today)
    baselines = list(
        Baseline.objects.filter(indicator=indicator).select_related("region").order_by("region", "-version")
    )
    records = {(record.region_id, record.year): record for record in YearlyValue.objects.filter(indicator=indicator)}
    judged = {(each.region_id, each.year): each for each in Assessment.objects.filter(indicator=indicator)}
    verdicts = {year: verdict for (region_id, year), verdict in judged.items() if region_id == plan.region_id}
    basis = basis_of(verdicts, latest)
    may_enter = may_enter_values(person, indicator)
    reviews = may_review(person, plan)
    others = indicators_of_topic(indicator)
    return IndicatorPage(
        indicator=indicator,
        constraint_wording=constraint_wording(indicator),
        baseline_label=baseline_label(indicator),
        duties=duties_of(indicator),
        baselines=[baseline for baseline in baselines if baseline.region_id == plan.region_id],
        targets=[version for version in targets if version.target.region_id == plan.region_id],
        shares=[version for version in targets if version.target.region_id != plan.region_id],
        county_baselines=[baseline for baseline in baselines if baseline.region_id != plan.region_id],
        county_year=latest,
        counties=county_rows(indicator, targets, baselines, records, judged, year=latest, today=today),
        years=year_rows(
            indicator,
            verdicts,
            targets,
            records,
            visible_evidence(person).filter(indicator=indicator).grouped(),
            last_entry_year=today.year if may_enter else 0,
        ),
        current=verdicts.get(latest),
        basis=basis,
        facts=facts_of(basis, indicator) if basis else [],
        mentions=list(indicator.mentions.all()),
        measures=list(measures_of(indicator)),
        components=rows_of(indicators_for_rows(Indicator.objects.filter(parent=indicator), latest), latest),
        others=rows_of(indicators_for_rows(others, newest_year)[:OTHERS_SHOWN], newest_year),
        more_others=max(0, others.count() - OTHERS_SHOWN),
        history=history_of(indicator, with_drafts=may_enter or reviews),
        chart=way_chart(own_evidence(indicator, targets, baselines, records, today), verdicts.values()),
        may_enter=may_enter,
        may_review=reviews,
    )


def own_evidence(
    indicator: Indicator,
    targets: list[TargetVersion],
    baselines: list[Baseline],
    records: dict[tuple[int, int], YearlyValue],
    today: date,
) -> Evidence:
    """What is in force and approved for the plan's own region, of what the page has loaded. Queries nothing."""
    region = indicator.plan.region
    own = [each for each in baselines if each.region_id == region.pk and each.is_in_effect(today)]
    return Evidence(
        indicator,
        region,
        baseline=own[0] if own else None,
        targets={
            version.target.year: version.target
            for version in targets
            if version.is_current and version.target.region_id == region.pk
        },
        values={
            year: Counted(record.value, record.finding, record.is_demonstration)
            for (region_id, year), record in records.items()
            if region_id == region.pk and record.status == ReviewStatus.APPROVED
        },
    )


def target_versions(indicator: Indicator, person: Person, today: date) -> list[TargetVersion]:
    """All versions for all regions and years, by year, newest first; in force is the newest that has taken effect. Two
    queries."""
    files = visible_target_documents(person).filter(target__indicator=indicator).grouped()
    seen: set[tuple[int, int]] = set()
    versions = []
    for target in Target.objects.filter(indicator=indicator).select_related("region").order_by("year", "-version"):
        key = (target.region_id, target.year)
        assigned = show_value(indicator, target.assigned_value) if target.assigned_value is not None else ""
        is_current = key not in seen and target.is_in_effect(today)
        rule = rule_of(target, indicator)
        versions.append(TargetVersion(target, rule, assigned, is_current, files.get(target.pk, [])))
        if is_current:
            seen.add(key)
    return versions


def basis_of(verdicts: dict[int, Assessment], latest: int) -> Assessment | None:
    """The newest verdict up to `latest` that says something, else that of `latest`."""
    judged = [
        verdicts[year]
        for year in sorted(verdicts, reverse=True)
        if year <= latest and not Verdict.checked(verdicts[year].verdict).is_waiting
    ]
    return judged[0] if judged else verdicts.get(latest)


def may_enter_values(person: Person, indicator: Indicator) -> bool:
    """Whether the person gets links to the entry form; findings are a reviewer's. At most two queries."""
    if not may_use_admin(person) or not may_enter_value(person, indicator):
        return False
    return indicator.value_type != ValueType.FINDING or may_review(person, indicator.plan)


def county_rows(
    indicator: Indicator,
    targets: list[TargetVersion],
    baselines: list[Baseline],
    records: dict[tuple[int, int], YearlyValue],
    judged: dict[tuple[int, int], Assessment],
    *,
    year: int,
    today: date,
) -> list[CountyRow]:
    """The counties that the indicator is broken down to today, by identifier. Queries nothing."""
    by_pk = {version.target.pk: version for version in targets}
    rising = [each.target for each in reversed(targets) if each.target.is_in_effect(today)]
    starts = {each.region_id: each for each in reversed(baselines) if each.is_in_effect(today)}
    rows = []
    for target, _ in shares_among(rising, {indicator.pk: indicator}):
        start = starts.get(target.region_id)
        known = [records[target.region_id, each] for each in indicator.years if (target.region_id, each) in records]
        approved = [record for record in known if record.status == ReviewStatus.APPROVED and record.year <= year]
        last = approved[-1] if approved else None
        rows.append(
            CountyRow(
                county=target.region,
                target=by_pk[target.pk],
                baseline=(start.text or show_figure(start.value)) if start else "—",
                value=show_value(indicator, last.value, last.finding) if last else "—",
                value_year=last.year if last and last.year != year else None,
                assessment=judged.get((target.region_id, year)),
            )
        )
    return sorted(rows, key=lambda row: row.county.slug)


def year_rows(
    indicator: Indicator,
    verdicts: dict[int, Assessment],
    targets: list[TargetVersion],
    records: dict[tuple[int, int], YearlyValue],
    files: dict[tuple[int, int, int], list[EvidenceFile]],
    *,
    last_entry_year: int,
) -> list[YearRow]:
    """One row for each judged year, newest first. `files` by indicator, region and year; entry links up to
    `last_entry_year`. Queries nothing."""
    annual = {
        version.target.year: version.target
        for version in targets
        if version.is_current and version.target.region_id == indicator.plan.region_id
    }
    rows = []
    for year in reversed(indicator.years):
        record, verdict = records.get((indicator.plan.region_id, year)), verdicts.get(year)
        approved = record if record is not None and record.status == ReviewStatus.APPROVED else None
        figures = Figures(verdict, indicator) if verdict else None
        rows.append(
            YearRow(
                year=year,
                value=show_value(indicator, approved.value, approved.finding) if approved else "—",
                record=approved,
                required=figures.show(verdict.required) if figures and verdict else "—",
                gap=figures.show(verdict.gap) if figures and verdict else "—",
                pace=percentage(verdict.pace) if verdict and verdict.pace is not None else "—",
                assessment=verdict,
                entry_url=entry_url(indicator, year, record) if year <= last_entry_year else "",
                annual_target=annual.get(year) if year != indicator.target_year else None,
                files=files.get((indicator.pk, indicator.plan.region_id, year), []),
            )
        )
    return rows


def entry_url(indicator: Indicator, year: int, record: YearlyValue | None) -> str:
    """The form for a value: that of the existing one, else an empty one for this indicator and year."""
    if record is not None:
        return reverse("admin:indicators_yearlyvalue_change", args=[record.pk])
    return f"{reverse('admin:indicators_yearlyvalue_add')}?indicator={indicator.pk}&year={year}"


def measures_of(indicator: Indicator) -> QuerySet[Measure]:
    """Measures that serve the indicator, with their departments. Two queries."""
    duties = MeasureResponsibility.objects.select_related("department")
    return indicator.measures.order_by("position").prefetch_related(Prefetch("responsibilities", duties))


def indicators_of_topic(indicator: Indicator) -> QuerySet[Indicator]:
    """Indicators of other plans that measure the same thing."""
    if indicator.topic_id is None:
        return Indicator.objects.none()
    return Indicator.objects.filter(topic=indicator.topic_id).exclude(plan=indicator.plan_id)


def rows_of(indicators: QuerySet[Indicator], year: int) -> list[IndicatorRow]:
    """Rows whose year is held within the years of each plan."""
    footnotes = Footnotes()
    return [build_row(indicator, indicator.plan.nearest_year(year), footnotes) for indicator in indicators]

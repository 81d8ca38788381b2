"""The page of one indicator: everything that is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Baseline, Indicator
from portal.dashboards.basis import Fact, facts_of
from portal.dashboards.chart import Chart
from portal.dashboards.events import Event
from portal.dashboards.indicator.counties import (
    CombinedCounty,
    ComponentCounties,
    CountyRow,
    combined_counties,
    county_rows,
)
from portal.dashboards.indicator.family import family_of
from portal.dashboards.indicator.files import Files, files_of
from portal.dashboards.indicator.history import history_of
from portal.dashboards.indicator.passages import Restatement, ServingMeasure, passages_of
from portal.dashboards.indicator.series import series_of, verdicts_in
from portal.dashboards.indicator.targets import TargetVersion, target_versions
from portal.dashboards.indicator.way import way_chart
from portal.dashboards.indicator.years import YearRow, year_rows
from portal.dashboards.rows import (
    Duties,
    Footnotes,
    IndicatorRow,
    baseline_label,
    build_row,
    constraint_wording,
    duties_of,
)
from portal.dashboards.rules import path_meaning
from portal.dashboards.years import last_complete_year
from regions.permissions import Person


@dataclass(frozen=True)
class IndicatorPage:
    """What the page shows. `current`: the newest complete year's verdict; `basis`: the newest that says something.

    `counties` are judged in `county_year`, that of `current`, and so are those of a composite indicator: `combined` on
    the whole, `component_counties` on the parts. `shares` and `county_baselines` hold all their versions.
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
    combined: list[CombinedCounty]
    component_counties: list[ComponentCounties]
    years: list[YearRow]
    current: Assessment | None
    basis: Assessment | None
    facts: list[Fact]
    mentions: list[Restatement]
    measures: list[ServingMeasure]
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
    def path_meaning(self) -> str:
        """How the level that a year asks for follows from the target; empty for a composite."""
        return path_meaning(self.indicator, self.target.rule) if self.target and not self.components else ""

    @property
    def annual_targets(self) -> list[TargetVersion]:
        """The targets in force for the years before, by year."""
        return [
            version
            for version in self.targets
            if version.is_current and version.target.year != self.indicator.target_year
        ]

    @property
    def baseline(self) -> Baseline | None:
        """The baseline in force."""
        return self.baselines[0] if self.baselines else None

    @property
    def has_disagreement(self) -> bool:
        """Whether the document contradicts itself."""
        return any(not mention.agrees for mention in self.mentions)


def indicator_page(code: str, *, person: Person, today: date) -> IndicatorPage | None:
    """None where no indicator has the code.

    Nine queries beside the person's roles: the six of the family; files; passages; history.
    """
    newest_year = last_complete_year(today)
    family = family_of(code, person=person, year=newest_year)
    if family is None:
        return None
    indicator = family.indicator
    region_id = indicator.plan.region_id
    latest = max(indicator.years[0], min(indicator.years[-1], newest_year))
    files = files_of(indicator, person)
    targets = target_versions(indicator, files, today)
    versions = {version.target.pk: version for version in targets}
    baselines = sorted(indicator.baselines.all(), key=lambda each: (each.region.slug, -each.version))
    series = series_of(indicator, today)
    verdicts = verdicts_in(indicator, region_id)
    basis = basis_of(verdicts, latest)
    passages = passages_of(indicator)
    components = [component_counties(each, today, latest) for each in family.components]
    return IndicatorPage(
        indicator=indicator,
        constraint_wording=constraint_wording(indicator),
        baseline_label=baseline_label(indicator),
        duties=duties_of(indicator),
        baselines=[baseline for baseline in baselines if baseline.region_id == region_id],
        targets=[version for version in targets if version.target.region_id == region_id],
        shares=[version for version in targets if version.target.region_id != region_id],
        county_baselines=[baseline for baseline in baselines if baseline.region_id != region_id],
        county_year=latest,
        counties=county_rows(indicator, series.values(), versions, year=latest),
        combined=combined_counties(indicator, components, year=latest),
        component_counties=[each for each in components if each.counties],
        years=year_rows(indicator, targets, files, last_entry_year=today.year if family.may_enter else 0),
        current=verdicts.get(latest),
        basis=basis,
        facts=facts_of(basis, indicator) if basis else [],
        mentions=passages.mentions,
        measures=passages.measures,
        components=rows_of(family.components, latest),
        others=rows_of(family.others, newest_year),
        more_others=family.more_others,
        history=history_of(indicator, with_drafts=family.may_enter or family.may_review),
        chart=way_chart(series[region_id], verdicts.values()),
        may_enter=family.may_enter,
        may_review=family.may_review,
    )


def component_counties(component: Indicator, today: date, year: int) -> ComponentCounties:
    """The counties of a component. Their documents stand on its own page. Queries nothing."""
    versions = {version.target.pk: version for version in target_versions(component, Files(), today)}
    return ComponentCounties(
        component, county_rows(component, series_of(component, today).values(), versions, year=year)
    )


def basis_of(verdicts: Mapping[int, Assessment], latest: int) -> Assessment | None:
    """The newest verdict up to `latest` that says something, else that of `latest`."""
    judged = [
        verdicts[year]
        for year in sorted(verdicts, reverse=True)
        if year <= latest and not Verdict.checked(verdicts[year].verdict).is_waiting
    ]
    return judged[0] if judged else verdicts.get(latest)


def rows_of(indicators: list[Indicator], year: int) -> list[IndicatorRow]:
    """Rows whose year is held within the years of each plan."""
    footnotes = Footnotes()
    return [build_row(indicator, indicator.plan.nearest_year(year), footnotes) for indicator in indicators]

"""Indicators as rows of a table: what a plan page and a department page show of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import F, Prefetch, Q, QuerySet

from indicators.core.codes import Constraint, MeasureKind, ValueType
from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Assessment, Baseline, Indicator, Responsibility, Target, YearlyValue
from indicators.models.value import YearlyValueQuerySet
from projects.models import KeyProject
from regions.models import AbstractResponsibility, Department, DutyRole, Region

#: The first year of the period that would have number 0 (the 十四五, number 14, starts in 2021).
FIRST_FIVE_YEAR_PLAN = 1951

Version = TypeVar("Version", Baseline, Target)


@dataclass
class Footnotes:
    """Remarks gathered while rows are built; the same remark has one number."""

    texts: list[str] = field(default_factory=list)

    def number(self, *remarks: str) -> int | None:
        """The number under which the remarks stand below the table; None when there are none."""
        text = " ".join(remark for remark in remarks if remark)
        if not text:
            return None
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


@dataclass(frozen=True)
class Duties:
    """Who answers for an indicator or a project. `coordinating` is set where no lead is named."""

    leads: list[Department]
    coordinating: Department | None
    participating: list[Department]


@dataclass(frozen=True)
class PrintedText:
    """What the source prints, with the number of its footnote. `is_printed` is False for our own words in its place."""

    text: str
    is_printed: bool = True
    footnote: int | None = None
    assigned: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """One row. `value_year` is set where the value is of another year than the page: the target year has passed;
    `county` where the row speaks of one and not of the plan's own region."""

    indicator: Indicator
    is_component: bool
    constraint_wording: str
    baseline: PrintedText
    baseline_label: str
    value: str
    value_year: int | None
    lacks_source: bool
    is_demonstration: bool
    target: PrintedText
    target_year: int | None
    duties: Duties
    assessment: Assessment | None
    county: Region | None = None
    rests_on_submitted: bool = False


def indicators_for_rows(indicators: QuerySet[Indicator], year: int, *, whole: Q | None = None) -> QuerySet[Indicator]:
    """Indicators with all that a row shows, in the order of the plan, components after their parent.

    Those that `whole` selects (lookups from a row that has an `indicator`) come with every version, value and verdict
    of all regions and years, for `series_of`; the others with what their one row needs.

    Six queries when evaluated: indicators with plan and category; baselines; targets; duties; values; verdicts.
    """
    everything = whole if whole is not None else Q(pk__in=[])
    own = Q(region=F("indicator__plan__region"))
    verdicts = Assessment.objects.standing_in(year)
    if whole is None:
        verdicts = verdicts.defer("inputs")
    else:
        verdicts |= Assessment.objects.filter(whole)
    return (
        indicators.select_related("plan__region", "plan__coordinating_department", "category", "parent", "topic")
        .order_by("plan__slug", "position", "code")
        .prefetch_related(
            Prefetch(
                "baselines", Baseline.objects.filter(own | everything).select_related("region").order_by("version")
            ),
            Prefetch(
                "targets",
                Target.objects.filter(own & Q(year=F("indicator__target_year")) | everything)
                .select_related("region")
                .order_by("year", "version"),
            ),
            Prefetch("responsibilities", Responsibility.objects.select_related("department")),
            Prefetch("values", approved_values().filter(own | everything)),
            Prefetch("assessments", verdicts),
        )
    )


def approved_values() -> YearlyValueQuerySet:
    """The values that pages show, of all regions and years. The one place where they are read."""
    return YearlyValue.objects.approved()


def build_row(indicator: Indicator, year: int, footnotes: Footnotes, region: Region | None = None) -> IndicatorRow:
    """The row of an indicator of `indicators_for_rows`, for the plan's own region or for a county that it is broken
    down to. Queries nothing."""
    region_id = region.pk if region else indicator.plan.region_id
    standing_year = min(indicator.plan.nearest_year(year), indicator.target_year)
    assessment = next(
        (each for each in indicator.assessments.all() if (each.region_id, each.year) == (region_id, standing_year)),
        None,
    )
    shown_year = assessment.year if assessment else year
    record = next(
        (value for value in indicator.values.all() if (value.region_id, value.year) == (region_id, shown_year)), None
    )
    return IndicatorRow(
        indicator=indicator,
        is_component=indicator.parent_id is not None,
        constraint_wording=constraint_wording(indicator),
        baseline=printed_baseline(row_baseline(indicator, region), footnotes),
        baseline_label=baseline_label(indicator),
        value=value_in_table(indicator, record),
        value_year=shown_year if shown_year != year else None,
        lacks_source=record is not None and record.lacks_source,
        is_demonstration=record is not None and record.is_demonstration,
        rests_on_submitted=record is not None and record.rests_on_submitted,
        target=printed_target(indicator, row_target(indicator, region), footnotes),
        target_year=indicator.target_year if indicator.target_year != indicator.plan.target_year else None,
        duties=duties_of(indicator),
        assessment=assessment,
        county=region if region and region.pk != indicator.plan.region_id else None,
    )


def row_baseline(indicator: Indicator, region: Region | None = None) -> Baseline | None:
    """The newest baseline that an indicator of `indicators_for_rows` has for the plan's own region or the county."""
    return newest(indicator.baselines.all(), indicator, region)


def row_target(indicator: Indicator, region: Region | None = None) -> Target | None:
    """Its newest final target for the plan's own region or the county."""
    return newest(
        [target for target in indicator.targets.all() if target.year == indicator.target_year], indicator, region
    )


def newest(versions: Iterable[Version], indicator: Indicator, region: Region | None) -> Version | None:
    """The last of versions in rising order that speaks of the region, or of the plan's own."""
    region_id = region.pk if region else indicator.plan.region_id
    rising = [version for version in versions if version.region_id == region_id]
    return rising[-1] if rising else None


def duties_of(owner: Indicator | KeyProject) -> Duties:
    """Leads and participants in printed order; expects the departments to be loaded."""
    duties: list[AbstractResponsibility] = list(owner.responsibilities.all())
    named = sorted(duties, key=lambda duty: duty.position)
    leads = [duty.department for duty in named if duty.role == DutyRole.LEAD]
    return Duties(
        leads=leads,
        coordinating=None if leads else owner.plan.coordinating_department,
        participating=[duty.department for duty in named if duty.role == DutyRole.PARTICIPATING],
    )


def constraint_wording(indicator: Indicator) -> str:
    """The printed wording of the constraint type where it differs from its label; empty otherwise."""
    label = Constraint.checked(indicator.constraint).label
    return indicator.constraint_text if indicator.constraint_text != label else ""


def value_in_table(indicator: Indicator, record: YearlyValue | None) -> str:
    """A value as a table shows it: figures without the unit, which stands below the name."""
    if record is None:
        return "—"
    if indicator.value_type == ValueType.NUMBER and not record.finding:
        return show_figure(record.value)
    return show_value(indicator, record.value, record.finding)


def printed_baseline(baseline: Baseline | None, footnotes: Footnotes) -> PrintedText:
    """The baseline as printed with its mark; a remark or an outside source becomes a footnote."""
    if baseline is None:
        return PrintedText("原文未列", is_printed=False)
    source = f"来源：{baseline.source}" if baseline.source else ""
    return PrintedText(baseline.text or show_figure(baseline.value), footnote=footnotes.number(baseline.note, source))


def printed_target(indicator: Indicator, target: Target | None, footnotes: Footnotes) -> PrintedText:
    """The target's wording verbatim, with the number that an upper level assigned."""
    if target is None:
        return PrintedText("原文未写", is_printed=False)
    return PrintedText(
        target.wording or "原文未写",
        is_printed=bool(target.wording),
        footnote=footnotes.number(target.note),
        assigned=show_value(indicator, target.assigned_value) if target.assigned_value is not None else "",
    )


def baseline_label(indicator: Indicator) -> str:
    """What the printed baseline of a cumulative rate is: the previous period's result, never a starting point.

    Assessment §2; empty for other measures. The periods are named as five-year plans are: 2021 starts the 十四五.
    """
    if indicator.measure != MeasureKind.CUMULATIVE_RATE:
        return ""
    number, offset = divmod(indicator.plan.period_start - FIRST_FIVE_YEAR_PLAN, 5)
    if offset or not 12 <= number <= 20:
        return "上一规划期结果"
    return f"“十{'一二三四五六七八九'[number - 12]}五”结果"

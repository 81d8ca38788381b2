"""The sheet of a plan and year: a row for each indicator that the person may enter and for each of its counties.

Rows are grouped by category; a composite indicator is announced above its components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from indicators.core.codes import ValueType
from indicators.entry.composites import Component, CompositeLine
from indicators.entry.rows import SheetRow, earlier_value
from indicators.models import Category, EvidenceFile, Indicator, Plan, ReportingRound, ReviewStatus, YearlyValue
from indicators.permissions import answered_indicators, may_review
from indicators.series import SeriesKey
from indicators.services.judging import Evidence
from indicators.services.preview import evidence_for
from regions.permissions import Person

#: How many earlier years stand beside the entry cell.
EARLIER_YEARS = 2


@dataclass(frozen=True)
class SheetLine:
    """A row, under the line of its composite indicator where it is the first of its components."""

    row: SheetRow
    composite: CompositeLine | None = None


@dataclass(frozen=True)
class Sheet:
    """All lines of a plan and year, in the order of the plan. `opened` is the reporting round, None without one."""

    plan: Plan
    year: int
    lines: list[SheetLine]
    earlier_years: list[int]
    is_reviewed: bool
    opened: ReportingRound | None
    today: date

    @property
    def groups(self) -> list[tuple[Category, list[SheetLine]]]:
        """Lines by category."""
        by_category = groupby(self.lines, lambda line: line.row.indicator.category)
        return [(category, list(lines)) for category, lines in by_category]

    @property
    def rows(self) -> list[SheetRow]:
        """Everything that takes a value."""
        return [line.row for line in self.lines]

    @property
    def row_of(self) -> dict[SeriesKey, SheetRow]:
        """Rows by what their cells are named by."""
        return {row.series: row for row in self.rows}

    @property
    def county_count(self) -> int:
        """Rows of counties."""
        return sum(row.is_county for row in self.rows)

    @property
    def refused(self) -> list[SheetRow]:
        """Rows of which nothing was saved."""
        return [row for row in self.rows if row.errors]

    @property
    def open_count(self) -> int:
        """Rows that the person can type into."""
        return sum(row.is_open for row in self.rows)

    @property
    def filled_count(self) -> int:
        """Rows that have a value in whatever state."""
        return sum(row.record is not None for row in self.rows)

    @property
    def column_count(self) -> int:
        """Columns of the table."""
        return 8 + len(self.earlier_years)

    @property
    def columns_before_target(self) -> int:
        """Columns between the name and the target."""
        return 1 + len(self.earlier_years)

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, negative when it has passed; None without a round."""
        return (self.opened.deadline - self.today).days if self.opened else None

    @property
    def days_overdue(self) -> int:
        """Days since the deadline; 0 as long as there is time."""
        return max(0, -(self.days_left or 0))


def build_sheet(plan: Plan, year: int, *, person: Person, today: date) -> Sheet:
    """The sheet of a person; without rows when the person enters nothing of that plan and year.

    Eight queries, however many rows: the round; whether the person reviews; indicators with category and parent;
    targets, baselines and approved values (`gather`); values of this and the earlier years in any state; files. A
    ninth, where there are composite indicators, for the parents and the components of others.
    """
    opened = ReportingRound.objects.filter(plan=plan, year=year).first()
    is_reviewed = plan.review_required or opened is not None
    is_reviewer = may_review(person, plan)
    indicators = list(
        answered_indicators(person)
        .filter(plan=plan, target_year__gte=year)
        .select_related("plan__region", "category", "parent")
        .order_by("category__position", "category_id", "position", "code")
    )
    years = [each for each in range(year - EARLIER_YEARS, year) if each in plan.years]
    lines = build_lines(indicators, year, earlier_years=years, is_reviewed=is_reviewed, is_reviewer=is_reviewer)
    return Sheet(plan, year, lines, years, is_reviewed, opened, today)


def family_lines(plan: Plan, year: int, *, person: Person, indicator_id: int) -> list[SheetLine]:
    """The lines of an indicator and, of a component, of its siblings that the person enters, without earlier years.

    Empty where the person does not enter the indicator. Queries: indicators, those of `build_lines`.
    """
    mine = answered_indicators(person).filter(plan=plan, target_year__gte=year)
    parent = Indicator.objects.filter(pk=indicator_id).values("parent")
    family = list(
        mine.filter(Q(pk=indicator_id) | Q(parent__in=parent))
        .select_related("plan__region", "parent")
        .order_by("position", "code")
    )
    if all(indicator.pk != indicator_id for indicator in family):
        return []
    return build_lines(family, year)


def build_lines(
    indicators: Sequence[Indicator],
    year: int,
    *,
    earlier_years: Sequence[int] = (),
    is_reviewed: bool = False,
    is_reviewer: bool = True,
) -> list[SheetLine]:
    """Lines in the order of the indicators, each with its counties below it, by the county's identifier.

    Five queries: targets, baselines, approved values, values of the years shown, files; one more where there are
    components.
    """
    relatives = relatives_of(indicators)
    evidence = evidence_for([*indicators, *relatives])
    records = {
        (record.series, record.year): record
        for record in YearlyValue.objects.filter(indicator__in=indicators, year__in=[*earlier_years, year])
    }
    files = EvidenceFile.objects.filter(indicator__in=indicators, year=year).counts()

    def build_row(known: Evidence) -> SheetRow:
        mine = {each: records.get((known.series, each)) for each in (*earlier_years, year)}
        for stored in filter(None, mine.values()):
            stored.indicator, stored.region = known.indicator, known.region
        record = mine[year]
        return SheetRow(
            evidence=known,
            year=year,
            record=record,
            earlier=[earlier_value(known.indicator, each, mine[each]) for each in earlier_years],
            is_locked=is_reviewed and record is not None and record.status == ReviewStatus.APPROVED,
            is_for_reviewers=known.indicator.value_type == ValueType.FINDING and not is_reviewer,
            file_count=files.get((known.indicator.pk, known.region.pk), 0),
        )

    shown = {indicator.pk for indicator in indicators}
    own: dict[int, SheetRow] = {}
    for known in sorted(evidence.values(), key=lambda each: (each.is_county, each.region.slug)):
        if known.indicator.pk not in shown or year not in known.years:
            continue
        row = build_row(known)
        if known.is_county:
            own[known.indicator.pk].counties.append(row)
        else:
            own[known.indicator.pk] = row
    composites = composites_of(relatives, evidence, own, year)
    lines = []
    for indicator in indicators:
        row = own[indicator.pk]
        lines.append(SheetLine(row, composites.pop(row.family, None)))
        lines += [SheetLine(county) for county in row.counties]
    return lines


def relatives_of(indicators: Sequence[Indicator]) -> list[Indicator]:
    """The parents of components among the indicators, and these parents' other components. One query, none without
    components."""
    parents = {indicator.parent_id for indicator in indicators if indicator.parent_id}
    if not parents:
        return []
    family = Indicator.objects.filter(Q(pk__in=parents) | Q(parent__in=parents)).exclude(
        pk__in=[i.pk for i in indicators]
    )
    return list(family.select_related("plan__region").order_by("position", "code"))


def composites_of(
    relatives: Sequence[Indicator], evidence: dict[SeriesKey, Evidence], own: dict[int, SheetRow], year: int
) -> dict[int, CompositeLine]:
    """Lines of composite indicators by the parent's key, components in order of the plan. Queries nothing."""
    components = [each for each in evidence.values() if each.indicator.parent_id and not each.is_county]
    components.sort(key=lambda each: (each.indicator.position, each.indicator.code))
    found = {}
    for parent in relatives:
        if parent.parent_id is None:
            target = evidence[SeriesKey(parent.pk, parent.plan.region_id)].targets.get(parent.target_year)
            parts = [
                Component(each, own.get(each.indicator.pk))
                for each in components
                if each.indicator.parent_id == parent.pk and year in each.years
            ]
            found[parent.pk] = CompositeLine(parent, target.wording if target else "", year, parts)
    return found

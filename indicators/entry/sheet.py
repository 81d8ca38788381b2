"""The sheet of a plan and year: one row per indicator that the person may enter, grouped by category."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from indicators.core.codes import EntryBasis, Frequency, MeasureKind, ValueType
from indicators.core.figures import show_figure
from indicators.core.rounding import decimals_of, rounded
from indicators.display import show_value
from indicators.entry.answers import CellAnswer, answer
from indicators.entry.cells import FINDINGS, GRADES, TypedRow, stated_in
from indicators.evidence.page import evidence_address
from indicators.models import Category, EvidenceFile, Indicator, Plan, ReportingRound, ValueStatus, YearlyValue
from indicators.permissions import answered_indicators, may_review
from indicators.services.entry_rows import RowErrors
from indicators.services.evidence import EvidenceKey
from indicators.services.judging import Evidence, plain
from indicators.services.preview import evidence_for, required_in
from regions.permissions import Person

#: States in which a value without a source is marked; a draft may still get one.
HANDED_IN = (ValueStatus.SUBMITTED, ValueStatus.APPROVED)
#: How many earlier years stand beside the entry cell.
EARLIER_YEARS = 2


@dataclass(frozen=True)
class EarlierValue:
    """The value of an earlier year; `status` is set where it does not count yet or nobody said where it comes from."""

    year: int
    text: str
    status: str = ""


@dataclass
class SheetRow:
    """One indicator with what it is held against and what stands in its cells.

    `record` is the stored value of the year in any state, `file_count` says how many files prove it. `typed` and
    `errors` are taken from a form that was refused.
    """

    indicator: Indicator
    evidence: Evidence
    year: int
    record: YearlyValue | None
    earlier: list[EarlierValue]
    is_locked: bool
    is_for_reviewers: bool
    file_count: int
    refused: TypedRow | None = None
    errors: RowErrors = field(default_factory=dict)

    @property
    def typed(self) -> TypedRow:
        """What the cells show: what was typed and refused, else what is stored."""
        return self.refused or stated_in(self.record)

    @property
    def is_open(self) -> bool:
        """Whether the person can type into the row."""
        return not self.is_locked and not self.is_for_reviewers

    @property
    def evidence_address(self) -> str:
        """Where the files for the value are kept."""
        return evidence_address(EvidenceKey(self.indicator, self.evidence.region, self.year))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What the cell offers where it is a list: grades or findings."""
        offers = {ValueType.GRADE: GRADES, ValueType.FINDING: FINDINGS}
        return offers.get(ValueType.checked(self.indicator.value_type), [])

    @property
    def basis(self) -> str:
        """What kind of figure the cell takes, where that can be mistaken."""
        parts = []
        if self.indicator.measure != MeasureKind.LEVEL:
            if self.indicator.entry_basis == EntryBasis.ANNUAL:
                parts.append(f"填 {self.year} 年当年数")
            else:
                parts.append(f"填累计数：{self.indicator.plan.baseline_year + 1} 年至 {self.year} 年合计")
        if self.indicator.frequency == Frequency.YEARLY:
            parts.append("每年都须达到")
        return "；".join(parts)

    @property
    def baseline(self) -> str:
        """The baseline as printed."""
        baseline = self.evidence.baseline
        return (baseline.text or show_figure(baseline.value)) if baseline else ""

    @property
    def target(self) -> str:
        """The wording of the final target; empty where the source states none."""
        target = self.evidence.targets.get(self.indicator.target_year)
        return target.wording if target else ""

    @property
    def assigned(self) -> str:
        """The number that an upper level assigned."""
        target = self.evidence.targets.get(self.indicator.target_year)
        known = target is not None and target.assigned_value is not None
        return show_value(self.indicator, target.assigned_value) if target and known else ""

    @property
    def required(self) -> str:
        """What this year would need, rounded to the decimals of the baseline and with at least one."""
        figure = required_in(self.evidence, self.year)
        if figure is None:
            return "—"
        if self.indicator.value_type == ValueType.GRADE:
            return show_value(self.indicator, figure)
        baseline = self.evidence.baseline
        known = [plain(baseline.value)] if baseline and baseline.value is not None else []
        return show_figure(Decimal(rounded(figure, max(decimals_of(known), 1))))

    @property
    def stored_text(self) -> str:
        """The stored value as people read it."""
        return show_value(self.indicator, self.record.value, self.record.finding) if self.record else ""

    @property
    def lacks_source(self) -> bool:
        """Whether the stored value was handed in without saying where it comes from."""
        return self.record is not None and self.record.status in HANDED_IN and self.record.lacks_source

    @property
    def answer(self) -> CellAnswer:
        """What the portal says to the text in the cell."""
        return answer(self.evidence, self.year, self.typed.value)


@dataclass(frozen=True)
class Sheet:
    """All rows of a plan and year, in the order of the plan. `opened` is the reporting round, None without one."""

    plan: Plan
    year: int
    rows: list[SheetRow]
    earlier_years: list[int]
    is_reviewed: bool
    opened: ReportingRound | None
    today: date

    @property
    def groups(self) -> list[tuple[Category, list[SheetRow]]]:
        """Rows by category."""
        return [(category, list(rows)) for category, rows in groupby(self.rows, lambda row: row.indicator.category)]

    @property
    def row_of(self) -> dict[int, SheetRow]:
        """Rows by the primary key of their indicator."""
        return {row.indicator.pk: row for row in self.rows}

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
    targets, baselines and approved values (`gather`); values of this and the earlier years in any state; files.
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
    evidence = evidence_for(indicators)
    records = {
        (record.indicator_id, record.year): record
        for record in YearlyValue.objects.filter(
            indicator__in=indicators, region=plan.region_id, year__in=[*years, year]
        )
    }
    files = EvidenceFile.objects.filter(indicator__in=indicators, year=year).counts()
    for indicator in indicators:
        for each in (*years, year):
            if record := records.get((indicator.pk, each)):
                record.indicator = indicator
    rows = [
        SheetRow(
            indicator=indicator,
            evidence=evidence[indicator.pk],
            year=year,
            record=(record := records.get((indicator.pk, year))),
            earlier=[earlier_value(indicator, each, records.get((indicator.pk, each))) for each in years],
            is_locked=is_reviewed and record is not None and record.status == ValueStatus.APPROVED,
            is_for_reviewers=indicator.value_type == ValueType.FINDING and not is_reviewer,
            file_count=files.get((indicator.pk, plan.region_id), 0),
        )
        for indicator in indicators
    ]
    return Sheet(plan, year, rows, years, is_reviewed, opened, today)


def earlier_value(indicator: Indicator, year: int, record: YearlyValue | None) -> EarlierValue:
    """The value of an earlier year without its unit, which stands beside the name."""
    if record is None:
        return EarlierValue(year, "—")
    status = "" if record.status == ValueStatus.APPROVED else record.get_status_display()
    if record.status in HANDED_IN and record.lacks_source:
        status = f"{status} 未注明来源".strip()
    if indicator.value_type == ValueType.NUMBER:
        return EarlierValue(year, show_figure(record.value), status)
    return EarlierValue(year, show_value(indicator, record.value, record.finding), status)

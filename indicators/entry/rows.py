"""A row of the sheet: an indicator in a region with what it is held against and what stands in its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from indicators.core.codes import EntryBasis, Frequency, MeasureKind, ValueType
from indicators.core.figures import show_figure
from indicators.core.plausibility import sum_doubt
from indicators.core.rounding import decimals_of, rounded
from indicators.display import show_value
from indicators.entry.answers import CellAnswer, answer
from indicators.entry.cells import FINDINGS, GRADES, TypedRow, figure_in, stated_in
from indicators.evidence.page import evidence_address
from indicators.models import Indicator, ReviewStatus, YearlyValue
from indicators.series import SeriesKey
from indicators.services.entry_rows import RowErrors
from indicators.services.evidence import EvidenceKey
from indicators.services.judging import Evidence, plain
from indicators.services.preview import required_in
from regions.models import Region

#: States in which a value without a source is marked; a draft may still get one.
HANDED_IN = (ReviewStatus.SUBMITTED, ReviewStatus.APPROVED)


@dataclass(frozen=True)
class EarlierValue:
    """The value of an earlier year; `status` is set where it does not count yet or nobody said where it comes from."""

    year: int
    text: str
    status: str = ""
    is_demonstration: bool = False


@dataclass(frozen=True)
class CountySum:
    """The counties' figures together, beside the cell of the plan's own. `doubt` is empty as long as one is lacking."""

    text: str
    doubt: str


@dataclass
class SheetRow:
    """One indicator in one region with what it is held against and what stands in its cells.

    `record` is the stored value of the year in any state, `file_count` says how many files prove it. `counties` are the
    rows of the counties that the indicator is broken down to, on the row of the plan's own region. `refused` and
    `errors` are taken from a form that was refused.
    """

    evidence: Evidence
    year: int
    record: YearlyValue | None
    earlier: list[EarlierValue]
    is_locked: bool
    is_for_reviewers: bool
    file_count: int
    counties: list[SheetRow] = field(default_factory=list)
    refused: TypedRow | None = None
    errors: RowErrors = field(default_factory=dict)

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.evidence.indicator

    @property
    def region(self) -> Region:
        """Where it is measured."""
        return self.evidence.region

    @property
    def is_county(self) -> bool:
        """Whether the row is a county's."""
        return self.evidence.is_county

    @property
    def series(self) -> SeriesKey:
        """What the row's cells are named by."""
        return self.evidence.series

    @property
    def family(self) -> int:
        """The headline indicator; cells of one family are judged together."""
        return self.indicator.parent_id or self.indicator.pk

    @property
    def name(self) -> str:
        """The indicator, and the county of a county's row."""
        return self.indicator.name_in(self.region)

    @property
    def figure(self) -> Decimal | None:
        """The figure in the cell, None where there is none."""
        return figure_in(self.indicator, self.typed.value)

    @property
    def adds_up(self) -> bool:
        """Whether the counties' figures should make the row's own."""
        return bool(self.counties) and self.indicator.measure == MeasureKind.ADDITIVE

    @property
    def county_sum(self) -> CountySum | None:
        """The counties' figures as they stand in the cells; None where they do not add up to anything."""
        if not self.adds_up:
            return None
        figures = [county.figure for county in self.counties]
        known = [figure for figure in figures if figure is not None]
        total = show_value(self.indicator, sum(known, Decimal(0))) if known else "—"
        return CountySum(
            text=f"各县区合计 {total}（{len(figures)} 个县区，已填 {len(known)} 个）",
            doubt="" if self.figure is None else sum_doubt(self.figure, figures),
        )

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
        return evidence_address(EvidenceKey(self.indicator, self.region, self.year))

    @property
    def lacks_source(self) -> bool:
        """Whether the stored value was handed in without saying where it comes from."""
        return self.record is not None and self.record.status in HANDED_IN and self.record.lacks_source

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
    def answer(self) -> CellAnswer:
        """What the portal says to the text in the cell."""
        return answer(self.evidence, self.year, self.typed.value)


def earlier_value(indicator: Indicator, year: int, record: YearlyValue | None) -> EarlierValue:
    """The value of an earlier year without its unit, which stands beside the name."""
    if record is None:
        return EarlierValue(year, "—")
    status = "" if record.status == ReviewStatus.APPROVED else record.get_status_display()
    if record.status in HANDED_IN and record.lacks_source:
        status = f"{status} 未注明来源".strip()
    is_number = indicator.value_type == ValueType.NUMBER
    text = show_figure(record.value) if is_number else show_value(indicator, record.value, record.finding)
    return EarlierValue(year, text, status, record.is_demonstration)

"""The queue of one plan and year: values by state, each with what a reviewer needs to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from indicators.core.codes import Finding, Grade, ValueType
from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.evidence.page import evidence_address
from indicators.models import EvidenceFile, Indicator, Plan, ReportingRound, ReviewStatus, Target, YearlyValue
from indicators.series import SeriesKey
from indicators.services.evidence import EvidenceKey
from indicators.services.review_preview import Preview, previews
from indicators.services.round_progress import leading_departments, leading_duties
from regions.models import Department, Region
from regions.permissions import Person


class Tab(StrEnum):
    """A view of the queue; the word stands in the address."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    MISSING = "missing"
    APPROVED = "approved"


#: Files by indicator, region (primary keys) and year.
FilesByValue = dict[tuple[int, int, int], list[EvidenceFile]]

TAB_LABELS = {
    Tab.SUBMITTED: "待审核",
    Tab.RETURNED: "已退回",
    Tab.MISSING: "未填报、待评定",
    Tab.APPROVED: "已审定",
}


@dataclass(frozen=True)
class TabLink:
    """A tab with the number of what it shows."""

    tab: Tab
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Queue:
    """One tab of the queue of a plan and year, whatever is reviewed in it; `round` is None where the year has none."""

    plan: Plan
    year: int
    round: ReportingRound | None
    tab: Tab
    tabs: list[TabLink]
    drafts: int

    @property
    def is_reviewed(self) -> bool:
        """Whether what departments state counts only once approved, as `needs_review` says. Queries nothing."""
        return self.plan.review_required or self.round is not None


@dataclass(frozen=True)
class QueueRow:
    """A value to look at, with the files that prove it. `token` is what its checkbox sends: key and revision."""

    value: YearlyValue
    departments: tuple[Department, ...]
    shown: str
    last: str
    change: str
    preview: Preview | None
    is_own: bool
    files: list[EvidenceFile]
    evidence_address: str

    @property
    def token(self) -> str:
        """Key and revision of the value as seen."""
        return f"{self.value.pk}:{self.value.revision}"


@dataclass(frozen=True)
class MissingRow:
    """An indicator in a region without a value that was handed in. `is_finding`: the reviewers themselves owe it, and
    decide by the files that the department gave them."""

    indicator: Indicator
    name: str
    departments: tuple[Department, ...]
    is_draft: bool
    is_finding: bool
    files: list[EvidenceFile]
    evidence_address: str


@dataclass(frozen=True)
class QueuePage(Queue):
    """One tab of the queue of values."""

    rows: list[QueueRow]
    missing: list[MissingRow]


def choose_tab(asked: str | None) -> Tab:
    """The tab that the address names, else the submitted values."""
    return Tab(asked) if asked in list(Tab) else Tab.SUBMITTED


def queue_page(plan: Plan, year: int, tab: Tab, *, person: Person) -> QueuePage:
    """Queries: round; indicators of the year with their duties, shares of counties, and the states of their values
    (four); their files; of a tab with values also the values and what they are judged by (four)."""
    due = due_series(plan, year)
    values = YearlyValue.objects.filter(indicator__plan=plan, year=year)
    states = {SeriesKey(*key): status for *key, status in values.values_list("indicator", "region", "status")}
    counts = Counter(states.get(series, "") for series in due)
    files = EvidenceFile.objects.filter(indicator__plan=plan, year=year).grouped()
    missing = [
        MissingRow(
            indicator,
            indicator.name_in(region),
            leading_departments(indicator, plan),
            is_draft=states.get(series) == ReviewStatus.DRAFT,
            is_finding=indicator.value_type == ValueType.FINDING,
            files=files.get((*series, year), []),
            evidence_address=evidence_address(EvidenceKey(indicator, region, year)),
        )
        for series, (indicator, region) in due.items()
        if states.get(series, ReviewStatus.DRAFT) == ReviewStatus.DRAFT
    ]
    numbers = {
        Tab.SUBMITTED: counts[ReviewStatus.SUBMITTED],
        Tab.RETURNED: counts[ReviewStatus.RETURNED],
        Tab.MISSING: counts[""],
        Tab.APPROVED: counts[ReviewStatus.APPROVED],
    }
    return QueuePage(
        plan=plan,
        year=year,
        round=ReportingRound.objects.filter(plan=plan, year=year).first(),
        tab=tab,
        tabs=[TabLink(each, TAB_LABELS[each], numbers[each], each is tab) for each in Tab],
        drafts=counts[ReviewStatus.DRAFT],
        rows=[] if tab is Tab.MISSING else build_rows(values.filter(status=tab.value), due, files, person),
        missing=missing if tab is Tab.MISSING else [],
    )


def due_series(plan: Plan, year: int) -> dict[SeriesKey, tuple[Indicator, Region]]:
    """What takes a value in the year, in order of the plan, counties behind their indicator. Three queries."""
    indicators = list(
        Indicator.objects.filter(plan=plan, components=None, target_year__gte=year)
        .prefetch_related(leading_duties())
        .order_by("position", "code")
    )
    shares = Target.objects.shares(timezone.localdate()).filter(indicator__plan=plan, since__lte=year)
    counties: defaultdict[int, list[Region]] = defaultdict(list)
    for share in shares.select_related("region").order_by("region__slug"):
        counties[share.indicator_id].append(share.region)
    found = {}
    for indicator in indicators:
        indicator.plan = plan
        for region in (plan.region, *counties[indicator.pk]):
            found[SeriesKey(indicator.pk, region.pk)] = (indicator, region)
    return found


def build_rows(
    values: QuerySet[YearlyValue],
    due: dict[SeriesKey, tuple[Indicator, Region]],
    files: FilesByValue,
    person: Person,
) -> list[QueueRow]:
    """Rows of the values that are due, in that order. The indicators have plan, region and duties loaded."""
    found = {value.series: value for value in values.select_related("submitted_by", "approved_by")}
    listed = [found[series] for series in due if series in found]
    for value in listed:
        value.indicator, value.region = due[value.series]
    compared = previews(listed) if listed else {}
    return [
        build_row(value, compared.get(value.pk), files.get((*value.series, value.year), []), person) for value in listed
    ]


def build_row(value: YearlyValue, preview: Preview | None, files: list[EvidenceFile], person: Person) -> QueueRow:
    """A value with its comparisons. Queries nothing."""
    indicator = value.indicator
    return QueueRow(
        value=value,
        departments=leading_departments(indicator, indicator.plan),
        shown=show_value(indicator, value.value, value.finding),
        last=show_value(indicator, preview.last, preview.last_finding) if preview else "—",
        change=change_in_words(indicator, value, preview) if preview else "—",
        preview=preview,
        is_own=value.submitted_by_id == person.pk,
        files=files,
        evidence_address=evidence_address(EvidenceKey(indicator, value.region, value.year)),
    )


def change_in_words(indicator: Indicator, value: YearlyValue, preview: Preview) -> str:
    """How the value differs from last year's: +0.7 个百分点, −1.2μg/m3（−4.3%）, 由Ⅲ类变为Ⅱ类; — where that is
    unknown."""
    if value.finding:
        return finding_change(value.finding, preview.last_finding)
    if value.value is None or preview.last is None:
        return "—"
    if indicator.value_type == ValueType.GRADE:
        old, new = Grade(int(preview.last)), Grade(int(value.value))
        return "持平" if old == new else f"由{old.label}变为{new.label}"
    difference = value.value - preview.last
    if difference == 0:
        return "持平"
    if indicator.unit in ("%", "％"):
        return f"{signed(difference)} 个百分点"
    share = f"（{signed((difference * 100 / abs(preview.last)).quantize(Decimal('0.1')))}%）" if preview.last else ""
    return f"{signed(difference)}{indicator.unit}{share}"


def finding_change(new: str, old: str) -> str:
    """How a finding differs from last year's."""
    if not old:
        return "—"
    return "持平" if new == old else f"由{Finding.checked(old).label}变为{Finding.checked(new).label}"


def signed(figure: Decimal) -> str:
    """A figure with its sign, the minus as people print it."""
    return f"{'+' if figure > 0 else '−'}{show_figure(abs(figure))}"

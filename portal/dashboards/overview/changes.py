"""What changed: the verdicts that stand now beside those that stood on an earlier day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from indicators.core.verdicts import Severity, Verdict
from indicators.display import show_value
from indicators.models import Assessment, Indicator, Plan, YearlyValue
from regions.moment import asked_moment

DAYS_OF_A_WEEK = 7
#: What a page needs of a verdict to compare it.
COMPARED = ("year", "verdict", "severity", "value", "target_id", "is_demonstration", "judged_at", "replaced_at")


class Since(StrEnum):
    """Since when changes are told; the word stands in the address."""

    WEEK = "week"
    REVIEW = "review"


class Kind(StrEnum):
    """What a change means; most pressing first."""

    WORSE = "worse"
    UNSETTLED = "unsettled"
    BETTER = "better"
    NEW = "new"


#: Heading and sign of each kind.
KIND_WORDS = {
    Kind.WORSE: ("变差", "↓"),
    Kind.UNSETTLED: ("转为待定", "○"),
    Kind.BETTER: ("好转", "↑"),
    Kind.NEW: ("新列入", "＋"),
}


@dataclass(frozen=True)
class Period:
    """Changes are told from the beginning of the day `start`; `fell_back` where nothing was reviewed yet, so that a
    week is told although the last review was asked for."""

    since: Since
    start: date
    fell_back: bool = False

    @property
    def moment(self) -> datetime:
        """The beginning of the first day."""
        return timezone.make_aware(datetime.combine(self.start, time.min))

    @property
    def words(self) -> str:
        """Since when, in words."""
        day = f"{self.start:%Y年}{self.start.month}月{self.start.day}日"
        if self.fell_back:
            return f"还没有审定记录，现与一周前（{day}零时）相比"
        if self.since == Since.REVIEW:
            return f"最近一次审定是{day}，现与该日零时相比，包括当日审定带来的变化"
        return f"与一周前（{day}零时）相比"


@dataclass(frozen=True)
class VerdictChange:
    """A verdict that changed; `old` is None where the indicator had none before."""

    plan: Plan
    old: Assessment | None
    new: Assessment

    @property
    def indicator(self) -> Indicator:
        """The indicator that is judged otherwise."""
        return self.new.indicator

    @property
    def kind(self) -> Kind:
        """What the change means."""
        return kind_of(self.old, self.new)

    @property
    def words(self) -> str:
        """The sign and the word for it."""
        label, sign = KIND_WORDS[self.kind]
        return f"{sign} {label}"

    @property
    def reason(self) -> str:
        """What brought the change about, in a few words."""
        return reason_of(self.indicator, self.old, self.new)


@dataclass(frozen=True)
class ChangeGroup:
    """Changes of one kind, most severe first. `shown` of them stand on the page at once, `folded` can be unfolded, and
    `left` more are in the file only."""

    kind: Kind
    shown: Sequence[VerdictChange]
    folded: Sequence[VerdictChange]
    left: int

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.shown) + len(self.folded) + self.left

    @property
    def label(self) -> str:
        """The heading."""
        return KIND_WORDS[self.kind][0]

    @property
    def sign(self) -> str:
        """The sign beside the heading."""
        return KIND_WORDS[self.kind][1]


def period_of(asked: Since, today: date, reviewed: Iterable[datetime | None]) -> Period:
    """The period that is asked for. `reviewed` are the moments of the last decision on a value of each plan, before
    today."""
    if asked is Since.REVIEW:
        days = [timezone.localdate(moment) for moment in reviewed if moment is not None]
        if days:
            return Period(asked, max(days))
    return Period(asked, today - timedelta(days=DAYS_OF_A_WEEK), fell_back=asked is Since.REVIEW)


def last_review(today: date) -> Subquery:
    """The moment of the last decision on a value of a plan (outer row) before today. What no person approved (loaded
    with the project, demonstration) is no decision."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    decided = YearlyValue.objects.approved().filter(
        indicator__plan=OuterRef("pk"), approved_by__isnull=False, approved_at__lt=midnight
    )
    return Subquery(decided.order_by("-approved_at").values("approved_at")[:1])


def verdict_changes(plans: Mapping[int, Plan], year: int, since: datetime) -> list[VerdictChange]:
    """How the verdicts that stand in `year` changed since that moment, most severe first. One query, which reads the
    verdicts that changed alone."""
    old: dict[int, Assessment] = {}
    new: list[Assessment] = []
    for each in compared_versions(since).standing_in(year).headline().filter(indicator__plan__in=plans):
        if each.judged_at > since:
            new.append(each)
        else:
            old[each.indicator_id] = each
    changes = [VerdictChange(plans[each.indicator.plan_id], old.get(each.indicator_id), each) for each in new]
    return sorted((each for each in changes if is_change(each)), key=in_order)


def compared_versions(since: datetime) -> Any:
    """Versions that came after the moment and stand, and those that stood then and do not any more, lean."""
    now = asked_moment()
    came = Assessment.ever.as_of(now).filter(judged_at__gt=since)
    went: QuerySet[Assessment] = Assessment.ever.as_of(since).filter(replaced_at__isnull=False)
    if now is not None:
        went = went.filter(replaced_at__lte=now)
    lean = [f"indicator__{name}" for name in ("code", "name", "unit", "value_type", "constraint", "plan_id")]
    return (came | went).select_related("indicator").only(*COMPARED, *lean, "indicator_id", "region_id")


def is_change(change: VerdictChange) -> bool:
    """Whether something changed that people see: a figure that leaves verdict and severity as they were is none."""
    old, new = change.old, change.new
    return old is None or (old.verdict, old.severity) != (new.verdict, new.severity)


def kind_of(old: Assessment | None, new: Assessment) -> Kind:
    """What a change means. Verdicts are ordered as docs/assessment.md §4 orders them; of equal ones the severity
    decides. What was known and now waits is neither better nor worse."""
    if old is None:
        return Kind.NEW
    before, after = Verdict.checked(old.verdict), Verdict.checked(new.verdict)
    if after.is_waiting and not before.is_waiting:
        return Kind.UNSETTLED
    is_worse = (after.rank, severity_rank(new)) < (before.rank, severity_rank(old))
    return Kind.WORSE if is_worse else Kind.BETTER


def reason_of(indicator: Indicator, old: Assessment | None, new: Assessment) -> str:
    """What brought a change about: what the two versions rest on tells it."""
    if old is None:
        return "新列入评价"
    before, after = (show_value(indicator, each.value) for each in (old, new))
    if old.value is None and new.value is not None:
        return f"填报数值 {after}"
    if old.value is not None and new.value is None:
        return f"原数值 {before} 退回修改或撤销，不再计入"
    if old.value != new.value:
        return f"数值由 {before} 改为 {after}"
    if old.target_id != new.target_id:
        return "目标有了新的版本"
    if old.verdict == Verdict.AWAITING_TARGET:
        return "目标已下达"
    if old.verdict == Verdict.AWAITING_REVIEW:
        return "已评定"
    if old.verdict == new.verdict == Verdict.AWAITING_VALUE:
        return "填报截止日期已过" if severity_rank(new) < severity_rank(old) else "填报截止日期已推迟"
    return "分项指标、以前年度数值或评价设置有变"


def severity_rank(assessment: Assessment) -> int:
    """Position in the order of severities; 0 is the most severe."""
    return list(Severity).index(Severity.checked(assessment.severity))


def in_order(change: VerdictChange) -> tuple[int, int, str, str]:
    """Most severe first: by what stands now, of what got better by what stood before; then by plan and indicator."""
    decisive = change.old if change.kind is Kind.BETTER and change.old is not None else change.new
    rank = Verdict.checked(decisive.verdict).rank
    return severity_rank(decisive), rank, change.plan.slug, change.indicator.code


def change_groups(
    changes: Iterable[VerdictChange], *, shown: int | None, folded: int | None = None
) -> list[ChangeGroup]:
    """The changes by kind, most pressing kind first, so many of each shown and so many more folded; None: all."""
    listed = list(changes)
    groups = []
    for kind in Kind:
        found = [change for change in listed if change.kind is kind]
        if found:
            at_once = found[:shown]
            later = found[len(at_once) :][:folded]
            groups.append(ChangeGroup(kind, at_once, later, len(found) - len(at_once) - len(later)))
    return groups

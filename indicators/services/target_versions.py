"""Targets over time: assigned numbers, annual targets, restated targets and baselines, each as a new version.

Nothing that stands is edited: every function writes the next version and has the indicator judged anew. All of them
raise PermissionDenied for others than the plan's reviewers and ValidationError, in Chinese, for what cannot be; then
nothing is written. `seen` is the `stamp` of what the person had before their eyes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from indicators.core import measures
from indicators.core.bounds import bounds_of
from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Direction, Frequency, Grade, ValueType
from indicators.core.figures import show_figure
from indicators.core.goals import Goal, Waiting, goal_of
from indicators.core.subject import Subject
from indicators.models import Baseline, Indicator, Target
from indicators.permissions import may_review
from indicators.services.judging import Evidence, gather, rule_of
from indicators.services.target_documents import attach_document
from indicators.services.targets import save_version, save_versions, understand
from indicators.targets import TargetRule, parse_target
from regions.models import Region
from regions.permissions import Person

#: Spread figures have two decimals, or as many as baseline and target need, up to what the database keeps.
DECIMALS, MOST_DECIMALS = 2, 4
#: Clauses without one figure that progress could be measured towards.
WITHOUT_FIGURE = {ClauseKind.TREND: "目标是逐年比较", ClauseKind.FINDING: "目标由审核人员评定"}


def stamp(indicator: Indicator) -> str:
    """Changes whenever a target or baseline of the indicator is written or removed. Two queries."""
    newest = [
        model.history.filter(indicator_id=indicator.pk).aggregate(newest=Max("history_id"))["newest"] or 0
        for model in (Target, Baseline)
    ]
    return "-".join(map(str, newest))


def evidence_of(indicator: Indicator, county: Region | None = None) -> Evidence:
    """What is in force for the plan's own region, or for a county. Three queries; expects `plan__region` to be loaded.
    Raises ValidationError for a county that the indicator is not broken down to."""
    region = county or indicator.plan.region
    found = next((each for each in gather([indicator]) if each.region.pk == region.pk), None)
    if found is None:
        raise ValidationError(f"本指标现在没有分解到{region}，不能设它的年度目标。请先填写它的目标。")
    return found


def rule_for(indicator: Indicator, wording: str) -> TargetRule:
    """The rule that a wording would get; pure."""
    return parse_target(wording, direction=indicator.direction, unit=indicator.unit)


def record_assigned(
    indicator: Indicator,
    *,
    value: Decimal,
    document: str,
    effective_on: date | None,
    file: File[bytes] | None = None,
    note: str = "",
    seen: str,
    person: Person,
    now: datetime,
) -> Target:
    """The number that an upper level gave for 完成省定目标, with the document as a file. The wording and its rule
    stay."""
    with next_versions(indicator, seen=seen, person=person):
        final = evidence_of(indicator).targets.get(indicator.target_year)
        if final is None or not rule_of(final, indicator).awaits_assignment:
            raise ValidationError("现行目标没有写“完成上级下达目标”，不需要下达数。目标有调整时，请记录新的目标原文。")
        check_figure(indicator, value, field="value")
        version = _target(indicator, indicator.target_year, document=document, effective_on=effective_on, note=note)
        version.wording, version.rule, version.rule_by_hand = final.wording, final.rule, final.rule_by_hand
        version.assigned_value = value
        save_version(version, person=person, now=now)
        if file is not None:
            try:
                attach_document(version, file, person=person, now=now)
            except ValidationError as error:
                raise ValidationError({"file": error.messages}) from error
    return version


def no_annual_targets(indicator: Indicator) -> str:
    """Why annual targets mean nothing for the indicator, in Chinese; empty where they count. One query at most."""
    if indicator.value_type == ValueType.FINDING:
        return "评定类指标由审核人员逐年评定，不设年度目标。"
    if indicator.frequency == Frequency.YEARLY:
        return "本指标每年都须达到目标，不另设年度目标。"
    if indicator.components.exists():
        return "本指标由各分项决定，请在分项指标上设年度目标。"
    if indicator.target_year - indicator.plan.baseline_year < 2:
        return "目标年就是基期后的第一年，没有中间年度。"
    return ""


def record_annual(
    indicator: Indicator,
    *,
    figures: Mapping[int, Decimal | None],
    county: Region | None = None,
    document: str = "",
    note: str = "",
    seen: str,
    person: Person,
    now: datetime,
) -> list[Target]:
    """Annual targets by year, of the plan's own region or of a county; None withdraws the year's. Years that keep
    their figure get no new version.

    Grades are their ordinals. Of a rate or quantity the figure is the total due by the end of the year
    (docs/assessment.md, §2).
    """
    with next_versions(indicator, seen=seen, person=person):
        if refusal := no_annual_targets(indicator):
            raise ValidationError(refusal)
        evidence = evidence_of(indicator, county)
        known = evidence.annual_targets
        changed = {year: figure for year, figure in figures.items() if figure != known.get(year)}
        if not changed:
            raise ValidationError("年度目标没有变化，没有保存新版本。")
        for year, figure in changed.items():
            if figure is not None:
                check_figure(indicator, figure, field=f"year_{year}")
        comparator = comparator_of(evidence)
        versions = []
        for year, figure in sorted(changed.items()):
            version = _target(indicator, year, county=county, document=document, note=note)
            if figure is not None:
                state_figure(version, comparator, figure)
            understand(version)
            versions.append(version)
        save_versions(versions, person=person, now=now)
    return versions


def restate_target(
    indicator: Indicator,
    *,
    wording: str,
    document: str,
    effective_on: date | None,
    note: str = "",
    seen: str,
    person: Person,
    now: datetime,
) -> Target:
    """A new wording of the final target. An assigned number stays while the wording still asks for one."""
    with next_versions(indicator, seen=seen, person=person):
        final = evidence_of(indicator).targets.get(indicator.target_year)
        if final is not None and final.wording == wording.strip():
            raise ValidationError({"wording": "与现行目标的原文相同，没有保存新版本。"})
        version = _target(indicator, indicator.target_year, document=document, effective_on=effective_on, note=note)
        version.wording = wording.strip()
        if final is not None and rule_for(indicator, wording).awaits_assignment:
            version.assigned_value = final.assigned_value
        save_version(version, person=person, now=now)
    return version


def restate_baseline(
    indicator: Indicator,
    *,
    value: Decimal,
    document: str,
    effective_on: date | None,
    source: str = "",
    note: str = "",
    seen: str,
    person: Person,
    now: datetime,
) -> Baseline:
    """A corrected baseline of the plan's baseline year."""
    with next_versions(indicator, seen=seen, person=person):
        current = evidence_of(indicator).baseline
        if current is not None and current.value == value:
            raise ValidationError({"value": "与现行基期值相同，没有保存新版本。"})
        check_figure(indicator, value, field="value")
        region = indicator.plan.region
        version = Baseline(
            indicator=indicator,
            region=region,
            year=indicator.plan.baseline_year,
            value=value,
            text=baseline_text(indicator, value),
            source=source,
            document=document,
            effective_on=effective_on,
            note=note,
            version=1 + (indicator.baselines.filter(region=region).aggregate(newest=Max("version"))["newest"] or 0),
        )
        save_version(version, person=person, now=now)
    return version


def spread(indicator: Indicator, county: Region | None = None) -> dict[int, Decimal]:
    """Annual targets that lead evenly from the baseline to the target, the plan's or a county's; nothing is stored.

    Levels and quantities grow by equal steps, rates so that every year reduces by the same share. Raises
    ValidationError for grades and where baseline or target is no figure. Queries as `evidence_of`.
    """
    if refusal := no_annual_targets(indicator):
        raise ValidationError(refusal)
    if indicator.value_type == ValueType.GRADE:
        raise ValidationError("水质类别不能均匀分配，请逐年选择。")
    evidence = evidence_of(indicator, county)
    subject = evidence.subject(indicator.target_year)
    goal = _goal(subject)
    if isinstance(goal, str):
        raise ValidationError(f"{goal}，不能均匀分配。请逐年填写。")
    start = subject.start
    if start is None:
        raise ValidationError(f"缺少 {subject.baseline_year} 年基期值，不能均匀分配。请先记录基期值，或逐年填写。")
    places = Decimal(1).scaleb(-_decimals(start, goal.aim))
    return {
        year: measures.required(
            indicator.measure, start, goal.aim, elapsed=year - subject.baseline_year, length=subject.length
        ).quantize(places, ROUND_HALF_UP)
        for year in range(evidence.years.start, indicator.target_year)
    }


def comparator_of(evidence: Evidence) -> Comparator:
    """How an annual figure is compared: as the target's own, else as the indicator's direction says."""
    subject = evidence.subject(evidence.indicator.target_year)
    goal = _goal(subject)
    way = goal.comparator.direction if isinstance(goal, Goal) else subject.way
    if way is Direction.NONE:
        raise ValidationError("指标没有注明越高越好还是越低越好，年度目标无法比较。请先由管理员在指标中注明方向。")
    return Comparator.GE if way is Direction.HIGHER else Comparator.LE


def state_figure(version: Target, comparator: Comparator, figure: Decimal) -> None:
    """Let an annual version demand the figure or grade. The rule of a figure is set by hand: the wording of a reduction
    (≥10) would seem to contradict an indicator that should fall."""
    indicator = version.indicator
    if indicator.value_type == ValueType.GRADE:
        version.wording = Grade(int(figure)).label
        return
    version.wording = f"{'≥' if comparator is Comparator.GE else '≤'}{show_figure(figure)}"
    clause = Clause(ClauseKind.THRESHOLD, comparator=comparator, value=figure)
    version.rule = TargetRule.of(clause, wording=version.wording, unit=indicator.unit).to_json()
    version.rule_by_hand = True


def baseline_text(indicator: Indicator, figure: Decimal) -> str:
    """A baseline as tables print it: Ⅲ类, 27.6."""
    return Grade(int(figure)).label if indicator.value_type == ValueType.GRADE else show_figure(figure)


def check_figure(indicator: Indicator, figure: Decimal, *, field: str) -> None:
    """Raise ValidationError at the field for a figure that the indicator can never have."""
    if indicator.value_type == ValueType.FINDING:
        raise ValidationError({field: "评定类指标没有数值。"})
    if indicator.value_type == ValueType.GRADE:
        if figure not in set(Grade):
            raise ValidationError({field: "水质类别请填 1 至 6：Ⅰ类填 1，劣Ⅴ类填 6。"})
        return
    if complaint := bounds_of(indicator.measure, indicator.unit).complaint(figure, indicator.unit):
        raise ValidationError({field: complaint})


def _goal(subject: Subject) -> Goal | str:
    """The figure that the final target demands, or in Chinese why there is none."""
    clause = subject.rule.clause
    if clause is None:
        return "目标含有多项要求"
    if clause.kind in WITHOUT_FIGURE:
        return WITHOUT_FIGURE[clause.kind]
    goal = goal_of(clause, subject)
    return goal.lacking if isinstance(goal, Waiting) else goal


def _decimals(*figures: Decimal) -> int:
    written = [-exponent for figure in figures if isinstance(exponent := figure.as_tuple().exponent, int)]
    return min(MOST_DECIMALS, max(DECIMALS, *written))


def _target(
    indicator: Indicator,
    year: int,
    *,
    county: Region | None = None,
    document: str,
    effective_on: date | None = None,
    note: str = "",
) -> Target:
    """The next version, unsaved and without a wording."""
    region = county or indicator.plan.region
    newest = indicator.targets.filter(region=region, year=year).aggregate(newest=Max("version"))["newest"] or 0
    return Target(
        indicator=indicator,
        region=region,
        year=year,
        version=newest + 1,
        document=document.strip(),
        effective_on=effective_on,
        note=note.strip(),
    )


@contextmanager
def next_versions(indicator: Indicator, *, seen: str, person: Person) -> Iterator[None]:
    """A transaction in which nobody else writes versions of the indicator and none is newer than `seen`. Raises as the
    module says."""
    if not may_review(person, indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    with transaction.atomic():
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        if stamp(indicator) != seen:
            raise ValidationError(_changed_since(indicator))
        yield


def _changed_since(indicator: Indicator) -> str:
    """Who was faster, in Chinese."""
    newest = [
        model.history.filter(indicator_id=indicator.pk).select_related("history_user").order_by("-history_id").first()
        for model in (Target, Baseline)
    ]
    last = max(
        (record for record in newest if record is not None), key=lambda record: record.history_date, default=None
    )
    who = last.history_user or "系统" if last is not None else "他人"
    return (
        f"{who}在您打开本页之后修改了本指标的目标或基期值，您的内容没有保存。"
        "请核对下方各版本；仍要保存时，请再点一次保存。"
    )

"""Recording baselines and targets: understood, kept as versions, and re-judged in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from indicators.core.bounds import bounds_of
from indicators.core.codes import MeasureKind
from indicators.models import Baseline, Indicator, Plan, Target
from indicators.permissions import may_review
from indicators.services.judging import annual_figure, judge_indicators, judge_plans, rule_of
from indicators.services.stored_files import discard
from indicators.targets import parse_target
from regions.history import attribute, check_reason
from regions.permissions import Person

Version = TypeVar("Version", Baseline, Target)


def understand(target: Target, *, chosen: str = "") -> None:
    """Set the rule from the wording, or from `chosen`: a person's words for what the wording means (assessment §1).

    A rule chosen by hand survives until the wording changes. Raises ValidationError for words that are not understood.
    """
    indicator = target.indicator
    if chosen:
        rule = parse_target(chosen, direction=indicator.direction, unit=indicator.unit)
        if not rule.understood:
            advice = "请换一种写法，例如“不低于95”“低于27.0”“累计不低于18”。"
            raise ValidationError({"chosen": f"“{chosen}”未能识别。{advice}"})
        target.rule, target.rule_by_hand = {**rule.to_json(), "wording": target.wording}, True
        return
    stored = Target.objects.filter(pk=target.pk).first() if target.pk else None
    if target.rule_by_hand and target.rule and (stored is None or stored.wording == target.wording):
        return
    rule = parse_target(target.wording, direction=indicator.direction, unit=indicator.unit)
    target.rule, target.rule_by_hand = rule.to_json(), False


def check_version(version: Target | Baseline, *, person: Person) -> None:
    """Raise PermissionDenied unless the person reviews the plan, and ValidationError by field for what cannot be."""
    if not may_review(person, version.indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    if isinstance(version, Target):
        check_target(version)


def check_target(target: Target) -> None:
    """An assigned number is possible and names the document that assigned it; an annual target states one figure, or
    is empty: then the year has none any more."""
    indicator, errors = target.indicator, {}
    if target.assigned_value is not None:
        complaint = bounds_of(indicator.measure, indicator.unit).complaint(target.assigned_value, indicator.unit)
        if complaint:
            errors["assigned_value"] = complaint
        if target.document.strip() in ("", indicator.plan.title):
            errors["document"] = "请写明上级下达目标的文件（名称和文号），不是规划本身。"
    elif (
        target.wording.strip()
        and target.year < indicator.target_year
        and annual_figure(rule_of(target, indicator), indicator) is None
    ):
        errors["wording"] = "年度目标请写成一个数，例如“96.5”“不低于96.5”“Ⅲ类”。"
    if errors:
        raise ValidationError(errors)


def check_alone(version: Target | Baseline) -> None:
    """Raise ValidationError for a county's share of an additive measure: the shares add up only when they are written
    together (services.breakdown). One query for such a share that is stored, none else."""
    indicator = version.indicator
    if not isinstance(version, Target) or indicator.measure != MeasureKind.ADDITIVE:
        return
    is_share = version.region_id != indicator.plan.region_id and version.year == indicator.target_year
    if is_share and (version.pk is None or substance_changed(version)):
        raise ValidationError(
            {"wording": "累计工程量的县区目标加起来须等于总目标，请在指标的“目标与基期值”页“分解到县区”中一并填写。"}
        )


def save_version(version: Version, *, person: Person, now: datetime, chosen: str = "") -> Version:
    """Write a target or baseline and judge its indicator anew; gives the row in force.

    What was judged before stays reproducible: a stored version whose substance changes is left as it is and a new
    version is written. `chosen` as in `understand`. Raises PermissionDenied and ValidationError.
    """
    if isinstance(version, Target):
        understand(version, chosen=chosen)
    check_alone(version)
    save_versions([version], person=person, now=now)
    return version


def save_versions(versions: Sequence[Target | Baseline], *, person: Person, now: datetime, reason: str = "") -> None:
    """Write targets, which are understood, and baselines all or none, and judge their indicators once.

    A stored version whose substance changes becomes a new one. Raises PermissionDenied and ValidationError.
    """
    with transaction.atomic():
        for version in versions:
            check_version(version, person=person)
            if version.pk and substance_changed(version):
                version.pk, version._state.adding = None, True
                version.version = next_version(version)
            version.full_clean()
            attribute(version, person=person, reason=reason)
            version.save()
        judge_indicators([version.indicator for version in versions], now=now)


def substance_changed(version: Target | Baseline) -> bool:
    """True when what decides a verdict differs from the stored row. One query."""
    names = ("wording", "rule", "assigned_value") if isinstance(version, Target) else ("value", "text")
    stored = type(version)._default_manager.get(pk=version.pk)
    return any(getattr(version, name) != getattr(stored, name) for name in names)


def next_version(version: Target | Baseline) -> int:
    """The number after the newest version for the same indicator, region and, for a target, year. One query."""
    same = type(version)._default_manager.filter(indicator=version.indicator_id, region=version.region_id)
    if isinstance(version, Target):
        same = same.filter(year=version.year)
    newest: int | None = same.aggregate(newest=Max("version"))["newest"]
    return (newest or 0) + 1


def delete_version(version: Target | Baseline, *, reason: str, person: Person, now: datetime) -> None:
    """Remove a version recorded by mistake; the one before it is in force again.

    Raises PermissionDenied, and ValidationError without a reason.
    """
    if not may_review(person, version.indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    check_reason(reason, "请写明删除原因。")
    with transaction.atomic():
        if isinstance(version, Target):
            for document in version.document_files.all():
                discard(document, reason="所属的目标版本已删除", person=person)
        attribute(version, person=person, reason=reason)
        version.delete()
        judge_indicators([version.indicator], now=now)


def rejudge_after_change(changed: Indicator | Plan, *, now: datetime) -> None:
    """Judge anew after the definition of an indicator or the settings of a plan changed.

    Unit and direction decide how a wording is read, so the rules that nobody chose by hand are read again.
    """
    if isinstance(changed, Plan):
        judge_plans([changed], now=now)
        return
    with transaction.atomic():
        for target in changed.targets.filter(rule_by_hand=False).select_related("indicator"):
            rule = parse_target(target.wording, direction=changed.direction, unit=changed.unit).to_json()
            if rule != target.rule:
                target.rule = rule
                attribute(target, reason="指标的方向或单位改变")
                target.save()
        judge_indicators([changed], now=now)

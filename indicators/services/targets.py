"""Recording baselines and targets: understood, kept as versions, and re-judged in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from indicators.models import Baseline, Indicator, Plan, Target
from indicators.permissions import may_review
from indicators.services.judging import judge_indicators, judge_plans
from indicators.targets import parse_target
from regions.history import attribute
from regions.permissions import Person


def understand(target: Target) -> None:
    """Set the rule from the wording, unless a person chose the rule for this very wording (assessment §1)."""
    stored = Target.objects.filter(pk=target.pk).first() if target.pk else None
    if target.rule_by_hand and target.rule and (stored is None or stored.wording == target.wording):
        return
    rule = parse_target(target.wording, direction=target.indicator.direction, unit=target.indicator.unit)
    target.rule, target.rule_by_hand = rule.to_json(), False


def save_version(version: Target | Baseline, *, person: Person, now: datetime) -> None:
    """Write a target or baseline version and judge its indicator anew. Raises PermissionDenied and ValidationError."""
    if not may_review(person, version.indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    if isinstance(version, Target):
        understand(version)
    version.full_clean()
    with transaction.atomic():
        attribute(version, person=person)
        version.save()
        judge_indicators([version.indicator], now=now)


def delete_version(version: Target | Baseline, *, person: Person, now: datetime) -> None:
    """Remove a version recorded by mistake; the one before it is in force again. Raises PermissionDenied."""
    if not may_review(person, version.indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    with transaction.atomic():
        attribute(version, person=person)
        version.delete()
        judge_indicators([version.indicator], now=now)


def rejudge_after_change(changed: Indicator | Plan, *, now: datetime) -> None:
    """Judge anew after the definition of an indicator or the settings of a plan changed."""
    if isinstance(changed, Plan):
        judge_plans([changed], now=now)
    else:
        judge_indicators([changed], now=now)

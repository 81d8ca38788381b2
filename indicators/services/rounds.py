"""Reporting rounds: opening one, and whether a value has to go through review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date, datetime
from typing import cast

from django.core.exceptions import PermissionDenied

from indicators.models import Plan, ReportingRound
from indicators.permissions import may_review
from regions.history import attribute, check_reason
from regions.permissions import Person


def needs_review(plan: Plan, year: int) -> bool:
    """True when values of that plan and year count only once approved: by the plan's setting or an open round. One
    query at most."""
    return plan.review_required or ReportingRound.objects.filter(plan=plan, year=year).exists()


def reviewed_years(plans: Iterable[Plan]) -> dict[int, Container[int]]:
    """By key of each plan the years whose values count only once approved, as `needs_review` says. One query."""
    listed = list(plans)
    rounds: defaultdict[int, set[int]] = defaultdict(set)
    for plan_id, year in ReportingRound.objects.filter(plan__in=listed).values_list("plan", "year"):
        rounds[plan_id].add(year)
    return {plan.pk: plan.years if plan.review_required else rounds[plan.pk] for plan in listed}


def open_round(
    plan: Plan, year: int, *, deadline: date, note: str = "", person: Person, now: datetime
) -> ReportingRound:
    """Open the year's round of a plan. Raises PermissionDenied for others than its reviewers, ValidationError for a
    year outside the plan or a second round."""
    if not may_review(person, plan):
        raise PermissionDenied("填报任务由本规划的审核人员或管理员发起。")
    opened = ReportingRound(plan=plan, year=year, deadline=deadline, note=note, opened_at=now)
    opened.opened_by_id = cast(int, person.pk)
    opened.full_clean()
    attribute(opened, person=person)
    opened.save()
    return opened


def move_deadline(opened: ReportingRound, *, deadline: date, reason: str, person: Person) -> None:
    """Give more or less time. Raises PermissionDenied, and ValidationError without a reason."""
    if not may_review(person, opened.plan):
        raise PermissionDenied("截止日期由本规划的审核人员或管理员调整。")
    check_reason(reason, "请写明调整原因，填报人员和领导都会看到。")
    opened.deadline = deadline
    opened.full_clean()
    attribute(opened, person=person, reason=reason)
    opened.save()

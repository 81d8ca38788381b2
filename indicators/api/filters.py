"""Parameters that several lists of this application take."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.api.scope import departments_in_scope, indicators_in_scope, plans_in_scope
from indicators.models import Plan, Responsibility, Topic
from regions.api.parameters import Keys, KeysThrough
from regions.models import AbstractResponsibility, DutyRole, Region


def by_plan(column: str) -> Keys:
    """Plans by their slug."""
    return Keys(column, "规划标识（plans 的 slug）。", plans_in_scope, key="slug", noun="规划")


def by_region(column: str) -> Keys:
    """Places by their slug."""
    return Keys(column, "地区标识（regions 的 slug）。", lambda request: Region.objects.all(), key="slug", noun="地区")


def by_indicator(column: str) -> Keys:
    """Indicators by their code."""
    return Keys(column, "指标代码（indicators 的 code）。", indicators_in_scope, key="code", noun="指标")


def by_topic(column: str) -> Keys:
    """Topics by their key."""
    return Keys(column, "指标主题（topics 的 key）。", lambda request: Topic.objects.all(), key="key", noun="指标主题")


def by_department(condition: Callable[[list[int]], Q]) -> Keys:
    """Departments by their code; `condition` says what they answer for."""
    description = "责任部门的代码（departments 的 code）：牵头或参与的；没有写明牵头单位的归统筹部门。"
    return KeysThrough(condition, description, departments_in_scope, key="code", noun="部门")


def answered_by(duties: QuerySet[AbstractResponsibility], plan: str) -> Callable[[list[int]], Q]:
    """The condition that departments lead or share something; where nobody is named as lead, its plan's coordinating
    department leads. `duties` are those of the outer row, `plan` is the way from it to its plan."""
    plans: QuerySet[Plan] = Plan.objects.filter(pk=OuterRef(plan))

    def condition(departments: list[int]) -> Q:
        leads = duties.filter(role=DutyRole.LEAD)
        coordinated = Exists(plans.filter(coordinating_department__in=departments))
        return Q(Exists(duties.filter(department__in=departments))) | ~Q(Exists(leads)) & Q(coordinated)

    return condition


def indicator_answered_by(indicator: str, plan: str) -> Callable[[list[int]], Q]:
    """The same for rows that have an indicator."""
    duties: QuerySet[AbstractResponsibility] = Responsibility.objects.filter(indicator=OuterRef(indicator)).order_by()
    return answered_by(duties, plan)

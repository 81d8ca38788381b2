"""What pages of the indicators show of projects: their templates ask here, as their code knows no projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from indicators.models import Plan, ReportingRound
from indicators.review.rounds import PlanRounds
from projects.entry.plans import MyProjects
from projects.entry.plans import my_projects as build_my_projects
from projects.permissions import answered_projects
from projects.services.due import reports_by_state

register = template.Library()


@register.simple_tag(takes_context=True)
def my_projects(context: dict[str, Any]) -> MyProjects:
    """What the person who is signed in reports on."""
    return build_my_projects(context["request"].user, today=timezone.localdate())


@register.simple_tag(takes_context=True)
def leads_to_projects(context: dict[str, Any], plan: Plan) -> bool:
    """Whether the person who is signed in reports on projects of the plan. One query."""
    return answered_projects(context["request"].user).filter(group__column__plan=plan).exists()


@register.simple_tag
def reports_of_rounds(plans: Iterable[PlanRounds]) -> dict[int, Counter[str]]:
    """Of each round on the page (by key) how many projects have the year's report in which state. One query."""
    keys = [line.round.pk for each in plans for line in each.lines]
    return reports_by_state(ReportingRound.objects.filter(pk__in=keys))


@register.filter
def of_round(counts: dict[int, Counter[str]], opened: ReportingRound) -> dict[str, int]:
    """The numbers of one round as its line shows them; empty where its plan has no projects."""
    found = counts.get(opened.pk)
    if not found:
        return {}
    handed_in = found["submitted"] + found["approved"]
    return {"total": found.total(), "submitted": found["submitted"], "handed_in": handed_in}

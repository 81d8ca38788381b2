"""What pages of the indicators show of projects: their templates ask here, as their code knows no projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from indicators.models import Plan, ReportingRound, ReviewStatus
from indicators.review.rounds import PlanRounds
from projects.entry.plans import MyProjects
from projects.entry.plans import my_projects as build_my_projects
from projects.permissions import answered_projects
from projects.services.due import reports_by_state, waiting_reports

register = template.Library()


@register.simple_tag(takes_context=True)
def my_projects(context: dict[str, Any]) -> MyProjects:
    """What the person who is signed in reports on."""
    return build_my_projects(context["request"].user, today=timezone.localdate())


@register.simple_tag(takes_context=True)
def leads_to_projects(context: dict[str, Any], plan: Plan) -> bool:
    """Whether the person who is signed in reports on projects of the plan. One query."""
    return answered_projects(context["request"].user).filter(group__column__plan=plan).exists()


@dataclass(frozen=True)
class RoundReports:
    """A round's projects: how many there are, how many have handed in the year's report, and how many reports of
    whatever period wait for the reviewers."""

    total: int
    handed_in: int
    waiting: int


@register.simple_tag
def reports_of_rounds(plans: Iterable[PlanRounds]) -> dict[int, RoundReports]:
    """The rounds on the page, by key, whose plans have projects. Two queries."""
    rounds = ReportingRound.objects.filter(pk__in=[line.round.pk for each in plans for line in each.lines])
    waiting = waiting_reports(rounds)
    return {
        key: RoundReports(counts.total(), counts[ReviewStatus.SUBMITTED] + counts[ReviewStatus.APPROVED], waiting[key])
        for key, counts in reports_by_state(rounds).items()
    }


@register.filter
def of_round(reports: dict[int, RoundReports], opened: ReportingRound) -> RoundReports | None:
    """What a round's line shows; None where its plan has no projects."""
    return reports.get(opened.pk)

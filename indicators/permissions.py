"""May this person do this to this object? The one place that answers, for pages, admin, Excel and API alike.

Entry staff act for the departments they belong to, reviewers for the region of theirs, administrators everywhere.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.core.codes import ValueType
from indicators.models import (
    AbstractImport,
    EvidenceFile,
    Indicator,
    Measure,
    MeasureReport,
    MeasureResponsibility,
    Plan,
    Responsibility,
    ReviewStatus,
    Target,
    TargetDocumentFile,
    YearlyValue,
)
from indicators.models.evidence import EvidenceFileQuerySet, TargetDocumentFileQuerySet
from indicators.models.measure import MeasureReportQuerySet
from regions.models import Department, DutyRole, Region, Role
from regions.permissions import Person, departments_of, is_administrator, roles_of


def led_by(departments: QuerySet[Department]) -> Q:
    """Indicators that these departments lead: named as lead, or coordinating where the source names no lead.

    A component without responsibilities of its own follows the same rule as any other indicator.
    """
    return led_through(Responsibility.objects.filter(indicator=OuterRef("pk")), departments)


def measures_led_by(departments: QuerySet[Department]) -> Q:
    """Measures that these departments lead, by the same rule."""
    return led_through(MeasureResponsibility.objects.filter(measure=OuterRef("pk")), departments)


def led_through(duties: QuerySet[Any], departments: QuerySet[Department]) -> Q:
    """The rule itself, for whatever has a plan: `duties` are those of the outer row."""
    leads = duties.filter(role=DutyRole.LEAD)
    return Q(Exists(leads.filter(department__in=departments))) | (
        ~Q(Exists(leads)) & Q(plan__coordinating_department__in=departments)
    )


def answered_indicators(person: Person) -> QuerySet[Indicator]:
    """Indicators that the person's departments answer for, or whose plan the person reviews. Leaves only: a parent
    takes no value of its own."""
    indicators = Indicator.objects.filter(components=None)
    if is_administrator(person):
        return indicators
    own = departments_of(person, Role.ENTRY)
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return indicators.filter(led_by(own) | Q(plan__region__in=reviewed))


def enterable_indicators(person: Person) -> QuerySet[Indicator]:
    """Answered indicators whose values the person may enter: findings are the reviewers'."""
    indicators = answered_indicators(person)
    if is_administrator(person):
        return indicators
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return indicators.filter(~Q(value_type=ValueType.FINDING) | Q(plan__region__in=reviewed))


def may_enter_value(person: Person, indicator: Indicator) -> bool:
    """True when the person may record a value of this indicator, for the plan's own region and for any county that it
    is broken down to: the plan's lead department answers for the counties' figures too. One query."""
    return enterable_indicators(person).filter(pk=indicator.pk).exists()


def may_create_plan(person: Person) -> bool:
    """True for administrators. One query at most."""
    return is_administrator(person)


def may_review(person: Person, plan: Plan) -> bool:
    """True when the person approves values of this plan: a reviewer of a department of the plan's region. One query."""
    return is_administrator(person) or departments_of(person, Role.REVIEWER).filter(region=plan.region_id).exists()


def reviewed_plans(person: Person) -> QuerySet[Plan]:
    """Plans whose values and rounds the person decides, by region. One query when evaluated."""
    plans = Plan.objects.select_related("region").order_by("region__slug", "slug")
    if is_administrator(person):
        return plans
    return plans.filter(region__in=departments_of(person, Role.REVIEWER).values("region"))


def may_review_any(person: Person) -> bool:
    """True for a reviewer of whatever region, and for administrators. One query."""
    return is_administrator(person) or departments_of(person, Role.REVIEWER).exists()


def reported_regions(indicator: Indicator) -> QuerySet[Region]:
    """Regions for which values of the indicator are reported: the plan's own, and those with a target of their own."""
    targets = Target.objects.filter(indicator=indicator, region=OuterRef("pk"))
    return Region.objects.filter(Q(pk=indicator.plan.region_id) | Exists(targets))


def may_add_evidence(person: Person, indicator: Indicator) -> bool:
    """True when the person adds and removes evidence: who answers for the indicator, for findings too, and who reviews
    it. One query."""
    return answered_indicators(person).filter(pk=indicator.pk).exists()


def answered_measures(person: Person) -> QuerySet[Measure]:
    """Measures on which the person's departments state what was done, or whose plan the person reviews."""
    if is_administrator(person):
        return Measure.objects.all()
    own = departments_of(person, Role.ENTRY)
    reviewed = departments_of(person, Role.REVIEWER).values("region")
    return Measure.objects.filter(measures_led_by(own) | Q(plan__region__in=reviewed))


def may_report_measure(person: Person, measure: Measure) -> bool:
    """True when the person states what was done for the measure. One query."""
    return answered_measures(person).filter(pk=measure.pk).exists()


def visible_measure_reports(person: Person) -> MeasureReportQuerySet:
    """Approved statements for everybody with an account; others for those who write or review them."""
    if not person.is_authenticated or not person.is_active:
        return MeasureReport.objects.none()
    counts = Q(status=ReviewStatus.APPROVED)
    return MeasureReport.objects.filter(counts | Q(measure__in=answered_measures(person)))


def visible_evidence(person: Person) -> EvidenceFileQuerySet:
    """Evidence of approved values for everybody with an account; before approval for those who may add it."""
    if not person.is_authenticated or not person.is_active:
        return EvidenceFile.objects.none()
    approved = YearlyValue.objects.filter(
        indicator=OuterRef("indicator"),
        region=OuterRef("region"),
        year=OuterRef("year"),
        status=ReviewStatus.APPROVED,
        approved_at__isnull=False,  # not those that only count as approved (services.submitted_basis)
    )
    return EvidenceFile.objects.filter(Exists(approved) | Q(indicator__in=answered_indicators(person)))


def may_see_evidence(person: Person, file: EvidenceFile) -> bool:
    """True when the person may list and save this file. One query."""
    return visible_evidence(person).filter(pk=file.pk).exists()


def visible_target_documents(person: Person) -> TargetDocumentFileQuerySet:
    """The documents of targets: like the targets themselves, for everybody with an account."""
    if not person.is_authenticated or not person.is_active:
        return TargetDocumentFile.objects.none()
    return TargetDocumentFile.objects.all()


def may_see_import(person: Person, record: AbstractImport) -> bool:
    """True for the person who uploaded the file and for those who review its plan. One query at most."""
    return record.uploaded_by_id == person.pk or may_review(person, record.plan)


def may_count_submitted(person: Person) -> bool:
    """True for whoever has a part in reporting or leads: they may ask what would be if submitted values counted. One
    query at most."""
    return bool(roles_of(person))


def visible_submitted_values(person: Person) -> QuerySet[YearlyValue]:
    """Values that wait for review: of the whole region for those who review or lead there, else of the indicators that
    the person's departments lead."""
    submitted = YearlyValue.objects.filter(status=ReviewStatus.SUBMITTED)
    if is_administrator(person):
        return submitted
    own = Indicator.objects.filter(led_by(departments_of(person, Role.ENTRY)))
    regions = [departments_of(person, role).values("region") for role in (Role.REVIEWER, Role.LEADER)]
    watched = Q(indicator__plan__region__in=regions[0]) | Q(indicator__plan__region__in=regions[1])
    return submitted.filter(Q(indicator__in=own) | watched)

"""Figures of demonstration: the same every time, beside what people report, and gone by one command."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from indicators.models import (
    Assessment,
    Baseline,
    Indicator,
    Measure,
    MeasureReport,
    Plan,
    Target,
    ValueOrigin,
    YearlyValue,
)
from indicators.services.judging import judge_indicators
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from indicators.targets import parse_target
from portal.accounts.models import User
from portal.demonstration.entries import progress_in, reports_for, values_for
from projects.models import DeliverableAssessment, KeyProject, ProgressReport, ProjectAssessment, ProjectProblem
from projects.services.judging import judge_projects
from projects.services.recording import record_report
from projects.services.reports import ReportEntry, check_report
from regions.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]


def demonstrated() -> int:
    return (
        YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).count()
        + MeasureReport.objects.filter(is_demonstration=True).count()
        + ProgressReport.objects.filter(is_demonstration=True).count()
        + ProjectProblem.objects.filter(is_demonstration=True).count()
    )


def stored_verdicts() -> list[tuple[object, ...]]:
    """What every verdict that stands says, on indicators, deliverables and projects."""
    said = ("year", "verdict", "severity", "value", "pace", "reason", "is_demonstration")
    return [
        *Assessment.objects.order_by("indicator", "region", "year").values_list("indicator", "region", *said),
        *DeliverableAssessment.objects.order_by("deliverable", "year").values_list("deliverable", *said),
        *ProjectAssessment.objects.order_by("project", "year").values_list("project", *said),
    ]


def test_the_same_figures_every_time() -> None:
    plan = Plan.objects.get(slug="bazhong")
    first = [(each.indicator.code, each.year, each.value, each.finding) for each in values_for(plan)]
    assert first == [(each.indicator.code, each.year, each.value, each.finding) for each in values_for(plan)]
    assert len(first) > 200


def test_progress_never_falls_back_and_holds_together() -> None:
    for report in reports_for(Plan.objects.get(slug="bazhong")):
        check_report(report)
        promised = {each.pk: each.quantity for each in report.project.deliverables.all()}
        assert all(quantity <= promised[key] for key, quantity in report.quantities.items())
        if report.project_status in ("completed", "operating"):
            assert dict(report.quantities) == promised
    for project, progress in progress_in(Plan.objects.get(slug="liaoyuan")):
        shares = [each.share for each in progress]
        assert shares == sorted(shares), project


def test_removing_restores_every_verdict() -> None:
    before = stored_verdicts()
    call_command("demo", verbosity=0)
    assert stored_verdicts() != before
    call_command("demo", "--remove", verbosity=0)
    assert demonstrated() == 0
    assert stored_verdicts() == before
    call_command("assess", "--check", verbosity=0)


def test_counties_with_a_share_have_figures(reviewer: User) -> None:
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    county = Region.objects.filter(parent=indicator.plan.region).first()
    assert county is not None
    Target.objects.create(
        indicator=indicator,
        region=county,
        year=indicator.target_year,
        wording="≥60",
        rule=parse_target("≥60", direction=indicator.direction, unit=indicator.unit).to_json(),
        version=1,
        effective_on=date(2023, 1, 1),
    )
    judge_indicators([indicator], now=timezone.now())
    Baseline.objects.create(indicator=indicator, region=county, year=2020, value=55, text="55")
    call_command("demo", verbosity=0)
    filled = YearlyValue.objects.filter(region=county, origin=ValueOrigin.DEMONSTRATION)
    assert set(filled.values_list("year", flat=True)) == {2023, 2024, 2025}


def test_figures_that_cannot_be_are_not_made_up() -> None:
    call_command("demo", verbosity=0)
    for value in YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).select_related("indicator"):
        assert value.value is None or value.indicator.complaint(value.value) is None


def test_what_was_reported_is_neither_overwritten_nor_removed(entry_staff: User) -> None:
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal("28.3"), source="公报")
    real = record_value(entry, person=entry_staff, now=timezone.now())
    published = YearlyValue.objects.filter(origin=ValueOrigin.PUBLISHED).count()
    call_command("demo", verbosity=0)
    real.refresh_from_db()
    assert (real.value, real.origin) == (Decimal("28.3"), ValueOrigin.FORM)
    call_command("demo", "--remove", verbosity=0)
    assert demonstrated() == 0
    assert YearlyValue.objects.filter(pk=real.pk).exists()
    assert YearlyValue.objects.filter(origin=ValueOrigin.PUBLISHED).count() == published
    assert not Assessment.objects.filter(is_demonstration=True).exists()


def test_real_reports_statements_and_problems_stay(entry_staff: User) -> None:
    project = KeyProject.objects.filter(group__column__plan__slug="bazhong").first()
    measure = Measure.objects.filter(plan__slug="bazhong").first()
    assert project is not None
    assert measure is not None
    bureau = project.plan.coordinating_department
    report = ProgressReport.objects.create(
        project=project, year=2022, project_status="construction", status="approved", approved_at=timezone.now()
    )
    statement = MeasureReport.objects.create(
        measure=measure,
        year=2022,
        progress="ongoing",
        statement="已开展。",
        status="approved",
        approved_at=timezone.now(),
    )
    problem = ProjectProblem.objects.create(
        project=project,
        description="真实的问题",
        owner=bureau,
        deadline=date(2026, 1, 1),
        raised_on=date(2025, 1, 1),
        raised_by=entry_staff,
    )
    judge_projects([project], now=timezone.now())
    call_command("demo", verbosity=0)
    assert list(project.progress_reports.all()) == [report]
    assert list(measure.reports.all()) == [statement]
    assert list(project.problems.all()) == [problem]
    call_command("demo", "--remove", verbosity=0)
    assert ProgressReport.objects.get() == report
    assert MeasureReport.objects.get() == statement
    assert ProjectProblem.objects.get() == problem


def test_what_a_person_corrects_is_theirs(administrator: User) -> None:
    call_command("demo", verbosity=0)
    project = KeyProject.objects.select_related("group__column__plan").filter(deliverables=None).first()
    measure = Measure.objects.select_related("plan").first()
    assert project is not None
    assert measure is not None
    administrator.is_superuser = True
    administrator.save()
    made_up, said = project.progress_reports.get(year=2025), measure.reports.get(year=2021)
    report = record_report(
        ReportEntry(project, 2025, project_status="construction", reason="核实", revision=made_up.revision),
        person=administrator,
        now=timezone.now(),
    )
    statement = record_measure_report(
        MeasureReportEntry(measure, 2021, "ongoing", "据实填报。", reason="核实", revision=said.revision),
        person=administrator,
        now=timezone.now(),
    )
    assert not report.is_demonstration
    assert not statement.is_demonstration
    call_command("demo", "--remove", verbosity=0)
    assert ProgressReport.objects.get() == report
    assert MeasureReport.objects.get() == statement
    call_command("assess", "--check", verbosity=0)


def test_a_second_run_adds_nothing() -> None:
    call_command("demo", verbosity=0)
    number = demonstrated()
    call_command("demo", verbosity=0)
    assert demonstrated() == number

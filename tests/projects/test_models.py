"""What a key project and its progress reports may state."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from projects.models import Deliverable, DeliveredQuantity, KeyProject, ProgressReport

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]


@pytest.fixture
def project() -> KeyProject:
    """A project of Bazhong's plan with deliverables."""
    return KeyProject.objects.exclude(deliverables=None).filter(code__startswith="bazhong")[0]


def report(project: KeyProject, **values: object) -> ProgressReport:
    """A report of 2023, not saved."""
    return ProgressReport(project=project, **({"year": 2023, "project_status": "construction"} | values))


def test_a_cancelled_project_says_why(project: KeyProject) -> None:
    with pytest.raises(ValidationError, match="请写明原因"):
        report(project, project_status="cancelled").full_clean()
    report(project, project_status="cancelled", status_reason="资金未落实").full_clean()


def test_a_report_lies_in_the_plans_period(project: KeyProject) -> None:
    with pytest.raises(ValidationError, match="规划期 2021 至 2025 年"):
        report(project, year=2026).full_clean()


def test_one_report_a_year_and_one_a_quarter(project: KeyProject) -> None:
    report(project).save()
    report(project, quarter=1).save()
    for quarter in (0, 1):
        with pytest.raises(ValidationError, match="这一期已有进展报告"):
            report(project, quarter=quarter).full_clean()


def test_a_report_counts_its_own_projects_deliverables(project: KeyProject) -> None:
    written = report(project)
    written.save()
    foreign = Deliverable.objects.exclude(project=project)[0]
    with pytest.raises(ValidationError, match="不属于这个项目"):
        DeliveredQuantity(report=written, deliverable=foreign, quantity=1).full_clean()


def test_a_delivered_quantity_is_never_negative(project: KeyProject) -> None:
    written = report(project)
    written.save()
    with pytest.raises(IntegrityError):
        DeliveredQuantity.objects.create(report=written, deliverable=project.deliverables.all()[0], quantity=-1)


def test_a_project_does_not_end_before_it_starts(project: KeyProject) -> None:
    project.start_year, project.end_year = 2024, 2022
    with pytest.raises(ValidationError, match="不能早于计划开工年"):
        project.full_clean()


def test_an_amount_has_its_unit(project: KeyProject) -> None:
    project.investment_amount, project.investment_unit = Decimal(1200), ""
    with pytest.raises(ValidationError, match="请写明投资额的单位"):
        project.full_clean()

"""Small objects for tests: valid by default, dependent fields derived, everything else said by the test."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from indicators.models import (
    Category,
    EvidenceFile,
    Indicator,
    Measure,
    MeasureResponsibility,
    Plan,
    Responsibility,
    ReviewStatus,
    Target,
    TargetDocumentFile,
    ValueImport,
    YearlyValue,
)
from indicators.targets import parse_target
from portal.accounts.models import User
from projects.models import (
    Deliverable,
    KeyProject,
    ProgressFile,
    ProjectColumn,
    ProjectGroup,
    ProjectResponsibility,
    ReportImport,
)
from regions.models import Department, DutyRole, Membership, Region, RegionLevel, Role


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region

    slug = factory.Sequence(lambda number: f"region-{number:05}")
    name = factory.Sequence(lambda number: f"第{number}县")
    level = RegionLevel.COUNTY


class DepartmentFactory(factory.django.DjangoModelFactory[Department]):
    class Meta:
        model = Department

    region = factory.SubFactory(RegionFactory)
    code = factory.Sequence(lambda number: f"department-{number}")
    name = factory.Sequence(lambda number: f"第{number}局")


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    full_name = factory.Sequence(lambda number: f"第{number}人")
    is_staff = True
    password = factory.django.Password("a long enough password")


def member_of(department: Department, role: Role, **values: Any) -> User:
    """A person with one role in a department; an administrator is a superuser too."""
    user: User = UserFactory.create(is_superuser=role == Role.ADMINISTRATOR, **values)
    Membership.objects.create(user=user, department=department, role=role)
    return user


class PlanFactory(factory.django.DjangoModelFactory[Plan]):
    class Meta:
        model = Plan

    slug = factory.Sequence(lambda number: f"plan-{number}")
    title = factory.Sequence(lambda number: f"第{number}县生态环境保护规划")
    coordinating_department = factory.SubFactory(DepartmentFactory)
    region = factory.LazyAttribute(lambda plan: plan.coordinating_department.region)
    period_start = 2021
    period_end = 2025
    baseline_year = 2020
    target_year = 2025


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    class Meta:
        model = Category

    plan = factory.SubFactory(PlanFactory)
    key = factory.Sequence(lambda number: f"category-{number}")
    name = "环境质量"


class IndicatorFactory(factory.django.DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    plan = factory.SubFactory(PlanFactory)
    category = factory.LazyAttribute(lambda indicator: CategoryFactory.create(plan=indicator.plan))
    code = factory.Sequence(lambda number: f"indicator-{number}")
    name = "空气质量优良天数比率"
    unit = "%"
    constraint = "binding"
    direction = "higher"
    target_year = factory.LazyAttribute(lambda indicator: indicator.plan.target_year)
    origin = "table"
    section = "第二章"


class MeasureFactory(factory.django.DjangoModelFactory[Measure]):
    class Meta:
        model = Measure

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda number: f"measure-{number}")
    title = "加强水土流失治理"
    chapter = "第三章"
    section = "第一节"
    position = factory.Sequence(int)


class TargetFactory(factory.django.DjangoModelFactory[Target]):
    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    region = factory.LazyAttribute(lambda target: target.indicator.plan.region)
    year = factory.LazyAttribute(lambda target: target.indicator.target_year)
    wording = "≥95"
    rule = factory.LazyAttribute(
        lambda target: parse_target(
            target.wording, direction=target.indicator.direction, unit=target.indicator.unit
        ).to_json()
    )


class YearlyValueFactory(factory.django.DjangoModelFactory[YearlyValue]):
    """An approved value, written past the service: for tests of what reads values."""

    class Meta:
        model = YearlyValue

    indicator = factory.SubFactory(IndicatorFactory)
    region = factory.LazyAttribute(lambda value: value.indicator.plan.region)
    year = 2021
    status = ReviewStatus.APPROVED
    approved_at = factory.LazyFunction(timezone.now)


def led_by(department: Department, **values: Any) -> Indicator:
    """An indicator with the target ≥95 that the department leads, in a plan of its region."""
    plan = values.pop("plan", None) or PlanFactory.create(coordinating_department=department)
    wording = values.pop("wording", "≥95")
    indicator: Indicator = IndicatorFactory.create(plan=plan, **values)
    Responsibility.objects.create(indicator=indicator, department=department, role=DutyRole.LEAD)
    TargetFactory.create(indicator=indicator, wording=wording)
    return indicator


def measure_led_by(department: Department, **values: Any) -> Measure:
    """A measure that the department leads, in a plan of its region."""
    plan = values.pop("plan", None) or PlanFactory.create(coordinating_department=department)
    measure: Measure = MeasureFactory.create(plan=plan, **values)
    MeasureResponsibility.objects.create(measure=measure, department=department, role=DutyRole.LEAD)
    return measure


class EvidenceFileFactory(factory.django.DjangoModelFactory[EvidenceFile]):
    """A record of evidence without bytes, written past the service: for tests of what lists files."""

    class Meta:
        model = EvidenceFile

    indicator = factory.SubFactory(IndicatorFactory)
    region = factory.LazyAttribute(lambda file: file.indicator.plan.region)
    year = 2021
    file = "00/none"
    name = "公报.pdf"
    content_type = "application/pdf"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SubFactory(UserFactory)


class TargetDocumentFileFactory(factory.django.DjangoModelFactory[TargetDocumentFile]):
    """A record of a target's document without bytes."""

    class Meta:
        model = TargetDocumentFile

    target = factory.SubFactory(TargetFactory)
    file = "00/none"
    name = "川环函〔2023〕1号.pdf"
    content_type = "application/pdf"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SubFactory(UserFactory)


class ValueImportFactory(factory.django.DjangoModelFactory[ValueImport]):
    """A record of an import without bytes."""

    class Meta:
        model = ValueImport

    plan = factory.SubFactory(PlanFactory)
    file = "00/none"
    name = "指标表.xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SubFactory(UserFactory)


class ReportImportFactory(factory.django.DjangoModelFactory[ReportImport]):
    """A record of an import of progress reports without bytes."""

    class Meta:
        model = ReportImport

    plan = factory.SubFactory(PlanFactory)
    year = 2022
    file = "00/none"
    name = "进展表.xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SubFactory(UserFactory)


class KeyProjectFactory(factory.django.DjangoModelFactory[KeyProject]):
    """A key project alone in its column."""

    class Meta:
        model = KeyProject

    class Params:
        plan = factory.SubFactory(PlanFactory)

    group = factory.LazyAttribute(
        lambda project: ProjectGroup.objects.create(
            column=ProjectColumn.objects.create(
                plan=project.plan,
                number=project.plan.project_columns.count() + 1,
                label="专栏",
                title="绿色低碳重点项目",
                section="第三章",
            ),
            position=1,
        )
    )
    code = factory.Sequence(lambda number: f"project-{number}")
    name = "公共充电设施"
    kind = "facility"


def project_led_by(department: Department, *, quantity: Decimal, **values: Any) -> KeyProject:
    """A key project that the department leads, in a plan of its region, with that many charging points promised."""
    plan = values.pop("plan", None) or PlanFactory.create(coordinating_department=department)
    project: KeyProject = KeyProjectFactory.create(plan=plan, **values)
    ProjectResponsibility.objects.create(project=project, department=department, role=DutyRole.LEAD)
    Deliverable.objects.create(
        project=project, name="充电桩", quantity=quantity, unit="个", wording=f"建设充电桩{quantity}个", position=1
    )
    return project


class ProgressFileFactory(factory.django.DjangoModelFactory[ProgressFile]):
    """A record of a photo without bytes, written past the service: for tests of what lists files."""

    class Meta:
        model = ProgressFile

    project = factory.SubFactory(KeyProjectFactory)
    year = 2021
    file = "00/none"
    name = "现场.jpg"
    content_type = "image/jpeg"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SubFactory(UserFactory)

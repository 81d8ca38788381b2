"""Key projects (重点项目): what a column names, who answers for it, and what it is to deliver."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from indicators.models import Measure, Plan
from projects.models.column import ProjectGroup
from regions.history import kept_history
from regions.models import AbstractResponsibility, Region
from regions.records import PrintedRecord


class ProjectKind(models.TextChoices):
    """What sort of work a project is."""

    FACILITY = "facility", "设施建设"
    REMEDIATION = "remediation", "治理修复"
    INDUSTRY = "industry", "产业发展"
    MONITORING = "monitoring", "监测监管能力"
    MANAGEMENT = "management", "管理行动"
    SURVEY = "survey", "调查评估"


class KeyProject(models.Model):
    """A key project as the column names it."""

    code = models.SlugField("代码", max_length=80, unique=True)
    group = models.ForeignKey(ProjectGroup, on_delete=models.PROTECT, related_name="projects", verbose_name="项目组")
    name = models.CharField("项目名称", max_length=200)
    summary = models.CharField("内容概述", max_length=500, blank=True)
    kind = models.CharField("类型", max_length=12, choices=ProjectKind.choices)
    places = models.ManyToManyField(Region, blank=True, related_name="projects", verbose_name="所在地区")
    location = models.CharField("具体地点", max_length=300, blank=True)
    companies: models.JSONField[Any, Any] = models.JSONField("企业（原文）", default=list, blank=True)
    start_year = models.PositiveSmallIntegerField("计划开工年", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("计划完工年", null=True, blank=True)
    investment_amount = models.DecimalField("投资额", max_digits=15, decimal_places=4, null=True, blank=True)
    investment_unit = models.CharField("投资额单位", max_length=10, blank=True)
    investment_wording = models.CharField("投资额（原文）", max_length=200, blank=True)
    investment_source = models.CharField("资金来源", max_length=200, blank=True)
    measures = models.ManyToManyField(Measure, blank=True, related_name="projects", verbose_name="对应任务")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history(m2m_fields=[places, measures])

    class Meta:
        verbose_name = "重点项目"
        verbose_name_plural = "重点项目"
        ordering = ["group", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year__isnull=True) | Q(end_year__isnull=True) | Q(start_year__lte=F("end_year")),
                name="key_project_years_in_order",
                violation_error_message="计划完工年不能早于计划开工年。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the project."""
        return reverse("project", args=[self.code])

    @property
    def plan(self) -> Plan:
        """The plan whose column names the project; expects group and column to be loaded."""
        return self.group.column.plan

    @property
    def due_year(self) -> int:
        """The plan year by whose end everything is to be delivered: the planned end, where it lies in the plan's
        period, else the plan's target year."""
        plan = self.plan
        return (
            plan.target_year if self.end_year is None else min(max(self.end_year, plan.years.start), plan.target_year)
        )

    def clean(self) -> None:
        """An amount has its unit; companies are a list of names."""
        if self.investment_amount is not None and not self.investment_unit:
            raise ValidationError({"investment_unit": "请写明投资额的单位。"})
        if not isinstance(self.companies, list) or not all(isinstance(name, str) and name for name in self.companies):
            raise ValidationError({"companies": "企业应是名称的列表。"})


class ProjectResponsibility(AbstractResponsibility):
    """A department leads or shares a key project."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="responsibilities", verbose_name="重点项目"
    )
    history = kept_history(bases=[PrintedRecord])

    class Meta(AbstractResponsibility.Meta):
        verbose_name = "项目分工"
        verbose_name_plural = "项目分工"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "department"],
                name="project_responsibility_unique",
                violation_error_message="同一部门在一个项目中只列一次。",
            ),
        ]


class Deliverable(models.Model):
    """A promised quantity of a project, such as 充电桩 3600 个; `quantity_max` is set for a printed range only.

    A quantity adds up over the years; a rate does not, it is a level that is reached or not.
    """

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="deliverables", verbose_name="重点项目"
    )
    name = models.CharField("建设内容", max_length=160)
    quantity = models.DecimalField("数量", max_digits=15, decimal_places=4)
    quantity_max = models.DecimalField("数量上限", max_digits=15, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    wording = models.CharField("原文", max_length=300)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history()

    class Meta:
        verbose_name = "建设内容"
        verbose_name_plural = "建设内容"
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="deliverable_position_unique"),
            models.CheckConstraint(
                condition=Q(quantity_max__isnull=True) | Q(quantity__lt=F("quantity_max")),
                name="deliverable_range_in_order",
                violation_error_message="数量上限应大于数量。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.quantity.normalize():f}{self.unit}"

    @property
    def is_rate(self) -> bool:
        """Whether a rate is promised (联网率达到100%)."""
        return self.unit == "%"

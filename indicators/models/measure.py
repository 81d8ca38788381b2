"""A measure (任务): what the plan tells departments to do, beside what it measures, and what they say they did."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models

from indicators.models.indicator import Indicator
from indicators.models.plan import Plan
from indicators.models.reviewed import AbstractReviewed, ReviewStatus, approved_at_known
from regions.history import kept_history
from regions.models import AbstractResponsibility, DutyRole
from regions.records import PrintedRecord, StandingRecord


class Measure(models.Model):
    """One task of a plan with its place in the document, its departments as printed, and the indicators it serves."""

    code = models.SlugField("代码", max_length=80, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures", verbose_name="规划")
    chapter = models.CharField("章", max_length=160, blank=True)
    section = models.CharField("节", max_length=200, blank=True)
    title = models.CharField("任务", max_length=200)
    summary = models.CharField("内容概述", max_length=500, blank=True)
    responsibility_text = models.CharField("责任分工（原文）", max_length=600, blank=True)
    deadline = models.CharField("完成时限（原文）", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="measures", verbose_name="对应指标")
    history = kept_history(m2m_fields=[indicators])

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["plan", "position"]

    def __str__(self) -> str:
        return self.title

    def departments(self, role: DutyRole) -> list[MeasureResponsibility]:
        """Responsibilities of one role in printed order; free when `responsibilities` is prefetched."""
        return [duty for duty in self.responsibilities.all() if duty.role == role]


class MeasureResponsibility(AbstractResponsibility):
    """A department leads or shares a measure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="responsibilities", verbose_name="任务")
    history = kept_history(bases=[PrintedRecord])

    class Meta(AbstractResponsibility.Meta):
        verbose_name = "任务分工"
        verbose_name_plural = "任务分工"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "department"],
                name="measure_responsibility_unique",
                violation_error_message="同一部门在一项任务中只列一次。",
            ),
        ]


class MeasureProgress(models.TextChoices):
    """How far a measure has come, as its department states it."""

    NOT_STARTED = "not_started", "未启动"
    ONGOING = "ongoing", "推进中"
    COMPLETED = "completed", "已完成"


class MeasureReportQuerySet(models.QuerySet["MeasureReport"]):
    """Named reads over statements on measures."""

    def approved(self) -> MeasureReportQuerySet:
        """Statements that everybody reads."""
        return self.filter(status=ReviewStatus.APPROVED)


class MeasureReport(AbstractReviewed):
    """What was done for a measure in one plan year, stated by its lead department and reviewed as values are."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="reports", verbose_name="任务")
    year = models.PositiveSmallIntegerField("年度")
    progress = models.CharField("进展", max_length=12, choices=MeasureProgress.choices)
    statement = models.TextField("落实情况", validators=[MaxLengthValidator(2000)])
    problems = models.TextField("存在问题", blank=True, validators=[MaxLengthValidator(2000)])
    next_step = models.TextField("下一步安排", blank=True, validators=[MaxLengthValidator(2000)])
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)
    history = kept_history(bases=[StandingRecord])

    objects = MeasureReportQuerySet.as_manager()

    class Meta:
        verbose_name = "任务落实情况"
        verbose_name_plural = "任务落实情况"
        ordering = ["measure", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "year"],
                name="measure_report_unique",
                violation_error_message="该任务这一年度已有落实情况，请打开原有记录修改。",
            ),
            approved_at_known("measure_report_approved_at_known", "落实情况"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} 年"

    @property
    def reference(self) -> str:
        """How messages call the report."""
        return f"“{self.measure.title}”{self.year}年的落实情况"

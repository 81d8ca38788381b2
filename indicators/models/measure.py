"""A measure (任务): what the plan tells departments to do, beside what it measures."""

from __future__ import annotations

from django.db import models

from indicators.models.indicator import Indicator
from indicators.models.plan import Plan
from regions.history import kept_history
from regions.models import AbstractResponsibility


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


class MeasureResponsibility(AbstractResponsibility):
    """A department leads or shares a measure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="responsibilities", verbose_name="任务")
    history = kept_history()

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

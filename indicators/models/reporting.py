"""A reporting round (填报任务): the values of one plan and year are due by a deadline and go through review."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from indicators.models.plan import Plan
from regions.history import kept_history
from regions.records import StandingRecord


class ReportingRound(models.Model):
    """Opened by a reviewer. While a round exists for a plan and year, its values count only once approved."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reporting_rounds", verbose_name="规划")
    year = models.PositiveSmallIntegerField("年度")
    deadline = models.DateField("截止日期")
    note = models.CharField("填报要求", max_length=500, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发起人"
    )
    opened_at = models.DateTimeField("发起时间")
    history = kept_history(bases=[StandingRecord])

    class Meta:
        verbose_name = "填报任务"
        verbose_name_plural = "填报任务"
        ordering = ["-year", "plan"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year"],
                name="reporting_round_unique",
                violation_error_message="这个规划的这一年度已有填报任务，请打开原有任务修改截止日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.year} 年填报任务"

    def clean(self) -> None:
        """The year is one that the plan is judged for."""
        if self.plan_id and self.year is not None and self.year not in self.plan.years:
            years = self.plan.years
            raise ValidationError({"year": f"年度应在 {years.start} 至 {years.stop - 1} 年之间。"})

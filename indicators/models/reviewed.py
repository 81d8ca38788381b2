"""What goes through review, whatever it states: yearly values, progress reports of projects, statements on measures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReviewStatus(models.TextChoices):
    """Where a record stands in the workflow; only approved records count."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已审定"


class AbstractReviewed(models.Model):
    """A record that a department hands in and a reviewer approves or returns. `revision` grows with every change, so
    that nobody overwrites or decides what they have not seen."""

    status = models.CharField("状态", max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.DRAFT)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提交人",
    )
    review_comment = models.CharField("审核意见", max_length=500, blank=True)
    approved_at = models.DateTimeField("审定时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审定人",
    )
    revision = models.PositiveIntegerField("修订号", default=1)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """How messages call the record: “森林覆盖率”2023年的数值."""
        raise NotImplementedError


def approved_at_known(name: str, noun: str) -> models.CheckConstraint:
    """The constraint that an approved record knows since when it is; `noun` is what its messages call it."""
    return models.CheckConstraint(
        condition=~Q(status=ReviewStatus.APPROVED) | Q(approved_at__isnull=False),
        name=name,
        violation_error_message=f"已审定的{noun}缺少审定时间。",
    )

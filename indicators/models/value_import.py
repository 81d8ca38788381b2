"""Imports of workbooks with yearly values: what was received, what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from indicators.models.evidence import AbstractStoredFile
from indicators.models.plan import Plan
from regions.history import kept_history


class ImportState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", "等待核对"
    CHECKED = "checked", "待确认"
    CONFIRMED = "confirmed", "等待写入"
    DONE = "done", "已导入"
    UNDONE = "undone", "已撤销"
    REFUSED = "refused", "无法读取"
    DISCARDED = "discarded", "已放弃"


class ValueImport(AbstractStoredFile):
    """A workbook that a person imports into a plan; file, counts and outcome are kept.

    `year` holds for tables that name none. `counts` are the numbers of values by how they stood (recording.Standing)
    and under "problems" those of cells to correct. `refusal` says why the file could not be read or written.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="value_imports", verbose_name="规划")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    as_draft = models.BooleanField("存为草稿", default=False)
    reason = models.CharField("修改原因", max_length=500, blank=True)
    stamp = models.CharField("核对时的状态", max_length=64, blank=True)
    counts: models.JSONField[Any, Any] = models.JSONField("数量", default=dict, blank=True)
    refusal = models.TextField("未导入的原因", blank=True)
    finished_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )
    history = kept_history()

    class Meta:
        verbose_name = "数值导入"
        verbose_name_plural = "数值导入"
        ordering = ["-uploaded_at", "-pk"]

    def get_absolute_url(self) -> str:
        """The page of the import."""
        return reverse("value_import", args=[self.pk])

"""Imports of workbooks with yearly values: what was received, what became of it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from indicators.models.abstract_import import AbstractImport
from indicators.models.plan import Plan
from regions.history import kept_history


class ValueImport(AbstractImport):
    """A workbook with yearly values. `year` holds for tables that name none."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="value_imports", verbose_name="规划")
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    history = kept_history()

    class Meta(AbstractImport.Meta):
        verbose_name = "数值导入"
        verbose_name_plural = "数值导入"

    def get_absolute_url(self) -> str:
        """The page of the import."""
        return reverse("value_import", args=[self.pk])

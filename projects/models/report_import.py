"""Imports of workbooks with progress reports: what was received, what became of it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from indicators.models import AbstractImport, Plan
from projects.models.progress import Quarter, period_in_words
from regions.history import kept_history


class ReportImport(AbstractImport):
    """A workbook with progress reports of a plan's projects for a year; `quarter` is empty while only the file, one of
    our templates, says it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="report_imports", verbose_name="规划")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", choices=Quarter.choices, null=True, blank=True)
    history = kept_history()

    class Meta(AbstractImport.Meta):
        verbose_name = "项目进展导入"
        verbose_name_plural = "项目进展导入"

    def get_absolute_url(self) -> str:
        """The page of the import."""
        return reverse("report_import", args=[self.pk])

    @property
    def period(self) -> str:
        """The period in words, as far as it is known."""
        return period_in_words(self.year, self.quarter or Quarter.YEAR)

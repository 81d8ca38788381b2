"""Project columns (专栏) of a plan and the groups inside them."""

from __future__ import annotations

from django.db import models

from indicators.models import Plan
from regions.history import kept_history


class ProjectColumn(models.Model):
    """One numbered column of the document, such as 专栏二 低碳绿色重点项目."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="project_columns", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("编号（原文）", max_length=20)
    title = models.CharField("标题", max_length=120)
    section = models.CharField("章节", max_length=200)
    history = kept_history()

    class Meta:
        verbose_name = "项目专栏"
        verbose_name_plural = "项目专栏"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="project_column_number_unique")]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"


class ProjectGroup(models.Model):
    """A numbered group inside a column; a column of titled projects only has one group without a title."""

    column = models.ForeignKey(ProjectColumn, on_delete=models.CASCADE, related_name="groups", verbose_name="专栏")
    label = models.CharField("编号（原文）", max_length=20, blank=True)
    title = models.CharField("标题", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history()

    class Meta:
        verbose_name = "项目组"
        verbose_name_plural = "项目组"
        ordering = ["column", "position"]
        constraints = [models.UniqueConstraint(fields=["column", "position"], name="project_group_position_unique")]

    def __str__(self) -> str:
        return f"{self.label}{self.title}" or str(self.column)

"""Baselines and targets as dated versions: what was judged before stays reproducible.

Figures have at most 15 digits, four of them after the point: exact in every supported database.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractYear

from indicators.models.indicator import Indicator
from regions.history import kept_history
from regions.models import Region, refers_to
from regions.records import PrintedRecord


def in_effect(on: date) -> Q:
    """Versions that have taken effect by that day."""
    return Q(effective_on=None) | Q(effective_on__lte=on)


class AbstractVersion(models.Model):
    """One version of a statement about an indicator, a region and a year; the highest version is in force."""

    version = models.PositiveSmallIntegerField("版本", default=1, validators=[MinValueValidator(1)])
    effective_on = models.DateField("生效日期", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        abstract = True

    def is_in_effect(self, on: date) -> bool:
        """Whether the version has taken effect by that day: `in_effect` for one row."""
        return self.effective_on is None or self.effective_on <= on


class Baseline(AbstractVersion):
    """The printed starting point. `value` is None where the source prints no figure ("-"); grades are 1 to 6.

    For a cumulative rate the printed figure is the previous period's result: shown, never a starting point (§2).
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="baselines", verbose_name="指标")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年份")
    value = models.DecimalField("数值", max_digits=15, decimal_places=4, null=True, blank=True)
    text = models.CharField("原文", max_length=80, blank=True)
    source = models.CharField("数据来源", max_length=300, blank=True, help_text="规划原文以外的来源")
    history = kept_history(bases=[PrintedRecord])

    class Meta:
        verbose_name = "基期值"
        verbose_name_plural = "基期值"
        ordering = ["indicator", "region", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "region", "version"], name="baseline_version_unique"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""),
                name="baseline_not_empty",
                violation_error_message="基期值的数值和原文不能都为空。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.year} 年基期值 {self.text or self.value}"

    def clean(self) -> None:
        """A figure is one that the indicator can have."""
        if self.value is not None and refers_to(self, "indicator"):
            complaint = self.indicator.complaint(self.value)
            if complaint:
                raise ValidationError({"value": complaint})


class TargetQuerySet(models.QuerySet["Target"]):
    """Named reads over targets."""

    def shares(self, on: date) -> models.QuerySet[Any]:
        """What indicators are broken down to that day: the final target in force of every county that has one.

        `since` is the first year for which the county reports: that in which its first version took effect, 0 where
        that version has no date. A version without a wording withdraws a share.
        """
        same = Target.objects.filter(
            in_effect(on), indicator=OuterRef("indicator"), region=OuterRef("region"), year=OuterRef("year")
        )
        first = same.exclude(wording="").order_by("version").values(begun=Coalesce(ExtractYear("effective_on"), 0))
        return (
            self.filter(in_effect(on), ~Exists(same.filter(version__gt=OuterRef("version"))))
            .filter(year=F("indicator__target_year"))
            .exclude(Q(wording="") | Q(region=F("indicator__plan__region")))
            .annotate(since=Subquery(first[:1]))
        )


class Target(AbstractVersion):
    """What is to hold in `year`: the final target (the indicator's target year), an annual one, or a county's share.

    `rule` is the understood wording as JSON (indicators.targets.TargetRule); `rule_by_hand` marks one that a person
    chose. `assigned_value` is the number that an upper level gave for 完成省定目标, on the authority of `document`.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets", verbose_name="指标")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年份")
    wording = models.CharField("目标原文", max_length=300, blank=True)
    rule: models.JSONField[Any, Any] = models.JSONField("目标规则", default=dict, blank=True)
    rule_by_hand = models.BooleanField("规则由人工确定", default=False)
    assigned_value = models.DecimalField("上级下达数", max_digits=15, decimal_places=4, null=True, blank=True)
    history = kept_history(bases=[PrintedRecord])

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "目标"
        verbose_name_plural = "目标"
        ordering = ["indicator", "region", "year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "region", "year", "version"], name="target_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.year} 年目标 {self.wording or '（原文未写）'}"

    def clean(self) -> None:
        """A target lies inside the judged years."""
        if refers_to(self, "indicator") and self.year is not None and self.year not in self.indicator.years:
            years = self.indicator.years
            raise ValidationError({"year": f"年份应在 {years.start} 至 {years.stop - 1} 年之间。"})

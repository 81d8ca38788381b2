"""The yearly value that a department reports."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from indicators.core.codes import Finding
from indicators.models.indicator import Indicator
from indicators.models.reviewed import AbstractReviewed, ReviewStatus, approved_at_known
from indicators.models.target import Target
from indicators.series import SeriesKey
from regions.history import kept_history
from regions.models import Region
from regions.records import StandingRecord


class ValueOrigin(models.TextChoices):
    """The way by which a value came in."""

    FORM = "form", "表单填报"
    IMPORT = "import", "表格导入"
    API = "api", "接口"
    PUBLISHED = "published", "公开发布"
    DEMONSTRATION = "demo", "演示数据"


class YearlyValueQuerySet(models.QuerySet["YearlyValue"]):
    """Named reads over yearly values."""

    def approved(self) -> YearlyValueQuerySet:
        """Values that count in verdicts, dashboards and the API."""
        return self.filter(status=ReviewStatus.APPROVED)

    def reported(self, on: date) -> YearlyValueQuerySet:
        """Values that are asked for: of the plan's own region, and of counties for the years of their share."""
        due = Target.objects.shares(on).filter(
            indicator=OuterRef("indicator"), region=OuterRef("region"), since__lte=OuterRef("year")
        )
        return self.filter(Q(region=F("indicator__plan__region")) | Exists(due))


class YearlyValue(AbstractReviewed):
    """One value per indicator, region and plan year: a figure in the indicator's unit, a grade 1 to 6, or a finding."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values", verbose_name="指标")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("数值", max_digits=15, decimal_places=4, null=True, blank=True)
    finding = models.CharField("评定结论", max_length=12, choices=Finding.choices(), blank=True)
    origin = models.CharField("填报方式", max_length=10, choices=ValueOrigin.choices, default=ValueOrigin.FORM)
    value_import = models.ForeignKey(
        "indicators.ValueImport",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="values",
        verbose_name="所属导入",
        help_text="最后一次写入来自表格导入时，是哪一次",
    )
    source = models.CharField("数据来源", max_length=300, blank=True)
    source_url = models.URLField("来源网址", max_length=300, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    history = kept_history(bases=[StandingRecord])

    objects = YearlyValueQuerySet.as_manager()

    class Meta:
        verbose_name = "年度数值"
        verbose_name_plural = "年度数值"
        ordering = ["indicator", "region", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "year"],
                name="value_unique",
                violation_error_message="该指标在这一地区、这一年度已有数值，请打开原有记录修改，不要重复新增。",
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=False) & Q(finding="")) | (Q(value__isnull=True) & ~Q(finding="")),
                name="value_is_figure_or_finding",
                violation_error_message="请填写数值或评定结论，两者只填其一。",
            ),
            approved_at_known("value_approved_at_known", "数值"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.region} {self.year} 年"

    def get_absolute_url(self) -> str:
        """The page of the indicator, where the value stands beside its verdict."""
        return self.indicator.get_absolute_url()

    @property
    def is_demonstration(self) -> bool:
        """Whether the figure was filled in to show the portal, not reported."""
        return self.origin == ValueOrigin.DEMONSTRATION

    @property
    def rests_on_submitted(self) -> bool:
        """Whether it waits for review and is only read as if it were approved: there is no time of its approval
        (indicators.services.submitted_basis)."""
        return self.status == ReviewStatus.APPROVED and self.approved_at is None

    @property
    def lacks_source(self) -> bool:
        """Whether nobody said where the value comes from; pages then mark it 未注明来源."""
        return not (self.source or self.source_url)

    @property
    def series(self) -> SeriesKey:
        """Indicator and region."""
        return SeriesKey(self.indicator_id, self.region_id)

    @property
    def name(self) -> str:
        """The indicator's name, with the county of a county's figure; expects plan and region to be loaded."""
        return self.indicator.name_in(self.region)

    @property
    def reference(self) -> str:
        """How messages call the value; expects plan and region to be loaded."""
        return f"“{self.name}”{self.year}年的数值"

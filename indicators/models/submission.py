"""Values that a client of the API handed in: what was asked and answered, and what it last stated of each value."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from indicators.models.indicator import Indicator
from indicators.models.value import YearlyValue
from regions.models import Region

LONGEST_KEY = 200


class ValueSubmission(models.Model):
    """One request that wrote. The client names it by a `key` of its own; the same request under the same key is
    answered from here and writes nothing again. `body_digest` tells whether it is the same. Never changed; forgotten
    when its values were stated again and the key is old (manage.py prune_submissions).
    """

    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="接口账号"
    )
    key = models.CharField("提交标识", max_length=LONGEST_KEY, help_text="请求头 Idempotency-Key")
    body_digest = models.CharField("内容摘要", max_length=64, editable=False)
    as_draft = models.BooleanField("存为草稿", default=False)
    submitted_at = models.DateTimeField("提交时间")
    answer = models.TextField("答复", editable=False, help_text="JSON，逐字保存")

    class Meta:
        verbose_name = "接口提交"
        verbose_name_plural = "接口提交"
        ordering = ["-submitted_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["submitted_by", "key"], name="value_submission_key_unique")]

    def __str__(self) -> str:
        return f"{self.submitted_by} {self.key}"


class SubmittedValue(models.Model):
    """What a client last stated for an indicator, region and year. Where `record` states the same, its state is that of
    the client's own value; where it states something else, somebody has changed it since."""

    submission = models.ForeignKey(
        ValueSubmission, on_delete=models.PROTECT, related_name="values", verbose_name="接口提交"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="接口账号"
    )
    record = models.ForeignKey(
        YearlyValue, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="年度数值"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+", verbose_name="指标")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("数值", max_digits=15, decimal_places=4)
    source = models.CharField("数据来源", max_length=300, blank=True)
    source_url = models.URLField("来源网址", max_length=300, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "接口提交的数值"
        verbose_name_plural = "接口提交的数值"
        ordering = ["indicator", "region", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["submitted_by", "indicator", "region", "year"], name="submitted_value_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.region} {self.year} 年"

"""The stored verdict of one indicator, region and year, with everything it rests on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Greatest, Least

from indicators.core.verdicts import Severity, Verdict
from indicators.models.indicator import Indicator
from indicators.models.target import Target
from regions.models import Region


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Named reads over stored verdicts."""

    def of_own_region(self) -> AssessmentQuerySet:
        """Verdicts for the plan's own region, without the counties that a target was shared out to."""
        return self.filter(region=F("indicator__plan__region"))

    def standing_in(self, year: int) -> AssessmentQuerySet:
        """The one verdict of each indicator that stands in `year`, for the plan's own region.

        `year` is held within the judged years of each plan; an indicator whose target year has passed keeps the
        verdict of its target year.
        """
        first = F("indicator__plan__baseline_year") + Value(1)
        in_plan = Greatest(first, Least(F("indicator__plan__target_year"), Value(year)))
        return self.of_own_region().filter(year=Least(F("indicator__target_year"), in_plan))

    def last_known_before(self, year: int) -> AssessmentQuerySet:
        """The newest real verdict of each indicator that has no value for the year that stands in `year`.

        Without it a worsening that is known would vanish from sight as soon as a year without figures begins.
        """
        unfilled = self.standing_in(year).filter(verdict=Verdict.AWAITING_VALUE).values("indicator")
        waiting = [verdict for verdict in Verdict if verdict.is_waiting]
        judged = Assessment.objects.filter(indicator=OuterRef("indicator"), region=OuterRef("region"), year__lt=year)
        newest = judged.exclude(verdict__in=waiting).order_by("-year").values("year")[:1]
        return self.of_own_region().filter(indicator__in=unfilled, year=Subquery(newest))

    def headline(self) -> AssessmentQuerySet:
        """Verdicts that count in a roll-up: components are counted through their parent."""
        return self.filter(indicator__parent=None)

    def with_warning(self) -> AssessmentQuerySet:
        """Red and yellow verdicts, most severe first, then the worst verdict, then in order of the plan."""
        return self.filter(severity__in=[Severity.CRITICAL, Severity.WARNING]).order_by(
            in_declared_order("severity", list(Severity)),
            in_declared_order("verdict", list(Verdict)),
            "indicator__plan__slug",
            "indicator__position",
        )

    def counts(self) -> models.QuerySet[Assessment, Any]:
        """How many verdicts there are, by plan, constraint, verdict and severity. One grouped query."""
        return (
            self.order_by()
            .values("indicator__plan", "indicator__constraint", "verdict", "severity")
            .annotate(count=Count("pk"))
        )


def in_declared_order(field: str, codes: list[Any]) -> Case:
    """Sorts by the order in which an enum declares its codes."""
    cases = [When(**{field: str(code)}, then=Value(rank)) for rank, code in enumerate(codes)]
    return Case(*cases, default=Value(len(codes)), output_field=IntegerField())


class AbstractAssessment(models.Model):
    """A verdict as `indicators.assessment.assess` gave it, stored so that pages need one grouped query.

    `value`, `required`, `gap`, `projection` and `needed_per_year` are in the unit of what is judged; `pace` and
    `progress` are fractions (0.268); `cumulative` and `remaining` are percentage points for rates and the unit for
    quantities.
    """

    year = models.PositiveSmallIntegerField("年度")
    verdict = models.CharField("评价", max_length=20, choices=Verdict.choices())
    severity = models.CharField("预警级别", max_length=10, choices=Severity.choices())
    rule_number = models.PositiveSmallIntegerField("规则编号", null=True, blank=True)
    value = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True, blank=True)
    pace = models.DecimalField("序时系数", max_digits=20, decimal_places=6, null=True, blank=True)
    progress = models.DecimalField("完成进度", max_digits=20, decimal_places=6, null=True, blank=True)
    required = models.DecimalField("当年应达到", max_digits=20, decimal_places=6, null=True, blank=True)
    gap = models.DecimalField("与目标差距", max_digits=20, decimal_places=6, null=True, blank=True)
    projection = models.DecimalField("预计期末值", max_digits=20, decimal_places=6, null=True, blank=True)
    needed_per_year = models.DecimalField("今后每年需完成", max_digits=20, decimal_places=6, null=True, blank=True)
    cumulative = models.DecimalField("累计", max_digits=20, decimal_places=6, null=True, blank=True)
    remaining = models.DecimalField("尚需完成", max_digits=20, decimal_places=6, null=True, blank=True)
    worsened = models.BooleanField("较上年变差", default=False)
    reason = models.TextField("理由")
    inputs: models.JSONField[Any, Any] = models.JSONField("依据", default=dict)
    judged_at = models.DateTimeField("评价时间")

    class Meta:
        abstract = True


class Assessment(AbstractAssessment):
    """The verdict on one indicator in one region for one year."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="assessments", verbose_name="指标")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    target = models.ForeignKey(
        Target, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="目标版本"
    )
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "评价结果"
        verbose_name_plural = "评价结果"
        ordering = ["indicator", "region", "year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "region", "year"], name="assessment_unique"),
        ]
        indexes = [models.Index(fields=["year", "verdict"], name="assessment_year_verdict")]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.year} 年：{self.get_verdict_display()}"

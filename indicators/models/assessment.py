"""The stored verdict of one indicator, region and year, with everything it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from indicators.core.verdicts import Severity, Verdict
from indicators.models.indicator import Indicator
from indicators.models.target import Target
from regions.models import Region
from regions.moment import asked_moment

Judged = TypeVar("Judged", bound="AbstractAssessment")


def stood_at(moment: datetime | None) -> Q:
    """Verdicts that stood at that moment, of all that ever stood; those of today for None."""
    if moment is None:
        return Q(replaced_at=None)
    return (Q(replaced_at=None) | Q(replaced_at__gt=moment)) & Q(judged_at__lte=moment)


class StandingOnly(models.Manager[Judged]):
    """Verdicts that stand now, or stood at the moment that is asked for (`regions.moment`)."""

    def get_queryset(self) -> models.QuerySet[Judged]:
        """Without those that had been replaced by then."""
        return super().get_queryset().filter(stood_at(asked_moment()))


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Named reads over stored verdicts."""

    def as_of(self, moment: datetime | None) -> AssessmentQuerySet:
        """The verdicts that stood at that moment, of all that ever stood (`Assessment.ever`); those of today for
        None."""
        return self.filter(stood_at(moment))

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

    def with_start_of_run(self) -> models.QuerySet[Any]:
        """With `since`: the first year of the unbroken run of failing years that the verdict ends; None where the
        verdict itself is none of failing (an overdue value, a target not handed down)."""
        failing = [verdict for verdict in Verdict if verdict.is_failing]
        earlier = Assessment.objects.filter(
            indicator=OuterRef("indicator"), region=OuterRef("region"), year__lt=OuterRef("year")
        )
        last_other = Subquery(earlier.exclude(verdict__in=failing).order_by("-year").values("year")[:1])
        start = Coalesce(last_other, F("indicator__plan__baseline_year"), output_field=IntegerField()) + Value(1)
        return self.annotate(since=Case(When(verdict__in=failing, then=start), output_field=IntegerField()))


def in_declared_order(field: str, codes: list[Any]) -> Case:
    """Sorts by the order in which an enum declares its codes."""
    cases = [When(**{field: str(code)}, then=Value(rank)) for rank, code in enumerate(codes)]
    return Case(*cases, default=Value(len(codes)), output_field=IntegerField())


class AbstractAssessment(models.Model):
    """A verdict as `indicators.assessment.assess` gave it, stored so that pages need one grouped query.

    A verdict is never overwritten: what changes is stored as a new row, and `replaced_at` says until when the old one
    stood. So it can be said since when something is red, and what was known at any day.

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
    is_demonstration = models.BooleanField("依据演示数据", default=False)
    judged_at = models.DateTimeField("评价时间")
    replaced_at = models.DateTimeField("被取代的时间", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def rests_on_submitted(self) -> bool:
        """Whether values that wait for review count in it: such a verdict is not stored, and its key is negative
        (indicators.services.submitted_basis)."""
        return self.pk is not None and self.pk < 0


StandingAssessments = StandingOnly.from_queryset(AssessmentQuerySet)


class Assessment(AbstractAssessment):
    """The verdict on one indicator in one region for one year.

    `objects` are the verdicts of today, `ever` all that ever stood.

    `change_number` rises from one committed change to the next, for clients that follow changes; `replacing_number` is
    that of the change that ended the verdict.
    """

    # An index of its own would repeat the beginning of `assessment_versions`.
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, db_index=False, related_name="assessments", verbose_name="指标"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    target = models.ForeignKey(
        Target, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="目标版本"
    )
    change_number = models.PositiveBigIntegerField("变动序号", default=0)
    replacing_number = models.PositiveBigIntegerField("取代它的变动序号", null=True, blank=True)

    objects = StandingAssessments()
    ever = AssessmentQuerySet.as_manager()

    class Meta:
        default_manager_name = "objects"
        verbose_name = "评价结果"
        verbose_name_plural = "评价结果"
        ordering = ["indicator", "region", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "year"], condition=Q(replaced_at=None), name="assessment_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "verdict"], condition=Q(replaced_at=None), name="assessment_year_verdict"),
            models.Index(fields=["change_number"], name="assessment_change"),
            models.Index(
                fields=["replacing_number"],
                condition=Q(replacing_number__isnull=False),
                name="assessment_replacing",
            ),
            models.Index(fields=["indicator", "region", "year", "judged_at"], name="assessment_versions"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.name} {self.year} 年：{self.get_verdict_display()}"


class ChangeCounter(models.Model):
    """The number of the last change of verdicts: one row. Whoever changes verdicts takes the next number and keeps the
    row locked until the change is committed, so that numbers become visible in their order."""

    last_number = models.PositiveBigIntegerField("最近的变动序号", default=0)

    class Meta:
        verbose_name = "变动序号"
        verbose_name_plural = "变动序号"

    def __str__(self) -> str:
        return str(self.last_number)

"""A plan as published, the groups of its indicator table, and the catalogue that ties plans together."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from regions.history import kept_history
from regions.models import Department, Membership, Region


class Domain(models.TextChoices):
    """The field of work that a canonical measure belongs to."""

    AIR = "air", "大气"
    WATER = "water", "水"
    SOIL = "soil", "土壤"
    WASTE = "waste", "固体废物"
    CLIMATE = "climate", "气候"
    ECOLOGY = "ecology", "生态"
    ENERGY = "energy", "能源资源"
    LIVING = "living", "人居环境"
    RURAL = "rural", "农业农村"
    RISK = "risk", "环境风险"
    NOISE = "noise", "噪声"
    GOVERNANCE = "governance", "治理能力"


class Topic(models.Model):
    """A canonical measure: indicators of different plans with one topic measure the same thing."""

    key = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=80)
    unit = models.CharField("单位", max_length=30, blank=True)
    domain = models.CharField("领域", max_length=12, choices=Domain.choices)
    history = kept_history()

    class Meta:
        verbose_name = "指标主题"
        verbose_name_plural = "指标主题"
        ordering = ["domain", "key"]

    def __str__(self) -> str:
        return self.name


class Stage(models.TextChoices):
    """How far the document has come."""

    ISSUED = "issued", "已印发"
    DRAFT = "draft", "征求意见稿"


class Origin(models.TextChoices):
    """Where in the document something stands."""

    TABLE = "table", "指标表"
    PROSE = "prose", "正文"


class PlanQuerySet(models.QuerySet["Plan"]):
    """Named reads over plans."""

    def own_regions_first(self, person_id: int | None) -> PlanQuerySet:
        """All plans with their region; those of the regions whose departments the person belongs to come first."""
        own = Membership.objects.filter(user=person_id, department__region=OuterRef("region"))
        return self.select_related("region").order_by(Exists(own).desc(), "slug")


class Plan(models.Model):
    """One source document with its period; years are plan years, `baseline_year` < year ≤ `target_year`.

    The three shares are the settings of docs/assessment.md: from `on_track_from` of the required progress an
    indicator is on track, below `behind_below` it is behind, and `about_tolerance` is the leeway of 左右.
    """

    slug = models.SlugField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="plans", verbose_name="地区")
    period_start = models.PositiveSmallIntegerField("规划期起")
    period_end = models.PositiveSmallIntegerField("规划期止")
    baseline_year = models.PositiveSmallIntegerField("基期年")
    target_year = models.PositiveSmallIntegerField("目标年")
    stage = models.CharField("阶段", max_length=8, choices=Stage.choices, default=Stage.ISSUED)
    document_number = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发布机关", max_length=120, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)
    coordinating_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="coordinated_plans",
        verbose_name="统筹部门",
        help_text="文件未写明牵头单位的指标由该部门牵头",
    )
    declared_indicator_count = models.PositiveSmallIntegerField("文件载明的指标数", null=True, blank=True)
    note = models.TextField("说明", blank=True)
    on_track_from = models.DecimalField(
        "符合序时进度下限",
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.95"),
        help_text="实际进度占应有进度的比例",
    )
    behind_below = models.DecimalField("滞后上限", max_digits=4, decimal_places=3, default=Decimal("0.60"))
    about_tolerance = models.DecimalField(
        "“左右”的容差",
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.05"),
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("0.5"))],
    )
    review_required = models.BooleanField("填报须经审核", default=False, help_text="不勾选时，填报后直接计入评价")
    history = kept_history()

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "规划"
        verbose_name_plural = "规划"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end"))
                & Q(baseline_year__lt=F("target_year"))
                & Q(target_year__lte=F("period_end")),
                name="plan_years_in_order",
                violation_error_message="年份次序不对：规划期起 ≤ 规划期止，基期年 < 目标年 ≤ 规划期止。",
            ),
            models.CheckConstraint(
                condition=Q(behind_below__gt=0) & Q(behind_below__lte=F("on_track_from")) & Q(on_track_from__lte=1),
                name="plan_thresholds_in_order",
                violation_error_message="评价比例次序不对：0 < 滞后上限 ≤ 符合序时进度下限 ≤ 1。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        """The years that are judged: after the baseline year up to the target year."""
        return range(self.baseline_year + 1, self.target_year + 1)

    @property
    def midterm_year(self) -> int | None:
        """The middle one of the judged years, 2023 of 2021 to 2025; None for a plan of fewer than three."""
        years = self.years
        return years[len(years) // 2] if len(years) > 2 else None

    def nearest_year(self, year: int) -> int:
        """The judged year that is nearest to `year`: the year itself where it is judged."""
        return max(self.years[0], min(self.years[-1], year))


class Category(models.Model):
    """A group of indicators: a group of the plan's table, or a chapter for what only the prose promises."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="categories", verbose_name="规划")
    key = models.SlugField("标识", max_length=60)
    name = models.CharField("名称", max_length=120)
    label = models.CharField("原文标题", max_length=160, blank=True)
    origin = models.CharField("出处", max_length=8, choices=Origin.choices, default=Origin.TABLE)
    declared_count = models.PositiveSmallIntegerField("文件载明的指标数", null=True, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history()

    class Meta:
        verbose_name = "指标类别"
        verbose_name_plural = "指标类别"
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="category_key_unique_in_plan")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A declared number belongs to a table group only."""
        if self.declared_count is not None and self.origin != Origin.TABLE:
            raise ValidationError({"declared_count": "只有指标表的类别才有载明的指标数。"})

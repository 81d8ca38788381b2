"""An indicator, where the document says it again, and who answers for it."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from indicators.core.bounds import bounds_of
from indicators.core.codes import Constraint, Direction, EntryBasis, Frequency, Grade, MeasureKind, ValueType
from indicators.core.figures import difference_unit
from indicators.models.plan import Category, Origin, Plan, Topic
from regions.history import kept_history
from regions.models import AbstractResponsibility, DutyRole, Region, refers_to
from regions.records import PrintedRecord


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Named reads over indicators."""

    def headline(self) -> IndicatorQuerySet:
        """Indicators that count in a roll-up: components are counted through their parent."""
        return self.filter(parent=None)

    def declared(self) -> IndicatorQuerySet:
        """Headline indicators in the groups of the plan's own table: the n of "n of 21"."""
        return self.headline().filter(category__origin=Origin.TABLE)


class Indicator(models.Model):
    """One commitment of a plan. Figures are in `unit`; percentages are percentage points.

    `target_year` is the year by which the target holds, usually the plan's. A parent has components and takes the
    worst of their verdicts.
    """

    code = models.SlugField("代码", max_length=80, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="indicators", verbose_name="规划")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="indicators", verbose_name="类别")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="components", verbose_name="所属指标"
    )
    number = models.CharField("序号", max_length=20, blank=True)
    name = models.CharField("指标名称", max_length=160)
    unit = models.CharField("单位", max_length=40, blank=True)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="指标主题"
    )
    constraint = models.CharField("指标属性", max_length=12, choices=Constraint.choices())
    constraint_text = models.CharField("指标属性（原文）", max_length=40, blank=True)
    direction = models.CharField("方向", max_length=8, choices=Direction.choices())
    value_type = models.CharField("填报类型", max_length=8, choices=ValueType.choices(), default=ValueType.NUMBER.value)
    measure = models.CharField(
        "计量方式", max_length=16, choices=MeasureKind.choices(), default=MeasureKind.LEVEL.value
    )
    entry_basis = models.CharField(
        "填报口径", max_length=8, choices=EntryBasis.choices(), default=EntryBasis.TO_DATE.value
    )
    frequency = models.CharField("达标要求", max_length=8, choices=Frequency.choices(), default=Frequency.ONCE.value)
    target_year = models.PositiveSmallIntegerField("目标年")
    origin = models.CharField("出处", max_length=8, choices=Origin.choices)
    section = models.CharField("章节", max_length=200)
    note = models.TextField("说明", blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "指标"
        verbose_name_plural = "指标"
        ordering = ["plan", "position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """The indicator's page."""
        return reverse("indicator", args=[self.code])

    def clean(self) -> None:
        """Category and parent are the plan's own, parents are one level deep, and the target year lies after the
        baseline."""
        errors = {}
        if self.category_id and self.plan_id and self.category.plan_id != self.plan_id:
            errors["category"] = "类别不属于这个规划。"
        if self.parent is not None:
            if self.parent.plan_id != self.plan_id:
                errors["parent"] = "所属指标不属于这个规划。"
            elif self.parent.parent_id is not None or self.parent == self or (self.pk and self.components.exists()):
                errors["parent"] = "分项指标之下不能再设分项。"
        if refers_to(self, "plan") and self.target_year is not None:
            first, last = self.plan.baseline_year + 1, self.plan.period_end
            if not first <= self.target_year <= last:
                errors["target_year"] = f"目标年应在 {first} 至 {last} 年之间。"
        if self.value_type != ValueType.NUMBER and self.measure != MeasureKind.LEVEL:
            errors["measure"] = "水质类别和评定类指标只能按年度水平计量。"
        if errors:
            raise ValidationError(errors)

    @property
    def years(self) -> range:
        """The years that are judged: after the plan's baseline year up to this indicator's target year."""
        return range(self.plan.baseline_year + 1, self.target_year + 1)

    @property
    def difference_unit(self) -> str:
        """The unit of a difference of two figures: percentages of a level differ by percentage points."""
        return difference_unit(self.unit, self.measure)

    def name_in(self, region: Region) -> str:
        """The name, with the county in brackets for a region that the target was broken down to."""
        return self.name if region.pk == self.plan.region_id else f"{self.name}（{region}）"

    def complaint(self, figure: Decimal) -> str | None:
        """Why the figure cannot be one of this indicator, in Chinese, or None when it can: a grade is 1 to 6, a number
        lies within its bounds. A finding has no figure to complain of."""
        if self.value_type == ValueType.GRADE:
            possible = figure in set(Grade)
            return None if possible else "水质类别请填 1 至 6：Ⅰ类填 1，Ⅱ类填 2，Ⅲ类填 3，Ⅳ类填 4，Ⅴ类填 5，劣Ⅴ类填 6。"
        if self.value_type == ValueType.NUMBER:
            return bounds_of(self.measure, self.unit).complaint(figure, self.unit)
        return None

    def departments(self, role: DutyRole) -> list[Responsibility]:
        """Responsibilities of one role in printed order; free when `responsibilities` is prefetched."""
        return [duty for duty in self.responsibilities.all() if duty.role == role]


class Mention(models.Model):
    """A further place where the document states the same commitment; both are shown where the two disagree."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="mentions", verbose_name="指标")
    section = models.CharField("章节", max_length=200)
    wording = models.CharField("原文", max_length=300)
    agrees = models.BooleanField("与指标一致", default=True)
    note = models.CharField("说明", max_length=300, blank=True)
    history = kept_history()

    class Meta:
        verbose_name = "正文复述"
        verbose_name_plural = "正文复述"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "section", "wording"], name="mention_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.section}：{self.wording}"


class Responsibility(AbstractResponsibility):
    """A department leads or shares an indicator."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="responsibilities", verbose_name="指标"
    )
    history = kept_history(bases=[PrintedRecord])

    class Meta(AbstractResponsibility.Meta):
        verbose_name = "责任分工"
        verbose_name_plural = "责任分工"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "department"],
                name="responsibility_unique",
                violation_error_message="同一部门在一个指标中只列一次。",
            ),
        ]

"""Project columns (专栏) of a plan: groups, key projects, what each is to deliver, and reported progress."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q

from indicators.models import Plan
from regions.history import kept_history
from regions.models import AbstractResponsibility, Region


class ProjectColumnQuerySet(models.QuerySet["ProjectColumn"]):
    """Named reads over columns."""

    def with_projects(self) -> ProjectColumnQuerySet:
        """Columns with groups, projects and all that a project states. Eight queries when evaluated."""
        projects = KeyProject.objects.order_by("position").prefetch_related(
            "places",
            "deliverables",
            Prefetch("responsibilities", ProjectResponsibility.objects.select_related("department")),
            Prefetch("progress_reports", ProgressReport.objects.prefetch_related("delivered_quantities")),
        )
        groups = ProjectGroup.objects.order_by("position").prefetch_related(Prefetch("projects", projects))
        return self.order_by("number").prefetch_related(Prefetch("groups", groups))


class ProjectColumn(models.Model):
    """One numbered column of the document, such as 专栏二 低碳绿色重点项目."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="project_columns", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("编号（原文）", max_length=20)
    title = models.CharField("标题", max_length=120)
    section = models.CharField("章节", max_length=200)
    history = kept_history()

    objects = ProjectColumnQuerySet.as_manager()

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


class ProjectKind(models.TextChoices):
    """What sort of work a project is."""

    FACILITY = "facility", "设施建设"
    REMEDIATION = "remediation", "治理修复"
    INDUSTRY = "industry", "产业发展"
    MONITORING = "monitoring", "监测监管能力"
    MANAGEMENT = "management", "管理行动"
    SURVEY = "survey", "调查评估"


class KeyProject(models.Model):
    """A key project as the column names it."""

    code = models.SlugField("代码", max_length=80, unique=True)
    group = models.ForeignKey(ProjectGroup, on_delete=models.PROTECT, related_name="projects", verbose_name="项目组")
    name = models.CharField("项目名称", max_length=200)
    summary = models.CharField("内容概述", max_length=500, blank=True)
    kind = models.CharField("类型", max_length=12, choices=ProjectKind.choices)
    places = models.ManyToManyField(Region, blank=True, related_name="projects", verbose_name="所在地区")
    location = models.CharField("具体地点", max_length=300, blank=True)
    companies: models.JSONField[Any, Any] = models.JSONField("企业（原文）", default=list, blank=True)
    start_year = models.PositiveSmallIntegerField("计划开工年", null=True, blank=True)
    end_year = models.PositiveSmallIntegerField("计划完工年", null=True, blank=True)
    investment_amount = models.DecimalField("投资额", max_digits=15, decimal_places=4, null=True, blank=True)
    investment_unit = models.CharField("投资额单位", max_length=10, blank=True)
    investment_wording = models.CharField("投资额（原文）", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history(m2m_fields=[places])

    class Meta:
        verbose_name = "重点项目"
        verbose_name_plural = "重点项目"
        ordering = ["group", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_year__isnull=True) | Q(end_year__isnull=True) | Q(start_year__lte=F("end_year")),
                name="key_project_years_in_order",
                violation_error_message="计划完工年不能早于计划开工年。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def plan(self) -> Plan:
        """The plan of its column. Queries unless `group__column__plan` is loaded."""
        return self.group.column.plan

    def clean(self) -> None:
        """An amount has its unit; companies are a list of names."""
        if self.investment_amount is not None and not self.investment_unit:
            raise ValidationError({"investment_unit": "请写明投资额的单位。"})
        if not isinstance(self.companies, list) or not all(isinstance(name, str) and name for name in self.companies):
            raise ValidationError({"companies": "企业应是名称的列表。"})


class ProjectResponsibility(AbstractResponsibility):
    """A department leads or shares a key project."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="responsibilities", verbose_name="重点项目"
    )
    history = kept_history()

    class Meta(AbstractResponsibility.Meta):
        verbose_name = "项目分工"
        verbose_name_plural = "项目分工"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "department"],
                name="project_responsibility_unique",
                violation_error_message="同一部门在一个项目中只列一次。",
            ),
        ]


class Deliverable(models.Model):
    """A promised quantity of a project, such as 充电桩 3600 个; `quantity_max` is set for a printed range only."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="deliverables", verbose_name="重点项目"
    )
    name = models.CharField("建设内容", max_length=160)
    quantity = models.DecimalField("数量", max_digits=15, decimal_places=4)
    quantity_max = models.DecimalField("数量上限", max_digits=15, decimal_places=4, null=True, blank=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    wording = models.CharField("原文", max_length=300)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    history = kept_history()

    class Meta:
        verbose_name = "建设内容"
        verbose_name_plural = "建设内容"
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="deliverable_position_unique"),
            models.CheckConstraint(
                condition=Q(quantity_max__isnull=True) | Q(quantity__lt=F("quantity_max")),
                name="deliverable_range_in_order",
                violation_error_message="数量上限应大于数量。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.quantity.normalize():f}{self.unit}"


class ProjectStatus(models.TextChoices):
    """How far a project has come."""

    RESERVE = "reserve", "储备"
    PREPARATION = "preparation", "前期"
    CONSTRUCTION = "construction", "在建"
    COMPLETED = "completed", "完工"
    OPERATING = "operating", "运行"
    SUSPENDED = "suspended", "停缓建"
    CANCELLED = "cancelled", "取消"


class ProgressReport(models.Model):
    """The progress of a project at the end of a year, or of a quarter where `quarter` is set."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.PROTECT, related_name="progress_reports", verbose_name="重点项目"
    )
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField(
        "季度", null=True, blank=True, choices=[(n, f"第{n}季度") for n in range(1, 5)]
    )
    status = models.CharField("项目状态", max_length=12, choices=ProjectStatus.choices)
    investment_paid = models.DecimalField(
        "累计完成投资（万元）", max_digits=15, decimal_places=4, null=True, blank=True
    )
    problems = models.TextField("存在问题", blank=True)
    next_step = models.TextField("下一步安排", blank=True)
    history = kept_history()

    class Meta:
        verbose_name = "进展报告"
        verbose_name_plural = "进展报告"
        ordering = ["project", "-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "quarter"],
                name="progress_report_quarter_unique",
                violation_error_message="该项目这一季度已有进展报告，请打开原有记录修改。",
            ),
            models.UniqueConstraint(
                fields=["project", "year"],
                condition=Q(quarter=None),
                name="progress_report_year_unique",
                violation_error_message="该项目这一年度已有进展报告，请打开原有记录修改。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year} 年" + (f"第{self.quarter}季度" if self.quarter else "")

    def clean(self) -> None:
        """A suspended or cancelled project says why; the year lies in the plan's period."""
        errors = {}
        if self.status in (ProjectStatus.SUSPENDED, ProjectStatus.CANCELLED) and not self.problems:
            errors["problems"] = "停缓建或取消的项目请写明原因。"
        if self.project_id and self.year is not None:
            plan = self.project.group.column.plan
            if not plan.period_start <= self.year <= plan.period_end:
                errors["year"] = f"年度应在规划期 {plan.period_start} 至 {plan.period_end} 年之间。"
        if errors:
            raise ValidationError(errors)


class DeliveredQuantity(models.Model):
    """How much of a deliverable was completed by a report, counted from the start of the period."""

    report = models.ForeignKey(
        ProgressReport, on_delete=models.CASCADE, related_name="delivered_quantities", verbose_name="进展报告"
    )
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="delivered_quantities", verbose_name="建设内容"
    )
    quantity = models.DecimalField("累计完成数量", max_digits=15, decimal_places=4)
    history = kept_history()

    class Meta:
        verbose_name = "完成数量"
        verbose_name_plural = "完成数量"
        constraints = [
            models.UniqueConstraint(fields=["report", "deliverable"], name="delivered_quantity_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="delivered_quantity_not_negative",
                violation_error_message="累计完成数量不能为负。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.name} 累计 {self.quantity.normalize():f}{self.deliverable.unit}"

    def clean(self) -> None:
        """A report counts deliverables of its own project only."""
        report = getattr(self, "report", None)  # set, though not saved yet, when both are new
        if report is not None and self.deliverable_id and self.deliverable.project_id != report.project_id:
            raise ValidationError({"deliverable": "该建设内容不属于这个项目。"})

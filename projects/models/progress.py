"""What a department reports on a key project: status, delivered quantities, money paid, problems, photos."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from indicators.files.kinds import JPEG, PNG
from indicators.models import AbstractReviewed, AbstractStoredFile, ReviewStatus
from indicators.models.reviewed import approved_at_known
from projects.models.project import Deliverable, KeyProject
from regions.history import kept_history
from regions.records import StandingRecord


class ProjectStatus(models.TextChoices):
    """How far a project has come."""

    RESERVE = "reserve", "储备"
    PREPARATION = "preparation", "前期"
    CONSTRUCTION = "construction", "在建"
    COMPLETED = "completed", "完工"
    OPERATING = "operating", "运行"
    SUSPENDED = "suspended", "停缓建"
    CANCELLED = "cancelled", "取消"

    @property
    def is_halted(self) -> bool:
        """Whether the work stopped, which has to be explained."""
        return self in (ProjectStatus.SUSPENDED, ProjectStatus.CANCELLED)


class Quarter(models.IntegerChoices):
    """The part of a plan year that a report closes; a year is judged by its report of the whole year or, without one,
    of the fourth quarter."""

    YEAR = 0, "全年"
    FIRST = 1, "第一季度"
    SECOND = 2, "第二季度"
    THIRD = 3, "第三季度"
    FOURTH = 4, "第四季度"

    @property
    def rank(self) -> int:
        """Place in time: the whole year comes after its quarters."""
        return self.value or len(Quarter)

    @property
    def closes_year(self) -> bool:
        """Whether a report of this quarter states where the project stands at the end of the year."""
        return self in (Quarter.YEAR, Quarter.FOURTH)


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """Named reads over progress reports."""

    def approved(self) -> ProgressReportQuerySet:
        """Reports that count in verdicts, dashboards and the API."""
        return self.filter(status=ReviewStatus.APPROVED)

    def closing(self) -> ProgressReportQuerySet:
        """Of each project and year the one report that closes it: of the whole year or, without one, of the fourth
        quarter."""
        whole = ProgressReport.objects.filter(
            project=models.OuterRef("project"), year=models.OuterRef("year"), quarter=Quarter.YEAR
        )
        return self.filter(Q(quarter=Quarter.YEAR) | Q(quarter=Quarter.FOURTH) & ~Q(models.Exists(whole)))

    def in_time(self) -> ProgressReportQuerySet:
        """From the first period to the last, the whole year after its quarters."""
        rank = models.Case(
            models.When(quarter=0, then=models.Value(len(Quarter))),
            default=models.F("quarter"),
            output_field=models.IntegerField(),
        )
        return self.order_by("project", "year", rank)

    def newest(self, *, until: int | None = None) -> ProgressReportQuerySet:
        """The last approved report of each project; with `until` the last one up to the end of that year."""
        earlier = ProgressReport.objects.approved().filter(project=models.OuterRef("project"))
        if until is not None:
            earlier = earlier.filter(year__lte=until)
        return self.filter(pk=models.Subquery(earlier.in_time().reverse().values("pk")[:1]))


class ProgressReport(AbstractReviewed):
    """The progress of a project at the end of a year or quarter, reported by its lead department and reviewed as values
    are. Amounts of money are 万元, counted from the start of the project."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.PROTECT, related_name="progress_reports", verbose_name="重点项目"
    )
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", choices=Quarter.choices, default=Quarter.YEAR)
    project_status = models.CharField("项目状态", max_length=12, choices=ProjectStatus.choices)
    status_reason = models.CharField("停缓建或取消的原因", max_length=500, blank=True)
    investment_paid = models.DecimalField(
        "累计完成投资（万元）", max_digits=15, decimal_places=4, null=True, blank=True
    )
    problems = models.TextField("存在问题", blank=True, validators=[MaxLengthValidator(2000)])
    next_step = models.TextField("下一步安排", blank=True, validators=[MaxLengthValidator(2000)])
    note = models.CharField("说明", max_length=500, blank=True, help_text="累计数比上一期少时写明原因")
    report_import = models.ForeignKey(
        "projects.ReportImport",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="来自导入",
    )
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)
    history = kept_history(bases=[StandingRecord])

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = "进展报告"
        verbose_name_plural = "进展报告"
        ordering = ["project", "-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "quarter"],
                name="progress_report_unique",
                violation_error_message="该项目这一期已有进展报告，请打开原有记录修改。",
            ),
            models.CheckConstraint(
                condition=Q(investment_paid__isnull=True) | Q(investment_paid__gte=0),
                name="progress_report_investment_not_negative",
                violation_error_message="累计完成投资不能为负。",
            ),
            approved_at_known("progress_report_approved_at_known", "进展报告"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.period}"

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.year, self.quarter)

    @property
    def reference(self) -> str:
        """How messages call the report."""
        return f"“{self.project.name}”{self.period}的进展报告"

    def clean(self) -> None:
        """A suspended or cancelled project says why; the year lies in the plan's period."""
        errors = {}
        if self.project_status in ProjectStatus.values:
            halted = ProjectStatus(self.project_status).is_halted
            if halted and not self.status_reason.strip():
                errors["status_reason"] = "停缓建或取消的项目请写明原因。"
            if not halted and self.status_reason.strip():
                errors["status_reason"] = "只有停缓建或取消的项目才写这一项，请改写在“说明”中。"
        if self.project_id and self.year is not None:
            plan = self.project.plan
            if not plan.period_start <= self.year <= plan.period_end:
                errors["year"] = f"年度应在规划期 {plan.period_start} 至 {plan.period_end} 年之间。"
        if errors:
            raise ValidationError(errors)


def period_in_words(year: int, quarter: int) -> str:
    """A year, or a quarter of it: 2023年, 2023年第二季度."""
    return f"{year}年" if quarter == Quarter.YEAR else f"{year}年{Quarter(quarter).label}"


class DeliveredQuantity(models.Model):
    """How much of a deliverable was completed by a report, counted from the start of the period."""

    report = models.ForeignKey(
        ProgressReport, on_delete=models.CASCADE, related_name="delivered_quantities", verbose_name="进展报告"
    )
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="delivered_quantities", verbose_name="建设内容"
    )
    quantity = models.DecimalField("累计完成数量", max_digits=15, decimal_places=4)
    history = kept_history(bases=[StandingRecord])

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
        so_far = "" if self.deliverable.is_rate else "累计 "
        return f"{self.deliverable.name} {so_far}{self.quantity.normalize():f}{self.deliverable.unit}"

    def clean(self) -> None:
        """A report counts deliverables of its own project only."""
        report = getattr(self, "report", None)  # set, though not saved yet, when both are new
        if report is not None and self.deliverable_id and self.deliverable.project_id != report.project_id:
            raise ValidationError({"deliverable": "该建设内容不属于这个项目。"})


#: Types of files that browsers show as pictures, and up to how many bytes a page shows one: photos of telephones are.
PICTURES = {PNG.content_type, JPEG.content_type}
LARGEST_SHOWN = 6 * 1024 * 1024


class ProgressFile(AbstractStoredFile):
    """A photo or document that shows the progress of a project at the end of a period. Not tied to the report's row: it
    may be uploaded first, and survives the report's correction."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.PROTECT, related_name="progress_files", verbose_name="重点项目"
    )
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", choices=Quarter.choices, default=Quarter.YEAR)
    history = kept_history(bases=[StandingRecord])

    class Meta(AbstractStoredFile.Meta):
        verbose_name = "项目照片和附件"
        verbose_name_plural = "项目照片和附件"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "quarter", "sha256"],
                name="progress_file_once",
                violation_error_message="内容相同的文件已经上传过，不用重复上传。",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The address that hands the file out to those who may see it."""
        return reverse("progress_file", args=[self.pk])

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it as a picture; others, and very large ones, are there to be saved."""
        return self.content_type in PICTURES and self.size <= LARGEST_SHOWN

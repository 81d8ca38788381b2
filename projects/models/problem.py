"""Problems of key projects (问题台账): who has to solve what, and by when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from projects.models.project import KeyProject
from regions.history import kept_history
from regions.models import Department
from regions.records import StandingRecord


class ProjectProblemQuerySet(models.QuerySet["ProjectProblem"]):
    """Named reads over problems."""

    def open(self) -> ProjectProblemQuerySet:
        """Problems that nobody has solved yet."""
        return self.filter(resolved_on=None)

    def overdue(self, today: date) -> ProjectProblemQuerySet:
        """Open problems whose deadline has passed."""
        return self.open().filter(deadline__lt=today)


class ProjectProblem(models.Model):
    """A problem of a project, open until `resolved_on`. It counts from the moment it is recorded: a problem does not
    wait for review."""

    project = models.ForeignKey(KeyProject, on_delete=models.PROTECT, related_name="problems", verbose_name="重点项目")
    description = models.CharField("问题", max_length=500)
    owner = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="project_problems", verbose_name="责任单位"
    )
    deadline = models.DateField("整改期限")
    raised_on = models.DateField("登记日期")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
        help_text="演示数据没有登记人",
    )
    resolution = models.CharField("解决情况", max_length=500, blank=True)
    resolved_on = models.DateField("销号日期", null=True, blank=True)
    revision = models.PositiveIntegerField("修订号", default=1)
    is_demonstration = models.BooleanField("演示数据", default=False, editable=False)
    history = kept_history(bases=[StandingRecord])

    objects = ProjectProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "项目问题"
        verbose_name_plural = "项目问题"
        ordering = ["deadline", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | ~Q(resolution=""),
                name="project_problem_resolution_stated",
                violation_error_message="销号的问题请写明解决情况。",
            ),
            models.CheckConstraint(
                condition=Q(raised_by__isnull=False) | Q(is_demonstration=True),
                name="project_problem_raised_by_somebody",
                violation_error_message="请写明登记人。",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        """The page of the problem."""
        return reverse("problem", args=[self.pk])

    @property
    def author(self) -> str:
        """Who raised it, in words."""
        return str(self.raised_by or "演示数据")

    @property
    def is_open(self) -> bool:
        """Whether nobody has solved it yet."""
        return self.resolved_on is None

    def days_over(self, today: date) -> int:
        """By how many days the deadline has passed; 0 or less while there is time."""
        return (today - self.deadline).days

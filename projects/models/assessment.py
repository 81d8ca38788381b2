"""Stored verdicts on deliverables, and on projects by their deliverables: versions, as those on indicators are."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least

from indicators.models import AbstractAssessment
from indicators.models.assessment import StandingOnly
from projects.models.project import Deliverable, KeyProject


class DeliverableAssessment(AbstractAssessment):
    """The verdict on one deliverable for one plan year: a quantity or a rate, judged as an indicator is. `ever` are all
    that ever stood."""

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, related_name="assessments", verbose_name="建设内容"
    )

    objects = StandingOnly()
    ever = models.Manager()

    class Meta:
        default_manager_name = "objects"
        verbose_name = "建设内容评价结果"
        verbose_name_plural = "建设内容评价结果"
        ordering = ["deliverable", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "year"], condition=Q(replaced_at=None), name="deliverable_assessment_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.name} {self.year} 年：{self.get_verdict_display()}"


class ProjectAssessmentQuerySet(models.QuerySet["ProjectAssessment"]):
    """Named reads over verdicts on projects."""

    def standing_in(self, year: int) -> ProjectAssessmentQuerySet:
        """The one verdict of each project that stands in `year`, which is held within the judged years of each plan."""
        plan = "project__group__column__plan"
        first = F(f"{plan}__baseline_year") + Value(1)
        return self.filter(year=Greatest(first, Least(F(f"{plan}__target_year"), Value(year))))


StandingProjectAssessments = StandingOnly.from_queryset(ProjectAssessmentQuerySet)


class ProjectAssessment(AbstractAssessment):
    """The verdict on one project for one plan year: that of its worst deliverable. A project that promises no quantity
    has none. `ever` are all that ever stood."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="assessments", verbose_name="重点项目"
    )

    objects = StandingProjectAssessments()
    ever = ProjectAssessmentQuerySet.as_manager()

    class Meta:
        default_manager_name = "objects"
        verbose_name = "项目评价结果"
        verbose_name_plural = "项目评价结果"
        ordering = ["project", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"], condition=Q(replaced_at=None), name="project_assessment_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "verdict"], condition=Q(replaced_at=None), name="project_assessment_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.project.name} {self.year} 年：{self.get_verdict_display()}"

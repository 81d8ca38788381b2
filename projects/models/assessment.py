"""Stored verdicts on deliverables, and on projects by their deliverables."""

from __future__ import annotations

from django.db import models

from indicators.models import AbstractAssessment
from projects.models.project import Deliverable, KeyProject


class DeliverableAssessment(AbstractAssessment):
    """The verdict on one deliverable for one plan year: a quantity or a rate, judged as an indicator is."""

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, related_name="assessments", verbose_name="建设内容"
    )

    class Meta:
        verbose_name = "建设内容评价结果"
        verbose_name_plural = "建设内容评价结果"
        ordering = ["deliverable", "year"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "year"], name="deliverable_assessment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.name} {self.year} 年：{self.get_verdict_display()}"


class ProjectAssessment(AbstractAssessment):
    """The verdict on one project for one plan year: that of its worst deliverable. A project that promises no quantity
    has none."""

    project = models.ForeignKey(
        KeyProject, on_delete=models.CASCADE, related_name="assessments", verbose_name="重点项目"
    )

    class Meta:
        verbose_name = "项目评价结果"
        verbose_name_plural = "项目评价结果"
        ordering = ["project", "year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="project_assessment_unique")]
        indexes = [models.Index(fields=["year", "verdict"], name="project_assessment_verdict")]

    def __str__(self) -> str:
        return f"{self.project.name} {self.year} 年：{self.get_verdict_display()}"

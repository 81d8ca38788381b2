"""The models of project columns, key projects, their progress, problems and verdicts."""

from projects.models.assessment import DeliverableAssessment, ProjectAssessment
from projects.models.column import ProjectColumn, ProjectGroup
from projects.models.problem import ProjectProblem
from projects.models.progress import DeliveredQuantity, ProgressFile, ProgressReport, ProjectStatus, Quarter
from projects.models.project import Deliverable, KeyProject, ProjectKind, ProjectResponsibility
from projects.models.report_import import ReportImport

__all__ = [
    "Deliverable",
    "DeliverableAssessment",
    "DeliveredQuantity",
    "KeyProject",
    "ProgressFile",
    "ProgressReport",
    "ProjectAssessment",
    "ProjectColumn",
    "ProjectGroup",
    "ProjectKind",
    "ProjectProblem",
    "ProjectResponsibility",
    "ProjectStatus",
    "Quarter",
    "ReportImport",
]
